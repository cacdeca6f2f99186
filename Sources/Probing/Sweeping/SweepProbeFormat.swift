public import Addresses
public import Packets

/// How the probes of a sweep look on the wire, and how answers to them are known.
///
/// Every target has a proof: 64 bits that follow from its address by ``SipHash``, under a key that only this program
/// knows. Who has not seen a probe can't make an answer to it.
///
/// - Echo: the identifier is the lowest 16 bits of the proof; the sequence number is the next 16, plus the index. A
///   payload of 8 bytes begins with the whole proof; one of 24 goes on with the number and the index, 32 bits each, and
///   the time of sending, 64 bits of nanoseconds. All of it is in network byte order.
/// - Timestamp: identifier and sequence number likewise.
/// - TCP: the source port is 32768 plus the lowest 15 bits of the proof. The upper half of the sequence number is bits
///   32 to 47 of it, the lower half bits 16 to 31, plus the index. The timestamp (RFC 7323) is the time of sending in
///   units of 1,024 nanoseconds.
/// - UDP: the source port likewise; the payload is that of an echo.
///
/// Only the address is proved. What else a reply says, whoever got the probe may have changed: a session believes it no
/// further than its records bear it out.
public struct SweepProbeFormat: Sendable {
    /// What the probes are.
    public let method: SweepMethod
    /// What makes the proof.
    public let key: SipHash
    /// Bytes of payload of an echo request or a UDP datagram.
    public var payloadLength = 56
    /// The payload beyond what is needed is random, and not zeros.
    public var hasRandomPayload = false
    /// The TTL or hop limit.
    public var hopLimit: UInt8 = 64
    /// The type of service or traffic class.
    public var differentiatedServices: DifferentiatedServices = 0
    /// Whether routers may not fragment probes (IPv4).
    public var dontFragment = false
    /// The identifier of all echo requests, where a datagram socket has its own (icmp(7)): then the kernel sorts
    /// replies by it, and what of the proof would have stood there is taken as given.
    public var identifier: UInt16?
    /// By how many nanoseconds the wall clock is ahead of the session's: for the time in ICMP timestamp requests.
    public var wallClockOffset: Int64 = 0

    /// The format of a method, with what is not given here by default.
    public init(_ method: SweepMethod, key: SipHash) {
        self.method = method
        self.key = key
    }

    /// The proof of a target.
    @inline(__always)
    public static func proof(of address: IPAddress, key: SipHash) -> UInt64 {
        switch address {
        case .v4(let address): key.hash(4, UInt64(address.rawValue))
        case .v6(let address):
            key.hash(UInt64(truncatingIfNeeded: address.rawValue >> 64), UInt64(truncatingIfNeeded: address.rawValue))
        }
    }
}
