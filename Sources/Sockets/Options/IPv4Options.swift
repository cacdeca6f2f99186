import CLinux
import Glibc

// The options of ip(7) and raw(7), level IPPROTO_IP.
extension SocketOption {
    private static func ipv4(_ number: Int32, _ name: String) -> Self {
        .init(level: Int32(IPPROTO_IP), number: number, name: name)
    }
}

extension SocketOption where Value == Bool {
    /// `IP_HDRINCL`: what is sent begins with an IPv4 header made by the caller.
    public static var ipv4HeaderIncluded: Self { ipv4(IP_HDRINCL, "IP_HDRINCL") }
    /// `IP_RECVERR`: ICMP errors come through the error queue.
    public static var ipv4ReceiveErrors: Self { ipv4(IP_RECVERR, "IP_RECVERR") }
    /// `IP_RECVERR_RFC4884`: entries of the error queue tell where the extensions of RFC 4884 begin in the quoted
    /// packet.
    public static var ipv4ReceiveErrorExtensions: Self { ipv4(IP_RECVERR_RFC4884, "IP_RECVERR_RFC4884") }
    /// `IP_RECVTTL`: messages carry the TTL that they arrived with.
    public static var ipv4ReceiveTimeToLive: Self { ipv4(IP_RECVTTL, "IP_RECVTTL") }
    /// `IP_RECVTOS`: messages carry the DS field that they arrived with.
    public static var ipv4ReceiveTypeOfService: Self { ipv4(IP_RECVTOS, "IP_RECVTOS") }
    /// `IP_RETOPTS`: messages carry the IP options that they arrived with.
    public static var ipv4ReceiveOptions: Self { ipv4(IP_RETOPTS, "IP_RETOPTS") }
    /// `IP_PKTINFO`: messages carry the interface and the address that they arrived at.
    public static var ipv4ReceivePacketInfo: Self { ipv4(IP_PKTINFO, "IP_PKTINFO") }
    /// `IP_RECVORIGDSTADDR`: messages carry the address and port that they were sent to, also where they were
    /// redirected.
    public static var ipv4ReceiveOriginalDestination: Self { ipv4(IP_RECVORIGDSTADDR, "IP_RECVORIGDSTADDR") }
    /// `IP_RECVFRAGSIZE`: messages that arrived in fragments carry the size of the largest.
    public static var ipv4ReceiveFragmentSize: Self { ipv4(IP_RECVFRAGSIZE, "IP_RECVFRAGSIZE") }
    /// `IP_MULTICAST_LOOP`: multicast that is sent is also delivered to this host.
    public static var ipv4MulticastLoop: Self { ipv4(IP_MULTICAST_LOOP, "IP_MULTICAST_LOOP") }
    /// `IP_MULTICAST_ALL`: messages come of every group that some socket of this host has joined; without it, only of
    /// those that this one has.
    public static var ipv4MulticastAll: Self { ipv4(IP_MULTICAST_ALL, "IP_MULTICAST_ALL") }
    /// `IP_FREEBIND`: binds to an address that this host does not have, or not yet.
    public static var ipv4FreeBind: Self { ipv4(IP_FREEBIND, "IP_FREEBIND") }
    /// `IP_TRANSPARENT`: sends from, and is reached at, addresses of others. Needs `CAP_NET_ADMIN` or `CAP_NET_RAW`.
    public static var ipv4Transparent: Self { ipv4(IP_TRANSPARENT, "IP_TRANSPARENT") }
    /// `IP_BIND_ADDRESS_NO_PORT`: binding to port 0 leaves the choice of the port to `connect`.
    public static var ipv4BindAddressNoPort: Self { ipv4(IP_BIND_ADDRESS_NO_PORT, "IP_BIND_ADDRESS_NO_PORT") }
    /// `IP_NODEFRAG`: fragments are not reassembled on their way out. Only of raw sockets.
    public static var ipv4NoDefragmentation: Self { ipv4(IP_NODEFRAG, "IP_NODEFRAG") }
}

extension SocketOption where Value == Int32 {
    /// `IP_TTL`: the TTL of what is sent, 1 to 255.
    public static var ipv4TimeToLive: Self { ipv4(IP_TTL, "IP_TTL") }
    /// `IP_MINTTL`: packets that arrive with a lower TTL are dropped (RFC 5082), 0 to 255.
    public static var ipv4MinimumTimeToLive: Self { ipv4(IP_MINTTL, "IP_MINTTL") }
    /// `IP_MULTICAST_TTL`: the TTL of multicast that is sent, 0 to 255; it stays on this host with 0, on the network
    /// with 1.
    public static var ipv4MulticastTimeToLive: Self { ipv4(IP_MULTICAST_TTL, "IP_MULTICAST_TTL") }
    /// `IP_TOS`: the DS field of what is sent: DSCP in the upper six bits, ECN in the lower two (RFC 2474, RFC 3168).
    public static var ipv4TypeOfService: Self { ipv4(IP_TOS, "IP_TOS") }
    /// `IP_MTU`: the known path MTU of a connected socket, in bytes. It can be read only.
    public static var ipv4PathMTU: Self { ipv4(IP_MTU, "IP_MTU") }
}

extension SocketOption where Value == [UInt8] {
    /// `IP_OPTIONS`: the IPv4 options of every packet, as they stand in the header, at most 40 bytes. No bytes, no
    /// options. Some need `CAP_NET_RAW`.
    public static var ipv4Options: Self { ipv4(IP_OPTIONS, "IP_OPTIONS") }
}

/// The interface that unicast leaves by where the routing table allows it, in `IP_UNICAST_IF` and `IPV6_UNICAST_IF`.
public struct UnicastInterface: Hashable, SocketOptionValue {
    /// The interface's index.
    public let index: UInt32
    /// The interface of this index; 0 leaves the choice to the routing table.
    public init(index: UInt32) { self.index = index }

    public static var optionRoom: Int { UInt32.optionRoom }

    public init?(optionBytes bytes: [UInt8]) {
        guard let index = UInt32(optionBytes: bytes) else { return nil }
        self.index = UInt32(bigEndian: index)
    }

    // Of all options, these two have an index in network byte order.
    public func optionBytes() throws(SocketError) -> [UInt8] { [UInt8](layingOut: index.bigEndian) }
}

extension SocketOption where Value == UnicastInterface {
    /// `IP_UNICAST_IF`.
    public static var ipv4UnicastInterface: Self { ipv4(IP_UNICAST_IF, "IP_UNICAST_IF") }
}

/// The interface that multicast leaves by, in `IP_MULTICAST_IF`.
public struct MulticastInterface: Hashable, SocketOptionValue {
    /// The interface's index.
    public let index: UInt32
    /// The interface of this index; 0 leaves the choice to the routing table.
    public init(index: UInt32) { self.index = index }

    public static var optionRoom: Int { MemoryLayout<ip_mreqn>.size }

    public init?(optionBytes bytes: [UInt8]) {
        guard let request = bytes.loaded(as: ip_mreqn.self) else { return nil }
        index = UInt32(truncatingIfNeeded: request.imr_ifindex)
    }

    // The addresses stay empty, the index decides.
    public func optionBytes() throws(SocketError) -> [UInt8] {
        var request = ip_mreqn()
        request.imr_ifindex = Int32(truncatingIfNeeded: index)
        return [UInt8](layingOut: request)
    }
}

extension SocketOption where Value == MulticastInterface {
    /// `IP_MULTICAST_IF`. It can be set only: what the kernel tells of it is an address, not the index.
    public static var ipv4MulticastInterface: Self { ipv4(IP_MULTICAST_IF, "IP_MULTICAST_IF") }
}
