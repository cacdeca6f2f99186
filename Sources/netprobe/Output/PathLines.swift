import Probing

/// The lines between two rows of vertices of a drawing.
///
/// Vertices that lead on to the same next ones share a line. Where lines would overlap, each has a height of its own; a
/// vertex that several lines lead to has a column for each of them. So no two lines touch.
struct PathLines {
    /// A vertex where it is drawn.
    struct Place {
        let vertex: Int
        /// The middle, an even number: the columns beside it are for lines that end beside it.
        let middle: Int
        /// What its name takes, or where lines may end beside it.
        let columns: ClosedRange<Int>
    }

    /// Vertices, and where all of them lead.
    private struct Line {
        let next: [Int]
        var before: [Int]
        /// The columns where it begins, and where it ends.
        var (from, to): ([Int], [Int])
        var isByPacket: Bool
        /// From above, 0 the first.
        var height = 0

        var columns: ClosedRange<Int> {
            let all = from + to
            return (all.min() ?? 0)...(all.max() ?? 0)
        }
        /// Whether it is but a stroke downwards.
        var isStraight: Bool { columns.count == 1 }
    }

    /// Columns between two lines of one height, at least: more than strokes between them can take without a gap.
    private static let gap = 4

    private var lines: [Line] = []
    private var height = 1

    /// - Parameters:
    ///   - upper: the vertices of the upper row from left to right.
    ///   - lower: those of the lower row.
    init(_ graph: PathGraph, from upper: [Place], to lower: [Place]) {
        var numbers: [[Int]: Int] = [:]
        for place in upper where !graph.vertices[place.vertex].outgoing.isEmpty {
            let next = graph.successors(of: place.vertex)
            let isUncertain = graph.vertices[place.vertex].outgoing.contains { graph.edges[$0].isUncertain }
            let isByPacket = isUncertain || graph.vertices[place.vertex].balancing == .perPacket
            if let number = numbers[next] {
                lines[number].before.append(place.vertex)
                lines[number].from.append(place.middle)
                lines[number].isByPacket = lines[number].isByPacket || isByPacket
            } else {
                numbers[next] = lines.count
                lines.append(
                    Line(next: next, before: [place.vertex], from: [place.middle], to: [], isByPacket: isByPacket))
            }
        }
        connect(upper, lower)
        stack(upper, lower)
    }

    /// Brings the lines to the columns of the lower row.
    private mutating func connect(_ upper: [Place], _ lower: [Place]) {
        var coming: [Int: [Int]] = [:]
        for (number, line) in lines.enumerated() {
            for vertex in line.next { coming[vertex, default: []].append(number) }
        }
        for place in lower {
            let numbers = coming[place.vertex] ?? []
            // In the middle only one line may end, and only where nothing else is right above.
            let above = upper.first { $0.middle == place.middle }?.vertex
            let isFree = numbers.count == 1 && above.map { lines[numbers[0]].before.contains($0) } ?? true
            let first = isFree ? 0 : 1 - numbers.count - (numbers.count % 2)
            for (count, number) in numbers.enumerated() { lines[number].to.append(place.middle + first + 2 * count) }
        }
    }

    /// Gives each line the least height at which no other is in its way. Where an end of it would seem to touch a name
    /// that it has nothing to do with, there is a row of strokes more.
    private mutating func stack(_ upper: [Place], _ lower: [Place]) {
        var ends: [Int] = []
        for number in lines.indices.sorted(by: { lines[$0].columns.lowerBound < lines[$1].columns.lowerBound }) {
            let columns = lines[number].columns
            guard !lines[number].isStraight else { continue }
            let height = ends.firstIndex { $0 + Self.gap < columns.lowerBound } ?? ends.count
            if height == ends.count { ends.append(0) }
            ends[height] = columns.upperBound
            lines[number].height = height
        }
        height = max(1, ends.count)
        let touchesAbove = lines.contains { line in
            line.height == 0 && Self.touches(line.to, upper.filter { !line.before.contains($0.vertex) })
        }
        let touchesBelow = lines.contains { line in
            line.height == height - 1 && Self.touches(line.from, lower.filter { !line.next.contains($0.vertex) })
        }
        if touchesAbove { for number in lines.indices { lines[number].height += 1 } }
        height += (touchesAbove ? 1 : 0) + (touchesBelow ? 1 : 0)
    }

    private static func touches(_ ends: [Int], _ places: [Place]) -> Bool {
        places.contains { place in ends.contains(where: place.columns.contains) }
    }

    /// The lines of text, none where nothing leads on.
    var text: [String] { lines.isEmpty ? [] : (0..<height).map(text(at:)) }

    private func text(at height: Int) -> String {
        let width = lines.lazy.map(\.columns.upperBound).max() ?? 0
        var characters = Array(repeating: Character(" "), count: width + 1)
        let here = lines.filter { $0.height == height && !$0.isStraight }
        for line in here {
            for column in line.columns { characters[column] = line.isByPacket ? "=" : "-" }
        }
        for line in lines {
            for column in height < line.height ? line.from : line.to { characters[column] = "|" }
        }
        for line in here {
            for column in line.from + line.to { characters[column] = "+" }
        }
        return String(characters)
    }
}
