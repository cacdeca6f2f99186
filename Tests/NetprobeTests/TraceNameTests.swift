import Foundation
import Testing

@Suite("Names and autonomous systems in a trace", .enabled(if: Requirements.python, "needs python3"))
struct TraceNameTests {
    /// A network of its own: the name server of one test is not that of another.
    private let network = Network("chain.lab")

    private func run(_ records: String, _ arguments: String...) async throws -> Outcome {
        try await run(records, [Program.netprobe] + arguments)
    }

    /// Runs a program at a client whose name server is on its loopback, and knows these records.
    /// - Parameter routes: what a whois server knows, where there is one: lines of an address and its systems.
    private func run(_ records: String, routes: String? = nil, _ command: [String]) async throws -> Outcome {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("netprobe-names-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.path)
        try records.write(to: directory.appendingPathComponent("records"), atomically: true, encoding: .utf8)
        try routes?.write(to: directory.appendingPathComponent("routes"), atomically: true, encoding: .utf8)
        let script = """
            cd '\(directory.path)'
            echo nameserver 127.0.0.1 >resolv.conf; chmod 644 resolv.conf
            mount --bind resolv.conf /etc/resolv.conf
            export LAB_OWNER=$$
            '\(Program.repository.path)/Tests/Lab/nameserver.py' 127.0.0.1 53 records >/dev/null || exit 9
            test ! -e routes || '\(Program.repository.path)/Tests/Lab/whois.py' routes || exit 9
            exec "$@"
            """
        return try await network.run(["unshare", "-m", "sh", "-c", script, "sh"] + command)
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

    @Test(
        "a name server that says nothing takes nothing away",
        arguments: ["* SILENT", "* CODE 5", "* MESSAGE 8580ffff"])
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

    @Test(
        "they are written as traceroute writes them",
        .enabled(if: Program.isInstalled("traceroute"), "traceroute is not installed"),
        arguments: [["-A"], ["-n", "-A"]])
    func besideTraceroute(options: [String]) async throws {
        let records = Self.names + "\n" + Self.systems + "\nwhois.radb.net A 127.0.0.1"
        let ours = try await run(
            records, [Program.netprobe, "trace"] + options + ["--asn-server", "127.0.0.1,origin.test", "198.18.6.2"])
        let theirs = try await run(
            records, routes: "198.18.1.2 64500\n198.18.2.2 64501 64502", ["traceroute"] + options + ["198.18.6.2"])
        #expect(hops(ours) == hops(theirs), "\(ours) \(theirs)")
        #expect(hops(ours).contains { $0.contains("[AS64501/AS64502]") }, "\(ours)")
    }

    @Test("and in tables as mtr does", .enabled(if: Program.isInstalled("mtr"), "mtr is not installed"))
    func besideMtr() async throws {
        let records = Self.names + "\n2.1.18.198.origin.asn.cymru.com TXT 64500 | 198.18.0.0/15 |"
        let host = "198.18.6.2"
        for form in ["--report", "--csv"] {
            let ours = try await run(records, "trace", form, "-A", "--rounds", "1", host)
            let theirs = try await run(records, ["mtr", form, "-z", "-c", "1", host])
            func shape(_ outcome: Outcome) -> [String] {
                outcome.lines.map { line in
                    line.replacing(#/^Start.*|^(netprobe |MTR\.)[0-9.]+,[0-9]+/#, with: "")
                        .replacing(#/[0-9]+\.[0-9]+(?=,|$| )/#, with: "T").replacing(#/ +(?=T)/#, with: " ")
                }
            }
            #expect(shape(ours) == shape(theirs), "\(ours) \(theirs)")
            #expect(ours.output.contains("AS64500"), "\(ours)")
        }
    }

    @Test(
        "a server for them that is silent, refuses, lies or can't be reached takes nothing away",
        arguments: ["127.0.0.1", "127.0.0.1:1", "198.18.6.77", "203.0.113.1", "[2001:db8:6::77]"])
    func badSystemServer(server: String) async throws {
        let outcome = try await run(
            "*.silent.test SILENT\n" + Self.names, "trace", "-A", "--asn-server", "\(server),silent.test", "198.18.6.2")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(hops(outcome) == (1...6).map { "\($0) r\($0).example (198.18.\($0).2) [*]" }, "\(outcome)")
    }

    @Test("no name, whatever it is, acts on the terminal", arguments: hostileNames)
    func hostileName(name: String) async throws {
        let records = Self.names.replacing("r3.example", with: name)
        for arguments in [["trace"], ["trace", "--report", "--rounds", "1"], ["trace", "--paths"], ["mtu"]] {
            let outcome = try await run(records, [Program.netprobe] + arguments + ["198.18.6.2"])
            #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
            #expect(outcome.output.contains("r4.example"), "\(outcome)")
            #expect(outcome.output.utf8.allSatisfy { (0x20..<0x7F).contains($0) || $0 == 0x0A }, "\(outcome)")
        }
    }

    private static let hostileNames = [
        "\\x1b[31mred.example", "a\\x0ab.example", "a\\x00b.example", "\\xff\\xfe.example", "\\xe2\\x80\\xae.example",
        "a\\x09b.example", "198.18.6.2", "a\\x20(198.18.6.2)", "",
        [63, 63, 63, 61].map { String(repeating: "x", count: $0) }.joined(separator: "."),
    ]

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
        #expect(report.lines.dropFirst(2).first?.hasPrefix("  1. AS64500       r1.example ") == true, "\(report)")
        let fields = try await trace("--csv").lines.dropFirst().first?.split(separator: ",").map(String.init)
        #expect(fields?.contains("r1.example") == true && fields?.contains("AS64500") == true, "\(fields ?? [])")
        let objects = try await trace("--json").lines.filter { $0.contains(#""type":"hop""#) }
        #expect(objects.first?.contains(#""name":"r1.example","asn":["AS64500"]"#) == true, "\(objects)")
    }

    @Test("each vertex of the paths has them")
    func paths() async throws {
        let outcome = try await run(
            Self.names + "\n" + Self.systems, "trace", "--paths", "-A", "--asn-server", "127.0.0.1,origin.test",
            "198.18.6.2")
        let names = "r1.example [AS64500] r2.example [AS64501/AS64502] r3.example [*]"
        #expect(outcome.output.contains(names), "\(outcome)")
    }

    @Test("paths and sizes have names too", arguments: [("trace", "--paths"), ("trace", "--mtu"), ("mtu", "-b")])
    func otherTraces(command: String, option: String) async throws {
        let outcome = try await run(Self.names, command, option, "198.18.6.2")
        #expect((1...6).allSatisfy { outcome.output.contains("r\($0).example") }, "\(outcome)")
    }
}
