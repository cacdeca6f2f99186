import CLinux
import Glibc

/// A protocol family: the first argument of `socket(2)`.
public struct SocketFamily: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The `AF_` number.
    public let rawValue: Int32
    /// A family by its `AF_` number.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// Sockets of this host, `AF_UNIX`; see unix(7).
    public static let unix = SocketFamily(rawValue: AF_UNIX)
    /// IPv4, `AF_INET`; see ip(7).
    public static let ipv4 = SocketFamily(rawValue: AF_INET)
    /// IPv6, `AF_INET6`; see ipv6(7).
    public static let ipv6 = SocketFamily(rawValue: AF_INET6)
    /// The kernel's own interface, `AF_NETLINK`; see netlink(7).
    public static let netlink = SocketFamily(rawValue: AF_NETLINK)
    /// Frames of a network device, `AF_PACKET`; see packet(7). Needs `CAP_NET_RAW`.
    public static let packet = SocketFamily(rawValue: AF_PACKET)
    /// Transparent inter-process communication, `AF_TIPC`; Documentation/networking/tipc.rst.
    public static let tipc = SocketFamily(rawValue: AF_TIPC)
    /// Virtual machines and their host, `AF_VSOCK`; see vsock(7).
    public static let vsock = SocketFamily(rawValue: AF_VSOCK)

    /// The name of the C constant.
    public var description: String {
        switch self {
        case .unix: "AF_UNIX"
        case .ipv4: "AF_INET"
        case .ipv6: "AF_INET6"
        case .netlink: "AF_NETLINK"
        case .packet: "AF_PACKET"
        case .tipc: "AF_TIPC"
        case .vsock: "AF_VSOCK"
        default: "address family \(rawValue)"
        }
    }
}

/// A socket type: the second argument of `socket(2)`.
public struct SocketType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The `SOCK_` number.
    public let rawValue: Int32
    /// A type by its `SOCK_` number.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// A reliable stream of bytes between two ends, `SOCK_STREAM`.
    public static let stream = SocketType(rawValue: Int32(SOCK_STREAM.rawValue))
    /// Datagrams of a fixed maximum length, `SOCK_DGRAM`.
    public static let datagram = SocketType(rawValue: Int32(SOCK_DGRAM.rawValue))
    /// Raw access to a network protocol, `SOCK_RAW`; see raw(7). Needs `CAP_NET_RAW`.
    public static let raw = SocketType(rawValue: Int32(SOCK_RAW.rawValue))
    /// Datagrams that arrive, in any order, `SOCK_RDM`: of `AF_TIPC`.
    public static let reliableDatagram = SocketType(rawValue: Int32(SOCK_RDM.rawValue))
    /// Messages that arrive in order between two ends, `SOCK_SEQPACKET`: of `AF_UNIX`, SCTP, `AF_TIPC` and `AF_VSOCK`.
    public static let sequencedPacket = SocketType(rawValue: Int32(SOCK_SEQPACKET.rawValue))

    /// The name of the C constant.
    public var description: String {
        switch self {
        case .stream: "SOCK_STREAM"
        case .datagram: "SOCK_DGRAM"
        case .raw: "SOCK_RAW"
        case .reliableDatagram: "SOCK_RDM"
        case .sequencedPacket: "SOCK_SEQPACKET"
        default: "socket type \(rawValue)"
        }
    }
}

/// A protocol within a family: the third argument of `socket(2)`. The constants are those of the Internet families;
/// other families count their own.
public struct SocketProtocol: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The protocol's number, in host byte order; for `AF_PACKET` see `etherType(_:)`.
    public let rawValue: Int32
    /// A protocol by its number.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// The family's only, or usual, protocol for the type.
    public static let unspecified = SocketProtocol(rawValue: 0)
    /// `IPPROTO_ICMP`: a raw socket, or with `SOCK_DGRAM` an ICMP datagram ("ping") socket; see icmp(7).
    public static let icmp = SocketProtocol(rawValue: Int32(IPPROTO_ICMP))
    /// `IPPROTO_IGMP`, with `SOCK_RAW`.
    public static let igmp = SocketProtocol(rawValue: Int32(IPPROTO_IGMP))
    /// `IPPROTO_TCP`; see tcp(7).
    public static let tcp = SocketProtocol(rawValue: Int32(IPPROTO_TCP))
    /// `IPPROTO_UDP`; see udp(7).
    public static let udp = SocketProtocol(rawValue: Int32(IPPROTO_UDP))
    /// `IPPROTO_DCCP`, with type 6 (`SOCK_DCCP`).
    public static let dccp = SocketProtocol(rawValue: Int32(IPPROTO_DCCP))
    /// `IPPROTO_ICMPV6`: as `icmp`, for `AF_INET6`.
    public static let icmpv6 = SocketProtocol(rawValue: Int32(IPPROTO_ICMPV6))
    /// `IPPROTO_SCTP`, with `SOCK_STREAM` or `SOCK_SEQPACKET`; see RFC 6458.
    public static let sctp = SocketProtocol(rawValue: Int32(IPPROTO_SCTP))
    /// `IPPROTO_UDPLITE`; see udplite(7).
    public static let udpLite = SocketProtocol(rawValue: Int32(IPPROTO_UDPLITE))
    /// `IPPROTO_RAW`: a raw socket that only sends, with headers of the caller's; see raw(7).
    public static let raw = SocketProtocol(rawValue: Int32(IPPROTO_RAW))

    /// For `AF_PACKET`: frames of one EtherType, or with 3 (`ETH_P_ALL`) of every; see packet(7).
    public static func etherType(_ number: UInt16) -> SocketProtocol {
        SocketProtocol(rawValue: Int32(number.bigEndian))
    }

    /// The name of the C constant.
    public var description: String {
        switch self {
        case .icmp: "IPPROTO_ICMP"
        case .igmp: "IPPROTO_IGMP"
        case .tcp: "IPPROTO_TCP"
        case .udp: "IPPROTO_UDP"
        case .dccp: "IPPROTO_DCCP"
        case .icmpv6: "IPPROTO_ICMPV6"
        case .sctp: "IPPROTO_SCTP"
        case .udpLite: "IPPROTO_UDPLITE"
        case .raw: "IPPROTO_RAW"
        default: "protocol \(rawValue)"
        }
    }
}
