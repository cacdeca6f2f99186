import Addresses
import Probing

extension PathGraph {
    /// How a vertex is shown: by the name of its address, with nothing in it that a terminal would obey, and with what
    /// traceroute(8) writes beside it where probes end there for an error.
    /// - Parameter name: what an address is called.
    func label(_ vertex: Int, _ name: TraceTable.Label) -> String {
        switch vertices[vertex].identity {
        case .source: return "this host"
        case .silent: return "*"
        case .address(let address):
            let text = name(address).forTerminal
            let mark = vertices[vertex].error.flatMap { TraceAnswer(token: 0, from: address, .error($0)).mark }
            return mark.map { "\(text) \($0)" } ?? text
        }
    }

    /// The vertices by hops, as indices, each hop in an order in which few edges cross: vertices come to lie where
    /// those do that they are connected with, seen by turns from above and from below.
    var untangledHops: [[Int]] {
        var hops = self.hops
        var places = Array(repeating: 0.5, count: vertices.count)
        func place(_ hop: [Int]) {
            for (number, vertex) in hop.enumerated() { places[vertex] = (Double(number) + 0.5) / Double(hop.count) }
        }
        func sort(_ hop: Int, by neighbours: (Int) -> [Int]) {
            let wanted = hops[hop].enumerated().map { number, vertex in
                let near = neighbours(vertex)
                let sum = near.reduce(0) { $0 + places[$1] }
                return (place: near.isEmpty ? places[vertex] : sum / Double(near.count), number: number, vertex: vertex)
            }
            hops[hop] = wanted.sorted { ($0.place, $0.number) < ($1.place, $1.number) }.map(\.vertex)
            place(hops[hop])
        }
        for hop in hops { place(hop) }
        for _ in 0..<4 {
            for hop in hops.indices { sort(hop) { predecessors(of: $0) } }
            for hop in hops.indices.reversed() { sort(hop) { successors(of: $0) } }
        }
        return hops
    }
}
