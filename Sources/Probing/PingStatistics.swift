/// What a ping session has counted so far.
public struct PingStatistics: Sendable {
    /// Echo requests sent, or tried in vain.
    public internal(set) var transmitted: UInt64 = 0
    /// Echo requests that were answered; each counts once.
    public internal(set) var received: UInt64 = 0
    /// Further replies to requests already answered.
    public internal(set) var duplicates: UInt64 = 0
    /// Replies that were not counted: a wrong checksum, or cut short.
    public internal(set) var corrupted: UInt64 = 0
    /// ICMP errors about our requests, and requests that could not be sent.
    public internal(set) var errors: UInt64 = 0
    /// Replies that came after their time-out; they count as received.
    public internal(set) var late: UInt64 = 0
    /// Replies that came after the reply to a later request (RFC 4737 §3.3).
    public internal(set) var reordered: UInt64 = 0
    /// The most requests ever under way at once, as ping counts its "pipe".
    public internal(set) var pipe: UInt64 = 0
    /// The longest time for which requests went out and none was answered: from the first lost one to the next answered
    /// one, or to the end of the session.
    public internal(set) var longestOutage: Duration = .zero
    /// The round-trip times, those of duplicates included.
    public internal(set) var roundTrips = RoundTripStatistics()

    /// The part of the requests that was not answered, 0 to 1; 0 when none was sent.
    public var loss: Double {
        transmitted == 0 ? 0 : Double(transmitted - min(received, transmitted)) / Double(transmitted)
    }
}
