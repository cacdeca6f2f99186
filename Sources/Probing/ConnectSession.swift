/// Repeated attempts to reach a service, one at a time: when each begins and when it is given up.
///
/// A session knows no sockets and no clock. Whoever runs it asks `next(at:)` what to do, does it, and tells the session
/// how the attempt goes: `began`, `called`, and then one of `answered` and `failed`.
public struct ConnectSession: Sendable {
    /// What a session wants done next.
    public enum Step: Sendable, Equatable {
        /// Begin the attempt of this number: say `began`, and what comes of it.
        case begin(sequence: UInt64)
        /// Wait for the answer until this moment, or without end, then ask again.
        case wait(until: MonotonicTime?)
        /// An attempt has ended by the passing of time: drop what is left of it, then ask again.
        case timedOut(ConnectReport)
        /// There is nothing left to do.
        case finished
    }

    /// What the session is to do.
    public let configuration: ConnectConfiguration
    /// What was counted so far.
    public private(set) var statistics = ConnectStatistics()
    /// When the session began.
    public let start: MonotonicTime

    private var schedule: PingSchedule
    private var attempt: Attempt?
    private var lastBegin: MonotonicTime
    private var isInterrupted = false

    /// The attempt under way.
    private struct Attempt {
        var report: ConnectReport
        /// When the call was made that is to be answered; `nil` before.
        var called: MonotonicTime?
    }

    /// A session that begins at this moment, at which its first attempt is due.
    public init(_ configuration: ConnectConfiguration, at start: MonotonicTime) {
        self.configuration = configuration
        self.start = start
        lastBegin = start
        schedule = PingSchedule(.fixed(configuration.interval), preload: 1, start: start)
    }

    /// Whether there were attempts and each was answered by a connection or a datagram.
    public var succeeded: Bool { statistics.attempts > 0 && statistics.connected == statistics.attempts }

    /// The time from the start of the session to its last attempt.
    public var duration: Duration { lastBegin - start }

    /// Ends the session: the next step is `finished`. An attempt under way does not count.
    public mutating func interrupt() { isInterrupted = true }

    /// What to do at this moment. Moments must not go back.
    public mutating func next(at now: MonotonicTime) -> Step {
        if isInterrupted { return .finished }
        guard let attempt else {
            if let count = configuration.count, statistics.attempts >= count { return .finished }
            let due = schedule.nextSend(inFlight: 0)
            return due <= now ? .begin(sequence: statistics.attempts + 1) : .wait(until: due)
        }
        // A look-up has limits of its own.
        guard let called = attempt.called, let timeout = configuration.timeout else { return .wait(until: nil) }
        guard called + timeout <= now else { return .wait(until: called + timeout) }
        return .timedOut(end(attempt, .timedOut, roundTrip: now - called, at: now))
    }

    /// The attempt has begun.
    public mutating func began(at now: MonotonicTime) {
        attempt = Attempt(report: ConnectReport(sequence: statistics.attempts + 1))
        schedule.sent(at: now)
        lastBegin = now
    }

    /// The address is known, and the call that is to be answered is made now.
    /// - Parameter lookUp: how long it took to look up the name; `nil` where there was none.
    public mutating func called(at now: MonotonicTime, lookUp: Duration?) {
        attempt?.report.lookUp = lookUp
        attempt?.called = now
    }

    /// The connection is there, or the answer, and was closed again: the attempt is over.
    /// - Parameter close: how long closing took.
    public mutating func answered(at now: MonotonicTime, close: Duration) -> ConnectReport? {
        guard var attempt, let called = attempt.called else { return nil }
        attempt.report.close = close
        return end(attempt, .connected, roundTrip: now - called, at: now)
    }

    /// The attempt is over, and there is no connection.
    public mutating func failed(_ outcome: ConnectOutcome, at now: MonotonicTime) -> ConnectReport? {
        guard let attempt else { return nil }
        return end(attempt, outcome, roundTrip: attempt.called.map { now - $0 }, at: now)
    }

    private mutating func end(
        _ attempt: Attempt, _ outcome: ConnectOutcome, roundTrip: Duration?, at now: MonotonicTime
    ) -> ConnectReport {
        var report = attempt.report
        report.outcome = outcome
        report.roundTrip = roundTrip
        self.attempt = nil
        statistics.attempts += 1
        switch outcome {
        case .connected: statistics.connected += 1
        case .refused: statistics.refused += 1
        case .timedOut: break
        case .unresolved, .failed:
            statistics.errors += 1
            // However short the interval, what can't be done is not tried as fast as the processor can.
            schedule.retry(after: PingSchedule.shortestWait, from: now)
        }
        if outcome == .connected || outcome == .refused, let roundTrip { statistics.roundTrips.record(roundTrip) }
        return report
    }
}
