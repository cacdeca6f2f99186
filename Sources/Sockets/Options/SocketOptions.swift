import CLinux
import Glibc

// The options of socket(7).
extension SocketOption where Value == Bool {
    /// `SO_BROADCAST`: allows sending to broadcast addresses.
    public static var broadcast: Self { .init(level: SOL_SOCKET, number: SO_BROADCAST, name: "SO_BROADCAST") }
    /// `SO_DEBUG`.
    public static var debug: Self { .init(level: SOL_SOCKET, number: SO_DEBUG, name: "SO_DEBUG") }
    /// `SO_DONTROUTE`: only to hosts on attached networks.
    public static var dontRoute: Self { .init(level: SOL_SOCKET, number: SO_DONTROUTE, name: "SO_DONTROUTE") }
    /// `SO_RXQ_OVFL`: messages carry the number of those that the receive buffer had no room for.
    public static var receiveDropCount: Self { .init(level: SOL_SOCKET, number: SO_RXQ_OVFL, name: "SO_RXQ_OVFL") }
}

extension SocketOption where Value == Int32 {
    /// `SO_SNDBUF`: bytes of the send buffer; the kernel doubles the number.
    public static var sendBufferSize: Self { .init(level: SOL_SOCKET, number: SO_SNDBUF, name: "SO_SNDBUF") }
    /// `SO_RCVBUF`: bytes of the receive buffer; the kernel doubles the number, and bounds it by `rmem_max`.
    public static var receiveBufferSize: Self { .init(level: SOL_SOCKET, number: SO_RCVBUF, name: "SO_RCVBUF") }
}

extension SocketOption where Value == UInt32 {
    /// `SO_MARK`: the mark that packets carry for policy routing and firewalls. Needs `CAP_NET_ADMIN` or, since
    /// Linux 5.17, `CAP_NET_RAW`.
    public static var mark: Self { .init(level: SOL_SOCKET, number: SO_MARK, name: "SO_MARK") }
}

// The options of ip(7) and raw(7).
extension SocketOption where Value == Bool {
    /// `IP_HDRINCL`: what is sent begins with an IPv4 header made by the caller.
    public static var ipv4HeaderIncluded: Self {
        .init(level: Int32(IPPROTO_IP), number: IP_HDRINCL, name: "IP_HDRINCL")
    }
    /// `IP_RECVERR`: ICMP errors come through the error queue.
    public static var ipv4ReceiveErrors: Self {
        .init(level: Int32(IPPROTO_IP), number: IP_RECVERR, name: "IP_RECVERR")
    }
    /// `IP_RECVTTL`: messages carry the TTL that they arrived with.
    public static var ipv4ReceiveTimeToLive: Self {
        .init(level: Int32(IPPROTO_IP), number: IP_RECVTTL, name: "IP_RECVTTL")
    }
    /// `IP_RETOPTS`: messages carry the IP options that they arrived with.
    public static var ipv4ReceiveOptions: Self {
        .init(level: Int32(IPPROTO_IP), number: IP_RETOPTS, name: "IP_RETOPTS")
    }
    /// `IP_MULTICAST_LOOP`: multicast that is sent is also delivered to this host.
    public static var ipv4MulticastLoop: Self {
        .init(level: Int32(IPPROTO_IP), number: IP_MULTICAST_LOOP, name: "IP_MULTICAST_LOOP")
    }
}

extension SocketOption where Value == Int32 {
    /// `IP_TTL`: the TTL of what is sent, 1 to 255.
    public static var ipv4TimeToLive: Self { .init(level: Int32(IPPROTO_IP), number: IP_TTL, name: "IP_TTL") }
    /// `IP_MULTICAST_TTL`: the same for multicast.
    public static var ipv4MulticastTimeToLive: Self {
        .init(level: Int32(IPPROTO_IP), number: IP_MULTICAST_TTL, name: "IP_MULTICAST_TTL")
    }
    /// `IP_TOS`: the DS field of what is sent: DSCP in the upper six bits, ECN in the lower two (RFC 2474, RFC 3168).
    public static var ipv4TypeOfService: Self { .init(level: Int32(IPPROTO_IP), number: IP_TOS, name: "IP_TOS") }
    /// `IP_MTU`: the known path MTU of a connected socket, in bytes.
    public static var ipv4PathMTU: Self { .init(level: Int32(IPPROTO_IP), number: IP_MTU, name: "IP_MTU") }
}

/// What the kernel does about the path MTU of what a socket sends: `IP_MTU_DISCOVER`, ip(7), and `IPV6_MTU_DISCOVER`.
public enum PathMTUDiscovery: Int32, SocketOptionValue {
    /// Never sets "don't fragment"; fragments what is too large.
    case dont = 0
    /// Sets "don't fragment" while the datagram fits the known path MTU, fragments it otherwise.
    case want = 1
    /// Always sets "don't fragment"; what is larger than the known path MTU is refused with `EMSGSIZE`.
    case `do` = 2
    /// Always sets "don't fragment" and ignores the known path MTU.
    case probe = 3

    public init(optionRepresentation: Int32) { self = PathMTUDiscovery(rawValue: optionRepresentation) ?? .want }
    public var optionRepresentation: Int32 { rawValue }
}

extension SocketOption where Value == PathMTUDiscovery {
    /// `IP_MTU_DISCOVER`.
    public static var ipv4PathMTUDiscovery: Self {
        .init(level: Int32(IPPROTO_IP), number: IP_MTU_DISCOVER, name: "IP_MTU_DISCOVER")
    }
    /// `IPV6_MTU_DISCOVER`.
    public static var ipv6PathMTUDiscovery: Self {
        .init(level: Int32(IPPROTO_IPV6), number: IPV6_MTU_DISCOVER, name: "IPV6_MTU_DISCOVER")
    }
}

/// The interface that multicast leaves by, in `IP_MULTICAST_IF`.
public struct MulticastInterface: SocketOptionValue {
    /// `struct ip_mreqn`: the addresses stay empty, the index decides.
    public struct Representation: BitwiseCopyable, Sendable {
        var group: UInt32 = 0
        var address: UInt32 = 0
        var index: UInt32
    }

    /// The interface's index.
    public let index: UInt32
    /// The interface of this index; 0 leaves the choice to the routing table.
    public init(index: UInt32) { self.index = index }
    public init(optionRepresentation: Representation) { index = optionRepresentation.index }
    public var optionRepresentation: Representation { Representation(index: index) }
}

extension SocketOption where Value == MulticastInterface {
    /// `IP_MULTICAST_IF`. It can be set only: what the kernel tells of it is an address, not the index.
    public static var ipv4MulticastInterface: Self {
        .init(level: Int32(IPPROTO_IP), number: IP_MULTICAST_IF, name: "IP_MULTICAST_IF")
    }
}

// The options of ipv6(7).
extension SocketOption where Value == Bool {
    /// `IPV6_RECVERR`: ICMPv6 errors come through the error queue.
    public static var ipv6ReceiveErrors: Self {
        .init(level: Int32(IPPROTO_IPV6), number: IPV6_RECVERR, name: "IPV6_RECVERR")
    }
    /// `IPV6_RECVHOPLIMIT`: messages carry the hop limit that they arrived with.
    public static var ipv6ReceiveHopLimit: Self {
        .init(level: Int32(IPPROTO_IPV6), number: IPV6_RECVHOPLIMIT, name: "IPV6_RECVHOPLIMIT")
    }
    /// `IPV6_MULTICAST_LOOP`: multicast that is sent is also delivered to this host.
    public static var ipv6MulticastLoop: Self {
        .init(level: Int32(IPPROTO_IPV6), number: IPV6_MULTICAST_LOOP, name: "IPV6_MULTICAST_LOOP")
    }
    /// `IPV6_FLOWINFO_SEND`: the flow label of the destination address is put into the header.
    public static var ipv6SendFlowInformation: Self {
        .init(level: Int32(IPPROTO_IPV6), number: Int32(IPV6_FLOWINFO_SEND), name: "IPV6_FLOWINFO_SEND")
    }
}

extension SocketOption where Value == Int32 {
    /// `IPV6_UNICAST_HOPS`: the hop limit of what is sent, 0 to 255; -1 for the route's.
    public static var ipv6HopLimit: Self {
        .init(level: Int32(IPPROTO_IPV6), number: IPV6_UNICAST_HOPS, name: "IPV6_UNICAST_HOPS")
    }
    /// `IPV6_MULTICAST_HOPS`: the same for multicast.
    public static var ipv6MulticastHopLimit: Self {
        .init(level: Int32(IPPROTO_IPV6), number: IPV6_MULTICAST_HOPS, name: "IPV6_MULTICAST_HOPS")
    }
    /// `IPV6_TCLASS`: the traffic class of what is sent: DSCP and ECN.
    public static var ipv6TrafficClass: Self {
        .init(level: Int32(IPPROTO_IPV6), number: IPV6_TCLASS, name: "IPV6_TCLASS")
    }
    /// `IPV6_MTU`: the known path MTU of a connected socket, in bytes.
    public static var ipv6PathMTU: Self { .init(level: Int32(IPPROTO_IPV6), number: IPV6_MTU, name: "IPV6_MTU") }
    /// `IPV6_MULTICAST_IF`: the index of the interface that multicast leaves by.
    public static var ipv6MulticastInterface: Self {
        .init(level: Int32(IPPROTO_IPV6), number: IPV6_MULTICAST_IF, name: "IPV6_MULTICAST_IF")
    }
}
