import Probing
import SystemPackage

/// A scan as lines: each address that answers as it does, and at the end on standard error what became of all.
struct ScanText: SweepReport {
    var output = StandardOutput()
    private let display: SweepDisplay
    private let lines: SweepLines
    /// Probes that could not be sent, and why the first could not.
    private var failures = 0
    private var firstFailure: Errno?

    init(_ display: SweepDisplay) {
        self.display = display
        lines = SweepLines(display)
    }

    func begin() {}

    mutating func report(_ event: SweepEvent, _ session: inout ScanSession, _ names: SweepNames) throws(OutputError) {
        switch event {
        case .reply(let reply):
            guard !reply.isClosed, display.isVerbose || display.showsAlive else { return }
            let lines = lines
            let label = SweepLabel(reply.address, number: nil, names)
            try output.write { lines.alive(reply, label, to: &$0) }
        case .notSent(_, _, _, let errno):
            failures += 1
            if firstFailure == nil { firstFailure = Errno(rawValue: errno) }
        case .duplicate, .timedOut, .unreachable, .error, .repliesDropped: return
        }
    }

    /// All targets are addresses.
    func reportUnknown(_ name: String, _ reason: String) {}

    mutating func reportInterval(_ session: inout ScanSession, _ names: SweepNames) throws(OutputError) {
        try tell(Self.counts(session.totals))
    }

    mutating func end(_ summary: SweepSummary, _ session: inout ScanSession, _ names: SweepNames) throws(OutputError) {
        let resumption = summary.resumption.map { "interrupted; it goes on with --seed \($0)\n" } ?? ""
        if display.isQuiet, !display.showsStatistics { return try tell(resumption) }
        let totals = session.totals
        let seconds = session.sendingTime.map { Double($0.clampedNanoseconds) / 1e9 } ?? 0
        let rate = seconds > 0 && totals.sent > 1 ? ", \(Int(Double(totals.sent - 1) / seconds)) a second" : ""
        var text = "\(totals.targets) of \(totals.expected ?? 0) addresses asked with \(totals.sent) probes\(rate)\n"
        text += Self.counts(totals)
        if failures > 0, let firstFailure { text += "\(failures) probes could not be sent: \(firstFailure)\n" }
        if summary.droppedReplies > 0 { text += "\(summary.droppedReplies) replies were lost in this host, unread\n" }
        let shares = [50, 90, 99, 99.9].compactMap { share in
            totals.roundTrips.percentile(share).map { "\(Self.percent(share)) within \($0.roundTripMilliseconds) ms" }
        }
        if !shares.isEmpty { text += "round trips: " + shares.joined(separator: ", ") + "\n" }
        try tell(text + resumption)
    }

    private static func percent(_ share: Double) -> String { share == share.rounded() ? "\(Int(share))%" : "\(share)%" }

    private static func counts(_ totals: SweepTotals) -> String {
        var text = "\(totals.alive) alive"
        if totals.closed > 0 { text += ", \(totals.closed) with the port closed" }
        if totals.duplicates > 0 { text += ", \(totals.duplicates) duplicate replies" }
        if totals.errors > 0 { text += ", \(totals.errors) ICMP error\(totals.errors == 1 ? "" : "s")" }
        return text + "\n"
    }

    /// Writes to standard error, behind what has been found so far.
    private mutating func tell(_ text: String) throws(OutputError) {
        try output.flush()
        StandardError.write(Array(text.utf8))
    }
}
