import Addresses
public import Probing
public import Sockets
import SystemPackage

/// The kinds of sockets that need no privilege. Most are opened as they are needed, when all privileges are given away.
extension TraceSockets {
    /// Makes sockets and probes fit each other: sockets whose kernel makes the headers are set to what the format asks
    /// for, and the format learns the port, or the identifier, that the kernel has chosen. Each format needs it before
    /// its first probe; of several, all ask for the same but for source and destination.
    /// - Throws: what the kernel refuses, such as a port that another program has, and source routes.
    public mutating func adapt(_ format: inout TraceProbeFormat) throws(SocketError) {
        guard kind != .raw else { return }
        if !format.gateways.isEmpty { throw .invalidArgument("a source route", "needs raw sockets") }
        guard kind == .datagram, let first = receivers.first else { return }
        if !first.isReady { try prepare(first, format, port: format.keepsSourcePort ? format.firstFlow : 0) }
        guard let port = try first.socket.localAddress().port else { return }
        if case .icmp = method { format.key = port } else { format.firstFlow = port }
    }

    static func datagrams(_ family: IPFamily, _ method: TraceMethod) throws(SocketError) -> Socket {
        let own: SocketProtocol =
            switch method {
            case .icmp: family == .v4 ? .icmp : .icmpv6
            default: SocketProtocol(rawValue: Int32(method.protocolNumber(in: family).rawValue))
            }
        let socket = try Socket(family == .v4 ? .ipv4 : .ipv6, .datagram, own)
        try socket.setOption(family == .v4 ? .ipv4ReceiveErrors : .ipv6ReceiveErrors, to: true)
        try socket.setOption(family == .v4 ? .ipv4ReceiveTimeToLive : .ipv6ReceiveHopLimit, to: true)
        try socket.setOption(.receiveBufferSize, to: 1 << 20)
        return socket
    }

    /// The socket of a flow: what tells flows apart is the port. Echo requests tell them apart by the checksum, which
    /// one socket can send all of.
    mutating func datagramSocket(for flow: UInt16, _ format: TraceProbeFormat) throws(SocketError) -> TraceSocket {
        let ports = format.ports(of: flow)
        let own = ports == nil || format.keepsSourcePort ? 0 : flow
        if let socket = receivers.first(where: { $0.role == .datagrams(flow: own) }) { return socket }
        let socket = TraceSocket(try Self.datagrams(family, method), .datagrams(flow: own))
        try prepareLater(socket.socket)
        try prepare(socket, format, port: ports?.source ?? 0)
        setTimestamping(socket)
        add(socket)
        return socket
    }

    /// A connection that is begun for a probe. The kernel chooses its port, but where the format keeps to one.
    mutating func connect(
        _ probe: TraceProbe, _ format: TraceProbeFormat, target: Int, to destination: SocketAddress
    ) throws(SocketError) {
        var socket = try Socket(family == .v4 ? .ipv4 : .ipv6, .stream)
        try socket.setTimeout(.zero)
        try socket.setOption(family == .v4 ? .ipv4ReceiveErrors : .ipv6ReceiveErrors, to: true)
        if format.keepsSourcePort {
            // A reset at its end leaves the port free for the next.
            try socket.setOption(.reuseAddress, to: true)
            try socket.setOption(.linger, to: .on(seconds: 0))
        }
        try prepareLater(socket)
        let connection = TraceSocket(socket, .connection(probe, target: target))
        try prepare(connection, format, port: format.keepsSourcePort ? format.firstFlow : 0)
        try connection.setHopLimit(probe.hopLimit)
        try connection.beginConnecting(to: destination)
        add(connection)
    }

    /// What the sockets of the beginning have been set to.
    private func prepareLater(_ socket: borrowing Socket) throws(SocketError) {
        if let device = settings.device { try socket.bind(toDevice: device) }
        if let mark = settings.mark { try socket.setOption(.mark, to: mark) }
        if settings.bypassesRouting { try socket.setOption(.dontRoute, to: true) }
    }

    /// Sets a socket to what the format says of headers, and binds it.
    private func prepare(_ socket: TraceSocket, _ format: TraceProbeFormat, port: UInt16) throws(SocketError) {
        let service = Int32(format.differentiatedServices.rawValue)
        try socket.socket.setOption(family == .v4 ? .ipv4TypeOfService : .ipv6TrafficClass, to: service)
        // What the kernel has learnt of the path doesn't count: it is to be found out.
        let discovery: PathMTUDiscovery = format.dontFragment ? .probe : .dont
        try socket.socket.setOption(family == .v4 ? .ipv4PathMTUDiscovery : .ipv6PathMTUDiscovery, to: discovery)
        let source = settings.source ?? SocketAddress(family == .v4 ? .v4(.any) : .v6(.any))
        try socket.socket.bind(to: source.withPort(port))
        socket.isReady = true
    }
}

extension TraceSocket {
    fileprivate func beginConnecting(to destination: SocketAddress) throws(SocketError) {
        do throws(SocketError) { try socket.connect(to: destination) } catch {
            guard error.errno == .nowInProgress || error.errno == .wouldBlock else { throw error }
        }
    }
}

extension TraceMethod {
    /// Whether there are sockets for it that anybody may open.
    var isUnprivileged: Bool {
        switch self {
        case .icmp, .udp, .udpLite: true
        case .tcp(_, let probe): probe == TCPProbe()
        case .sctp, .dccp, .ip: false
        }
    }
}
