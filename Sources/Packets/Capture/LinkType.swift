/// What the packets of a capture begin with: a number of the LINKTYPE registry (draft-ietf-opsawg-pcaplinktype).
public struct LinkType: RawRepresentable, Hashable, Sendable {
    /// The number that the registry assigned.
    public let rawValue: UInt16

    /// Takes any number, assigned or not.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// BSD loopback: the address family, in the byte order of the capturing host.
    public static let null = Self(rawValue: 0)
    /// Ethernet II or IEEE 802.3.
    public static let ethernet = Self(rawValue: 1)
    /// IPv4 or IPv6, without any link layer.
    public static let raw = Self(rawValue: 101)
    /// OpenBSD loopback: the address family, in network byte order.
    public static let loop = Self(rawValue: 108)
    /// Linux "cooked" capture, as of `tcpdump -i any`.
    public static let linuxCooked = Self(rawValue: 113)
    /// IPv4, without any link layer.
    public static let ipv4 = Self(rawValue: 228)
    /// IPv6, without any link layer.
    public static let ipv6 = Self(rawValue: 229)
    /// Linux "cooked" capture, version 2.
    public static let linuxCooked2 = Self(rawValue: 276)
}

extension LinkType: CustomStringConvertible {
    /// The registry's name, or the number where there is none here.
    public var description: String {
        switch self {
        case .null: "NULL"
        case .ethernet: "ETHERNET"
        case .raw: "RAW"
        case .loop: "LOOP"
        case .linuxCooked: "LINUX_SLL"
        case .ipv4: "IPV4"
        case .ipv6: "IPV6"
        case .linuxCooked2: "LINUX_SLL2"
        default: "link type \(rawValue)"
        }
    }
}
