import Addresses
import Foundation
import Testing

@testable import Probing
@testable import netprobe

@Suite("Paths for Graphviz")
struct PathDotTests {
    /// Names as an enemy would give them.
    private static let names = [
        "r1.example", #"a"];evil[label="b"#, #"back\slash\"#, "a\nb\r\u{1B}[2J", "<b>&lt;&#60;</b>", "\u{202E}\u{0}",
        "ü—漢字", "\\N", "", String(repeating: "x", count: 5000),
    ]

    private static func text(_ graph: PathGraph, _ name: String) -> String { PathDot(graph: graph).text { _ in name } }

    @Test("vertices and edges are named by their numbers, with flows and times")
    func text() {
        var graph = DrawnGraph.graph(uniform: [1, 2])
        graph.vertices[1].balancing = .perPacket
        graph.vertices[1].roundTrips.record(nanoseconds: 1_500_000)
        graph.edges[2] = PathGraph.Edge(from: 1, to: 3, flows: 7, isUncertain: true)
        #expect(
            PathDot(graph: graph).text { "\($0)" } == #"""
                digraph paths {
                    node [shape=box];
                    {
                        rank=same;
                        v0 [label="this host"];
                    }
                    {
                        rank=same;
                        v1 [label="198.18.1.1\n1.500 ms", peripheries=2];
                    }
                    {
                        rank=same;
                        v2 [label="198.18.2.1"];
                        v3 [label="198.18.2.2"];
                    }
                    v0 -> v1 [label="6"];
                    v1 -> v2 [label="6"];
                    v1 -> v3 [label="7", style=dashed];
                }

                """#)
    }

    @Test("no name gets out of its quotation marks, and none does anything to a terminal", arguments: names)
    func hostile(name: String) throws {
        let text = Self.text(DrawnGraph.graph(uniform: [1]), name)
        #expect(!text.unicodeScalars.contains { $0 != "\n" && ($0.value < 0x20 || $0 == "\u{202E}") })
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 13)
        let line = try #require(lines.first { $0.contains("v1 [") })
        #expect(line.wholeMatch(of: /\ +v1 \[label="([^"\\]|\\.)*"\];/) != nil)
    }

    @Test(
        "Graphviz understands it, and sees as many vertices and edges", .enabled(if: Requirements.graphviz),
        arguments: names)
    func graphviz(name: String) async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).dot")
        defer { try? FileManager.default.removeItem(at: file) }
        try Self.text(DrawnGraph.graph(uniform: [2, 4, 2]), name).write(to: file, atomically: true, encoding: .utf8)
        let outcome = try await Program.aside { try RunningProgram(["dot", "-Tsvg", file.path]).outcome() }
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors.prefix(500))")
        #expect(outcome.output.ranges(of: "class=\"node\"").count == 9)
        #expect(outcome.output.ranges(of: "class=\"edge\"").count == 10)
    }
}
