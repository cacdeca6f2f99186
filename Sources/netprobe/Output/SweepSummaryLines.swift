import Probing

/// What is told of each target, and of all, at the end and after each interval.
struct SweepSummaryLines {
    private let display: SweepDisplay

    init(_ display: SweepDisplay) { self.display = display }

    /// "198.18.0.1 : xmt/rcv/%loss = 3/3/0%, min/avg/max = 0.01/0.02/0.03".
    /// - Parameter received: how many replies are shown, where duplicates count too.
    func target(
        _ counts: SweepTarget.Counts, received: Int, _ label: SweepLabel, columns: Int, to text: inout [UInt8]
    ) {
        label.append(to: &text, columns: columns)
        let hasAll = received <= counts.sent
        text.append(hasAll ? " : xmt/rcv/%loss = " : " : xmt/rcv/%return = ")
        text.append(decimal: counts.sent)
        text.append("/")
        text.append(decimal: received)
        text.append("/")
        text.append(decimal: hasAll ? counts.lossPercent(received: received) : counts.returnPercent(received: received))
        text.append("%")
        if display.showsOutage, hasAll {
            text.append(", outage(ms) = ")
            text.append(decimal: counts.outage(display.period))
        }
        if let average = counts.average {
            text.append(", min/avg/max = ")
            text.append(fpingMilliseconds: counts.minimum)
            text.append("/")
            text.append(fpingMilliseconds: average)
            text.append("/")
            text.append(fpingMilliseconds: counts.maximum)
        }
        text.append(.lineFeed)
    }

    /// "198.18.0.1 : 0.01 - 0.03".
    func target(_ roundTrips: some Sequence<Int64?>, _ label: SweepLabel, columns: Int, to text: inout [UInt8]) {
        label.append(to: &text, columns: columns)
        text.append(" :")
        for roundTrip in roundTrips {
            text.append(.space)
            if let roundTrip {
                text.append(fpingMilliseconds: roundTrip)
            } else {
                text.append("-")
            }
        }
        text.append(.lineFeed)
    }

    // MARK: - All targets

    /// `-s`.
    func statistics(_ totals: SweepTotals, _ summary: SweepSummary, to text: inout [UInt8]) {
        let names = display.method.statisticsNames
        text.append(.lineFeed)
        append(totals.targets, "targets", to: &text)
        append(totals.alive, "alive", to: &text)
        append(totals.targets - totals.alive, "unreachable", to: &text)
        append(summary.unknownNames, "unknown addresses", to: &text)
        if display.method.port != nil { append(totals.closed, "refused", to: &text) }
        text.append(.lineFeed)
        append(totals.timeouts, "timeouts (waiting for response)", to: &text)
        append(totals.sent, "\(names.probes) sent", to: &text)
        append(totals.received, "\(names.replies) received", to: &text)
        append(totals.errors, "other ICMP received", to: &text)
        if summary.droppedReplies > 0, !display.isFping {
            append(summary.droppedReplies, "replies lost in this host, unread", to: &text)
        }
        text.append(.lineFeed)
        let roundTrips = totals.roundTrips
        append(roundTrips.minimum, "min round trip time", to: &text)
        append(roundTrips.average, "avg round trip time", to: &text)
        append(roundTrips.maximum, "max round trip time", to: &text)
        if !display.isFping, roundTrips.count > 0 {
            for percent in [50, 90, 99] {
                append(roundTrips.percentile(Double(percent)), "\(percent)th percentile", to: &text)
            }
        }
        text.append(.space)
        text.append(summary.elapsedSeconds, columns: 12)
        text.append(" sec (elapsed real time)\n\n")
    }

    private func append(_ count: some BinaryInteger, _ name: String, to text: inout [UInt8]) {
        text.append(.space)
        text.append(decimal: count, columns: 7)
        text.append(.space)
        text.append(name)
        text.append(.lineFeed)
    }

    private func append(_ roundTrip: Duration?, _ name: String, to text: inout [UInt8]) {
        text.append(.space)
        text.append(fpingMilliseconds: (roundTrip ?? .zero).clampedNanoseconds)
        text.append(" ms (")
        text.append(name)
        text.append(")\n")
    }

    /// `-x`: whether so many targets are alive as are asked for.
    func goal(_ goal: Int, _ totals: SweepTotals, to text: inout [UInt8]) {
        text.append(totals.alive >= goal ? "Enough" : "Not enough")
        text.append(" hosts reachable (required: ")
        text.append(decimal: goal)
        text.append(", reachable: ")
        text.append(decimal: totals.alive)
        text.append(")\n")
    }
}

extension SweepSummary {
    /// Seconds with three decimals.
    var elapsedSeconds: String {
        decimal((max(elapsed, .zero) + .microseconds(500)).clampedNanoseconds / 1_000_000, digits: 3)
    }
}

extension [UInt8] {
    /// Appends a text behind as many spaces as make it so many columns wide.
    mutating func append(_ text: String, columns: Int) {
        for _ in 0..<Swift.max(0, columns - text.utf8.count) { append(.space) }
        append(text)
    }
}
