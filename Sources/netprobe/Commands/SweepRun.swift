import Probing
import ProbingIO
import SystemPackage

/// A sweep while it runs: gives the session its targets, and tells the report what happens.
struct SweepRun<Report: SweepReport, Supply: SweepSupply>: SweepObserver where Supply.Session == Report.Session {
    typealias Session = Report.Session

    private(set) var report: Report
    private let supply: Supply
    private let names: SweepNames
    private let start: MonotonicTime
    private var reports: Reports?
    private var progress: SweepProgress?
    private var plots: SweepPlots?
    private var isHungry = true
    private var droppedReplies: UInt64 = 0
    /// Names of targets before this one have been forgotten.
    private var firstName = 0

    /// When `-Q` wants its reports.
    private struct Reports {
        let interval: Duration
        var next: MonotonicTime
    }

    init(
        _ report: Report, _ supply: Supply, _ names: SweepNames, _ display: SweepDisplay, _ plots: SweepPlots?,
        probesPerTarget: Int?, at start: MonotonicTime
    ) {
        self.report = report
        self.report.output.keepsWhatHasNoRoom = true
        self.supply = supply
        self.names = names
        self.start = start
        self.plots = plots
        progress = SweepProgress(display, probesPerTarget: probesPerTarget, at: start)
        reports = display.reportInterval.map { Reports(interval: $0, next: start + $0) }
    }

    // MARK: - What happens

    mutating func observed(_ event: SweepEvent, _ session: inout Session) throws(OutputError) {
        if case .repliesDropped(let total) = event { droppedReplies = total }
        plots?.observed(event)
        try report.report(event, &session, names)
    }

    mutating func willWait(_ session: inout Session) throws(OutputError) -> Bool {
        isHungry = supply.isWanted(by: session)
        return try report.output.flushWhatHasRoom()
    }

    mutating func awoke(at now: MonotonicTime, _ session: inout Session) throws(OutputError) {
        if supply.isWanted(by: session) || !supply.background.isEmpty {
            var report = report
            try supply.supply(at: now, &session) { (name, reason) throws(OutputError) in
                try report.reportUnknown(name, reason)
            }
            self.report = report
            isHungry = supply.isWanted(by: session)
        }
        if let next = progress?.next, next <= now { progress?.draw(session.totals, at: now) }
        guard let reports, reports.next <= now else { return }
        try report.reportInterval(&session, names)
        // Those that are missed are left out, however many they are.
        let (late, interval) = ((now - reports.next).clampedNanoseconds, reports.interval.clampedNanoseconds)
        self.reports?.next = reports.next + .nanoseconds(late - late % interval) + reports.interval
    }

    mutating func wasAsked(at now: MonotonicTime, _ session: inout Session) throws(OutputError) {
        try report.reportInterval(&session, names)
    }

    mutating func end(_ session: inout Session, wasInterrupted: Bool, resumption: String? = nil) throws(OutputError) {
        StatusLine.erase()
        var summary = SweepSummary(elapsed: Clock.now - start)
        summary.unknownNames = supply.unknownNames
        summary.droppedReplies = droppedReplies
        summary.wasInterrupted = wasInterrupted
        summary.resumption = resumption
        try report.end(summary, &session, names)
        try plots?.end(session.totals, to: &report.output)
    }

    // MARK: - What is waited for

    var outputDescriptor: FileDescriptor { .standardOutput }

    var background: [FileDescriptor] {
        guard isHungry, !supply.hasTargetsAtHand, let input = supply.inputDescriptor else { return supply.background }
        return supply.background + [input]
    }

    var wakeUp: MonotonicTime? {
        if isHungry, supply.hasTargetsAtHand { return MonotonicTime(nanoseconds: 0) }
        return [supply.wakeUp, reports?.next, progress?.next].compactMap(\.self).min()
    }
}
