/// What happened in a trace.
public enum TraceEvent: Sendable {
    /// A probe was answered.
    case answered(TracedProbe, TraceAnswer, roundTrip: Duration, RoundTripTiming)
    /// A probe was not answered for as long as it was worth waiting. An answer may still come, and counts.
    case timedOut(TracedProbe)
    /// An answer came after the probe had been answered already.
    case duplicate(TracedProbe, TraceAnswer)
    /// An answer came after its probe had timed out; it is counted now.
    case late(TracedProbe, TraceAnswer, roundTrip: Duration, RoundTripTiming)
    /// A probe could not be sent.
    case sendFailed(TracedProbe, SendFailure)
    /// Every probe of a round has its answer, or is not waited for any longer.
    case roundEnded(UInt64)
    /// In this round other routers answer at these hops than in the one before.
    case routeChanged(round: UInt64, hops: ClosedRange<UInt8>)
}

/// A probe and what it was sent for.
public struct TracedProbe: Hashable, Sendable {
    /// The probe.
    public var probe: TraceProbe
    /// Which of the probes to its hop it is in its round, from 0.
    public var index: Int
    /// The round, from 1.
    public var round: UInt64

    public init(_ probe: TraceProbe, index: Int, round: UInt64) {
        self.probe = probe
        self.index = index
        self.round = round
    }
}
