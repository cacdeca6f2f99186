import Addresses
import Privileges
import Probing
import ProbingIO
import Sockets
import SystemPackage

/// One `netprobe sweep`, from its arguments to its exit status.
struct Sweep {
    private let request: SweepRequest
    private let format: SweepProbeFormat
    private let plots: SweepPlots?

    /// Opens the files and sockets, gives every privilege away, and only then looks at the network.
    static func run(_ request: SweepRequest, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        let plots = try SweepPlots(request, privileges)
        let sweep = Sweep(request: request, format: request.probe.format(.random()), plots: plots)
        let names = SweepNames()
        switch request.mode {
        case .tracked(let configuration):
            let source = try SweepTargetSource(request, privileges, names: names)
            let sockets = try sweep.openSockets(privileges, interval: configuration.interval)
            _ = try privileges.giveAway(.nameResolution(withThreads: sweep.sendsApart))
            return try sweep.runTracked(configuration, source, names, over: sockets)
        case .scan(let scan):
            let configuration = try ScanConfiguration(scan, request, privileges)
            let sockets = try sweep.openSockets(privileges, rate: scan.rate)
            _ = try privileges.giveAway(.nameResolution(withThreads: sweep.sendsApart))
            return try sweep.runScan(configuration, over: sockets)
        }
    }

    private func openSockets(
        _ privileges: borrowing ParkedPrivileges, interval: Duration = .zero, rate: Double? = nil
    ) throws(SweepFailure) -> SweepSockets {
        var options = request.probe.options
        let nanoseconds = interval.clampedNanoseconds
        options.rate = rate ?? (nanoseconds > 0 ? 1e9 / Double(nanoseconds) : nil)
        let families: [IPFamily] = request.family.map { [$0] } ?? [.v4, .v6]
        do throws(SocketError) {
            return try privileges.raising(.netRaw, .netAdmin) { () throws(SocketError) in
                try SweepSockets(families: families, format: format, options: options)
            }
        } catch {
            throw SweepFailure(opening: error, request.probe)
        }
    }

    // MARK: - With a record of each target

    private func runTracked(
        _ configuration: SweepConfiguration, _ source: SweepTargetSource, _ names: SweepNames,
        over sockets: consuming SweepSockets
    ) throws -> ExitStatus {
        let start = Clock.now
        let session = SweepSession(configuration, key: format.key, at: start)
        let totals: SweepTotals
        switch request.display.form {
        case .text, .fpingJSON, .netdata:
            totals = try run(session, SweepText(request.display), source, names, over: sockets, at: start)
        case .json: totals = try run(session, SweepJSON(request.display), source, names, over: sockets, at: start)
        case .csv: totals = try run(session, SweepCSV(request.display), source, names, over: sockets, at: start)
        }
        if let goal = request.display.goal { return totals.alive >= goal ? .answered : .unanswered }
        if source.unknownNames > 0 { return .error }
        return totals.alive == totals.targets && totals.targets > 0 ? .answered : .unanswered
    }

    // MARK: - Without

    private func runScan(
        _ configuration: ScanConfiguration, over sockets: consuming SweepSockets
    ) throws -> ExitStatus {
        let start = Clock.now
        guard let session = ScanSession(configuration, key: format.key, at: start) else {
            throw UsageError("more than 2^63 addresses are too many even for --scan")
        }
        let (names, supply) = (SweepNames(), ScanSupply())
        let totals: SweepTotals
        switch request.display.form {
        case .text, .fpingJSON, .netdata:
            totals = try run(session, ScanText(request.display), supply, names, over: sockets, at: start)
        case .json: totals = try run(session, SweepJSON(request.display), supply, names, over: sockets, at: start)
        case .csv: totals = try run(session, SweepCSV(request.display), supply, names, over: sockets, at: start)
        }
        return totals.alive > 0 ? .answered : .unanswered
    }

    // MARK: - Both

    /// Whether as many probes are sent as go.
    private var sendsApart: Bool {
        switch request.mode {
        case .scan(let scan): scan.rate == nil
        case .tracked(let configuration): configuration.interval == .zero
        }
    }

    /// Probes to each target, as far as that is known before.
    private var probesPerTarget: Int? {
        switch request.mode {
        case .scan(let scan): scan.attempts
        case .tracked(let configuration):
            switch configuration.mode {
            case .alive: 1
            case .count(let count): count
            case .loop: nil
            }
        }
    }

    private func run<Report: SweepReport, Supply: SweepSupply>(
        _ session: Report.Session, _ report: Report, _ supply: Supply, _ names: SweepNames,
        over sockets: consuming SweepSockets, at start: MonotonicTime
    ) throws -> SweepTotals where Supply.Session == Report.Session {
        let signals: SignalDescriptor
        do throws(Errno) { signals = try SignalDescriptor() } catch { throw SweepFailure("signalfd: \(error)") }
        var report = report
        try report.begin()
        let observer = SweepRun(
            report, supply, names, request.display, plots, probesPerTarget: probesPerTarget, at: start)
        var runner = SweepRunner(
            session, format: format, over: sockets, signals: signals, observer: observer, sendsApart: sendsApart)
        try runner.run()
        return try runner.end()
    }
}

extension SweepRunner {
    /// Has everything said that is to be said at the end; returns what is known of the sweep as a whole.
    fileprivate mutating func end<Report, Supply>() throws(OutputError) -> SweepTotals
    where Observer == SweepRun<Report, Supply> {
        var session = session
        let resumption = (session as? ScanSession).map { "\($0.resumption.seed):\($0.resumption.position)" }
        try observer.end(&session, wasInterrupted: wasInterrupted, resumption: wasInterrupted ? resumption : nil)
        return session.totals
    }
}
