import Addresses
import Probing

/// A graph of paths, drawn with characters: hops downwards, the ways between them as lines. `+` is where lines meet,
/// `|` in a line passes it without touching, and `=` is a line on which packets of one flow go several ways.
///
/// What is too wide is shown in less space: the vertices of a wide hop by letters that are explained below, and a graph
/// that does not even fit so as a list.
struct PathDrawing {
    /// Lines that are longer nobody reads.
    private static let mostColumns = 500

    private let graph: PathGraph
    private let columns: Int
    /// By vertex.
    private let labels: [String]
    private let hops: [[Int]]

    /// - Parameters:
    ///   - columns: characters that a line may have.
    ///   - name: what an address is called.
    init(_ graph: PathGraph, columns: Int, _ name: TraceTable.Label) {
        self.graph = graph
        self.columns = min(columns, Self.mostColumns)
        labels = graph.vertices.indices.map { graph.label($0, name) }
        hops = graph.untangledHops
    }

    /// The drawing, whole lines; empty for a graph of nothing but its source.
    var text: String {
        guard hops.count > 1 else { return "" }
        guard let rows else { return list }
        var text = ""
        for (number, row) in rows.enumerated() {
            if number > 0 {
                let lines = PathLines(graph, from: rows[number - 1].places, to: row.places)
                for line in lines.text { text += Self.line("", line) }
            }
            text += Self.line(margin(number), row.text)
        }
        return text + rows.indices.map { legend(hop: $0, rows[$0]) }.joined()
    }

    private func margin(_ hop: Int) -> String {
        guard let first = hops[hop].first, graph.vertices[first].identity != .source else { return "" }
        return "\(graph.vertices[first].hop)"
    }

    /// As traceroute has them: the hop in two columns, and what is there after two more.
    private static func line(_ margin: String, _ text: String) -> String {
        let line = String(repeating: " ", count: max(0, 2 - margin.count)) + margin + "  " + text
        return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
    }

    // MARK: - Rows

    /// A hop as it is drawn.
    private struct Row {
        /// By place in the hop: the vertex, what is written for it, and the column of its middle.
        var vertices: [Int]
        var labels: [String]
        var middles: [Int] = []
        /// Whether letters stand for its vertices.
        var isShort = false

        var places: [PathLines.Place] {
            vertices.indices.map { number in
                let middle = middles[number]
                let first = firstColumn(number)
                let columns = min(first, middle - 1)...max(first + labels[number].count - 1, middle + 1)
                return PathLines.Place(vertex: vertices[number], middle: middle, columns: columns)
            }
        }

        var text: String {
            var text = ""
            var width = 0
            for (number, label) in labels.enumerated() {
                text += String(repeating: " ", count: max(0, firstColumn(number) - width)) + label
                width = firstColumn(number) + label.count
            }
            return text
        }

        private func firstColumn(_ number: Int) -> Int { middles[number] - (labels[number].count - 1) / 2 }
    }

    /// The rows, `nil` where the columns do not suffice.
    private var rows: [Row]? {
        let room = columns - 6
        var rows: [Row] = []
        var width = 0
        for hop in hops {
            guard let (row, needed) = row(hop, room) else { return nil }
            rows.append(row)
            width = max(width, (needed + 3) & ~3)
        }
        // As even as there is room for: where all hops divide the width, all middles lie where they should.
        let unit = hops.reduce(4) { $0 > room ? $0 : Self.leastCommonMultiple($0, 4 * $1.count) }
        let evenWidth = (width + unit - 1) / unit * unit
        if evenWidth <= room { width = evenWidth }
        for number in rows.indices {
            rows[number].middles = Self.middles(rows[number].vertices.count, width)
        }
        return rows
    }

    private static func leastCommonMultiple(_ a: Int, _ b: Int) -> Int {
        var (divisor, rest) = (a, b)
        while rest > 0 { (divisor, rest) = (rest, divisor % rest) }
        return a / divisor * b
    }

    /// Evenly spread over a width that is a multiple of 4: even numbers, and the same from both sides.
    private static func middles(_ count: Int, _ width: Int) -> [Int] {
        (0..<count).map { number in
            let isLeft = 2 * number < count
            let middle = (isLeft ? 2 * number + 1 : 2 * (count - number) - 1) * width / (2 * count) & ~1
            return isLeft ? middle : width - middle
        }
    }

    /// A row with what it needs of the room there is: the vertices by their names, or else by letters.
    private func row(_ hop: [Int], _ room: Int) -> (Row, width: Int)? {
        let lines = hop.map(lines)
        func width(_ labels: [String]) -> Int { hop.count * (((labels.lazy.map(\.count).max() ?? 0) + 3) & ~1) }
        let names = zip(hop, lines).map { Self.widened(labels[$0], for: $1) }
        if width(names) <= room { return (Row(vertices: hop, labels: names), width(names)) }
        let letters = zip(hop.indices, lines).map { Self.widened(Self.letters($0), for: $1) }
        guard width(letters) <= room else { return nil }
        return (Row(vertices: hop, labels: letters, isShort: true), width(letters))
    }

    /// How many lines lead to a vertex: those that lead on to the same ones share one.
    private func lines(to vertex: Int) -> Int { Set(graph.predecessors(of: vertex).map(graph.successors)).count }

    /// A label that so many lines can lead to.
    private static func widened(_ label: String, for lines: Int) -> String {
        let missing = 2 * lines + 1 - label.count
        guard lines > 1, missing > 0 else { return label }
        let left = String(repeating: " ", count: max(0, missing / 2 - 1))
        return "[\(left)\(label)\(String(repeating: " ", count: max(0, missing - left.count - 2)))]"
    }

    /// a, b, … z, aa, ab, …
    private static func letters(_ number: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        return (number >= letters.count ? Self.letters(number / letters.count - 1) : "")
            + String(letters[number % letters.count])
    }

    /// What the letters of a hop stand for.
    private func legend(hop: Int, _ row: Row) -> String {
        guard row.isShort else { return "" }
        var lines = ["hop \(margin(hop)):"]
        for (number, vertex) in row.vertices.enumerated() {
            let words = " \(Self.letters(number)) = \(labels[vertex])" + (vertex == row.vertices.last ? "" : ",")
            if lines[lines.count - 1].count + words.count > columns { lines.append("   ") }
            lines[lines.count - 1] += words
        }
        return lines.map { $0 + "\n" }.joined()
    }

    // MARK: - A list

    /// A line for each vertex that leads on: the hop, and where to.
    private var list: String {
        var text = ""
        for (number, hop) in hops.enumerated() {
            for vertex in hop where !graph.vertices[vertex].outgoing.isEmpty {
                let next = graph.successors(of: vertex).map { labels[$0] }.joined(separator: ", ")
                text += Self.line(margin(number), "\(labels[vertex]) -> \(next)")
            }
        }
        return text
    }
}
