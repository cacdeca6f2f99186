public import Packets

/// What is to be sent, and when.
public struct SendConfiguration: Sendable {
    /// The packets, with the addresses of both ends.
    public var expression: PacketExpression
    /// How many of them; `nil` until the session is interrupted.
    public var count: UInt64?
    /// From one packet to the next; zero for as fast as it goes.
    public var interval: Duration = .seconds(1)
    /// How long answers are waited for.
    public var timeout: Duration = .seconds(1)
    /// Whether answers are looked for at all.
    public var expectsAnswers = true
    /// Whether more than one may answer, as where the destination is a group.
    public var asksMany = false
    /// How packets are cut, if they are to be.
    public var fragmenting: Fragmenting?
    /// What one of the answers must be like.
    public var pattern: PacketPattern?

    /// One packet after the other, a second apart.
    public init(_ expression: PacketExpression, count: UInt64? = 1) {
        self.expression = expression
        self.count = count
    }
}

/// What a session wants done.
public enum SendStep: Sendable {
    /// Send the packet with this number; ``SendSession/packet(number:)`` has its bytes.
    case send(UInt64)
    /// Nothing, until then or until something arrives.
    case wait(until: MonotonicTime)
    /// All is done.
    case finished
}

/// An answer to a packet.
public struct SendReply: Sendable {
    /// The number of the packet that it answers, from 0.
    public let number: UInt64
    /// From the IP header on.
    public let bytes: [UInt8]
    /// From when the packet left until the answer came.
    public let roundTrip: Duration
    /// By which clocks.
    public let timing: RoundTripTiming
    /// Whether the packet had been answered before.
    public let isDuplicate: Bool
    /// Whether it is like ``SendConfiguration/pattern``; `nil` without one.
    public let isExpected: Bool?
}

/// What is known of a session as a whole.
public struct SendTotals: Sendable {
    /// Packets that were sent, each as one, in however many fragments.
    public var sent: UInt64 = 0
    /// Packets that could not be.
    public var failed: UInt64 = 0
    /// Packets that were answered.
    public var answered: UInt64 = 0
    /// Answers, with those to packets that had one.
    public var replies: UInt64 = 0
    /// Answers that are like the pattern.
    public var expected: UInt64 = 0
    /// The round-trip times of first answers.
    public var roundTrips = RoundTripStatistics()
}
