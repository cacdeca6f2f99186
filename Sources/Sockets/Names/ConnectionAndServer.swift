// A connection or a listener in one call.
extension Socket {
    /// A stream that is connected to a host's port, by IPv6 or IPv4: each of its addresses is tried, in the order of
    /// RFC 6724. Python's `socket.create_connection`.
    /// - Parameters:
    ///   - host: a name or the text of an address.
    ///   - timeout: the time-out of the connection, and of each attempt.
    ///   - source: the local address to connect from; addresses of the other family then fail.
    /// - Throws: `invalidArgument` for a port that is not 0 to 65535, a host with a NUL or of more than 254 bytes, and
    ///   a time-out below zero; `unresolved`; `notConnected` with what went wrong at each address.
    public static func connection(
        toHost host: String, port: Int, timeout: Duration? = Socket.defaultTimeout, source: SocketAddress? = nil
    ) throws(SocketError) -> Socket {
        let port = try checkPort(port)
        if let reason = NameResolution.reasonNoHost(host) { throw .invalidArgument("host", reason) }
        let addresses: [SocketAddress]
        do throws(NameResolutionError) {
            addresses = try NameResolution.addresses(of: host).addresses
        } catch { throw .unresolved(error) }
        return try connection(to: addresses.map { $0.with(port: port) }, timeout: timeout, source: source)
    }

    /// A stream that is connected to the first of these addresses that it can be connected to.
    static func connection(
        to addresses: [SocketAddress], timeout: Duration?, source: SocketAddress?
    ) throws(SocketError) -> Socket {
        var failures: [SocketError] = []
        for address in addresses {
            do throws(SocketError) {
                var socket = try Socket(address.family, .stream)
                try socket.setTimeout(timeout)
                if let source { try socket.bind(to: source) }
                try socket.connect(to: address)
                return socket
            } catch {
                if case .invalidArgument = error { throw error }
                failures.append(error)
            }
        }
        throw .notConnected(failures)
    }

    /// A stream that listens at a host's port. The address can be taken again at once after an earlier server
    /// (`SO_REUSEADDR`), and one of IPv6 serves IPv6 only, unless told otherwise. Python's `socket.create_server`.
    /// - Parameters:
    ///   - host: a name or the text of an address; "" for all addresses of this host.
    ///   - port: 0 has the kernel choose one.
    ///   - isDualStack: whether an IPv6 server of all addresses serves IPv4 too, by mapped addresses.
    ///   - reusesPort: whether other servers of this user may share the port (`SO_REUSEPORT`).
    /// - Throws: `invalidArgument` also for a dual stack of another family than IPv6; as `bind(toHost:port:)` and
    ///   `listen(backlog:)`.
    public static func server(
        host: String = "", port: Int, family: SocketFamily = .ipv4, backlog: Int = 128, isDualStack: Bool = false,
        reusesPort: Bool = false
    ) throws(SocketError) -> Socket {
        guard !isDualStack || family == .ipv6 else {
            throw .invalidArgument("isDualStack", "is true with \(family); only AF_INET6 has both stacks")
        }
        let socket = try Socket(family, .stream)
        try socket.setOption(.reuseAddress, to: true)
        if reusesPort { try socket.setOption(.reusePort, to: true) }
        if family == .ipv6 { try socket.setOption(.ipv6Only, to: !isDualStack) }
        try socket.bind(toHost: host, port: port)
        try socket.listen(backlog: backlog)
        return socket
    }
}
