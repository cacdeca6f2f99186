import Glibc

/// A protocol family: the first argument of `socket(2)`.
public struct SocketFamily: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The `AF_` number.
    public let rawValue: Int32
    /// A family by its `AF_` number.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// IPv4, `AF_INET`; see ip(7).
    public static let ipv4 = SocketFamily(rawValue: AF_INET)
    /// IPv6, `AF_INET6`; see ipv6(7).
    public static let ipv6 = SocketFamily(rawValue: AF_INET6)

    /// The name of the C constant.
    public var description: String {
        switch self {
        case .ipv4: "AF_INET"
        case .ipv6: "AF_INET6"
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

    /// Datagrams of a fixed maximum length, `SOCK_DGRAM`.
    public static let datagram = SocketType(rawValue: Int32(SOCK_DGRAM.rawValue))
    /// Raw access to a network protocol, `SOCK_RAW`; see raw(7). Needs `CAP_NET_RAW`.
    public static let raw = SocketType(rawValue: Int32(SOCK_RAW.rawValue))

    /// The name of the C constant.
    public var description: String {
        switch self {
        case .datagram: "SOCK_DGRAM"
        case .raw: "SOCK_RAW"
        default: "socket type \(rawValue)"
        }
    }
}

/// A protocol within a family: the third argument of `socket(2)`.
public struct SocketProtocol: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The `IPPROTO_` number.
    public let rawValue: Int32
    /// A protocol by its `IPPROTO_` number.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// The family's only, or usual, protocol for the type.
    public static let unspecified = SocketProtocol(rawValue: 0)
    /// `IPPROTO_ICMP`: a raw socket, or with `SOCK_DGRAM` an ICMP datagram ("ping") socket; see icmp(7).
    public static let icmp = SocketProtocol(rawValue: Int32(IPPROTO_ICMP))
    /// `IPPROTO_ICMPV6`: as `icmp`, for `AF_INET6`.
    public static let icmpv6 = SocketProtocol(rawValue: Int32(IPPROTO_ICMPV6))

    /// The name of the C constant.
    public var description: String {
        switch self {
        case .icmp: "IPPROTO_ICMP"
        case .icmpv6: "IPPROTO_ICMPV6"
        default: "protocol \(rawValue)"
        }
    }
}
