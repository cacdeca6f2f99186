import Addresses
import Glibc
import SystemPackage
import Testing

@testable import Sockets

/// `bind` and `connect` by host and port, connections and servers in one call.
@Suite struct HostAndPortTests {
    private static let badHosts = [
        ("127.0.0.1\0", "has a NUL in it"), (String(repeating: "a", count: 300), "has 300 bytes; 254 are the most"),
    ]

    /// Each call that takes a host and a port.
    enum Call: CaseIterable {
        case bind, connect, connectErrno, connection, server

        func run(_ host: String, _ port: Int) throws(SocketError) {
            let socket = try Socket(.ipv4, .stream)
            switch self {
            case .bind: try socket.bind(toHost: host, port: port)
            case .connect: try socket.connect(toHost: host, port: port)
            case .connectErrno: _ = try socket.connectErrno(toHost: host, port: port)
            case .connection: _ = try Socket.connection(toHost: host, port: port)
            case .server: _ = try Socket.server(host: host, port: port)
            }
        }
    }

    @Test("a port that is none names the argument", arguments: Call.allCases, [-1, 65_536, .max, .min])
    func badPort(call: Call, port: Int) {
        let error = socketError { () throws(SocketError) in try call.run("127.0.0.1", port) }
        #expect(error == .invalidArgument("port", "is \(port); it is 0 to 65535"))
    }

    @Test("a host that can be none names the argument", arguments: Call.allCases, badHosts)
    func badHost(call: Call, host: (String, String)) {
        let error = socketError { () throws(SocketError) in try call.run(host.0, 9) }
        #expect(error == .invalidArgument("host", host.1))
    }

    @Test(
        "a host that nobody knows is unresolved", .enabled(if: Machine.isIsolated, "a name server might be asked"),
        arguments: Call.allCases)
    func unresolved(call: Call) {
        let error = socketError { () throws(SocketError) in try call.run("unknown.invalid", 9) }
        guard case .unresolved(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.code == EAI_AGAIN && reason.name == "unknown.invalid")
    }

    @Test("a host means nothing to a Unix socket")
    func otherFamily() throws {
        let socket = try Socket(.unix, .stream)
        let error = socketError { () throws(SocketError) in try socket.bind(toHost: "localhost", port: 9) }
        #expect(error == .invalidArgument("host", "means nothing to AF_UNIX; give the address"))
    }

    @Test(
        "a socket is bound as Python binds one", .enabled(if: Machine.hasPython),
        arguments: ["", "localhost", "127.0.0.1", "127.1", "<broadcast>"])
    func bound(host: String) throws {
        let socket = try Socket(.ipv4, .datagram)
        try socket.bind(toHost: host, port: 0)
        let script = "s = socket.socket(type=socket.SOCK_DGRAM); s.bind((sys.argv[1], 0)); print(s.getsockname()[0])"
        let peer = try #require(PythonPeer(script, host))
        #expect(try socket.localAddress().ipAddress.map { "\($0)" } == peer.line())
    }

    @Test("the empty host is all addresses of IPv6 too", .enabled(if: Machine.hasIPv6, "this machine has no IPv6"))
    func anyIPv6() throws {
        let socket = try Socket(.ipv6, .datagram)
        try socket.bind(toHost: "", port: 0)
        #expect(try socket.localAddress().ipAddress == .v6(.any))
    }

    @Test(
        "an address of the other family, and a broadcast of IPv6, are unresolved",
        arguments: ["127.0.0.1", "<broadcast>"])
    func familyMismatch(host: String) throws {
        let socket = try Socket(.ipv6, .datagram)
        let error = socketError { () throws(SocketError) in try socket.bind(toHost: host, port: 0) }
        #expect(error == .unresolved(.noAddressOfFamily(host)))
    }

    @Test("a socket connects to a server of Python's by its name", .enabled(if: Machine.hasPython))
    func connected() throws {
        let script =
            "l = socket.create_server(('127.0.0.1', 0)); print(l.getsockname()[1], flush=True); print(l.accept()[0].recv(9))"
        let peer = try #require(PythonPeer(script))
        let port = Int(peer.number())
        let socket = try Socket(.ipv4, .stream)
        try socket.connect(toHost: "localhost", port: port)
        _ = try socket.send([65])
        #expect(peer.line() == "b'A'")
    }

    @Test("where nobody listens: ECONNREFUSED, with the address, or as a number")
    func refused() throws {
        let port = try freePort()
        let socket = try Socket(.ipv4, .stream)
        let error = socketError { () throws(SocketError) in try socket.connect(toHost: "127.0.0.1", port: port) }
        #expect(error == .failed(.connect, Loopback.ipv4.address(port: UInt16(port)), .connectionRefused))
        #expect(try socket.connectErrno(toHost: "127.0.0.1", port: port) == .connectionRefused)
    }

    @Test("a connection to a server of Python's has the time-out and the source", .enabled(if: Machine.hasPython))
    func connection() throws {
        let script =
            "l = socket.create_server(('127.0.0.1', 0)); print(l.getsockname()[1], flush=True); print(l.accept()[1][0])"
        let peer = try #require(PythonPeer(script))
        let source = SocketAddress.ipv4(IPv4Address(rawValue: 0x7F00_0002), port: 0)
        let socket = try Socket.connection(
            toHost: "127.0.0.1", port: Int(peer.number()), timeout: .seconds(5), source: source)
        #expect(socket.timeout == .seconds(5))
        #expect(peer.line() == "127.0.0.2")
    }

    @Test("where no address can be connected to, what went wrong at each is reported, in order")
    func everyFailure() throws {
        let port = UInt16(try freePort())
        let addresses = [.ipv4(IPv4Address(rawValue: 0x7F00_0002), port: port), Loopback.ipv4.address(port: port)]
        let error = socketError { () throws(SocketError) in
            _ = try Socket.connection(to: addresses, timeout: nil, source: nil)
        }
        #expect(error == .notConnected(addresses.map { .failed(.connect, $0, .connectionRefused) }))
        #expect(error?.errno == .connectionRefused)
    }

    @Test("after an address that can't be connected to comes the next")
    func nextAddress() throws {
        let server = try Socket.server(host: "127.0.0.1", port: 0)
        let address = try server.localAddress()
        let nobody = SocketAddress.ipv4(IPv4Address(rawValue: 0x7F00_0002), port: UInt16(try freePort()))
        let socket = try Socket.connection(to: [nobody, address], timeout: nil, source: nil)
        #expect(try socket.peerAddress() == address)
    }

    @Test("a host where nobody listens can't be connected to")
    func connectionRefused() throws {
        let port = try freePort()
        let error = socketError { () throws(SocketError) in
            _ = try Socket.connection(toHost: "127.0.0.1", port: port)
        }
        let address = Loopback.ipv4.address(port: UInt16(port))
        #expect(error == .notConnected([.failed(.connect, address, .connectionRefused)]))
    }

    @Test("a source of the other family can't be connected from")
    func otherSource() throws {
        let error = socketError { () throws(SocketError) in
            _ = try Socket.connection(toHost: "127.0.0.1", port: 9, source: .ipv6(.loopback, port: 0))
        }
        #expect(error?.operation == .bind)
    }

    @Test("a connection whose time-out is below zero names the argument, and leaves nothing open")
    func negativeTimeout() throws {
        let error = socketError { () throws(SocketError) in
            _ = try Socket.connection(toHost: "127.0.0.1", port: 9, timeout: .seconds(-1))
        }
        guard case .invalidArgument("timeout", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a server accepts Python's connection", .enabled(if: Machine.hasPython), arguments: Loopback.available)
    func server(loopback: Loopback) throws {
        let host = loopback == .ipv4 ? "127.0.0.1" : "::1"
        var server = try Socket.server(host: host, port: 0, family: loopback.family)
        try server.setTimeout(.seconds(10))
        let port = try #require(try server.localAddress().port)
        let peer = try #require(
            PythonPeer(
                "c = socket.create_connection((sys.argv[1], int(sys.argv[2]))); print(c.recv(9))", host, "\(port)"))
        _ = try server.accept().socket.send([66])
        #expect(peer.line() == "b'B'")
    }

    @Test(
        "a dual-stack server serves IPv4 too, any other of IPv6 does not",
        .enabled(if: Machine.hasIPv6, "this machine has no IPv6"), arguments: [true, false])
    func dualStack(isDualStack: Bool) throws {
        let server = try Socket.server(port: 0, family: .ipv6, isDualStack: isDualStack)
        let port = Int(try #require(try server.localAddress().port))
        let errno = try Socket(.ipv4, .stream).connectErrno(toHost: "127.0.0.1", port: port)
        #expect(errno == (isDualStack ? Errno(rawValue: 0) : .connectionRefused))
    }

    @Test("a dual stack of IPv4 names the argument")
    func dualStackOfIPv4() {
        let error = socketError { () throws(SocketError) in _ = try Socket.server(port: 0, isDualStack: true) }
        #expect(error == .invalidArgument("isDualStack", "is true with AF_INET; only AF_INET6 has both stacks"))
    }

    @Test("two servers share a port where both say so, and else not: EADDRINUSE")
    func sharedPort() throws {
        let first = try Socket.server(host: "127.0.0.1", port: 0, reusesPort: true)
        let port = Int(try #require(try first.localAddress().port))
        _ = try Socket.server(host: "127.0.0.1", port: port, reusesPort: true)
        let error = socketError { () throws(SocketError) in _ = try Socket.server(host: "127.0.0.1", port: port) }
        #expect(error?.errno == .addressInUse)
    }

    /// A port of TCP where nobody listens.
    private func freePort() throws -> Int {
        let socket = try Socket(.ipv4, .stream)
        try socket.bind(to: Loopback.ipv4.address())
        return Int(try #require(try socket.localAddress().port))
    }
}
