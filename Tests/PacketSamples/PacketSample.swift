import Addresses
import Packets

/// A packet of any kind, as it would stand in a capture.
public enum PacketSample: Hashable, Sendable {
    case ipv4(IPv4Packet)
    case ipv6(IPv6Packet)

    /// The packet's bytes.
    public var bytes: [UInt8] {
        switch self {
        case .ipv4(let packet): serialized { packet.serialize(into: &$0) }
        case .ipv6(let packet): serialized { packet.serialize(into: &$0) }
        }
    }

    /// The same kind of packet, read from bytes.
    public func parsing(_ bytes: [UInt8]) throws(ParseError) -> PacketSample {
        switch self {
        case .ipv4: .ipv4(try IPv4Packet(parsing: bytes.span.bytes))
        case .ipv6: .ipv6(try IPv6Packet(parsing: bytes.span.bytes))
        }
    }
}
