import Glibc

/// Flags of one send or receive, and what a received message says of itself: the `MSG_` constants of `recvmsg(2)`.
public struct MessageFlags: OptionSet, Sendable {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// `MSG_DONTWAIT`: never blocks.
    public static let dontWait = MessageFlags(rawValue: Int32(MSG_DONTWAIT))
    /// `MSG_ERRQUEUE`: reads the error queue: ICMP errors, local errors and transmit timestamps.
    public static let errorQueue = MessageFlags(rawValue: Int32(MSG_ERRQUEUE))
    /// `MSG_TRUNC`: the message was longer than the buffer.
    public static let truncated = MessageFlags(rawValue: Int32(MSG_TRUNC))
    /// `MSG_CTRUNC`: the ancillary data was longer than the room for it.
    public static let controlTruncated = MessageFlags(rawValue: Int32(MSG_CTRUNC))
    /// `MSG_WAITFORONE`: a batch waits for its first message only.
    public static let waitForOne = MessageFlags(rawValue: Int32(MSG_WAITFORONE))
}
