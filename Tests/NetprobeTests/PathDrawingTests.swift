import Addresses
import Testing

@testable import Probing
@testable import netprobe

@Suite("The drawing of paths")
struct PathDrawingTests {
    private static func drawing(_ graph: PathGraph, columns: Int = 120) -> String {
        PathDrawing(graph, columns: columns) { "\($0)" }.text
    }

    @Test("two paths part and are one again")
    func diamond() {
        let graph = DrawnGraph.graph(uniform: [1, 2, 1])
        #expect(
            Self.drawing(graph) == """
                            this host
                                |
                 1          198.18.1.1
                          +-----+-----+
                 2    198.18.2.1  198.18.2.2
                          +-----+-----+
                 3          198.18.3.1

                """)
    }

    @Test("a wide hop is drawn with letters where its names do not fit, and others are not")
    func letters() {
        let graph = DrawnGraph.graph(uniform: [2, 4, 8, 4, 2, 1])
        #expect(
            Self.drawing(graph, columns: 80) == """
                                                this host
                                    +---------------+---------------+
                 1              198.18.1.1                      198.18.1.2
                            +-------+-------+               +-------+-------+
                 2      198.18.2.1      198.18.2.2      198.18.2.3      198.18.2.4
                        +---+---+       +---+---+       +---+---+       +---+---+
                 3      a       b       c       d       e       f       g       h
                        +---+---+       +---+---+       +---+---+       +---+---+
                 4      198.18.4.1      198.18.4.2      198.18.4.3      198.18.4.4
                            +-------+-------+               +-------+-------+
                 5              198.18.5.1                      198.18.5.2
                                    +---------------+---------------+
                 6                              198.18.6.1
                hop 3: a = 198.18.3.1, b = 198.18.3.2, c = 198.18.3.3, d = 198.18.3.4,
                    e = 198.18.3.5, f = 198.18.3.6, g = 198.18.3.7, h = 198.18.3.8

                """)
        #expect(Self.drawing(graph, columns: 120).contains("198.18.3.8"))
    }

    @Test("what does not fit even so is a list")
    func list() {
        let graph = DrawnGraph.graph(uniform: [1, 12])
        let next = (0..<12).map { "\(DrawnGraph.address(2, $0))" }.joined(separator: ", ")
        #expect(Self.drawing(graph, columns: 40) == "    this host -> 198.18.1.1\n 1  198.18.1.1 -> \(next)\n")
    }

    @Test("routers that go on to some of the same next ones have lines of their own")
    func mesh() {
        let graph = DrawnGraph.graph([2, 3]) { hop, from, to in hop == 1 || to == 1 || from * 2 == to }
        #expect(
            Self.drawing(graph) == """
                                        this host
                                +-----------+-----------+
                 1          198.18.1.1              198.18.1.2
                            +---+----------+            |
                            |              | +----------+---+
                 2      198.18.2.1      198.18.2.2      198.18.2.3

                """)
    }

    @Test("a router that balances by packet has a double line")
    func byPacket() {
        var graph = DrawnGraph.graph(uniform: [1, 2])
        graph.vertices[1].balancing = .perPacket
        #expect(Self.drawing(graph).contains("+=====+=====+"))
    }

    @Test("who is silent is a star, and where probes end for an error is said")
    func silent() {
        var graph = DrawnGraph.graph(uniform: [1, 1])
        graph.vertices[1] = PathGraph.Vertex(hop: 1, identity: .silent, incoming: [0], outgoing: [1])
        graph.vertices[2].error = ICMPError(family: .v4, type: 3, code: 13)
        #expect(
            Self.drawing(graph) == """
                        this host
                            |
                 1          *
                            |
                 2    198.18.2.1 !X

                """)
    }

    @Test("a graph of nothing but its source is not drawn")
    func empty() {
        #expect(Self.drawing(PathGraph()).isEmpty)
        #expect(Self.drawing(DrawnGraph.graph([]) { _, _, _ in true }).isEmpty)
    }

    @Test("a hostile name does nothing to a terminal")
    func hostile() {
        let graph = DrawnGraph.graph(uniform: [1, 2])
        let name = "a\u{1B}[2J\n\u{202E}b" + String(repeating: "x", count: 9999)
        let text = PathDrawing(graph, columns: 80) { _ in name }.text
        #expect(!text.unicodeScalars.contains { $0 != "\n" && ($0.value < 0x20 || $0 == "\u{202E}") })
        #expect(text.contains("\\u{1B}"))
    }

    @Test(
        "whatever the columns and the graph, no line is longer, and what is drawn is what there is", arguments: 1...400)
    func readsBack(seed: UInt64) {
        let widths = [2 + Int(seed % 3), 1 + Int(seed % 7), 1 + Int(seed / 7 % 5), 2]
        let graph = DrawnGraph.random(widths, seed: seed)
        for columns in [60, 80, 150] {
            let text = Self.drawing(graph, columns: columns)
            guard !text.contains("->") else { continue }
            #expect(text.split(separator: "\n").allSatisfy { $0.count <= columns }, "\(text)")
            #expect(ReadDrawing(text).edges == ReadDrawing.edges(graph), "\(columns) columns:\n\(text)")
        }
    }
}
