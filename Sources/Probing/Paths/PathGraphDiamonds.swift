extension PathGraph {
    /// Finds the diamonds: one at each vertex that leads on to several.
    mutating func findDiamonds() {
        var found: [Diamond] = []
        for vertex in vertices.indices where vertices[vertex].outgoing.count > 1 {
            found.append(diamond(behind: vertex, after: found))
        }
        diamonds = found
    }

    /// The diamond behind a vertex: hop by hop what can be reached, until that is one vertex.
    private func diamond(behind divergence: Int, after others: [Diamond]) -> Diamond {
        var interior: [Int] = []
        var layer = Set(successors(of: divergence)).sorted()
        var width = layer.count
        var length = 1
        var convergence: Int?
        var isMeshed = false
        var hasEnded = false
        while !layer.isEmpty {
            if layer.count == 1, !hasEnded {
                convergence = layer[0]
                break
            }
            interior += layer
            width = max(width, layer.count)
            hasEnded = hasEnded || layer.contains { vertices[$0].outgoing.isEmpty }
            let next = Set(layer.flatMap(successors)).sorted()
            if layer.count > 1, next.count > 1 {
                let links = layer.reduce(0) { $0 + vertices[$1].outgoing.count }
                isMeshed = isMeshed || links > max(layer.count, next.count)
            }
            if !next.isEmpty { length += 1 }
            layer = next
        }
        return Diamond(
            divergence: divergence, convergence: convergence, interior: interior, width: width, length: length,
            isMeshed: isMeshed, balancing: vertices[divergence].balancing,
            depth: others.lazy.filter { $0.interior.contains(divergence) }.count)
    }
}
