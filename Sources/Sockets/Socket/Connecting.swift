import CLinux
import Glibc
public import SystemPackage

// Naming the two ends.
extension Socket {
    /// Gives the socket a local address. The corresponding C function is `bind`.
    /// - Throws: `EADDRNOTAVAIL` for an address that this host does not have, `EADDRINUSE`, `EINVAL` for a link-local
    ///   address without a scope, `EAFNOSUPPORT` or `EINVAL` for an address of another family.
    public func bind(to address: SocketAddress) throws(SocketError) {
        try address.withSockaddr { CallResult(Glibc.bind(fileDescriptor.rawValue, $0, $1)) }.check(.bind, address)
    }

    /// Connects to a peer, and waits as long as the time-out allows. A datagram or raw socket only remembers the peer:
    /// a route is looked up, and nothing is sent. The corresponding C function is `connect`; Python's `socket.connect`.
    /// - Throws: `ECONNREFUSED`, `ENETUNREACH` or `EHOSTUNREACH` where there is no route, `ETIMEDOUT` where the kernel
    ///   has given up, `EACCES` for a broadcast address without `SO_BROADCAST`, `EINPROGRESS` where the time-out is
    ///   zero; `timedOut`. A connection that timed out may still come: close the socket.
    public func connect(to address: SocketAddress) throws(SocketError) {
        switch connecting(to: address, until: Deadline(after: timeout)) {
        case .connected: return
        case .timedOut: throw .timedOut(.connect, address)
        case .failed(let errno): throw .failed(.connect, address, errno)
        }
    }

    /// Connects as `connect(to:)` does, and returns the error number: 0 for success, `EAGAIN` where the time-out was
    /// over. Python's `socket.connect_ex`.
    public func connectErrno(to address: SocketAddress) -> Errno {
        switch connecting(to: address, until: Deadline(after: timeout)) {
        case .connected: Errno(rawValue: 0)
        case .timedOut: .wouldBlock
        case .failed(let errno): errno
        }
    }

    /// What an attempt to connect came to.
    enum Attempt {
        case connected
        case timedOut
        case failed(Errno)
    }

    func connecting(to address: SocketAddress, until deadline: Deadline) -> Attempt {
        var wasInterrupted = false
        while true {
            let result = address.withSockaddr { CallResult(Glibc.connect(fileDescriptor.rawValue, $0, $1)) }
            guard result.value < 0 else { return .connected }
            switch result.errno {
            case .interrupted:
                // Made again, the call goes on with the connection that is under way.
                wasInterrupted = true
            case .socketIsConnected where wasInterrupted:
                return .connected
            case .nowInProgress where isBlocking, .alreadyInProcess where isBlocking:
                switch wait(for: .writable, until: deadline) {
                case .ready, .error:
                    let errno = pendingError()
                    return errno == Errno(rawValue: 0) ? .connected : .failed(errno)
                case .timedOut: return .timedOut
                case .failed(let errno): return .failed(errno)
                }
            case .wouldBlock where family == .unix && timeout != nil && isBlocking:
                // The listener's backlog is full, and there is nothing that could be waited for.
                guard deadline.remaining != 0 else { return .timedOut }
                Self.sleep(until: deadline, atMostNanoseconds: 1_000_000)
            default:
                return .failed(result.errno)
            }
        }
    }

    /// Takes the socket's pending error; 0 for none. The corresponding C option is `SO_ERROR`.
    public func pendingError() -> Errno {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let result = CallResult(getsockopt(fileDescriptor.rawValue, SOL_SOCKET, SO_ERROR, &value, &length))
        return result.value < 0 ? result.errno : Errno(rawValue: value)
    }

    /// Forgets the peer of a datagram or raw socket, and resets the connection of a stream; it can be connected anew.
    /// The corresponding C call is `connect` with `AF_UNSPEC`.
    public func disconnect() throws(SocketError) {
        var nobody = sockaddr()
        nobody.sa_family = sa_family_t(AF_UNSPEC)
        let length = socklen_t(MemoryLayout<sockaddr>.size)
        try CallResult(Glibc.connect(fileDescriptor.rawValue, &nobody, length)).check(.connect)
    }

    /// The local address. The corresponding C function is `getsockname`.
    public func localAddress() throws(SocketError) -> SocketAddress {
        let (result, address) = SocketAddress.filled { CallResult(getsockname(fileDescriptor.rawValue, $0, $1)) }
        try result.check(.localAddress)
        guard let address else { throw .failed(.localAddress, nil, .addressFamilyNotSupported) }
        return address
    }

    /// The peer's address. The corresponding C function is `getpeername`.
    /// - Throws: `ENOTCONN` where there is no peer.
    public func peerAddress() throws(SocketError) -> SocketAddress {
        let (result, address) = SocketAddress.filled { CallResult(getpeername(fileDescriptor.rawValue, $0, $1)) }
        try result.check(.peerAddress)
        guard let address else { throw .failed(.peerAddress, nil, .addressFamilyNotSupported) }
        return address
    }
}

// Connections from others, and their end.
extension Socket {
    /// A connection that was accepted.
    @frozen public struct Connection: ~Copyable, Sendable {
        /// The connection's own socket.
        public var socket: Socket
        /// Where it comes from; `nil` where the family tells nothing.
        public let peer: SocketAddress?

        init(socket: consuming Socket, peer: SocketAddress?) {
            self.socket = socket
            self.peer = peer
        }
    }

    /// Two sockets that are connected to each other.
    @frozen public struct Pair: ~Copyable, Sendable {
        /// One end.
        public var first: Socket
        /// The other end.
        public var second: Socket

        init(first: consuming Socket, second: consuming Socket) {
            self.first = first
            self.second = second
        }
    }

    /// Lets others connect. The corresponding C function is `listen`.
    /// - Parameter backlog: how many connections wait to be accepted at most, at least 0; the kernel takes no more than
    ///   `net.core.somaxconn`.
    /// - Throws: `invalidArgument` for a backlog below 0; `EOPNOTSUPP` for a type that has no connections,
    ///   `EADDRINUSE`.
    public func listen(backlog: Int = 128) throws(SocketError) {
        guard backlog >= 0 else { throw .invalidArgument("backlog", "is \(backlog); it is at least 0") }
        try CallResult(Glibc.listen(fileDescriptor.rawValue, Int32(clamping: backlog))).check(.listen)
    }

    /// Waits for a connection, as long as the time-out allows. The connection has the default time-out, whatever the
    /// listener has. The corresponding C function is `accept4`; Python's `socket.accept`.
    /// - Throws: `EINVAL` for a socket that does not listen, `EMFILE` and `ENFILE`, after which the connection still
    ///   waits to be accepted, `ECONNABORTED`; `timedOut`.
    public func accept() throws(SocketError) -> Connection {
        let timeout = Self.defaultTimeout
        var peer: SocketAddress?
        let descriptor = try perform(.accept, waitingFor: .readable) {
            let (result, address) = SocketAddress.filled {
                CallResult(accept4(fileDescriptor.rawValue, $0, $1, Self.openingFlags(timeout)))
            }
            peer = address
            return result.value
        }
        return Connection(socket: Socket(owning: Int32(descriptor), family, type, timeout), peer: peer)
    }

    /// Two sockets that are connected to each other, with the default time-out. The corresponding C function is
    /// `socketpair`.
    /// - Throws: `EOPNOTSUPP` for a family that has no pairs; `AF_UNIX` and `AF_TIPC` have.
    public static func pair(
        _ family: SocketFamily = .unix, _ type: SocketType = .stream, _ proto: SocketProtocol = .unspecified
    ) throws(SocketError) -> Pair {
        let timeout = defaultTimeout
        var ends: (Int32, Int32) = (-1, -1)
        let result = withUnsafeMutableBytes(of: &ends) {
            CallResult(
                socketpair(
                    family.rawValue, type.rawValue | openingFlags(timeout), proto.rawValue,
                    $0.assumingMemoryBound(to: Int32.self).baseAddress))
        }
        try result.check(.pair(family, type, proto))
        return Pair(
            first: Socket(owning: ends.0, family, type, timeout), second: Socket(owning: ends.1, family, type, timeout))
    }

    /// A direction of a connection.
    public enum Direction: Int32, Sendable {
        /// `SHUT_RD`
        case receive = 0
        /// `SHUT_WR`: the peer comes to the end of the stream, and can still send.
        case send = 1
        /// `SHUT_RDWR`
        case both = 2
    }

    /// Ends a direction of a connection. The corresponding C function is `shutdown`.
    /// - Throws: `ENOTCONN`.
    public func shutdown(_ direction: Direction) throws(SocketError) {
        try CallResult(Glibc.shutdown(fileDescriptor.rawValue, direction.rawValue)).check(.shutdown)
    }
}
