import Foundation
import Testing

@Suite("How ping is called")
struct InvocationTests {
    @Test(
        "values stand behind their option or joined to it, options stand together, and have long names",
        arguments: [
            ["-c1", "-i0.01"], ["-qc1"], ["-c", "1", "-q"], ["-nqc1", "-W", "1"], ["--count", "1", "--quiet"],
            ["--count=1", "--interval=0.01"], ["-c1", "--"],
        ])
    func grammar(arguments: [String]) async throws {
        let outcome = try await Program.run([Program.netprobe, "ping"] + arguments + ["127.0.0.1"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.counts?.hasPrefix("1 packets transmitted, 1 received") == true)
    }

    @Test("options may follow the destination")
    func optionsLast() async throws {
        #expect(try await Program.ping("127.0.0.1", "-c1", "-q").status == 0)
    }

    @Test(
        "a link named ping is ping, ping4 and ping6 are of one family",
        arguments: [
            ("ping", "127.0.0.1", 0), ("ping4", "127.0.0.1", 0), ("ping6", "::1", 0), ("ping4", "::1", 2),
            ("ping6", "127.0.0.1", 2),
        ])
    func links(name: String, host: String, status: Int32) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("netprobe-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let link = directory.appendingPathComponent(name).path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: Program.netprobe)
        let outcome = try await Program.run([link, "-c1", host])
        #expect(outcome.status == status)
        #expect(outcome.errors.isEmpty || outcome.errors.hasPrefix("\(name): \(host): Address family"))
    }

    @Test(
        "what can't be is refused in one line, with exit status 2 and nothing on standard output",
        arguments: [
            [], ["-c"], ["-c0", "127.0.0.1"], ["-cx", "127.0.0.1"], ["-c99999999999999999999", "127.0.0.1"],
            ["-Z", "127.0.0.1"], ["-ix", "127.0.0.1"], ["-i-1", "127.0.0.1"], ["-inan", "127.0.0.1"],
            ["-s-1", "127.0.0.1"], ["-t0", "127.0.0.1"], ["-t256", "127.0.0.1"], ["-Mfoo", "127.0.0.1"],
            ["-Tfoo", "127.0.0.1"], ["-R", "-Ttsonly", "127.0.0.1"], ["-R", "-6", "::1"], ["-pzz", "127.0.0.1"],
            ["-p", "", "127.0.0.1"], ["-Wx", "127.0.0.1"], ["-wx", "127.0.0.1"], ["-l0", "127.0.0.1"],
            ["-4", "-6", "127.0.0.1"], ["-e70000", "127.0.0.1"], ["-F0x100000", "::1"], ["-Q256", "127.0.0.1"],
            ["--socket", "x", "127.0.0.1"], ["--nonsense", "127.0.0.1"], ["127.0.0.1%"], ["-m-1", "127.0.0.1"],
            ["1.2.3.4", "1", "2", "3", "4", "5", "6", "7", "8", "9", "127.0.0.1"], [""],
        ])
    func refused(arguments: [String]) async throws {
        let outcome = try await Program.run([Program.netprobe, "ping", "-w5"] + arguments)
        #expect(outcome.status == 2, "\(outcome.output)")
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.hasPrefix("netprobe ping: "))
        #expect(outcome.output == "")
    }

    @Test("help and version go to standard output", arguments: [["-h"], ["--help"], ["-V"], ["--version"]])
    func help(arguments: [String]) async throws {
        let outcome = try await Program.run([Program.netprobe, "ping"] + arguments)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("ping"))
        #expect(outcome.errors == "")
    }
}
