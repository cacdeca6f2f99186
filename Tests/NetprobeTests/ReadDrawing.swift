@testable import Probing
@testable import netprobe

/// What one sees who follows the lines of a drawing with a finger, and knows nothing of how it is made.
struct ReadDrawing {
    /// From a place in one row to a place in the next.
    struct Edge: Hashable {
        var (row, from, to): (Int, Int, Int)
    }

    private(set) var edges: Set<Edge> = []
    private var grid: [[Character]] = []

    init(_ text: String) {
        var row = 0
        var before: [ClosedRange<Int>]?
        for line in text.split(separator: "\n").map({ Array($0) }) {
            if line.starts(with: "hop ") { break }
            let isConnection = line.allSatisfy { " |+-=".contains($0) }
            guard !isConnection else {
                grid.append(line)
                continue
            }
            let here = Self.labels(line)
            if let before {
                for (from, columns) in before.enumerated() {
                    for to in reached(from: (columns.lowerBound + columns.upperBound) / 2, here) {
                        edges.insert(Edge(row: row, from: from, to: to))
                    }
                }
                row += 1
            }
            grid = []
            before = here
        }
    }

    /// The columns of what is written in a row: words, or what is in brackets.
    private static func labels(_ line: [Character]) -> [ClosedRange<Int>] {
        let text = Array(line.dropFirst(4))
        if String(text).hasSuffix("this host") { return [(text.count - 5)...(text.count + 3)] }
        var labels: [ClosedRange<Int>] = []
        var start: Int?
        for (index, character) in (text + [" "]).enumerated() {
            if let first = start {
                guard text[first] == "[" ? text[index - 1] == "]" : character == " " else { continue }
                labels.append((4 + first)...(3 + index))
                start = nil
            } else if character != " " {
                start = index
            }
        }
        return labels
    }

    private func character(_ row: Int, _ column: Int) -> Character {
        grid.indices.contains(row) && grid[row].indices.contains(column) ? grid[row][column] : " "
    }

    /// The labels of the next row that lines lead to which begin at this column.
    private func reached(from column: Int, _ labels: [ClosedRange<Int>]) -> Set<Int> {
        var found: Set<Int> = []
        var seen: Set<[Int]> = []
        var open = "|+".contains(character(0, column)) ? [[0, column]] : []
        while let place = open.popLast() {
            guard seen.insert(place).inserted else { continue }
            let (row, column) = (place[0], place[1])
            if row + 1 == grid.count {
                // Beside a short name a line may end as well.
                found.formUnion(
                    labels.indices.filter { labels[$0].contains(column) || abs(Self.middle(labels[$0]) - column) <= 1 })
            } else if "|+".contains(character(row + 1, column)) {
                open.append([row + 1, column])
            }
            guard character(row, column) == "+" else { continue }
            for step in [-1, 1] {
                var next = column + step
                while "-=|".contains(character(row, next)) { next += step }
                if character(row, next) == "+" { open.append([row, next]) }
            }
        }
        return found
    }

    private static func middle(_ columns: ClosedRange<Int>) -> Int { (columns.lowerBound + columns.upperBound) / 2 }

    /// The edges of a graph, by the order in which it is drawn.
    static func edges(_ graph: PathGraph) -> Set<Edge> {
        let hops = graph.untangledHops
        var edges: Set<Edge> = []
        for (row, hop) in hops.enumerated().dropLast() {
            for (from, vertex) in hop.enumerated() {
                for (to, next) in hops[row + 1].enumerated() where graph.successors(of: vertex).contains(next) {
                    edges.insert(Edge(row: row, from: from, to: to))
                }
            }
        }
        return edges
    }
}
