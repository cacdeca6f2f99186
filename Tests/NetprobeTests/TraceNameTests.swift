import Foundation
import Testing

@Suite("Names and autonomous systems in a trace", .enabled(if: Requirements.python, "needs python3"))
struct TraceNameTests {
    /// A network of its own: the name server of one test is not that of another.
    private let network = Network("chain.lab")

    /// Runs netprobe at a client whose name server is on its loopback, and knows these records.
    private func run(_ records: String, _ arguments: String...) async throws -> Outcome {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("netprobe-names-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.path)
        try records.write(to: directory.appendingPathComponent("records"), atomically: true, encoding: .utf8)
        let script = """
            cd '\(directory.path)'
            echo nameserver 127.0.0.1 >resolv.conf; chmod 644 resolv.conf
            mount --bind resolv.conf /etc/resolv.conf
            LAB_OWNER=$$ '\(Program.repository.path)/Tests/Lab/nameserver.py' 127.0.0.1 53 records >/dev/null || exit 9
            exec "$@"
            """
        return try await network.run(["unshare", "-m", "sh", "-c", script, "sh", Program.netprobe] + arguments)
    }

    private static let names = (1...6).map { "198.18.\($0).2 PTR r\($0).example" }.joined(separator: "\n")
    private static let names6 = (1...6).map { "2001:db8:\($0)::2 PTR r\($0).example" }.joined(separator: "\n")
    private static let systems = """
        2.1.18.198.origin.test TXT 64500 | 198.18.0.0/15 | ZZ | test |
        2.2.18.198.origin.test TXT 64501 64502 | 198.18.0.0/15 | ZZ | test |
        2.3.18.198.origin.test TXT \\x1b[31m1 | 2
        2.4.18.198.origin.test CODE 2
        """

    /// The hops as they are written, without their times.
    private func hops(_ outcome: Outcome) -> [String] {
        outcome.lines.dropFirst().map { line in
            line.trimmingCharacters(in: .whitespaces).components(separatedBy: "  ").prefix(2).joined(separator: " ")
        }
    }

    @Test("all are looked up at once: no name is told before all are asked for")
    func atOnce() async throws {
        let outcome = try await run("* HOLD 6\n* PTR router.example", "trace", "198.18.6.2")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(hops(outcome) == (1...6).map { "\($0) router.example (198.18.\($0).2)" }, "\(outcome)")
    }

    @Test("each hop has its own name, in IPv6 too")
    func ipv6() async throws {
        let outcome = try await run(Self.names6, "trace", "2001:db8:6::2")
        #expect(hops(outcome) == (1...6).map { "\($0) r\($0).example (2001:db8:\($0)::2)" }, "\(outcome)")
    }

    @Test("a name server that says nothing takes nothing away", arguments: ["* SILENT", "* CODE 5", "* MESSAGE 8580ffff"])
    func silent(records: String) async throws {
        let outcome = try await run(records, "trace", "198.18.6.2")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(hops(outcome) == (1...6).map { "\($0) 198.18.\($0).2 (198.18.\($0).2)" }, "\(outcome)")
    }

    @Test("a name that comes late keeps neither the others nor the end")
    func late() async throws {
        let outcome = try await run(Self.names + "\n198.18.3.2 SILENT", "trace", "198.18.6.2")
        let expected = (1...6).map { "\($0) \($0 == 3 ? "198.18.3.2" : "r\($0).example") (198.18.\($0).2)" }
        #expect(hops(outcome) == expected, "\(outcome)")
    }

    @Test("with -n there are none")
    func numeric() async throws {
        let outcome = try await run(Self.names, "trace", "-n", "198.18.6.2")
        #expect(hops(outcome) == (1...6).map { "\($0) 198.18.\($0).2" }, "\(outcome)")
    }

    @Test("autonomous systems stand where traceroute has them, and nothing in them acts on the terminal")
    func autonomousSystems() async throws {
        let outcome = try await run(
            Self.systems, "trace", "-n", "-A", "--asn-server", "127.0.0.1,origin.test", "198.18.6.2")
        let systems = ["AS64500", "AS64501/AS64502", "*", "*", "*", "*"]
        let expected = systems.enumerated().map { "\($0 + 1) 198.18.\($0 + 1).2 [\($1)]" }
        #expect(hops(outcome) == expected, "\(outcome)")
    }

    @Test("unless other zones are named, those of Team Cymru are asked")
    func publicZones() async throws {
        let outcome = try await run(
            "*.origin.asn.cymru.com TXT 64500 | 198.18.0.0/15 | ZZ | test |", "trace", "-n", "-A", "198.18.6.2")
        #expect(hops(outcome) == (1...6).map { "\($0) 198.18.\($0).2 [AS64500]" }, "\(outcome)")
    }

    @Test("tables and objects have them too")
    func otherForms() async throws {
        func trace(_ form: String) async throws -> Outcome {
            try await run(
                Self.names + "\n" + Self.systems, "trace", form, "-A", "--asn-server", "127.0.0.1,origin.test",
                "--rounds", "1", "198.18.6.2")
        }
        let report = try await trace("--report")
        #expect(report.lines.dropFirst(2).first?.hasPrefix("  1.|-- r1.example ") == true, "\(report)")
        let fields = try await trace("--csv").lines.dropFirst().first?.split(separator: ",").map(String.init)
        #expect(fields?.contains("r1.example") == true && fields?.contains("AS64500") == true, "\(fields ?? [])")
        let objects = try await trace("--json").lines.filter { $0.contains(#""type":"hop""#) }
        #expect(objects.first?.contains(#""name":"r1.example","asn":["AS64500"]"#) == true, "\(objects)")
    }

    @Test("paths and sizes have names too", arguments: [("trace", "--paths"), ("trace", "--mtu"), ("mtu", "-b")])
    func otherTraces(command: String, option: String) async throws {
        let outcome = try await run(Self.names, command, option, "198.18.6.2")
        #expect((1...6).allSatisfy { outcome.output.contains("r\($0).example") }, "\(outcome)")
    }
}
