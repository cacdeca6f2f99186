import Glibc

/// Flags of one send or receive, and what a received message says of itself: the `MSG_` constants of `recvmsg(2)`.
public struct MessageFlags: OptionSet, Sendable {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// `MSG_OOB`: TCP's urgent byte.
    public static let outOfBand = MessageFlags(rawValue: Int32(MSG_OOB))
    /// `MSG_PEEK`: what is received stays to be received again.
    public static let peek = MessageFlags(rawValue: Int32(MSG_PEEK))
    /// `MSG_DONTROUTE`: only to hosts on attached networks.
    public static let dontRoute = MessageFlags(rawValue: Int32(MSG_DONTROUTE))
    /// `MSG_DONTWAIT`: never blocks.
    public static let dontWait = MessageFlags(rawValue: Int32(MSG_DONTWAIT))
    /// `MSG_EOR`: the end of a record.
    public static let endOfRecord = MessageFlags(rawValue: Int32(MSG_EOR))
    /// `MSG_WAITALL`: a stream is received until the buffer is full, or the stream ends, or the time-out is over.
    public static let waitAll = MessageFlags(rawValue: Int32(MSG_WAITALL))
    /// `MSG_CONFIRM`: the peer has answered: the neighbour need not be looked for again.
    public static let confirm = MessageFlags(rawValue: Int32(MSG_CONFIRM))
    /// `MSG_ERRQUEUE`: reads the error queue: ICMP errors, local errors and transmit timestamps.
    public static let errorQueue = MessageFlags(rawValue: Int32(MSG_ERRQUEUE))
    /// `MSG_MORE`: more follows, and goes in the same packet.
    public static let more = MessageFlags(rawValue: Int32(MSG_MORE))
    /// `MSG_TRUNC`: the message was longer than the buffer; asked for, its whole length is told.
    public static let truncated = MessageFlags(rawValue: Int32(MSG_TRUNC))
    /// `MSG_CTRUNC`: the ancillary data was longer than the room for it.
    public static let controlTruncated = MessageFlags(rawValue: Int32(MSG_CTRUNC))
    /// `MSG_WAITFORONE`: a batch waits for its first message only.
    public static let waitForOne = MessageFlags(rawValue: Int32(MSG_WAITFORONE))
}
