import Addresses
public import Sockets
import SystemPackage

// The sockets of an endpoint.
extension Endpoint {
    /// Opens a socket for one of the endpoint's addresses, with the source and interface that were asked for.
    /// - Throws: what `socket`, `SO_BINDTODEVICE` and `bind` refuse.
    func open(for address: SocketAddress) throws(SocketError) -> Socket {
        let socket = try Socket(address.family, type, transport == .sctp ? .sctp : .unspecified)
        if let interface { try socket.bind(toDevice: interface) }
        return socket
    }

    /// Opens a socket to connect to one of the endpoint's addresses.
    func client(of address: SocketAddress) throws(SocketError) -> Socket {
        let socket = try open(for: address)
        if let source {
            let scope = source.zone.flatMap { NetworkInterface.index(name: $0) } ?? address.scopeID
            try socket.bind(to: SocketAddress(source.address, scopeID: scope))
        }
        // A name of the kernel's choice, so that answers find the way.
        if transport == .unix, isConnectionless { try socket.bind(to: .unix(.unnamed)) }
        if transport == .udp {
            // Routers say what is wrong by ICMP; the kernel keeps all but "port unreachable" to itself unless asked.
            try socket.setOption(address.family == .ipv4 ? .ipv4ReceiveErrors : .ipv6ReceiveErrors, to: true)
        }
        return socket
    }

    /// Connects to the first address that lets it; of those before, `report` is told why not.
    /// - Parameter timeout: how long each may take; `nil` for as long as the kernel tries.
    /// - Throws: why the last one failed.
    public func connect(within timeout: Duration?, report: (SocketError) -> Void) throws(SocketError) -> Socket {
        var failure = SocketError.unresolved(.noAddressOfFamily("\(self)"))
        let addresses = try addresses()
        for address in addresses {
            do throws(SocketError) {
                var socket = try client(of: address)
                try socket.setTimeout(timeout)
                try socket.connect(to: address)
                return socket
            } catch {
                if addresses.count > 1 { report(error) }
                failure = error
            }
        }
        throw failure
    }

    /// Binds to the first address that this host has, and listens where there are connections.
    /// - Throws: why that can't be.
    public func listener() throws(SocketError) -> Socket {
        var failure = SocketError.unresolved(.noAddressOfFamily("\(self)"))
        for address in try addresses() {
            do throws(SocketError) {
                let socket = try open(for: address)
                if transport != .unix, transport != .tipc {
                    // A connection of before that is still on its way out keeps nobody from the port.
                    if !isConnectionless { try socket.setOption(.reuseAddress, to: true) }
                    if address.family == .ipv6 { try socket.setOption(.ipv6Only, to: isForIPv6Only) }
                }
                try socket.bind(to: address)
                if !isConnectionless { try socket.listen() }
                return socket
            } catch {
                guard error.isWithoutRoute else { throw error }
                failure = error
            }
        }
        throw failure
    }

    /// All addresses of this host are those of both families, unless one was asked for.
    private var isForIPv6Only: Bool {
        guard case .host(nil, _) = name else { return true }
        return family == .v6
    }
}

extension Socket {
    /// Ends a connection before it is closed, where a peer would take a close alone for a reset: TIPC's do.
    public func endConnection() {
        if family == .tipc { try? shutdown(.both) }
    }
}

extension SocketError {
    /// Whether this host has no way to the address, or not the address, which says nothing of others.
    var isWithoutRoute: Bool {
        switch errno {
        case .networkUnreachable?, .noRouteToHost?, .addressNotAvailable?, .addressFamilyNotSupported?: true
        default: false
        }
    }
}
