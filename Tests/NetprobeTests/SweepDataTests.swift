import Foundation
import Testing

@testable import netprobe

@Suite("The JSON, CSV and pictures of sweep")
struct SweepDataTests {
    private static func sweep(_ arguments: String, in network: Network = .pair) async throws -> Outcome {
        try await SweepOutputTests.sweep(arguments, in: network)
    }

    private static func objects(_ outcome: Outcome) throws -> [[String: Any]] {
        try outcome.lines.map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
    }

    /// The fields that README has for each type.
    private static func documented() throws -> [String: String] {
        let text = try String(contentsOf: Program.repository.appending(path: "README.md"), encoding: .utf8)
        let section = try #require(text.firstRange(of: "`netprobe.sweep/1`")).upperBound
        var fields: [String: String] = [:]
        for line in text[section...].split(separator: "\n").drop(while: { !$0.hasPrefix("|") }) {
            guard line.hasPrefix("|") else { break }
            let cells = line.split(separator: "|", maxSplits: 1)
            for type in try #require(cells.first).matches(of: #/`(\w+)`/#) { fields[String(type.1)] = String(cells[1]) }
        }
        return fields
    }

    @Test(
        "README has each field of JSON",
        arguments: [
            "-C2 -p20 -t20 198.18.1.2 198.18.1.7", "-c2 -p20 -t20 -Q1 2001:db8:1::2", "--tcp 79 198.18.1.2",
            "--icmp-timestamp 198.18.1.2", "--scan --udp 79 -t50 198.18.1.0/30", "-r0 -t20 198.18.1.7",
        ])
    func fields(arguments: String) async throws {
        let documented = try Self.documented()
        let objects = try Self.objects(try await Self.sweep("--json " + arguments))
        #expect(objects.count >= 3)
        for object in objects {
            let type = try #require(object["type"] as? String)
            let row = try #require(documented[type], "\(type)")
            for name in object.keys where !["schema", "type", "time"].contains(name) {
                #expect(row.contains("`\(name)`"), "\(type): \(name)")
            }
        }
    }

    @Test("with -C all round trips stand in JSON, and null for those that were not answered")
    func roundTrips() async throws {
        let objects = try Self.objects(try await Self.sweep("--json -C2 -p20 -t20 198.18.1.2 198.18.1.7"))
        let targets = objects.filter { $0["type"] as? String == "target" }
        try #require(targets.map { $0["target"] as? String } == ["198.18.1.2", "198.18.1.7"])
        #expect((targets[0]["rtts"] as? [Any])?.count { $0 is Double } == 2)
        #expect((targets[1]["rtts"] as? [Any])?.count { $0 is NSNull } == 2)
        #expect(targets[1]["rtt"] == nil && targets[1]["loss"] as? Double == 1)
    }

    @Test(
        "a field of CSV is in quotation marks where it needs them",
        arguments: [
            ("", ","), ("a b", ",a b"), ("a,b", #","a,b""#), (#"a"b"#, #","a""b""#), ("a\nb", ",\"a\nb\""),
            ("a\r\nb", ",\"a\r\nb\""),
        ])
    func quotation(text: String, field: String) {
        var line: [UInt8] = []
        line.append(csvField: text)
        #expect(line == Array(field.utf8))
    }

    @Test("a picture is of each prefix, also when the sweep is interrupted")
    func picture() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).svg")
        defer { try? FileManager.default.removeItem(at: file) }
        let command = [Program.netprobe, "sweep", "-l", "-q", "-i", "0", "--svg", file.path, "198.18.1.0/27"]
        _ = try await Network.pair.run(["timeout", "-s", "INT", "0.5"] + command)
        let svg = try String(contentsOf: file, encoding: .utf8)
        #expect(svg.contains("<title>198.18.1.2: 1 of 1</title>") && svg.hasSuffix("</svg>\n"))
        #expect(!svg.contains("<title>198.18.1.7"))
    }

    @Test(
        "what can't be drawn is refused before anything is sent",
        arguments: [
            ("--svg /dev/null 198.18.1.2", "at least 8 addresses"), ("--plot --json 198.18.1.0/27", "output as text"),
            ("--svg /nonexistent/x.svg 198.18.1.0/27", "/nonexistent/x.svg"),
        ])
    func refused(arguments: String, reason: String) async throws {
        let outcome = try await Self.sweep(arguments)
        #expect(outcome.output == "" && outcome.errors.contains(reason) && outcome.status != 0, "\(outcome)")
    }

    @Test("a scan has its answers on standard output, and what became of all on standard error")
    func scan() async throws {
        let outcome = try await Self.sweep("--scan -t 300 198.18.1.2/32 198.18.1.7/32")
        #expect(outcome.lines == ["198.18.1.2 is alive"])
        #expect(outcome.errorLines.first?.hasPrefix("2 of 2 addresses asked with 2 probes") ?? false, "\(outcome)")
        // A kernel that has asked for the other one's link address before tells at once that there is none.
        #expect(["1 alive", "1 alive, 1 ICMP error"].contains(outcome.errorLines.dropFirst().first), "\(outcome)")
    }

    @Test("on a terminal the line of progress is gone before anything else is written, and none is in a pipe")
    func progress() async throws {
        let command = [Program.netprobe, "sweep", "--scan", "--rate", "10", "-t", "300", "198.18.1.0/28"]
        let piped = try await Network.pair.run(command)
        #expect(!piped.errors.contains(" sent, ") && !piped.errors.contains("\u{1B}"))
        let script = """
            import os, pty, sys
            os.environ["TERM"] = "xterm"
            pty.spawn(sys.argv[1:], lambda terminal: os.read(terminal, 65536))
            """
        let outcome = try await Network.pair.run(["python3", "-c", script] + command)
        let erasure = "\r\u{1B}[K"
        #expect(outcome.output.contains(erasure + "1"), "\(outcome)")
        // What a line of the terminal holds in the end.
        let lines = outcome.output.components(separatedBy: "\r\n")
            .map { $0.components(separatedBy: erasure).last ?? "" }
        #expect(lines.allSatisfy { !$0.contains(" sent, ") }, "\(lines)")
    }
}
