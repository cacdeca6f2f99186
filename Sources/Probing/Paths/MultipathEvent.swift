/// What happened in a search for all paths.
public enum MultipathEvent: Sendable {
    /// A probe was answered, in time or late.
    case answered(TraceProbe, TraceAnswer, roundTrip: Duration, RoundTripTiming)
    /// A probe was not answered for as long as it was worth waiting. An answer may still come, and counts.
    case timedOut(TraceProbe)
    /// A probe could not be sent.
    case sendFailed(TraceProbe, SendFailure)
    /// The graph is known; what follows are the rounds over its paths.
    case graphKnown
    /// Every path was probed once more from end to end.
    case roundEnded(UInt64)
}
