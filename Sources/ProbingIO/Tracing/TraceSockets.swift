public import Addresses
public import Probing
public import Sockets

/// The sockets of a trace in one family, of whichever kind could be had.
public struct TraceSockets: ~Copyable {
    /// The kinds of sockets that can send probes.
    public enum Kind: String, Sendable {
        /// `SOCK_RAW`: whole packets of our own making; routers' answers come to a raw socket for ICMP, those of the
        /// destination to one of the method's own protocol. Needs `CAP_NET_RAW`, for the opening only.
        case raw
        /// `SOCK_DGRAM`, UDP, UDP-Lite or ICMP (see icmp(7)): whoever likes may have it; routers' answers come through
        /// its error queue.
        case datagram
        /// `SOCK_STREAM`: a connection for each probe, for whoever likes.
        case connect
    }

    /// The family of its destinations.
    public let family: IPFamily
    /// The kind that could be had.
    public let kind: Kind
    /// What probes are sent by, of the kind `raw`.
    let sender: TraceSocket?
    /// What answers come by.
    private(set) var receivers: [TraceSocket]
    /// Counts the changes of `receivers`.
    private(set) var generation = 0
    let method: TraceMethod
    private(set) var settings = Settings()

    /// What sockets are set to that are opened later.
    struct Settings {
        var device: String?
        var source: SocketAddress?
        var mark: UInt32?
        var bypassesRouting = false
        /// Whether transmit timestamps are wanted; `nil` before any are.
        var transmitTimestamps: Bool?
    }

    /// Opens sockets: raw ones where that is allowed, else the kind that the method can do without privilege, or only
    /// the kind that `only` names.
    /// - Throws: the refusal of the last kind tried.
    public init(_ family: IPFamily, for method: TraceMethod, only: Kind? = nil) throws(SocketError) {
        self.family = family
        self.method = method
        if let raw = try Self.rawSockets(family, method, only: only) {
            (kind, sender, receivers) = (.raw, raw.sender, raw.receivers)
        } else if case .tcp = method {
            (kind, sender, receivers) = (.connect, nil, [])
        } else {
            // Whether it may be had is told now; what it is bound to, by ``adapt(_:)``.
            let socket = TraceSocket(try Self.datagrams(family, method), .datagrams(flow: 0))
            (kind, sender, receivers) = (.datagram, nil, [socket])
        }
        // A kernel that no socket has asked for timestamps begins with them a moment after the first has, and until then
        // gives the time of reading for that of arrival.
        for receiver in receivers { setTimestamping(receiver) }
    }

    /// Raw sockets, or `nil` where they are not wanted, or not allowed and not needed.
    private static func rawSockets(
        _ family: IPFamily, _ method: TraceMethod, only: Kind?
    ) throws(SocketError) -> (sender: TraceSocket, receivers: [TraceSocket])? {
        guard only == nil || only == .raw else { return nil }
        do throws(SocketError) {
            let sender = TraceSocket(try sender(family), .nothing)
            let icmp = TraceSocket(try icmp(family), .icmp)
            return (sender, [icmp, TraceSocket(try segments(family, method), .segments)])
        } catch {
            let isRefused = error.errno == .notPermitted || error.errno == .permissionDenied
            guard only == nil, isRefused, method.isUnprivileged else { throw error }
            return nil
        }
    }

    private static func sender(_ family: IPFamily) throws(SocketError) -> Socket {
        let socket = try Socket(family == .v4 ? .ipv4 : .ipv6, .raw, .raw)
        try socket.setOption(family == .v4 ? .ipv4HeaderIncluded : .ipv6HeaderIncluded, to: true)
        // What the path takes is what is to be found out: what the kernel has learnt of it doesn't count.
        try socket.setOption(family == .v4 ? .ipv4PathMTUDiscovery : .ipv6PathMTUDiscovery, to: .probe)
        // It says what the first link takes, where that is less than a probe.
        try socket.setOption(family == .v4 ? .ipv4ReceiveErrors : .ipv6ReceiveErrors, to: true)
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

    /// A raw socket sees every packet of its protocol that this host gets. Only those from the port that is asked are
    /// let through.
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

    // MARK: - What all sockets have

    /// Lets answers from any port through: for flows that differ in the port that is asked.
    public func acceptAnyPort() throws(SocketError) {
        for receiver in receivers where receiver.role == .segments { try receiver.socket.detachFilter() }
    }

    /// Marks every probe for policy routing. Needs `CAP_NET_ADMIN` or, since Linux 5.17, `CAP_NET_RAW`.
    /// - Throws: `EPERM` without it, and for sockets that are opened only when it has been given away: connections.
    public mutating func setMark(_ mark: UInt32) throws(SocketError) {
        if case .connect = kind { throw .failed(.setOption("SO_MARK"), nil, .notPermitted) }
        for sender in senders { try sender.socket.setOption(.mark, to: mark) }
        settings.mark = mark
    }

    /// Sets `SO_DEBUG`. Needs `CAP_NET_ADMIN`.
    public func setDebugging() throws(SocketError) {
        for sender in senders { try sender.socket.setOption(.debug, to: true) }
    }

    /// Sends only to attached networks.
    public mutating func bypassRouting() throws(SocketError) {
        settings.bypassesRouting = true
        for sender in senders { try sender.socket.setOption(.dontRoute, to: true) }
    }

    /// Sends and receives through this interface or VRF only.
    public mutating func bind(toDevice name: String) throws(SocketError) {
        settings.device = name
        try sender?.socket.bind(toDevice: name)
        for receiver in receivers { try receiver.socket.bind(toDevice: name) }
    }

    /// Sends from this address.
    public mutating func setSource(_ source: SocketAddress) { settings.source = source }

    private var senders: [TraceSocket] { sender.map { [$0] } ?? receivers }

    // MARK: - Timestamps

    mutating func setTimestamping(transmit: Bool) {
        settings.transmitTimestamps = transmit
        let transmitting: Timestamping = [.transmitSoftware, .packetNumbers, .timestampOnly, .software]
        try? sender?.socket.setOption(.timestamping, to: transmit ? transmitting : [])
        for receiver in receivers { setTimestamping(receiver) }
    }

    /// A kernel that can't take timestamps leaves the timing to user space.
    func setTimestamping(_ receiver: TraceSocket) {
        var timestamps: Timestamping = [.receiveSoftware, .software]
        if kind == .datagram, settings.transmitTimestamps == true {
            timestamps.formUnion([.transmitSoftware, .packetNumbers, .timestampOnly])
        }
        try? receiver.socket.setOption(.timestamping, to: timestamps)
    }

    // MARK: - Receivers that come and go

    /// Sockets for flows or connections that are open at most; the oldest makes room.
    private static var mostReceivers: Int { 512 }

    mutating func add(_ socket: TraceSocket) {
        // The first datagram socket has the port from which all others count.
        if receivers.count >= Self.mostReceivers { receivers.remove(at: kind == .datagram ? 1 : 0) }
        receivers.append(socket)
        generation += 1
    }

    /// Forgets a connection, which closes it.
    mutating func remove(_ socket: TraceSocket) {
        receivers.removeAll { $0 === socket }
        generation += 1
    }
}
