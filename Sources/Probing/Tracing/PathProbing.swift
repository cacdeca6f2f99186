/// What a session wants done next.
public enum PathProbingStep<Event: Sendable>: Sendable {
    /// Send this probe, then say `sent` or `notSent`.
    case send(TraceProbe)
    /// Wait for packets until this moment, or without end, then ask again.
    case wait(until: MonotonicTime?)
    /// Something happened by the passing of time; then ask again.
    case report(Event)
    /// There is nothing left to do.
    case finished
}

/// A session that learns about the path to one destination from probes with limited hops: ``TraceSession``,
/// ``MultipathSession``, ``PathMTUSession``. What runs it needs to know no more of it than this.
///
/// A session knows no sockets and no clock. Moments must not go back.
public protocol PathProbing: Sendable {
    /// What can happen.
    associatedtype Event: Sendable

    /// What to do at this moment.
    mutating func next(at now: MonotonicTime) -> PathProbingStep<Event>
    /// The probe that `next` asked for was handed to the kernel at this moment.
    /// - Parameters:
    ///   - wallClock: the wall clock at that moment, nanoseconds since 1970, where known.
    mutating func sent(_ probe: TraceProbe, at now: MonotonicTime, wallClock: Int64?)
    /// The probe that `next` asked for could not be sent. Where it may go later (``SendFailure/queueFull``) the session
    /// asks for it again.
    mutating func notSent(_ probe: TraceProbe, _ failure: SendFailure, at now: MonotonicTime) -> Event?
    /// The kernel's transmit timestamp of a probe, nanoseconds of the wall clock.
    mutating func kernelSent(token: UInt16, at wallClock: Int64)
    /// An answer arrived. Nothing is believed but that whoever sent it has seen the probe, or guessed its token.
    /// - Returns: what it means; `nil` if it is an answer to nothing that was asked.
    mutating func received(_ answer: TraceAnswer, at arrival: Arrival) -> Event?
    /// Ends the session: after what is left to report, the next step is `finished`.
    mutating func interrupt()
}
