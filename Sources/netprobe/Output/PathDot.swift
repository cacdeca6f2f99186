import Addresses
import Probing

/// A graph of paths in the language of Graphviz, dot(1).
struct PathDot {
    let graph: PathGraph

    /// A directed graph: each hop a row, at each vertex its name and average round trip, at each edge how many flows
    /// were seen to take it. A vertex that balances load by packet has a double frame, and edges that are only possible
    /// are dashed.
    /// - Parameter name: what an address is called.
    func text(_ name: TraceTable.Label) -> String {
        var text = "digraph paths {\n    node [shape=box];\n"
        for hop in graph.hops {
            text += "    {\n        rank=same;\n"
            for vertex in hop {
                let frames = graph.vertices[vertex].balancing == .perPacket ? ", peripheries=2" : ""
                let lines = [graph.label(vertex, name)] + figures(graph.vertices[vertex])
                text += "        v\(vertex) [label=\(Self.quoted(lines))\(frames)];\n"
            }
            text += "    }\n"
        }
        for edge in graph.edges {
            let style = edge.isUncertain ? ", style=dashed" : ""
            text += "    v\(edge.from) -> v\(edge.to) [label=\"\(edge.flows)\"\(style)];\n"
        }
        return text + "}\n"
    }

    private func figures(_ vertex: PathGraph.Vertex) -> [String] {
        guard let average = vertex.roundTrips.average else { return [] }
        return ["\(TraceTable.milliseconds(average, digits: 3)) ms"]
    }

    /// Lines as one quoted string, in which the language has a meaning for quotation marks and backslashes, and for `&`
    /// as HTML has.
    private static func quoted(_ lines: [String]) -> String {
        let escaped = lines.map { line in
            line.reduce(into: "") { text, character in
                switch character {
                case "\"": text += "\\\""
                case "\\": text += "\\\\"
                case "&": text += "&amp;"
                default: text.append(character)
                }
            }
        }
        return "\"" + escaped.joined(separator: "\\n") + "\""
    }
}
