/// What an Ethernet frame carries, or a GRE packet: both share one list of numbers (RFC 9542 section 3).
public struct EtherType: RawRepresentable, Hashable, Sendable {
    /// The number that the IEEE assigned; up to 1500 it is no type but the payload's length (IEEE 802.3).
    public let rawValue: UInt16

    /// Takes any number, assigned or not.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Internet Protocol version 4.
    public static let ipv4 = Self(rawValue: 0x0800)
    /// Address Resolution Protocol (RFC 826).
    public static let arp = Self(rawValue: 0x0806)
    /// Ethernet in a tunnel (RFC 7637): "transparent Ethernet bridging".
    public static let ethernet = Self(rawValue: 0x6558)
    /// Reverse Address Resolution Protocol (RFC 903): ARP's format under a number of its own.
    public static let reverseARP = Self(rawValue: 0x8035)
    /// A tag of a customer's VLAN (IEEE 802.1Q).
    public static let vlan = Self(rawValue: 0x8100)
    /// Internet Protocol version 6.
    public static let ipv6 = Self(rawValue: 0x86DD)
    /// Multiprotocol Label Switching (RFC 5332).
    public static let mpls = Self(rawValue: 0x8847)
    /// A tag of a provider's VLAN, in front of a customer's (IEEE 802.1ad).
    public static let serviceVLAN = Self(rawValue: 0x88A8)

    /// Whether the number is the payload's length in bytes.
    public var isLength: Bool { rawValue <= 1500 }
}

extension EtherType: CustomStringConvertible {
    /// The usual abbreviation, or the number where there is none here.
    public var description: String {
        switch self {
        case .ipv4: "IPv4"
        case .arp: "ARP"
        case .ethernet: "Ethernet"
        case .reverseARP: "Reverse ARP"
        case .vlan: "802.1Q"
        case .ipv6: "IPv6"
        case .mpls: "MPLS"
        case .serviceVLAN: "802.1ad"
        default: isLength ? "length \(rawValue)" : "EtherType \(hexadecimal(rawValue))"
        }
    }
}
