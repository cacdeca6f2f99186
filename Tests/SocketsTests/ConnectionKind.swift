import Addresses
import Glibc
import Sockets
import Synchronization
import Testing

/// A kind of connection besides TCP and Unix sockets, for what must hold for all of them.
enum ConnectionKind: CaseIterable, Sendable, CustomTestStringConvertible {
    case tipcStream, tipcSequencedPacket, sctpIPv4, sctpIPv6, vsockStream, vsockSequencedPacket

    static let available = allCases.filter { kind in
        Machine.has(kind.family, kind.type, kind.proto)
            && (kind.family != .ipv6 || Machine.hasIPv6) && (kind.family != .vsock || Machine.hasVSOCKLoopback)
    }

    var family: SocketFamily {
        switch self {
        case .tipcStream, .tipcSequencedPacket: .tipc
        case .sctpIPv4: .ipv4
        case .sctpIPv6: .ipv6
        case .vsockStream, .vsockSequencedPacket: .vsock
        }
    }

    var type: SocketType {
        switch self {
        case .tipcStream, .sctpIPv4, .sctpIPv6, .vsockStream: .stream
        case .tipcSequencedPacket, .vsockSequencedPacket: .sequencedPacket
        }
    }

    var proto: SocketProtocol { family == .ipv4 || family == .ipv6 ? .sctp : .unspecified }

    /// Whether what is sent in one piece is received in one.
    var keepsMessagesApart: Bool { self != .tipcStream && self != .vsockStream }

    var testDescription: String { "\(family) \(type) \(proto)" }

    func socket() throws(SocketError) -> Socket { try Socket(family, type, proto) }

    /// An address of this machine by the number of its port or service.
    func address(_ number: UInt32) -> SocketAddress {
        switch family {
        case .ipv4: .ipv4(.loopback, port: UInt16(number))
        case .ipv6: .ipv6(.loopback, port: UInt16(number))
        case .vsock: .vsock(contextID: 1, port: number)
        default: .tipc(TIPCAddress(.service(type: number, instance: 7), scope: .node))
        }
    }

    /// The same in Python, of a port or service in `n`.
    private var pythonAddress: String {
        switch family {
        case .ipv4: "('127.0.0.1', n)"
        case .ipv6: "('::1', n)"
        case .vsock: "(1, n)"
        default: "(socket.TIPC_ADDR_NAME, n, 7, 0, socket.TIPC_NODE_SCOPE)"
        }
    }

    /// Python at the other end: in the script `s` is a socket of this kind, and `address` where to bind or connect it.
    func pythonPeer(_ number: UInt32, _ script: String) throws -> PythonPeer {
        let prologue = """
            n = \(number)
            s, address = socket.socket(\(family.rawValue), \(type.rawValue), \(proto.rawValue)), \(pythonAddress)

            """
        return try #require(PythonPeer(prologue + script))
    }

    /// The number of a port or service that nobody else has.
    static func freshNumber() -> UInt32 {
        // VSOCK has no namespaces: two runs of the tests at a time share its ports.
        20_000 + (UInt32(getpid()) &* 64 &+ lastNumber.add(1, ordering: .relaxed).newValue) % 10_000
    }
}

/// Numbers are given out once.
private let lastNumber = Atomic<UInt32>(0)

/// A socket that listens at an address of its own.
struct Listener: ~Copyable {
    let kind: ConnectionKind
    let number: UInt32
    var socket: Socket

    var address: SocketAddress { kind.address(number) }

    init(_ kind: ConnectionKind) throws(SocketError) {
        let number = ConnectionKind.freshNumber()
        let socket = try kind.socket()
        try socket.bind(to: kind.address(number))
        try socket.listen()
        self.kind = kind
        self.number = number
        self.socket = socket
    }

    /// Both ends of a connection to this socket.
    func connection() throws -> Connection {
        var client = try kind.socket()
        // A connection of TIPC is there only when it is accepted.
        client.setBlocking(false)
        let errno = client.connectErrno(to: address)
        guard errno.rawValue == 0 || errno == .nowInProgress else { throw SocketError.failed(.connect, address, errno) }
        let accepted = try socket.accept()
        // One of VSOCK is there when the acceptance has come back.
        try client.waitUntil(.writable)
        client.setBlocking(true)
        return Connection(client: client, server: accepted.socket)
    }

    struct Connection: ~Copyable {
        var client: Socket
        var server: Socket
    }
}
