import Probing

/// The statistics at the end of a ping.
struct PingSummary {
    let text: String

    init(_ session: borrowing PingSession, _ subject: PingSubject, _ display: PingDisplay) {
        let statistics = session.statistics
        var text = "\n--- \(subject.host.forTerminal) ping statistics ---\n"
        text += "\(statistics.transmitted) packets transmitted, \(statistics.received) received"
        for (count, name) in [
            (statistics.duplicates, "duplicates"), (statistics.corrupted, "corrupted"), (statistics.errors, "errors"),
        ] where count > 0 {
            text += ", +\(count) \(name)"
        }
        if statistics.transmitted > 0 {
            text += ", \(percent(statistics.loss))% packet loss"
            text += ", time \((session.sendingTime.clampedNanoseconds + 500_000) / 1_000_000)ms"
        }
        text += "\n" + Self.roundTrips(session, subject).joined(separator: ", ") + "\n"
        if display.percentiles { text += Self.distribution(statistics) }
        self.text = text
    }

    private static func roundTrips(_ session: borrowing PingSession, _ subject: PingSubject) -> [String] {
        let statistics = session.statistics
        var parts: [String] = []
        if let minimum = statistics.roundTrips.minimum, let average = statistics.roundTrips.average,
            let maximum = statistics.roundTrips.maximum, let deviation = statistics.roundTrips.standardDeviation
        {
            let values = [minimum, average, maximum, deviation].map(\.milliseconds).joined(separator: "/")
            parts.append("rtt min/avg/max/mdev = \(values) ms")
        }
        if statistics.pipe > 1 { parts.append("pipe \(statistics.pipe)") }
        if subject.paceIsFree, statistics.transmitted > 1, let smoothed = statistics.roundTrips.exponentialAverage {
            let gap = session.sendingTime / Int(clamping: statistics.transmitted - 1)
            parts.append("ipg/ewma \(gap.milliseconds)/\(smoothed.milliseconds) ms")
        }
        return parts
    }

    /// The percentiles that are shown.
    static let percentiles: [(name: String, percent: Double)] = [
        ("p50", 50), ("p90", 90), ("p95", 95), ("p99", 99), ("p99.9", 99.9),
    ]

    private static func distribution(_ statistics: PingStatistics) -> String {
        var text = ""
        if statistics.roundTrips.count > 0 {
            let names = percentiles.map(\.name).joined(separator: "/")
            let values = percentiles.compactMap { statistics.roundTrips.percentile($0.percent)?.milliseconds }
            text += "rtt \(names) = \(values.joined(separator: "/")) ms\n"
        }
        if let jitter = statistics.roundTrips.jitter { text += "jitter \(jitter.milliseconds) ms, " }
        return text + "reordered \(statistics.reordered), late \(statistics.late), "
            + "longest outage \(statistics.longestOutage.milliseconds) ms\n"
    }
}
