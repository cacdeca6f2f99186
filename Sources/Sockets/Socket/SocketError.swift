import Glibc
public import SystemPackage

/// What went wrong in a socket call.
public enum SocketError: Error, Hashable, Sendable {
    /// The call failed; the address is the one that it was given, if any.
    case failed(SocketOperation, SocketAddress?, Errno)
    /// The time allowed for the call ran out.
    case timedOut(SocketOperation, SocketAddress?)
    /// The task that waited was cancelled; the socket is as it was.
    case cancelled(SocketOperation)
    /// The host's name could not be resolved.
    case unresolved(NameResolutionError)
    /// None of a host's addresses could be connected to: what went wrong at each, in the order in which they were
    /// tried.
    case notConnected([SocketError])
    /// A call was not made, because an argument, by its name, can't be what it is: the second text says why.
    case invalidArgument(String, String)

    /// The operation that failed; `nil` where the kernel was not asked.
    public var operation: SocketOperation? {
        switch self {
        case .failed(let operation, _, _), .timedOut(let operation, _), .cancelled(let operation): operation
        case .notConnected(let failures): failures.first?.operation
        case .unresolved, .invalidArgument: nil
        }
    }

    /// The kernel's error number, of several the first; `nil` where the kernel gave none.
    public var errno: Errno? {
        switch self {
        case .failed(_, _, let errno): errno
        case .notConnected(let failures): failures.first?.errno
        case .timedOut, .cancelled, .unresolved, .invalidArgument: nil
        }
    }
}

extension SocketError: CustomStringConvertible {
    /// One line: the C call, the address, and the error's text.
    public var description: String {
        switch self {
        case .failed(.open(let family, let type, let proto), _, let errno) where errno.isMissingFromKernel,
            .failed(.pair(let family, let type, let proto), _, let errno) where errno.isMissingFromKernel:
            Self.missing(family, type, proto)
        case .failed(let operation, let address?, let errno): "\(operation) \(address): \(errno)"
        case .failed(let operation, nil, let errno): "\(operation): \(errno)"
        case .timedOut(let operation, let address?): "\(operation) \(address): timed out"
        case .timedOut(let operation, nil): "\(operation): timed out"
        case .cancelled(let operation): "\(operation): cancelled"
        case .unresolved(let error): "\(error.name): \(error)"
        case .notConnected(let failures): failures.map(\.description).joined(separator: "; ")
        case .invalidArgument(let name, let reason): "\(name) \(reason)"
        }
    }

    /// What to say of a kind of socket that the kernel does not know, and the module that would bring it.
    private static func missing(_ family: SocketFamily, _ type: SocketType, _ proto: SocketProtocol) -> String {
        let module: String? =
            switch (family, proto) {
            case (.tipc, _): "tipc"
            case (.vsock, _): "vsock"
            case (.packet, _): "af_packet"
            case (.ipv6, .unspecified): "ipv6"
            case (.ipv4, .sctp), (.ipv6, .sctp): "sctp"
            case (.ipv4, .dccp), (.ipv6, .dccp): "dccp"
            default: nil
            }
        let kind = proto == .unspecified ? "\(type) with \(family)" : "\(type) with \(family) and \(proto)"
        return "\(kind): not supported by this kernel" + (module.map { "; module \($0)" } ?? "")
    }
}

extension Errno {
    /// Whether `socket(2)` failed because the kernel has no such family, type or protocol. `ENODEV` is what `AF_VSOCK`
    /// says of a type that none of its transports has.
    fileprivate var isMissingFromKernel: Bool {
        switch self {
        case .addressFamilyNotSupported, .protocolNotSupported, .socketTypeNotSupported, Errno(rawValue: Glibc.ENODEV):
            true
        default: false
        }
    }
}
