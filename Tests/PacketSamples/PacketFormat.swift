import Addresses
import Packets
import TestSupport

/// A format of which random packets can be made: valid ones with every field at random.
public struct PacketFormat: Sendable {
    /// The format's name, also of its file in `Tests/Oracles/formats`.
    public let name: String
    /// Makes a packet.
    public let sample: @Sendable (inout SplitMix64) -> LinkPacket

    public init(_ name: String, sample: @escaping @Sendable (inout SplitMix64) -> LinkPacket) {
        self.name = name
        self.sample = sample
    }

    /// Every format.
    public static let all: [PacketFormat] = [
        ipv4Options, ipv6Extensions, fragments, ethernet, arp, gre, mpls, ipInIP,
        udp, udpLite, tcp, sctp, dccp, linuxCooked,
        igmp, igmpv3Query, igmpv3Report, multicastRouterDiscovery, mtrace, mtrace2,
        icmpv4, icmpExtensions, icmpExtendedEcho,
        icmpv6, icmpv6Others, neighborDiscovery, mld, mrdv6,
    ]
}

extension SplitMix64 {
    public mutating func integer<Value: FixedWidthInteger & UnsignedInteger>() -> Value {
        Value.random(in: .min ... .max, using: &self)
    }

    public mutating func below(_ bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &self)
    }

    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in integer() }
    }

    /// Up to `limit` bytes.
    public mutating func payload(upTo limit: Int = 64) -> [UInt8] { bytes(below(limit + 1)) }

    /// 198.18.0.0/15
    public mutating func ipv4Address() -> IPv4Address {
        IPv4Address(rawValue: 198 << 24 | 18 << 16 | (integer() & 0x1_FFFF))
    }

    /// 2001:db8::/32
    public mutating func ipv6Address() -> IPv6Address {
        IPv6Address(rawValue: 0x2001_0db8 << 96 | (integer() as UInt128) >> 32)
    }

    public mutating func ipv4Header() -> IPv4Header {
        IPv4Header(
            source: ipv4Address(), destination: ipv4Address(), timeToLive: integer(),
            differentiatedServices: DifferentiatedServices(rawValue: integer()), identification: integer(),
            flags: below(2) == 0 ? [] : .dontFragment)
    }

    public mutating func ipv6Header() -> IPv6Header {
        IPv6Header(
            source: ipv6Address(), destination: ipv6Address(), hopLimit: integer(),
            trafficClass: DifferentiatedServices(rawValue: integer()), flowLabel: integer() & 0xF_FFFF)
    }

    /// The payload in a packet of either family.
    public mutating func packet(_ payload: IPPayload) -> LinkPacket {
        below(2) == 0
            ? .ipv4(IPv4Packet(ipv4Header(), payload: payload)) : .ipv6(IPv6Packet(ipv6Header(), payload: payload))
    }
}
