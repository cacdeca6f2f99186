import Addresses

@testable import Probing

/// Graphs of paths, made by hand.
enum DrawnGraph {
    /// The address of a vertex: 198.18.HOP.NUMBER, the first number 1.
    static func address(_ hop: Int, _ number: Int) -> IPAddress {
        .v4(IPv4Address(rawValue: 0xC612_0000 + UInt32(hop) << 8 + UInt32(number + 1)))
    }

    /// A graph of hops of so many vertices behind the source, and the edges to each hop that `edges` names.
    static func graph(_ widths: [Int], edges: (_ hop: Int, _ from: Int, _ to: Int) -> Bool) -> PathGraph {
        var graph = PathGraph()
        graph.vertices = [PathGraph.Vertex(hop: 0, identity: .source)]
        var before = [0]
        for (hop, width) in zip(1..., widths) {
            let here = (0..<width).map { graph.vertices.count + $0 }
            for number in 0..<width {
                graph.vertices.append(PathGraph.Vertex(hop: UInt8(hop), identity: .address(address(hop, number))))
            }
            for (i, from) in before.enumerated() {
                for (j, to) in here.enumerated() where edges(hop, i, j) {
                    graph.vertices[from].outgoing.append(graph.edges.count)
                    graph.vertices[to].incoming.append(graph.edges.count)
                    graph.edges.append(PathGraph.Edge(from: from, to: to, flows: 6, isUncertain: false))
                }
            }
            before = here
        }
        return graph
    }

    /// The same, with edges that spread as evenly as they can and do not cross.
    static func graph(uniform widths: [Int]) -> PathGraph {
        let all = [1] + widths
        return graph(widths) { hop, from, to in
            let (before, here) = (all[hop - 1], all[hop])
            return before >= here ? from * here / before == to : to * before / here == from
        }
    }

    /// A graph with edges at random, at least one to each vertex, the same for each seed.
    static func random(_ widths: [Int], seed: UInt64) -> PathGraph {
        var state = seed
        func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let all = [1] + widths
        var edges: Set<[Int]> = []
        for hop in 1..<all.count {
            for to in 0..<all[hop] {
                edges.insert([hop, below(all[hop - 1]), to])
                for from in 0..<all[hop - 1] where below(4) == 0 { edges.insert([hop, from, to]) }
            }
        }
        return graph(widths) { edges.contains([$0, $1, $2]) }
    }
}
