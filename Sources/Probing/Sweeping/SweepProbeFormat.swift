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
/// - TCP: the source port is 32768 plus the lowest 15 bits of the proof; the sequence number is bits 16 to 47, plus the
///   index.
/// - UDP: the source port likewise; the payload is that of an echo.
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
