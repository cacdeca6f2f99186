import Probing

/// The intervals of each target for Netdata's external plugins (`-N`): charts once, then values.
struct SweepNetdata {
    private let interval: Duration
    private var hasCharts = false

    init(every interval: Duration) { self.interval = interval }

    /// What happened to a target in an interval.
    func target(_ counts: SweepTarget.Counts, _ label: SweepLabel, to text: inout [UInt8]) {
        let host = (label.text ?? label.address.description).forTerminal
        let name = String(decoding: host.utf8.map { $0.isAlphanumeric ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        let quoted = host.filter { $0 != "'" }
        let seconds = interval.clampedNanoseconds / 1_000_000_000
        begin(
            "\(name)_packets", "'FPing Packets' packets '\(quoted)' fping.packets line 110020 \(seconds)",
            ["xmt sent absolute 1 1", "rcv received absolute 1 1"], to: &text)
        set("xmt", counts.sent, to: &text)
        set("rcv", counts.received, to: &text)
        text.append("END\n")
        begin(
            "\(name)_quality", "'FPing Quality' percentage '\(quoted)' fping.quality area 110010 \(seconds)",
            ["returned '' absolute 1 1"], to: &text)
        set("returned", counts.returnPercent(received: counts.received), to: &text)
        text.append("END\n")
        begin(
            "\(name)_latency", "'FPing Latency' ms '\(quoted)' fping.latency area 110000 \(seconds)",
            ["min minimum absolute 1 1000000", "max maximum absolute 1 1000000", "avg average absolute 1 1000000"],
            to: &text)
        if let average = counts.average {
            set("min", counts.minimum, to: &text)
            set("avg", average, to: &text)
            set("max", counts.maximum, to: &text)
        }
        text.append("END\n")
    }

    /// All targets have had their charts.
    mutating func endInterval() { hasCharts = true }

    private func begin(_ chart: String, _ definition: String, _ dimensions: [String], to text: inout [UInt8]) {
        if !hasCharts {
            text.append("CHART fping.\(chart) '' \(definition)\n")
            for dimension in dimensions { text.append("DIMENSION \(dimension)\n") }
        }
        text.append("BEGIN fping.\(chart)\n")
    }

    private func set(_ dimension: String, _ value: some BinaryInteger, to text: inout [UInt8]) {
        text.append("SET ")
        text.append(dimension)
        text.append(" = ")
        text.append(decimal: value)
        text.append(.lineFeed)
    }
}

extension UInt8 {
    fileprivate var isAlphanumeric: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
