import Foundation
import Testing

@Suite("Files of listen --raw", .enabled(if: Requirements.python && Requirements.tcpdump), .serialized)
struct ListenRawFileTests {
    /// A network that nobody else sends anything in.
    static let network = Network("pair.lab")
    static let echoes = "ping -qi 0.005 -c 40 127.0.0.1 >/dev/null; \"$netprobe\" connect ::1 9 2>/dev/null\n"

    static func run(_ arguments: String, _ traffic: String, end: String = "", then: String) async throws -> Outcome {
        try await Self.network.run(
            ListenRaw.bash(ListenRaw.script(arguments, traffic, end: end, then: then)))
    }

    @Test("tcpdump reads from the file what was printed", arguments: ["-i lo", "-i lo icmp", "", "-4 -p icmp", "-i host"])
    func file(arguments: String) async throws {
        let outcome = try await Self.run(
            "-c 70 --pcap file \(arguments)", Self.echoes + "ping -qi 0.005 -c 40 198.18.1.2 >/dev/null",
            then: "tcpdump -Snnr file 2>/dev/null | diff output - && echo alike")
        #expect(outcome.lines.count == 71 && outcome.lines.last == "alike", "\(outcome)")
    }

    @Test("what any interface brings is tcpdump's but for the interface's name there")
    func any() async throws {
        let outcome = try await Self.run(
            "-q -c 4 -w file -i any icmp", "ping -qc 2 198.18.1.2 >/dev/null",
            then: "tcpdump -Snnr file 2>/dev/null; capinfos -cE file")
        #expect(outcome.lines.count { $0.contains(" Out IP 198.18.1.1 > 198.18.1.2: ICMP echo request") } == 2)
        #expect(outcome.lines.count { $0.contains(" In  IP 198.18.1.2 > 198.18.1.1: ICMP echo reply") } == 2)
        #expect(outcome.output.contains("Linux cooked-mode capture v2"), "\(outcome)")
    }

    @Test("standard output can be the file, and then nothing else is in it")
    func output() async throws {
        let outcome = try await Self.run(
            "-c 2 -w - -i lo icmp", "ping -qc 1 127.0.0.1 >/dev/null",
            then: "echo; tcpdump -nnr output 2>/dev/null | sed 's/.* IP/IP/'; \"$netprobe\" decode output | wc -l")
        let told = outcome.lines.suffix(3)
        #expect(told.first?.hasPrefix("IP 127.0.0.1 > 127.0.0.1: ICMP echo request") == true, "\(outcome)")
        #expect(told.last == "2")
    }

    @Test("files that rotate by size are whole captures within it, and the oldest give way")
    func size() async throws {
        let outcome = try await Self.run(
            "-q -c 80 -w ring --rotate-size 2K --files 3 -i lo icmp", Self.echoes,
            then: """
                for file in ring0 ring1 ring2; do
                    test $(stat -c %s $file) -le 2048 && echo small; tshark -r $file -T fields -e icmp.seq
                done
                ls
                """)
        let numbers = outcome.lines.compactMap { Int($0) }
        #expect(outcome.lines.count { $0 == "small" } == 3, "\(outcome)")
        #expect(outcome.lines.suffix(5) == ["errors", "output", "ring0", "ring1", "ring2"], "\(outcome)")
        #expect(numbers.contains(40) && !numbers.contains(1) && numbers.count > 20 && numbers.count < 60, "\(numbers)")
        // What is left are the last ones, none of them missing.
        #expect(Set(numbers) == Set((numbers.min() ?? 0)...40), "\(numbers)")
    }

    @Test("files rotate by time, and are all there from the start")
    func time() async throws {
        let outcome = try await Self.run(
            "-q -c 4 -w ring --rotate-time 0.3 --files 12 -i lo icmp",
            "ls ring?? | wc -l; ping -qi 0.5 -c 2 127.0.0.1 >/dev/null",
            then: "for file in ring??; do tcpdump -nnr $file 2>/dev/null | wc -l; done")
        #expect(outcome.lines.compactMap { Int($0.drop { $0 == " " }) } == [12, 2, 2] + Array(repeating: 0, count: 10), "\(outcome)")
    }

    @Test("a file that can't be made is a word, and nothing is heard")
    func unwritable() async throws {
        let outcome = try await Self.network.run(
            [Program.netprobe, "listen", "--raw", "-i", "lo", "-w", "/nonexistent/file"])
        #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errors == "netprobe listen: /nonexistent/file: No such file or directory\n")
    }

    @Test("a full disk ends it with a word")
    func full() async throws {
        let outcome = try await Self.network.run(
            [Program.netprobe, "listen", "--raw", "-i", "lo", "-w", "/dev/full"])
        #expect(outcome.status == 2 && outcome.errors.contains("/dev/full: No space left on device"), "\(outcome)")
    }
}
