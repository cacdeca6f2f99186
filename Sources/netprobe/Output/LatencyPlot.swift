/// The last round-trip times as a drawing of a few lines: a column for each request, `x` for one that was not answered.
struct LatencyPlot {
    private static let height = 6
    private static let blocks = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    private static let keptSamples = 512
    private static let labelWidth = 12

    /// `nil` for a request without an answer.
    private var samples: [Duration?] = []
    private var drawnLines = 0

    mutating func add(_ roundTrip: Duration?) {
        if samples.count == Self.keptSamples { samples.removeFirst() }
        samples.append(roundTrip)
    }

    /// What makes a terminal forget the last drawing: up to its first line, and clear to the end of the screen.
    var erasure: String { drawnLines == 0 ? "" : "\u{1B}[\(drawnLines)A\r\u{1B}[J" }

    /// The drawing for a terminal of this size.
    mutating func drawing(in size: (columns: Int, rows: Int)?) -> String {
        guard let size, size.rows > Self.height + 3, size.columns > Self.labelWidth + 8 else {
            drawnLines = 0
            return ""
        }
        let lines = Self.lines(samples.suffix(size.columns - Self.labelWidth - 1))
        drawnLines = lines.count
        return lines.map { $0 + "\n" }.joined()
    }

    /// The drawing as plain text, for what is no terminal.
    var plainText: String { Self.lines(samples.suffix(60)).map { $0 + "\n" }.joined() }

    private static func lines(_ samples: ArraySlice<Duration?>) -> [String] {
        guard let highest = samples.compactMap({ $0 }).max(), highest > .zero else { return [] }
        let levels = height * blocks.count
        let heights = samples.map { sample in
            sample.map { min(levels, max(1, Int(($0 / highest * Double(levels)).rounded(.up)))) }
        }
        return (0..<height).map { row in
            let base = (height - 1 - row) * blocks.count
            let columns = heights.map { level in
                guard let level else { return base == 0 ? "x" : " " }
                return level <= base ? " " : blocks[min(level - base, blocks.count) - 1]
            }
            let label = row == 0 ? "\(highest.milliseconds) ms" : row == height - 1 ? "0 ms" : ""
            return String(repeating: " ", count: max(0, labelWidth - label.count)) + label + "┤" + columns.joined()
        }
    }
}
