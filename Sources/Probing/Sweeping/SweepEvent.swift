public import Addresses

/// What happened in a sweep.
public enum SweepEvent: Sendable {
    /// A target answered. In the modes that count, each answer is one; otherwise the first.
    case reply(SweepReply)
    /// A probe that was answered before is answered again; it is not counted. Loops and the modes that count do not
    /// tell duplicates older than the last 64 probes of the target.
    case duplicate(SweepReply)
    /// A probe was not answered in time.
    case timedOut(number: Int, index: Int)
    /// A target has answered none of its probes, and is not asked again. Not in the modes that count, nor in scans.
    case unreachable(number: Int)
    /// A router or the target itself sends an ICMP message about a probe. It does not end the waiting.
    case error(SweepError)
    /// A probe could not be sent.
    case notSent(number: Int, address: IPAddress, index: Int, errno: Int32)
    /// Replies were lost in this host because nobody read them in time: so many in all.
    case repliesDropped(total: UInt64)
}

/// An answer to a probe of a sweep.
public struct SweepReply: Sendable {
    /// The number of the target in the session, from 0 in the order in which targets were added; `nil` in a scan.
    public var number: Int?
    /// The target.
    public var address: IPAddress
    /// Who answers: the target, or another address of it.
    public var source: IPAddress
    /// Which probe is answered, from 0. Retries are probe 0 as well: who answers the second try is alive no less.
    public var index: Int
    /// The round-trip time; `nil` where the packet does not say when it was asked.
    public var roundTrip: Duration?
    /// How the round-trip time was taken.
    public var timing: RoundTripTiming
    /// Nothing listens at the port of a TCP or UDP probe, and the target says so.
    public var isClosed = false
    /// The first answer of this target.
    public var isFirst: Bool
    /// When it arrived by the wall clock, in nanoseconds since 1970.
    public var wallClock: Int64
    /// Bytes of the message behind the IP headers.
    public var byteCount: Int
    /// The TTL or hop limit that it arrived with, where known.
    public var hopLimit: UInt8?
    /// The type of service or traffic class that it arrived with, where known.
    public var trafficClass: UInt8?
    /// The address of ours that it was sent to, where known.
    public var destination: IPAddress?
    /// The three times of an ICMP timestamp reply.
    public var timestamps: SweepTimestamps?
}

/// An ICMP message about a probe.
public struct SweepError: Sendable {
    /// The number of the target; `nil` in a scan.
    public var number: Int?
    /// The target.
    public var address: IPAddress
    /// Which probe it is about, from 0.
    public var index: Int
    /// Who sent it.
    public var source: IPAddress
    /// What it says.
    public var error: ICMPError
}

/// A session that probes very many targets: ``SweepSession`` keeps a record of each, ``ScanSession`` of none.
public protocol Sweeping: Sendable {
    /// What to do now. To be asked again after each step, and after anything has arrived.
    /// - Parameter now: when the next probe leaves, if it is a probe.
    mutating func next(at now: MonotonicTime) -> SweepStep
    /// The probe of an earlier step has left, at this time: ``SweepProbe/sent`` was when it was expected to.
    mutating func departed(_ probe: SweepProbe, at time: MonotonicTime)
    /// Takes in what a packet says; the event that it makes, if any. More may follow from ``next(at:)``.
    mutating func received(_ answer: SweepAnswer, at arrival: Arrival) -> SweepEvent?
    /// The probe of the last step could not be sent, and never will be.
    mutating func notSent(_ probe: SweepProbe, errno: Int32, at now: MonotonicTime) -> SweepEvent?
    /// Ends the session: what is known is reported, and nothing more is sent.
    mutating func interrupt()
    /// What is known of the sweep as a whole.
    var totals: SweepTotals { get }
}

/// What a session wants done.
public enum SweepStep: Sendable {
    /// Send this.
    case send(SweepProbe)
    /// This happened.
    case report(SweepEvent)
    /// Nothing, until then or until something arrives; `nil` for as long as it takes.
    case wait(until: MonotonicTime?)
    /// All is done.
    case finished
}

/// What is known of a sweep as a whole.
public struct SweepTotals: Sendable {
    /// Targets that were added, or addresses of a scan that were asked.
    public var targets = 0
    /// Targets of which at least one probe was answered.
    public var alive = 0
    /// Targets that are known to be there, with nothing that listens at the port.
    public var closed = 0
    /// Probes that were sent, or that could not be.
    public var sent = 0
    /// Replies, with duplicates and those that came too late.
    public var received = 0
    /// Probes that were not answered in time.
    public var timeouts = 0
    /// Duplicates among the replies.
    public var duplicates = 0
    /// ICMP messages about our probes that are no replies.
    public var errors = 0
    /// The round-trip times of the replies that counted.
    public var roundTrips = RoundTripStatistics()
    /// How many targets there are in all, where that is known: a scan's, or those of a list that has ended.
    public var expected: UInt64?

    /// Nothing yet.
    public init() {}
}
