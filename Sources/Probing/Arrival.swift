/// When something arrived.
public struct Arrival: Sendable {
    /// The session's clock just after the receive call.
    public var now: MonotonicTime
    /// The wall clock at the same moment, in nanoseconds since 1970.
    public var wallClock: Int64
    /// The kernel's receive timestamp by the wall clock, where there is one.
    public var kernel: Int64?

    /// An arrival, by default one of which no more is known than when it was seen.
    public init(now: MonotonicTime, wallClock: Int64 = 0, kernel: Int64? = nil) {
        self.now = now
        self.wallClock = wallClock
        self.kernel = kernel
    }
}

/// When a probe left.
struct Departure {
    /// When it was handed to the kernel.
    var sent: MonotonicTime
    /// The wall clock at that moment, in nanoseconds since 1970; 0 when not known.
    var wallClock: Int64 = 0
    /// When it left by the kernel's transmit timestamp, in nanoseconds of the wall clock; 0 while not known.
    var kernelSent: Int64 = 0
    /// How much earlier it may have left, in nanoseconds, where `sent` is an estimate.
    var leeway: Int64 = 0

    /// A departure by an estimate: of packets that leave together, the first may have left long before the last if the
    /// process had to wait for a processor meanwhile.
    static func estimated(_ sent: MonotonicTime) -> Self { Departure(sent: sent, leeway: 1_000_000_000) }

    /// How far the wall clock and the session's clock may be read apart and still be called the same moment.
    private static var clockTolerance: UInt64 { 100_000 }

    /// The round-trip time in nanoseconds by the best clocks there are. The kernel's timestamps are of the wall clock,
    /// which may be set between the two: they count only where they agree with the session's clock, by which the round
    /// trip can't have been longer.
    func roundTrip(until arrival: Arrival) -> (Int64, RoundTripTiming) {
        let longest = arrival.now.nanoseconds &- sent.nanoseconds
        if let kernel = arrival.kernel, !wallClockWasSet(before: arrival) {
            let between = kernel &- kernelSent
            if kernelSent != 0, between >= 0, between <= longest { return (between, .kernel) }
            let waited = arrival.wallClock &- kernel
            if waited >= 0, waited <= longest &+ leeway { return (max(0, longest - waited), .kernelReceive) }
        }
        return (max(0, longest), .userSpace)
    }

    /// Whether the wall clock did not go on as the session's clock did, as far as can be told.
    private func wallClockWasSet(before arrival: Arrival) -> Bool {
        guard wallClock != 0 else { return false }
        let byWallClock = arrival.wallClock &- wallClock
        let bySessionClock = arrival.now.nanoseconds &- sent.nanoseconds
        return (byWallClock &- bySessionClock).magnitude > Self.clockTolerance
    }
}
