public import Addresses
public import Probing
public import Sockets

/// The sockets of a trace in one family. They need `CAP_NET_RAW`, and to be opened only.
///
/// Probes go out with headers of our own making. Routers' answers come to a socket for ICMP, those of the destination to
/// one for the method's own protocol.
public struct TraceSockets: ~Copyable {
    /// The family of its destinations.
    public let family: IPFamily
    let sender: Socket
    let icmp: Socket
    /// For what the destination itself sends where that is not ICMP; else it receives nothing.
    let segments: Socket

    /// Opens the sockets.
    /// - Throws: what the kernel does not allow.
    public init(_ family: IPFamily, for method: TraceMethod) throws(SocketError) {
        self.init(
            family, sender: try Self.sender(family), icmp: try Self.icmp(family),
            segments: try Self.segments(family, method))
    }

    private init(
        _ family: IPFamily, sender: consuming Socket, icmp: consuming Socket, segments: consuming Socket
    ) {
        self.family = family
        self.sender = sender
        self.icmp = icmp
        self.segments = segments
    }

    private static func sender(_ family: IPFamily) throws(SocketError) -> Socket {
        let socket = try Socket(family == .v4 ? .ipv4 : .ipv6, .raw, .raw)
        try socket.setOption(family == .v4 ? .ipv4HeaderIncluded : .ipv6HeaderIncluded, to: true)
        // What the path takes is what is to be found out: what the kernel has learnt of it doesn't count.
        try socket.setOption(family == .v4 ? .ipv4PathMTUDiscovery : .ipv6PathMTUDiscovery, to: .probe)
        return socket
    }

    private static func icmp(_ family: IPFamily) throws(SocketError) -> Socket {
        let socket: Socket
        switch family {
        case .v4:
            socket = try Socket(.ipv4, .raw, .icmp)
            // Echo reply, destination unreachable, time exceeded, parameter problem.
            try socket.setOption(.icmpFilter, to: ICMPFilter(passing: [0, 3, 11, 12]))
        case .v6:
            socket = try Socket(.ipv6, .raw, .icmpv6)
            // Destination unreachable, packet too big, time exceeded, parameter problem, echo reply.
            try socket.setOption(.icmpv6Filter, to: ICMPv6Filter(passing: [1, 2, 3, 4, 129]))
            try socket.setOption(.ipv6ReceiveHopLimit, to: true)
        }
        try socket.setOption(.receiveBufferSize, to: 1 << 20)
        return socket
    }

    /// A raw socket sees every packet of its protocol that this host gets. Only those from the port that is asked are let
    /// through.
    private static func segments(_ family: IPFamily, _ method: TraceMethod) throws(SocketError) -> Socket {
        let number = method.protocolNumber(in: family)
        let own = number == .icmp || number == .icmpv6 ? .raw : SocketProtocol(rawValue: Int32(number.rawValue))
        let socket = try Socket(family == .v4 ? .ipv4 : .ipv6, .raw, own)
        if family == .v6 { try socket.setOption(.ipv6ReceiveHopLimit, to: true) }
        guard let port = method.port else { return socket }
        try socket.attachFilter([
            // X is where the transport header starts: raw IPv4 sockets see the IP header too.
            family == .v4 ? .loadHeaderLength(at: 0) : .loadIndex(0),
            .loadHalfWord(atIndexPlus: 0),
            .jumpIfEqual(UInt32(port), then: 0, otherwise: 1),
            .accept,
            .drop,
        ])
        return socket
    }

    /// Lets answers from any port through: for flows that differ in the port that is asked.
    public func acceptAnyPort() throws(SocketError) { try segments.detachFilter() }

    /// Marks every probe for policy routing. Needs `CAP_NET_ADMIN` or, since Linux 5.17, `CAP_NET_RAW`.
    public func setMark(_ mark: UInt32) throws(SocketError) { try sender.setOption(.mark, to: mark) }

    /// Sets `SO_DEBUG`. Needs `CAP_NET_ADMIN`.
    public func setDebugging() throws(SocketError) { try sender.setOption(.debug, to: true) }

    /// Sends only to attached networks.
    public func bypassRouting() throws(SocketError) { try sender.setOption(.dontRoute, to: true) }

    /// Sends and receives through this interface or VRF only.
    public func bind(toDevice name: String) throws(SocketError) {
        try sender.bind(toDevice: name)
        try icmp.bind(toDevice: name)
        try segments.bind(toDevice: name)
    }
}
