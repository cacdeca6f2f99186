import Glibc
public import SystemPackage

/// A socket, and the owner of its descriptor: it is closed once, by `close()` or at the end of the value's life.
///
/// Being noncopyable, a socket has one owner; using it after `close()` or `detach()` does not compile.
/// Every descriptor is opened close-on-exec.
public struct Socket: ~Copyable, Sendable {
    /// The descriptor. It stays owned by this value: never close it. Python's `socket.fileno`.
    public let fileDescriptor: FileDescriptor
    /// The protocol family that the socket was opened with.
    public let family: SocketFamily
    /// The type that the socket was opened with.
    public let type: SocketType

    /// Opens a socket. The corresponding C function is `socket`, with `SOCK_CLOEXEC`.
    /// - Throws: `EPERM`/`EACCES` where the type needs a capability that the process has not raised, `EAFNOSUPPORT`,
    ///   `EPROTONOSUPPORT`, `ESOCKTNOSUPPORT` where the kernel lacks it, `EMFILE`.
    public init(_ family: SocketFamily, _ type: SocketType, _ proto: SocketProtocol = .unspecified) throws(SocketError)
    {
        let descriptor = CallResult(
            socket(family.rawValue, type.rawValue | Int32(SOCK_CLOEXEC.rawValue), proto.rawValue))
        try descriptor.check(.open(family, type, proto))
        self.init(adopting: FileDescriptor(rawValue: descriptor.value), family: family, type: type)
    }

    /// Becomes the owner of an open descriptor, which must be a socket of that family and type.
    public init(adopting fileDescriptor: FileDescriptor, family: SocketFamily, type: SocketType) {
        self.fileDescriptor = fileDescriptor
        self.family = family
        self.type = type
    }

    deinit { _ = Glibc.close(fileDescriptor.rawValue) }

    /// Closes the descriptor now. The corresponding C function is `close`.
    public consuming func close() {}

    /// Gives up the ownership of the descriptor without closing it. Python's `socket.detach`.
    public consuming func detach() -> FileDescriptor {
        let descriptor = fileDescriptor
        discard self
        return descriptor
    }

    /// Gives the socket a local address. The corresponding C function is `bind`.
    /// - Throws: `EADDRNOTAVAIL` for an address that this host does not have, `EADDRINUSE`, and `EINVAL` for a link-local
    ///   address without a scope.
    public func bind(to address: SocketAddress) throws(SocketError) {
        try address.withSockaddr { CallResult(Glibc.bind(fileDescriptor.rawValue, $0, $1)) }.check(.bind, address)
    }

    /// Sets the peer of a datagram or raw socket: a route is looked up, and nothing is sent.
    /// The corresponding C function is `connect`.
    /// - Throws: `ENETUNREACH` or `EHOSTUNREACH` where there is no route, `EACCES` for a broadcast address without
    ///   `SO_BROADCAST`.
    public func connect(to address: SocketAddress) throws(SocketError) {
        while true {
            let result = address.withSockaddr { CallResult(Glibc.connect(fileDescriptor.rawValue, $0, $1)) }
            guard result.value < 0, result.errno == .interrupted else { return try result.check(.connect, address) }
        }
    }

    /// The local address. The corresponding C function is `getsockname`.
    /// - Throws: `EAFNOSUPPORT` for an address of a family that `SocketAddress` has no case for.
    public func localAddress() throws(SocketError) -> SocketAddress {
        let (result, address) = SocketAddress.filled { CallResult(getsockname(fileDescriptor.rawValue, $0, $1)) }
        try result.check(.localAddress)
        guard let address else { throw .failed(.localAddress, nil, .addressFamilyNotSupported) }
        return address
    }

    /// The peer's address. The corresponding C function is `getpeername`.
    /// - Throws: `ENOTCONN` where there is no peer, `EAFNOSUPPORT` as for `localAddress()`.
    public func peerAddress() throws(SocketError) -> SocketAddress {
        let (result, address) = SocketAddress.filled { CallResult(getpeername(fileDescriptor.rawValue, $0, $1)) }
        try result.check(.peerAddress)
        guard let address else { throw .failed(.peerAddress, nil, .addressFamilyNotSupported) }
        return address
    }
}
