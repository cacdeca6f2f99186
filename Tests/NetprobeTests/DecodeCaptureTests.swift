import Foundation
import Testing

@Suite("decode of captures")
struct DecodeCaptureTests {
    @Test("pcap and pcapng are read by their name and as input", arguments: [Echo.pcap, Echo.pcapng])
    func formats(capture: [UInt8]) async throws {
        for arguments in ["capture", "-- capture", "<capture", "- <capture"] {
            let outcome = try await DecodeTests.script("\"$0\" decode \(arguments)", files: ["capture": capture])
            #expect(outcome.lines == Echo.captureLines, "\(arguments): \(outcome)")
            #expect(outcome.status == 0 && outcome.errors == "")
        }
    }

    @Test("files are read in their order, whatever they are, and standard input once")
    func severalFiles() async throws {
        let outcome = try await DecodeTests.script(
            "\"$0\" decode a b c* - - <a",
            files: ["a": Echo.pcap, "b": Echo.frame, "c\u{1B}[31m": Array(Echo.replyDigits.utf8)])
        let request = ["b: " + Echo.line]
        let reply = [#"c\u{1B}[31m: "# + Echo.replyLine]
        #expect(
            outcome.lines == Echo.captureLines.map { "a: " + $0 } + request + reply
                + Echo.captureLines.map { "standard input: " + $0 }, "\(outcome)")
        #expect(outcome.errors == "netprobe decode: standard input: nothing in it\n" && outcome.status == 1)
    }

    @Test(
        "--count ends it after so many packets, of all files together",
        arguments: [("-c 1", 1), ("-c2", 2), ("--count 3", 3), ("--count=9", 4), ("-tc1", 1)])
    func count(option: String, packets: Int) async throws {
        let outcome = try await DecodeTests.script(
            "\"$0\" decode \(option) capture capture", files: ["capture": Echo.pcap])
        #expect(outcome.lines.count { $0.hasPrefix("capture: ") } == packets, "\(outcome)")
        #expect(outcome.status == 0 && outcome.errors == "")
    }

    @Test("--count does not wait for what comes behind the last packet")
    func countEnds() async throws {
        let outcome = try await DecodeTests.script(
            "mkfifo pipe; { cat capture; exec sleep 30 2>/dev/null; } >pipe & \"$0\" decode -c 2 <pipe; kill $!",
            files: ["capture": Echo.pcap])
        #expect(outcome.lines == Echo.captureLines && outcome.duration < .seconds(20), "\(outcome)")
    }

    @Test(
        "a capture cut anywhere is printed up to there, with one line about the rest",
        arguments: [Echo.pcap, Echo.pcapng])
    func cut(capture: [UInt8]) async throws {
        let lengths = Array(stride(from: 12, to: capture.count, by: 5))
        let outcome = try await DecodeTests.script(
            "for n in \(lengths.map(String.init).joined(separator: " ")); do head -c $n capture | \"$0\" decode; echo $?; done",
            files: ["capture": capture])
        let endings = outcome.lines.count { $0 == "0" }
        #expect(outcome.lines.count { $0 == "1" } + endings == lengths.count, "\(outcome)")
        // Where a packet ends, nothing is missing.
        #expect(outcome.errorLines.count == lengths.count - endings && endings <= 3)
        #expect(outcome.errorLines.allSatisfy { $0.contains("standard input: pcap") && $0.contains(" bytes, has ") })
        #expect(outcome.lines.filter { $0.count > 1 }.allSatisfy { Echo.captureLines.contains($0) })
    }

    @Test(
        "lengths that nothing has are refused, and not waited for",
        arguments: [
            (Echo.pcap, 32, "pcap: impossible length of 4294967295 bytes (at byte 32)"),
            (Echo.pcapng, 72, "pcapng enhanced packet block: impossible length of 4294967295 bytes (at byte 72)"),
            (Echo.pcapng, 88, "pcapng enhanced packet block: impossible length of 4294967295 bytes (at byte 88)"),
        ])
    func lengths(capture: [UInt8], offset: Int, says: String) async throws {
        var capture = capture
        capture.replaceSubrange(offset..<offset + 4, with: [0xFF, 0xFF, 0xFF, 0xFF])
        let outcome = try await DecodeTests.script("\"$0\" decode capture", files: ["capture": capture])
        #expect(outcome.errors == "netprobe decode: capture: \(says)\n" && outcome.output == "" && outcome.status == 1)
    }

    @Test("a capture of many kinds of traffic reads as tcpdump reads it", .enabled(if: Requirements.tcpdump))
    func traffic() async throws {
        let lab = Program.repository.appendingPathComponent("Tests/Lab/lab").path
        let outcome = try await DecodeTests.script(
            """
            export TZ=UTC netprobe=$0
            \(lab) new bash <<'EOF' 2>log
            tcpdump --immediate-mode -n -i lo -U -Z root -w capture 2>started & tcpdump=$!
            until grep -q "listening on" started; do sleep 0.02; done
            "$netprobe" ping -qc 2 -i 0.01 127.0.0.1; "$netprobe" ping -qc 1 -s 3000 ::1
            "$netprobe" listen 7777 </dev/null & listener=$!
            until "$netprobe" connect 127.0.0.1 7777 <<<hello; do sleep 0.05; done
            wait $listener
            "$netprobe" connect -u 127.0.0.1 9 <<<hello
            "$netprobe" connect ::1 9 </dev/null
            sleep 0.2; kill $tcpdump; wait $tcpdump
            EOF
            "$0" decode capture >ours; echo "status $?"
            tcpdump -Snr capture 2>/dev/null | diff ours - && cat ours
            for options in -x -xx -X -XX -vx "-vv -X"; do
                tcpdump $options -nr capture 2>/dev/null | "$0" decode >ours; echo "status $?"
                tcpdump -Sntr capture 2>/dev/null | diff ours -
            done
            """)
        #expect(
            outcome.lines.filter { $0.hasPrefix("status ") } == Array(repeating: "status 0", count: 7), "\(outcome)")
        #expect(!outcome.lines.contains { $0.hasPrefix("< ") || $0.hasPrefix("> ") }, "\(outcome)")
        for part in ["ICMP echo", "Flags [S", "UDP, length 6", "udp port 9 unreachable"] {
            #expect(outcome.output.contains(part), "\(part): \(outcome)")
        }
    }
}
