import Addresses
import Packets

/// The echo requests to one destination: when they go out, which replies are theirs, and what they say together.
///
/// A session knows no sockets and no clock. Whoever runs it asks `next(at:)` what to do, does it, and tells the session
/// what was sent and what arrived. It takes memory for 65,536 requests at most, however many it sends.
///
/// ```swift
/// var session = PingSession(configuration, at: now)
/// loop: while true {
///     switch session.next(at: now) {
///     case .send:
///         transmit { session.writeRequest(into: &$0, timeOfDay: timeOfDay) }
///         session.sent(at: now, wallClock: timeOfDay)
///     case .wait(let until): waitForPackets(until: until)   // and give them to `received` and `receivedError`
///     case .report(let event): print(event)
///     case .finished: break loop
///     }
/// }
/// ```
public struct PingSession: Sendable {
    /// What a session wants done next.
    public enum Step: Sendable {
        /// Send the request that `writeRequest` writes, then say `sent` or `notSent`.
        case send
        /// Wait for packets until this moment, or without end, then ask again.
        case wait(until: MonotonicTime?)
        /// Something happened by the passing of time; then ask again.
        case report(PingEvent)
        /// There is nothing left to do.
        case finished
    }

    /// Until when to wait once the last request has gone.
    private enum Linger {
        case undecided
        case until(MonotonicTime)
        case forever
    }

    /// What the session is to do.
    public let configuration: PingConfiguration
    /// What was counted so far.
    public internal(set) var statistics = PingStatistics()
    /// When the session began.
    public let start: MonotonicTime

    var records = ProbeRecords()
    var schedule: PingSchedule
    /// The latest request that was answered or came back as an error.
    var acknowledged: UInt64 = 0
    var latestAnswered: UInt64 = 0
    /// How many requests came to an end other than by time: each counts once, whatever else arrives about it.
    var ended: UInt64 = 0
    /// Whether the network said of a request that it is in vain.
    var hasPathError = false

    private var outages = OutageMeter()
    private let deadline: MonotonicTime?
    private let timeout: Int64?
    /// The oldest request whose end has not been seen.
    private var oldestPending: UInt64 = 1
    private var reportedOutstanding: UInt64 = 0
    private var linger = Linger.undecided
    private var isInterrupted = false
    private var isFinished = false

    /// A session that begins at this moment, at which its first request is due.
    public init(_ configuration: PingConfiguration, at start: MonotonicTime) {
        self.configuration = configuration
        self.start = start
        deadline = configuration.deadline.map { start + $0 }
        timeout = configuration.timeout?.clampedNanoseconds
        schedule = PingSchedule(configuration.pacing, preload: configuration.preload, start: start)
    }

    /// The number of the request that goes next, from 1. The ICMP sequence number is its lower 16 bits.
    public var nextSequence: UInt64 { records.last + 1 }

    /// The requests that may still be answered: those after the latest that was.
    public var inFlight: UInt64 { records.last - acknowledged }

    /// The time from the start of the session to its last request.
    public var sendingTime: Duration { records.last == 0 ? .zero : records[records.last].departure.sent - start }

    /// Whether requests were answered as the exit status of ping understands it: at least one, and with a deadline all.
    public var succeeded: Bool {
        guard statistics.received > 0 else { return false }
        return configuration.deadline == nil || statistics.received >= configuration.count ?? 0
    }

    /// Ends the session: the next step is `finished`.
    public mutating func interrupt() { isInterrupted = true }

    // MARK: - What to do

    /// What to do at this moment. Moments must not go back.
    public mutating func next(at now: MonotonicTime) -> Step {
        if isFinished { return .finished }
        if isInterrupted { return finish(at: now) }
        if let expired = expireNext(at: now) { return .report(.timedOut(sequence: expired)) }
        if isDone(at: now) { return finish(at: now) }
        let wakeUp = Self.earlier(deadline, nextExpiry)
        if hasSentAll { return .wait(until: Self.earlier(wakeUp, lingerEnd(from: now))) }
        let due = schedule.nextSend(inFlight: inFlight)
        guard due <= now else { return .wait(until: Self.earlier(wakeUp, due)) }
        if let outstanding = unreportedOutstanding() { return .report(.noAnswerYet(sequence: outstanding)) }
        if let forgotten = expireReused() { return .report(.timedOut(sequence: forgotten)) }
        return .send
    }

    private static func earlier(_ a: MonotonicTime?, _ b: MonotonicTime?) -> MonotonicTime? {
        guard let a, let b else { return a ?? b }
        return min(a, b)
    }

    private var hasSentAll: Bool {
        guard let count = configuration.count, deadline == nil else { return false }
        return records.last >= count
    }

    private func isDone(at now: MonotonicTime) -> Bool {
        let count = configuration.count ?? .max
        // Up to a deadline requests that could not be sent prove nothing: the network may come up yet.
        if let deadline { return now >= deadline || hasPathError || statistics.received >= count }
        if ended >= count { return true }
        guard case .until(let end) = linger else { return false }
        return now >= end
    }

    /// Until when to wait after the last request: two of the longest round trips, but at least an interval, where
    /// something had been answered by then; else the time-out.
    private mutating func lingerEnd(from now: MonotonicTime) -> MonotonicTime? {
        if case .undecided = linger {
            if statistics.received > 0 {
                let longest = min(statistics.roundTrips.longestNanoseconds, .max / 2)
                linger = .until(now.adding(max(2 * longest, schedule.interval)))
            } else {
                linger = timeout.map { .until(now.adding($0)) } ?? .forever
            }
        }
        guard case .until(let end) = linger else { return nil }
        return end
    }

    private mutating func unreportedOutstanding() -> UInt64? {
        let last = records.last
        guard configuration.reportsOutstanding, last > 0, last != reportedOutstanding else { return nil }
        guard records[last].outcome == .pending || records[last].outcome == .expired else { return nil }
        reportedOutstanding = last
        return last
    }

    // MARK: - The passing of time

    private var nextExpiry: MonotonicTime? {
        guard let timeout, oldestPending <= records.last else { return nil }
        return records[oldestPending].departure.sent.adding(timeout)
    }

    /// Sees the ends of the oldest requests; returns the number of one that has just timed out.
    private mutating func expireNext(at now: MonotonicTime) -> UInt64? {
        while oldestPending <= records.last {
            if records[oldestPending].outcome == .pending {
                guard let expiry = nextExpiry, expiry <= now else { return nil }
                return expireOldest()
            }
            retireOldest()
        }
        return nil
    }

    /// The next request takes the sequence number of the one 65,536 before it, whose answer could no longer be told
    /// from its own. Returns the number of that one where it is waiting still.
    private mutating func expireReused() -> UInt64? {
        oldestPending + ProbeRecords.limit <= nextSequence ? expireOldest() : nil
    }

    private mutating func expireOldest() -> UInt64 {
        let expired = oldestPending
        records[expired].outcome = .expired
        retireOldest()
        return expired
    }

    /// Sees the end of what the next request's record takes the place of.
    mutating func retireReused() {
        while oldestPending + ProbeRecords.limit <= nextSequence { retireOldest() }
    }

    private mutating func retireOldest() {
        let record = records[oldestPending]
        oldestPending += 1
        outages.add(answered: record.outcome == .answered, at: record.departure.sent)
        statistics.longestOutage = outages.longest
    }

    private mutating func finish(at now: MonotonicTime) -> Step {
        while oldestPending <= records.last { retireOldest() }
        outages.end(at: now)
        statistics.longestOutage = outages.longest
        isFinished = true
        return .finished
    }
}
