public import Addresses
public import Packets

/// What happened in a ping session.
public enum PingEvent: Sendable {
    /// An echo reply to one of our requests.
    case reply(PingReply)
    /// An echo reply that carries our identifier but is not counted.
    case rejected(PingReply, PingRejection)
    /// An ICMP error that quotes one of our requests, which therefore will not be answered.
    case pathError(PathError)
    /// An ICMP message that quotes one of our requests and does not end it: a redirect or a source quench.
    case notice(PathError)
    /// A request was not answered within the time-out, or before its 16-bit sequence number was needed again.
    case timedOut(sequence: UInt64)
    /// The next request is about to go and this one, sent before it, has no answer yet.
    case noAnswerYet(sequence: UInt64)
    /// A request could not be sent.
    case sendFailed(sequence: UInt64, SendFailure)
    /// Something that has nothing to do with this session, or that is too broken to tell.
    case ignored
}

/// An echo reply.
public struct PingReply: Sendable {
    /// The number of the request that it answers, from 1.
    public var sequence: UInt64
    /// Who sent it.
    public var source: IPAddress
    /// Bytes of the ICMP message.
    public var byteCount: Int
    /// The TTL or hop limit that it arrived with, where known.
    public var hopLimit: Int?
    /// The round-trip time, where the request is still remembered.
    public var roundTrip: Duration?
    /// How the round-trip time was taken.
    public var timing: RoundTripTiming
    /// The request was answered before.
    public var isDuplicate = false
    /// It came after the time-out.
    public var isLate = false
    /// The payload that came back, where it differs from what was sent.
    public var damage: PayloadDamage?
    /// The IPv4 options that it carried.
    public var options: [IPv4Option]
}

/// How a round-trip time was taken.
public enum RoundTripTiming: String, Sendable {
    /// From the kernel's transmit timestamp to the kernel's receive timestamp.
    case kernel
    /// From before the send call to the kernel's receive timestamp.
    case kernelReceive = "kernel-receive"
    /// From before the send call to after the receive call.
    case userSpace = "user"
}

/// Why an echo reply is not counted.
public enum PingRejection: String, Sendable {
    /// Its checksum is wrong.
    case badChecksum = "bad-checksum"
    /// It is shorter than its request.
    case truncated
    /// It comes from an address that was not asked.
    case differentAddress = "different-address"
}

/// Where the payload of a reply differs from that of the request.
public struct PayloadDamage: Sendable, Equatable {
    /// The index of the first byte that differs.
    public var index: Int
    /// What was sent there.
    public var expected: UInt8
    /// What came back there.
    public var found: UInt8
    /// The whole payload that came back.
    public var payload: [UInt8]
}

/// An ICMP message about one of our requests.
public struct PathError: Sendable, Equatable {
    /// The number of the request that it quotes, from 1.
    public var sequence: UInt64
    /// The router or host that sent it.
    public var source: IPAddress
    /// What it says.
    public var error: ICMPError
}

/// The type, code and further information of an ICMP error, RFC 792 or RFC 4443 by the family of its sender.
public struct ICMPError: Sendable, Hashable {
    /// The family of its sender.
    public var family: IPFamily
    /// The ICMP type.
    public var type: UInt8
    /// The ICMP code.
    public var code: UInt8
    /// The next hop's MTU in bytes, the pointer of a parameter problem, or the gateway of a redirect as a number.
    public var information: UInt32

    /// What an ICMP message of this type and code says.
    public init(family: IPFamily, type: UInt8, code: UInt8, information: UInt32 = 0) {
        self.family = family
        self.type = type
        self.code = code
        self.information = information
    }
}

/// Why a request could not be sent.
public enum SendFailure: Error, Equatable {
    /// The device's queue is full, or there is no memory: `ENOBUFS`, `ENOMEM`. Tried again later.
    case queueFull
    /// The socket's send buffer is full: `EAGAIN`. Tried again later.
    case bufferFull
    /// It does not fit the path MTU, where that is known, and may not be fragmented: `EMSGSIZE`.
    case tooLarge(mtu: Int?)
    /// The kernel refused it with this errno.
    case refused(errno: Int32)
}
