import Addresses
import Testing

@testable import Probing
@testable import netprobe

@Suite("What is said of paths")
struct PathsTableTests {
    /// A diamond of three ways, each a path of which so many probes of ten were lost.
    private static func graph(_ lost: [UInt64]) -> PathGraph {
        var graph = DrawnGraph.graph(uniform: [1, 3, 1])
        graph.paths = zip(2..., lost).map { vertex, lost in
            var path = PathGraph.Path(vertices: [0, 1, vertex, 5], flow: UInt16(vertex), isWhole: true)
            (path.sent, path.received, path.lost) = (10, 10 - lost, lost)
            return path
        }
        graph.isComplete = true
        return graph
    }

    private static func sentences(_ graph: PathGraph) -> [String] { PathsTable(graph: graph).sentences { "\($0)" } }

    @Test("a path that loses is told by the first router that no other passes")
    func loss() {
        let one = Self.sentences(Self.graph([0, 1, 0]))[0]
        #expect(one == "Only 1 of the 3 paths loses probes: that through 198.18.2.2.")
        #expect(Self.sentences(Self.graph([1, 1, 0]))[0] == "Only 2 of the 3 paths lose probes.")
        #expect(Self.sentences(Self.graph([1, 1, 1])).count == 1)
        #expect(Self.sentences(Self.graph([0, 0, 0])).count == 1)
    }

    @Test("hops that limit the rate of their answers are told of, and what that makes of losses")
    func rarelyAnswering() {
        var graph = Self.graph([0, 0, 0])
        graph.rarelyAnsweringHops = [3]
        #expect(
            Self.sentences(graph)[0]
                == "Hop 3 answers only some probes: the rate of answers is limited there, or they are lost.")
        graph = Self.graph([5, 5, 5])
        graph.rarelyAnsweringHops = [1, 2, 3]
        #expect(
            Self.sentences(graph)[0]
                == "Hops 1, 2 and 3 answer only some probes: the rate of answers is limited there, or they are lost. "
                + "What all paths lose may be nothing else: see with --interval 6.")
    }

    @Test("a search that came to its limits is no whole graph")
    func limits() {
        var graph = Self.graph([0, 0, 0])
        graph.isComplete = false
        #expect(Self.sentences(graph)[0] == "The search came to its limits: there may be more than is shown.")
    }

    @Test("a hostile name does nothing to a terminal")
    func hostile() {
        let table = PathsTable(graph: Self.graph([0, 0, 0]))
        #expect(!table.text { _ in "\u{1B}[2J" }.contains("\u{1B}"))
        #expect(!table.sentences { _ in "\u{1B}[2J" }.joined().contains("\u{1B}"))
    }
}
