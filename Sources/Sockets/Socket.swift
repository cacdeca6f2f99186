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
        let descriptor = socket(family.rawValue, type.rawValue | Int32(SOCK_CLOEXEC.rawValue), proto.rawValue)
        guard descriptor >= 0 else { throw .failed(.open(family, type, proto), nil, .last) }
        self.init(adopting: FileDescriptor(rawValue: descriptor), family: family, type: type)
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
    public func bind(to address: SocketAddress) throws(SocketError) {
        guard address.withSockaddr({ Glibc.bind(fileDescriptor.rawValue, $0, $1) }) == 0 else {
            throw .failed(.bind, address, .last)
        }
    }

    /// Sets the peer of a datagram or raw socket: a route is looked up, and nothing is sent.
    /// The corresponding C function is `connect`.
    public func connect(to address: SocketAddress) throws(SocketError) {
        while address.withSockaddr({ Glibc.connect(fileDescriptor.rawValue, $0, $1) }) != 0 {
            let error = Errno.last
            guard error == .interrupted else { throw .failed(.connect, address, error) }
        }
    }

    /// The local address. The corresponding C function is `getsockname`.
    public func localAddress() throws(SocketError) -> SocketAddress {
        let (status, address) = SocketAddress.filled { getsockname(fileDescriptor.rawValue, $0, $1) }
        guard status == 0 else { throw .failed(.localAddress, nil, .last) }
        guard let address else { throw .failed(.localAddress, nil, .addressFamilyNotSupported) }
        return address
    }

    /// The peer's address. The corresponding C function is `getpeername`.
    public func peerAddress() throws(SocketError) -> SocketAddress {
        let (status, address) = SocketAddress.filled { getpeername(fileDescriptor.rawValue, $0, $1) }
        guard status == 0 else { throw .failed(.peerAddress, nil, .last) }
        guard let address else { throw .failed(.peerAddress, nil, .addressFamilyNotSupported) }
        return address
    }
}

extension Errno {
    /// What the last failed C call left in `errno`.
    static var last: Errno { Errno(rawValue: Glibc.errno) }
}
