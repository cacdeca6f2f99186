public import Addresses

/// What a trace is to do.
public struct TraceConfiguration: Sendable {
    /// How long an answer is waited for.
    public struct Waiting: Sendable {
        /// At most so long.
        public var longest: Duration = .seconds(5)
        /// No longer than so many times the longest round trip of the same hop; 0 for no such limit.
        public var here: Double = 3
        /// Where the same hop has not answered: no longer than so many times the longest round trip of the next hop
        /// that answers behind it; 0 for no such limit.
        public var near: Double = 3
        /// But at least so long, whatever the other hops do: a router may take its time over an answer.
        public var shortest: Duration = .milliseconds(50)

        public init() {}
    }

    /// Where to.
    public var destination: IPAddress
    /// The hop limit to begin with, 1 to 255.
    public var firstHop: UInt8 = 1
    /// The highest hop limit, 1 to 255.
    public var maximumHops: UInt8 = 30
    /// Probes to each hop, in a round.
    public var probesPerHop = 3
    /// How many probes may be under way at once.
    /// Those behind the last hop that answers soon make room for others, though their answers are waited for on.
    public var simultaneousProbes = 16
    /// How long answers are waited for.
    public var waiting = Waiting()
    /// At least so long between two probes.
    public var sendInterval: Duration = .zero
    /// How many rounds; `nil` goes on until it is interrupted.
    public var rounds: UInt64? = 1
    /// From the beginning of a round to that of the next, which also begins no earlier than the last has its answers
    /// or has waited long enough for them.
    public var roundInterval: Duration = .seconds(1)

    /// Whether all probes are of one flow. Where they are not, other responders at a hop say nothing but that load may
    /// be balanced.
    public var isOneFlow = true

    public init(to destination: IPAddress) { self.destination = destination }
}
