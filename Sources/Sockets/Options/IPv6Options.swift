import CLinux
import Glibc

// The options of ipv6(7), level IPPROTO_IPV6.
extension SocketOption {
    private static func ipv6(_ number: Int32, _ name: String) -> Self {
        .init(level: Int32(IPPROTO_IPV6), number: number, name: name)
    }
}

extension SocketOption where Value == Bool {
    /// `IPV6_V6ONLY`: without it, a socket that is bound to the any address also serves IPv4, by mapped addresses. To
    /// be set before `bind`.
    public static var ipv6Only: Self { ipv6(IPV6_V6ONLY, "IPV6_V6ONLY") }
    /// `IPV6_HDRINCL`: what is sent begins with an IPv6 header made by the caller. Only of raw sockets.
    public static var ipv6HeaderIncluded: Self { ipv6(IPV6_HDRINCL, "IPV6_HDRINCL") }
    /// `IPV6_RECVERR`: ICMPv6 errors come through the error queue.
    public static var ipv6ReceiveErrors: Self { ipv6(IPV6_RECVERR, "IPV6_RECVERR") }
    /// `IPV6_RECVERR_RFC4884`: entries of the error queue tell where the extensions of RFC 4884 begin in the quoted
    /// packet.
    public static var ipv6ReceiveErrorExtensions: Self { ipv6(IPV6_RECVERR_RFC4884, "IPV6_RECVERR_RFC4884") }
    /// `IPV6_RECVHOPLIMIT`: messages carry the hop limit that they arrived with.
    public static var ipv6ReceiveHopLimit: Self { ipv6(IPV6_RECVHOPLIMIT, "IPV6_RECVHOPLIMIT") }
    /// `IPV6_RECVTCLASS`: messages carry the traffic class that they arrived with.
    public static var ipv6ReceiveTrafficClass: Self { ipv6(IPV6_RECVTCLASS, "IPV6_RECVTCLASS") }
    /// `IPV6_RECVPKTINFO`: messages carry the interface and the address that they arrived at.
    public static var ipv6ReceivePacketInfo: Self { ipv6(IPV6_RECVPKTINFO, "IPV6_RECVPKTINFO") }
    /// `IPV6_RECVORIGDSTADDR`: messages carry the address and port that they were sent to, also where they were
    /// redirected.
    public static var ipv6ReceiveOriginalDestination: Self { ipv6(IPV6_RECVORIGDSTADDR, "IPV6_RECVORIGDSTADDR") }
    /// `IPV6_RECVFRAGSIZE`: messages that arrived in fragments carry the size of the largest.
    public static var ipv6ReceiveFragmentSize: Self { ipv6(IPV6_RECVFRAGSIZE, "IPV6_RECVFRAGSIZE") }
    /// `IPV6_RECVPATHMTU`: messages carry the path MTU where it was learned.
    public static var ipv6ReceivePathMTU: Self { ipv6(IPV6_RECVPATHMTU, "IPV6_RECVPATHMTU") }
    /// `IPV6_RECVHOPOPTS`: messages carry their hop-by-hop options header.
    public static var ipv6ReceiveHopOptions: Self { ipv6(IPV6_RECVHOPOPTS, "IPV6_RECVHOPOPTS") }
    /// `IPV6_RECVDSTOPTS`: messages carry their destination options header.
    public static var ipv6ReceiveDestinationOptions: Self { ipv6(IPV6_RECVDSTOPTS, "IPV6_RECVDSTOPTS") }
    /// `IPV6_RECVRTHDR`: messages carry their routing header.
    public static var ipv6ReceiveRoutingHeader: Self { ipv6(IPV6_RECVRTHDR, "IPV6_RECVRTHDR") }
    /// `IPV6_FLOWINFO`: messages carry the traffic class and flow label that they arrived with.
    public static var ipv6ReceiveFlowInformation: Self { ipv6(Int32(IPV6_FLOWINFO), "IPV6_FLOWINFO") }
    /// `IPV6_FLOWINFO_SEND`: the flow label of the destination address is put into the header.
    public static var ipv6SendFlowInformation: Self { ipv6(Int32(IPV6_FLOWINFO_SEND), "IPV6_FLOWINFO_SEND") }
    /// `IPV6_AUTOFLOWLABEL`: the kernel makes a flow label for each flow.
    public static var ipv6AutomaticFlowLabel: Self { ipv6(IPV6_AUTOFLOWLABEL, "IPV6_AUTOFLOWLABEL") }
    /// `IPV6_MULTICAST_LOOP`: multicast that is sent is also delivered to this host.
    public static var ipv6MulticastLoop: Self { ipv6(IPV6_MULTICAST_LOOP, "IPV6_MULTICAST_LOOP") }
    /// `IPV6_MULTICAST_ALL`: messages come of every group that some socket of this host has joined; without it, only of
    /// those that this one has.
    public static var ipv6MulticastAll: Self { ipv6(IPV6_MULTICAST_ALL, "IPV6_MULTICAST_ALL") }
    /// `IPV6_DONTFRAG`: what is larger than the path MTU is not sent.
    public static var ipv6DontFragment: Self { ipv6(IPV6_DONTFRAG, "IPV6_DONTFRAG") }
    /// `IPV6_FREEBIND`: binds to an address that this host does not have, or not yet.
    public static var ipv6FreeBind: Self { ipv6(IPV6_FREEBIND, "IPV6_FREEBIND") }
    /// `IPV6_TRANSPARENT`: sends from, and is reached at, addresses of others. Needs `CAP_NET_ADMIN` or `CAP_NET_RAW`.
    public static var ipv6Transparent: Self { ipv6(IPV6_TRANSPARENT, "IPV6_TRANSPARENT") }
}

extension SocketOption where Value == Int32 {
    /// `IPV6_UNICAST_HOPS`: the hop limit of what is sent, 0 to 255; -1 for the route's.
    public static var ipv6HopLimit: Self { ipv6(IPV6_UNICAST_HOPS, "IPV6_UNICAST_HOPS") }
    /// `IPV6_MINHOPCOUNT`: packets that arrive with a lower hop limit are dropped (RFC 5082), 0 to 255.
    public static var ipv6MinimumHopLimit: Self { ipv6(IPV6_MINHOPCOUNT, "IPV6_MINHOPCOUNT") }
    /// `IPV6_MULTICAST_HOPS`: the hop limit of multicast that is sent, 0 to 255; -1 for the default, which is 1.
    public static var ipv6MulticastHopLimit: Self { ipv6(IPV6_MULTICAST_HOPS, "IPV6_MULTICAST_HOPS") }
    /// `IPV6_TCLASS`: the traffic class of what is sent: DSCP and ECN; -1 for the default.
    public static var ipv6TrafficClass: Self { ipv6(IPV6_TCLASS, "IPV6_TCLASS") }
    /// `IPV6_MTU`: the known path MTU of a connected socket, in bytes; where set, the most that is sent in one packet.
    public static var ipv6PathMTU: Self { ipv6(IPV6_MTU, "IPV6_MTU") }
    /// `IPV6_MULTICAST_IF`: the index of the interface that multicast leaves by.
    public static var ipv6MulticastInterface: Self { ipv6(IPV6_MULTICAST_IF, "IPV6_MULTICAST_IF") }
    /// `IPV6_CHECKSUM`: the offset, even, at which the kernel puts the checksum into what a raw socket sends, and
    /// checks it in what comes; -1 for none. ICMPv6 sockets always have theirs, and refuse this.
    public static var ipv6ChecksumOffset: Self { ipv6(IPV6_CHECKSUM, "IPV6_CHECKSUM") }
}

extension SocketOption where Value == UnicastInterface {
    /// `IPV6_UNICAST_IF`.
    public static var ipv6UnicastInterface: Self { ipv6(IPV6_UNICAST_IF, "IPV6_UNICAST_IF") }
}

extension SocketOption where Value == [UInt8] {
    /// `IPV6_HOPOPTS`: the hop-by-hop options header of every packet, with its first two bytes; no bytes, no header.
    /// Needs `CAP_NET_RAW`.
    public static var ipv6HopOptions: Self { ipv6(IPV6_HOPOPTS, "IPV6_HOPOPTS") }
    /// `IPV6_DSTOPTS`: the destination options header of every packet, with its first two bytes. Needs `CAP_NET_RAW`.
    public static var ipv6DestinationOptions: Self { ipv6(IPV6_DSTOPTS, "IPV6_DSTOPTS") }
    /// `IPV6_RTHDR`: the routing header of every packet, with its first two bytes.
    public static var ipv6RoutingHeader: Self { ipv6(IPV6_RTHDR, "IPV6_RTHDR") }
}
