public import SystemPackage

/// What went wrong in a socket call.
public enum SocketError: Error, Hashable, Sendable {
    /// The call failed; `address` is the one that it was given, if any.
    case failed(SocketOperation, SocketAddress?, Errno)
    /// The time allowed for the call ran out.
    case timedOut(SocketOperation, SocketAddress?)

    /// The operation that failed.
    public var operation: SocketOperation {
        switch self {
        case .failed(let operation, _, _), .timedOut(let operation, _): operation
        }
    }

    /// The kernel's error number; `ETIMEDOUT` for `timedOut`.
    public var errno: Errno {
        switch self {
        case .failed(_, _, let errno): errno
        case .timedOut: .timedOut
        }
    }
}

/// The operation that a `SocketError` speaks of.
public enum SocketOperation: Hashable, Sendable {
    /// `socket`
    case open(SocketFamily, SocketType, SocketProtocol)
    /// `bind`
    case bind
    /// `connect`
    case connect
    /// `getsockname`
    case localAddress
    /// `getpeername`
    case peerAddress
    /// `sendmsg` and its kind
    case send
    /// `recvmsg` and its kind
    case receive
    /// `ppoll`
    case poll
    /// `setsockopt`, of an option by the name of its C constant.
    case setOption(String)
    /// `getsockopt`, of an option by the name of its C constant.
    case getOption(String)
}

extension SocketOperation: CustomStringConvertible {
    /// The C call and what it was about.
    public var description: String {
        switch self {
        case .open(let family, let type, let proto): "socket \(family) \(type) \(proto)"
        case .bind: "bind"
        case .connect: "connect"
        case .localAddress: "getsockname"
        case .peerAddress: "getpeername"
        case .send: "sendmsg"
        case .receive: "recvmsg"
        case .poll: "ppoll"
        case .setOption(let name): "setsockopt \(name)"
        case .getOption(let name): "getsockopt \(name)"
        }
    }
}

extension SocketError: CustomStringConvertible {
    /// One line: the C call, the address, and the error's text.
    public var description: String {
        switch self {
        case .failed(let operation, let address?, let errno): "\(operation) \(address): \(errno)"
        case .failed(let operation, nil, let errno): "\(operation): \(errno)"
        case .timedOut(let operation, let address?): "\(operation) \(address): timed out"
        case .timedOut(let operation, nil): "\(operation): timed out"
        }
    }
}
