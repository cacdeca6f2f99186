/// The operation that a `SocketError` speaks of.
public enum SocketOperation: Hashable, Sendable {
    /// `socket`
    case open(SocketFamily, SocketType, SocketProtocol)
    /// `getsockopt` of what a descriptor is, before it is adopted
    case adopt
    /// `socketpair`
    case pair(SocketFamily, SocketType, SocketProtocol)
    /// `fcntl` with `F_DUPFD_CLOEXEC`
    case duplicate
    /// `bind`
    case bind
    /// `listen`
    case listen
    /// `accept4`
    case accept
    /// `connect`
    case connect
    /// `shutdown`
    case shutdown
    /// `getsockname`
    case localAddress
    /// `getpeername`
    case peerAddress
    /// `sendmsg` and its kind
    case send
    /// `sendfile`
    case sendFile
    /// `recvmsg` and its kind
    case receive
    /// `ppoll` or `epoll_wait`
    case poll
    /// a use of the socket itself, where it may have been closed by others that share it
    case borrow
    /// `setsockopt`, of an option by the name of its C constant.
    case setOption(String)
    /// `getsockopt`, of an option by the name of its C constant.
    case getOption(String)
    /// `if_nameindex`
    case listInterfaces
}

extension SocketOperation: CustomStringConvertible {
    /// The C call and what it was about.
    public var description: String {
        switch self {
        case .open(let family, let type, let proto): "socket \(family) \(type) \(proto)"
        case .adopt: "getsockopt"
        case .pair(let family, let type, let proto): "socketpair \(family) \(type) \(proto)"
        case .duplicate: "fcntl F_DUPFD_CLOEXEC"
        case .bind: "bind"
        case .listen: "listen"
        case .accept: "accept4"
        case .connect: "connect"
        case .shutdown: "shutdown"
        case .localAddress: "getsockname"
        case .peerAddress: "getpeername"
        case .send: "sendmsg"
        case .sendFile: "sendfile"
        case .receive: "recvmsg"
        case .poll: "ppoll"
        case .borrow: "socket"
        case .setOption(let name): "setsockopt \(name)"
        case .getOption(let name): "getsockopt \(name)"
        case .listInterfaces: "if_nameindex"
        }
    }
}
