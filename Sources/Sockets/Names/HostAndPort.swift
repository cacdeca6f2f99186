import CLinux
public import SystemPackage

// Hosts and ports as Python's (host, port): a name or the text of an address, the empty host for the any address, and
// `<broadcast>`.
extension Socket {
    /// Gives the socket a local address by its host and port. The corresponding C functions are `getaddrinfo` and
    /// `bind`; Python's `socket.bind`.
    /// - Parameters:
    ///   - host: a name or the text of an address, of the socket's family; "" for all addresses of this host. The first
    ///     address counts that the socket can be bound to.
    ///   - port: 0 has the kernel choose one.
    /// - Throws: `invalidArgument` for a port that is not 0 to 65535, a host with a NUL or of more than 254 bytes, and
    ///   on a socket that is not `AF_INET` or `AF_INET6`; `unresolved`; and as `bind(to:)`.
    public func bind(toHost host: String, port: Int) throws(SocketError) {
        var failure: SocketError?
        for address in try Self.addresses(ofHost: host, port: port, family) {
            do throws(SocketError) { return try bind(to: address) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Connects to a host's port, and waits as long as the time-out allows for all its addresses together, which are
    /// tried in their order. The corresponding C functions are `getaddrinfo` and `connect`; Python's `socket.connect`,
    /// which takes the first address.
    /// - Throws: `invalidArgument` and `unresolved` as `bind(toHost:port:)`; for the last address as `connect(to:)`.
    public func connect(toHost host: String, port: Int) throws(SocketError) {
        let deadline = Deadline(after: timeout)
        var failure: SocketError?
        for address in try Self.addresses(ofHost: host, port: port, family) {
            switch connecting(to: address, until: deadline) {
            case .connected: return
            case .timedOut: throw .timedOut(.connect, address)
            case .failed(let errno): failure = .failed(.connect, address, errno)
            }
            // One connection is under way.
            if failure?.errno == .nowInProgress { break }
        }
        if let failure { throw failure }
    }

    /// Connects as `connect(toHost:port:)` does, and returns the error number: 0 for success, `EAGAIN` where the
    /// time-out was over. Python's `socket.connect_ex`.
    /// - Throws: `invalidArgument` and `unresolved`, for which the kernel has no number.
    public func connectErrno(toHost host: String, port: Int) throws(SocketError) -> Errno {
        do throws(SocketError) { try connect(toHost: host, port: port) } catch {
            switch error {
            case .failed(_, _, let errno): return errno
            case .timedOut: return .wouldBlock
            default: throw error
            }
        }
        return Errno(rawValue: 0)
    }

    /// The addresses of a host, at least one, with a port.
    static func addresses(
        ofHost host: String, port: Int, _ family: SocketFamily
    ) throws(SocketError) -> [SocketAddress] {
        guard family == .ipv4 || family == .ipv6 else {
            throw .invalidArgument("host", "means nothing to \(family); give the address")
        }
        let port = try checkPort(port)
        if let reason = NameResolution.reasonNoHost(host) { throw .invalidArgument("host", reason) }
        do throws(NameResolutionError) {
            return try NameResolution.addresses(ofHost: host, family).map { $0.with(port: port) }
        } catch { throw .unresolved(error) }
    }

    static func checkPort(_ port: Int) throws(SocketError) -> UInt16 {
        guard let port = UInt16(exactly: port) else { throw .invalidArgument("port", "is \(port); it is 0 to 65535") }
        return port
    }
}

extension SocketAddress {
    /// The same host's other port.
    func with(port: UInt16) -> SocketAddress {
        switch self {
        case .ipv4(let address, _): .ipv4(address, port: port)
        case .ipv6(let address, _, let scopeID, let flow):
            .ipv6(address, port: port, scopeID: scopeID, flowInformation: flow)
        default: self
        }
    }
}
