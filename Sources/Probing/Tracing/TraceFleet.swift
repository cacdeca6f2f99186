public import Addresses

/// Many sessions at once, to one destination each, that share a rate.
///
/// It is run as a session is: ask `next(at:)` what to do, do it, and tell what was sent and what arrived, and to which
/// target it belongs. Those that have something to send take turns.
///
/// ```swift
/// var fleet = TraceFleet<TraceSession>(rate: 10_000, at: now)
/// for format in formats { fleet.add(TraceSession(configuration, at: now), format, at: now) }
/// ```
public struct TraceFleet<Session: PathProbing>: Sendable {
    /// What a fleet wants done next.
    public enum Step: Sendable {
        /// Send this probe of a target, then say `sent` or `notSent`.
        case send(target: Int, TraceProbe)
        /// Wait for packets until this moment, or without end, then ask again.
        case wait(until: MonotonicTime?)
        /// Something happened to a target by the passing of time; then ask again.
        case report(target: Int, Session.Event)
        /// There is nothing left to do.
        case finished
    }

    /// What a target is at.
    private enum State {
        /// It waits for a moment or for an answer.
        case waiting
        /// It is to be asked what to do.
        case awake
        /// It has a probe to send, and waits for its turn; what happens by the passing of time is reported then.
        case sending
        case finished
    }

    /// What is made up for of probes that were missed, because the one who runs the fleet came late.
    private static var longestCatchUp: Int64 { 20_000_000 }

    // By the number of the target.
    private var sessions: [Session] = []
    private var formats: [TraceProbeFormat] = []
    private var states: [State] = []
    /// The target with the same destination that was added before, or -1.
    private var siblings: [Int] = []
    /// The last target with a destination, as soon as there are several targets.
    private var lastTargets: [IPAddress: Int] = [:]
    private var unfinished = 0
    private var wakeUps = WakeUpQueue()
    private var awake = NumberQueue()
    private var sending = NumberQueue()
    /// Nanoseconds between two probes.
    private let interval: Double
    /// The point of the grid at which the next probe is due: so many nanoseconds behind `gridStart`.
    private var due = 0.0
    private let gridStart: MonotonicTime

    /// A fleet of no targets yet.
    /// - Parameters:
    ///   - rate: at most so many probes a second, of all targets together; `nil`, or 0, for no limit.
    ///   - start: when the first probe may go.
    public init(rate: Double? = nil, at start: MonotonicTime) {
        interval = rate.map { $0 > 0 ? 1e9 / $0 : 0 } ?? 0
        gridStart = start
    }

    /// Adds a target.
    /// - Parameters:
    ///   - session: what it is to do.
    ///   - format: how its probes look.
    ///   - start: when the session is asked for the first time.
    /// - Returns: the number of the target, from 0.
    @discardableResult
    public mutating func add(_ session: Session, _ format: TraceProbeFormat, at start: MonotonicTime) -> Int {
        let number = sessions.count
        if number == 1 { lastTargets[formats[0].destination] = 0 }
        siblings.append(target(to: format.destination) ?? -1)
        if number > 0 { lastTargets[format.destination] = number }
        sessions.append(session)
        formats.append(format)
        states.append(.waiting)
        unfinished += 1
        wakeUps.insert(number, at: start)
        return number
    }

    /// How many targets there are.
    public var count: Int { sessions.count }

    /// What is known of the path to the target of this number, from 0.
    public subscript(target: Int) -> Session {
        _read { yield sessions[target] }
        _modify { yield &sessions[target] }
    }

    /// How the probes of a target look.
    public func format(of target: Int) -> TraceProbeFormat { formats[target] }

    /// The target with this destination that was added last; the others that have it are found by `target(before:)`.
    public func target(to destination: IPAddress) -> Int? {
        guard count != 1 else { return formats[0].destination == destination ? 0 : nil }
        return lastTargets[destination]
    }

    /// The target with the same destination that was added before this one.
    public func target(before target: Int) -> Int? { siblings[target] >= 0 ? siblings[target] : nil }

    // MARK: - What to do

    /// What to do at this moment. Moments must not go back.
    public mutating func next(at now: MonotonicTime) -> Step {
        while let target = wakeUps.removeFirst(by: now) { wake(target) }
        while let target = awake.popFirst() {
            if let step = ask(target, at: now, isItsTurn: false) { return step }
        }
        while turn <= now, let target = sending.popFirst() {
            if let step = ask(target, at: now, isItsTurn: true) { return step }
        }
        if unfinished == 0 { return .finished }
        return .wait(until: [sending.count > 0 ? turn : nil, wakeUps.first].compactMap { $0 }.min())
    }

    /// Asks a target that is in no queue what to do, and puts it into the one where it belongs then.
    private mutating func ask(_ target: Int, at now: MonotonicTime, isItsTurn: Bool) -> Step? {
        states[target] = .waiting
        switch sessions[target].next(at: now) {
        case .send(let probe) where isItsTurn:
            takeTurn(at: now)
            wake(target)
            return .send(target: target, probe)
        case .send:
            states[target] = .sending
            sending.append(target)
        case .wait(let moment):
            if let moment { wakeUps.insert(target, at: moment) }
        case .report(let event):
            wake(target)
            return .report(target: target, event)
        case .finished:
            states[target] = .finished
            unfinished -= 1
        }
        return nil
    }

    /// Has a waiting target asked again.
    private mutating func wake(_ target: Int) {
        guard states[target] == .waiting else { return }
        wakeUps.remove(target)
        states[target] = .awake
        awake.append(target)
    }

    /// When the next probe may go.
    private var turn: MonotonicTime { gridStart.adding(Int64(exactly: due.rounded(.up)) ?? .max) }

    /// A probe that goes late does not move those after it: they keep to the grid.
    private mutating func takeTurn(at now: MonotonicTime) {
        guard interval > 0 else { return }
        let missed = Double((now - gridStart).clampedNanoseconds) - Double(Self.longestCatchUp) - due
        if missed > 0 { due += (missed / interval).rounded(.up) * interval }
        due += interval
    }

    // MARK: - What was done

    /// The probe that `next` asked for was handed to the kernel, see ``PathProbing/sent(_:at:wallClock:)``.
    public mutating func sent(target: Int, _ probe: TraceProbe, at now: MonotonicTime, wallClock: Int64?) {
        sessions[target].sent(probe, at: now, wallClock: wallClock)
    }

    /// The probe that `next` asked for could not be sent, see ``PathProbing/notSent(_:_:at:)``.
    public mutating func notSent(
        target: Int, _ probe: TraceProbe, _ failure: SendFailure, at now: MonotonicTime
    ) -> Session.Event? {
        sessions[target].notSent(probe, failure, at: now)
    }

    /// The kernel's transmit timestamp of a probe, see ``PathProbing/kernelSent(token:at:)``.
    public mutating func kernelSent(target: Int, token: UInt16, at wallClock: Int64) {
        sessions[target].kernelSent(token: token, at: wallClock)
    }

    /// An answer arrived that is about this target, see ``PathProbing/received(_:at:)``.
    public mutating func received(target: Int, _ answer: TraceAnswer, at arrival: Arrival) -> Session.Event? {
        defer { wake(target) }
        return sessions[target].received(answer, at: arrival)
    }

    /// Ends all sessions.
    public mutating func interrupt() {
        sending = NumberQueue()
        for target in sessions.indices {
            sessions[target].interrupt()
            if states[target] == .sending { states[target] = .waiting }
            wake(target)
        }
    }
}
