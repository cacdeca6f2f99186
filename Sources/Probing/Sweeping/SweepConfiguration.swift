public import Addresses

/// How a sweep with a record of each target goes: the modes of fping(8).
public struct SweepConfiguration: Sendable {
    /// How often targets are asked.
    public enum Mode: Sendable, Hashable {
        /// Until they answer; after a time-out so often again.
        case alive(retries: Int)
        /// So often each.
        case count(Int)
        /// Until the session is interrupted.
        case loop

        /// Whether every probe counts, and not the targets that answer at all.
        public var countsProbes: Bool {
            if case .alive = self { false } else { true }
        }
    }

    /// How often targets are asked.
    public var mode: Mode
    /// How long to wait for an answer; for that to a first try where there are more.
    public var timeout: Duration = .milliseconds(500)
    /// By what the time-out is multiplied for each further try.
    public var backoff = 1.5
    /// From one probe of a target to the next, in the modes that count.
    public var period: Duration = .seconds(1)
    /// From one probe to the next, whatever its target; zero for as fast as it goes.
    public var interval: Duration = .milliseconds(10)
    /// Only the address that was asked may answer.
    public var checksSource = false
    /// All round-trip times are kept, in the mode `count`.
    public var keepsRoundTrips = false
    /// Statistics are also kept by interval: see ``SweepSession/takeInterval(of:)``.
    public var keepsIntervals = false
    /// When so many targets have answered, the session is over.
    public var goal: Int?

    /// A configuration with fping's defaults.
    public init(_ mode: Mode) { self.mode = mode }
}

/// What is known of one target of a sweep.
public struct SweepTarget: Sendable {
    /// Round-trip times, and how many probes they are of.
    public struct Counts: Sendable, Hashable {
        /// Probes that were answered, or timed out, or could not be sent: not those that are still under way.
        public var sent = 0
        /// Probes that were answered.
        public var received = 0
        /// Nanoseconds of the shortest round trip; 0 before the first.
        public var minimum: Int64 = 0
        /// Nanoseconds of the longest round trip; 0 before the first.
        public var maximum: Int64 = 0
        /// Nanoseconds of all round trips together.
        public var total: Int64 = 0

        /// Nothing yet.
        public init() {}

        /// Nanoseconds of the average round trip; `nil` before the first.
        public var average: Int64? { received == 0 ? nil : total / Int64(received) }
    }

    /// Where its probes go.
    public var address: IPAddress
    /// What is known of it.
    public var counts: Counts
    /// Replies with duplicates and those that came too late.
    public var receivedInAll: Int
}
