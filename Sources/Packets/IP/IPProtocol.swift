/// What an IP packet carries: the IPv4 *protocol* field and the IPv6 *next header* field share one list of numbers.
public struct IPProtocol: RawRepresentable, Hashable, Sendable {
    /// The number that IANA assigned.
    public let rawValue: UInt8

    /// Takes any number, assigned or not.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// IPv6 hop-by-hop options (RFC 8200 section 4.3).
    public static let hopByHopOptions = Self(rawValue: 0)
    /// Internet Control Message Protocol (RFC 792).
    public static let icmp = Self(rawValue: 1)
    /// Internet Group Management Protocol (RFC 9776).
    public static let igmp = Self(rawValue: 2)
    /// IPv4 in IP (RFC 2003).
    public static let ipv4 = Self(rawValue: 4)
    /// Transmission Control Protocol (RFC 9293).
    public static let tcp = Self(rawValue: 6)
    /// User Datagram Protocol (RFC 768).
    public static let udp = Self(rawValue: 17)
    /// Datagram Congestion Control Protocol (RFC 4340).
    public static let dccp = Self(rawValue: 33)
    /// IPv6 in IP (RFC 2473).
    public static let ipv6 = Self(rawValue: 41)
    /// IPv6 routing header (RFC 8200 section 4.4).
    public static let routing = Self(rawValue: 43)
    /// IPv6 fragment header (RFC 8200 section 4.5).
    public static let fragment = Self(rawValue: 44)
    /// Generic Routing Encapsulation (RFC 2784).
    public static let gre = Self(rawValue: 47)
    /// Encapsulating Security Payload (RFC 4303).
    public static let esp = Self(rawValue: 50)
    /// Authentication Header (RFC 4302).
    public static let authentication = Self(rawValue: 51)
    /// ICMP for IPv6 (RFC 4443).
    public static let icmpv6 = Self(rawValue: 58)
    /// Nothing follows (RFC 8200 section 4.7).
    public static let noNextHeader = Self(rawValue: 59)
    /// IPv6 destination options (RFC 8200 section 4.6).
    public static let destinationOptions = Self(rawValue: 60)
    /// Protocol Independent Multicast (RFC 7761).
    public static let pim = Self(rawValue: 103)
    /// Stream Control Transmission Protocol (RFC 9260).
    public static let sctp = Self(rawValue: 132)
    /// UDP-Lite (RFC 3828).
    public static let udpLite = Self(rawValue: 136)
}

extension IPProtocol {
    /// Whether its header begins with a source and a destination port.
    var hasPorts: Bool {
        switch self {
        case .udp, .udpLite, .tcp, .sctp, .dccp: true
        default: false
        }
    }
}

extension IPProtocol: CustomStringConvertible {
    /// The usual abbreviation, or the number where there is none here.
    public var description: String {
        switch self {
        case .hopByHopOptions: "HOPOPT"
        case .icmp: "ICMP"
        case .igmp: "IGMP"
        case .ipv4: "IPv4"
        case .tcp: "TCP"
        case .udp: "UDP"
        case .dccp: "DCCP"
        case .ipv6: "IPv6"
        case .routing: "IPv6-Route"
        case .fragment: "IPv6-Frag"
        case .gre: "GRE"
        case .esp: "ESP"
        case .authentication: "AH"
        case .icmpv6: "ICMPv6"
        case .noNextHeader: "IPv6-NoNxt"
        case .destinationOptions: "IPv6-Opts"
        case .pim: "PIM"
        case .sctp: "SCTP"
        case .udpLite: "UDPLite"
        default: "protocol \(rawValue)"
        }
    }
}
