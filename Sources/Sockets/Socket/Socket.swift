import CLinux
import Glibc
import Synchronization
public import SystemPackage

/// A socket, and the owner of its descriptor: it is closed once, by `close()` or at the end of the value's life.
///
/// Being noncopyable, a socket has one owner; using it after `close()` or `detach()` does not compile.
/// Every descriptor is opened close-on-exec, and no call raises `SIGPIPE`.
public struct Socket: ~Copyable, Sendable {
    /// The descriptor. It stays owned by this value: never close it. Python's `socket.fileno`.
    public let fileDescriptor: FileDescriptor
    /// The protocol family that the socket was opened with. Python's `socket.family`.
    public let family: SocketFamily
    /// The type that the socket was opened with. Python's `socket.type`.
    public let type: SocketType
    /// How long a call waits; `nil` for as long as it takes, zero for not at all. Python's `socket.gettimeout`.
    public private(set) var timeout: Duration?

    /// Opens a socket, with the default time-out. The corresponding C function is `socket`, with `SOCK_CLOEXEC`.
    /// - Throws: `EPERM`/`EACCES` where the type needs a capability that the process has not raised, `EAFNOSUPPORT`,
    ///   `EPROTONOSUPPORT`, `ESOCKTNOSUPPORT` where the kernel lacks it, `EMFILE`.
    public init(_ family: SocketFamily, _ type: SocketType, _ proto: SocketProtocol = .unspecified) throws(SocketError)
    {
        let timeout = Self.defaultTimeout
        let flags = Self.openingFlags(timeout)
        let descriptor = CallResult(socket(family.rawValue, type.rawValue | flags, proto.rawValue))
        try descriptor.check(.open(family, type, proto))
        self.init(owning: Int32(descriptor.value), family, type, timeout)
    }

    /// Becomes the owner of an open descriptor, of whatever family and type it is. One that does not block gets the
    /// time-out zero, any other the default. Python's `socket.socket(fileno=)`.
    /// - Throws: `EBADF` for a descriptor that is not open, `ENOTSOCK` for one that is no socket; it then stays the
    ///   caller's.
    public init(adopting fileDescriptor: FileDescriptor) throws(SocketError) {
        let descriptor = fileDescriptor.rawValue
        let family = SocketFamily(rawValue: try Self.property(SO_DOMAIN, of: descriptor))
        let type = SocketType(rawValue: try Self.property(SO_TYPE, of: descriptor))
        let isBlocking = fcntl(descriptor, F_GETFL) & O_NONBLOCK == 0
        // A program that is executed does not get the socket.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let timeout = isBlocking ? Self.defaultTimeout : .zero
        self.init(owning: descriptor, family, type, timeout)
        if timeout != nil { setNonblocking(true) }
    }

    /// Becomes the owner of a descriptor that is in the mode that the time-out wants.
    init(owning descriptor: Int32, _ family: SocketFamily, _ type: SocketType, _ timeout: Duration?) {
        fileDescriptor = FileDescriptor(rawValue: descriptor)
        self.family = family
        self.type = type
        self.timeout = timeout
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

    /// Another socket for the same open file description: what one of them sends and receives, and whether it blocks,
    /// is common to both. The corresponding C call is `fcntl` with `F_DUPFD_CLOEXEC`; Python's `socket.dup`.
    public func duplicate() throws(SocketError) -> Socket {
        let descriptor = CallResult(fcntl(fileDescriptor.rawValue, F_DUPFD_CLOEXEC, 0))
        try descriptor.check(.duplicate)
        return Socket(owning: Int32(descriptor.value), family, type, timeout)
    }

    /// An option of `SOL_SOCKET` that tells what a descriptor is.
    private static func property(_ option: Int32, of descriptor: Int32) throws(SocketError) -> Int32 {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        try CallResult(getsockopt(descriptor, SOL_SOCKET, option, &value, &length)).check(.adopt)
        return value
    }
}

// MARK: - Time-outs

/// What new sockets have for a time-out.
private let sharedDefaultTimeout = Mutex<Duration?>(nil)

extension Socket {
    /// The time-out that new sockets start with, `nil` to begin with. Python's `socket.getdefaulttimeout`.
    public static var defaultTimeout: Duration? { sharedDefaultTimeout.withLock { $0 } }

    /// Sets the time-out that new sockets start with, accepted connections among them.
    /// Python's `socket.setdefaulttimeout`.
    /// - Throws: `invalidArgument` for a time-out below zero.
    public static func setDefaultTimeout(_ timeout: Duration?) throws(SocketError) {
        try checkTimeout(timeout)
        sharedDefaultTimeout.withLock { $0 = timeout }
    }

    /// Sets how long each call on this socket waits, on the monotonic clock: `nil` for as long as it takes; with zero,
    /// what can't be done at once fails with `EAGAIN` (`EINPROGRESS` for a connect). Python's `socket.settimeout`.
    /// - Throws: `invalidArgument` for a time-out below zero.
    public mutating func setTimeout(_ timeout: Duration?) throws(SocketError) {
        try Self.checkTimeout(timeout)
        self.timeout = timeout
        setNonblocking(timeout != nil)
    }

    /// Whether calls wait at all: whether the time-out is not zero. Python's `socket.getblocking`.
    public var isBlocking: Bool { timeout != .zero }

    /// Has calls wait as long as it takes, or not at all. Python's `socket.setblocking`.
    public mutating func setBlocking(_ isBlocking: Bool) {
        timeout = isBlocking ? nil : .zero
        setNonblocking(!isBlocking)
    }

    /// A call with a time-out must come back from the kernel: waiting is for `ppoll`. This fails for no open
    /// descriptor.
    private func setNonblocking(_ isNonblocking: Bool) {
        let flags = fcntl(fileDescriptor.rawValue, F_GETFL)
        _ = fcntl(fileDescriptor.rawValue, F_SETFL, isNonblocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK)
    }

    package static func checkTimeout(_ timeout: Duration?) throws(SocketError) {
        guard let timeout, timeout < .zero else { return }
        throw .invalidArgument("timeout", "is \(timeout); it can't be below zero")
    }

    /// The flags to open a socket with that has this time-out.
    static func openingFlags(_ timeout: Duration?) -> Int32 {
        Int32(SOCK_CLOEXEC.rawValue) | (timeout == nil ? 0 : Int32(SOCK_NONBLOCK.rawValue))
    }
}
