import Glibc
import Sockets
import SystemPackage
import Testing

/// Against socat(1), whose PIPE address returns what it gets.
@Suite(.enabled(if: Machine.hasSocat, "this machine has no socat")) struct SocatTests {
    private static let text = Array("there and back".utf8)

    private static func expectEcho(_ socket: borrowing Socket) throws {
        try socket.sendAll(text)
        #expect(try socket.receive(upTo: 100, flags: socket.type == .stream ? .peek : []) == text)
    }

    @Test("socat connects by TCP and returns what it gets", arguments: Loopback.available)
    func tcpServer(loopback: Loopback) throws {
        var listener = try loopback.listener()
        try listener.setTimeout(.seconds(10))
        let peer = try Program("socat", "TCP:\(try listener.localAddress())", "PIPE")
        var connection = try listener.accept()
        try connection.socket.setTimeout(.seconds(10))
        try Self.expectEcho(connection.socket)
        try connection.socket.shutdown(.send)
        #expect(try connection.socket.receive(upTo: 100) == Self.text)
        #expect(try connection.socket.receive(upTo: 100) == nil, "socat passes the end on")
        #expect(peer.exitStatus() == 0)
    }

    @Test("socat listens by TCP", arguments: Loopback.available)
    func tcpClient(loopback: Loopback) throws {
        let address = try loopback.freeTCPAddress()
        let version = loopback == .ipv4 ? 4 : 6
        let peer = try Program("socat", "TCP\(version)-LISTEN:\(address.port ?? 0),reuseaddr", "PIPE")
        var socket = try Socket(loopback.family, .stream)
        try socket.setTimeout(.seconds(10))
        try untilItListens {
            try socket.connect(to: address)
        } renewing: {
            socket = try Socket(loopback.family, .stream)
            try socket.setTimeout(.seconds(10))
        }
        try Self.expectEcho(socket)
        try socket.shutdown(.both)
        #expect(peer.exitStatus() == 0)
    }

    @Test("socat answers by UDP", arguments: Loopback.available)
    func udp(loopback: Loopback) throws {
        var socket = try loopback.boundSocket()
        try socket.setTimeout(.seconds(10))
        let local = try socket.localAddress()
        // What socat reads from the pipe it sends on; it has nothing to send before it got something.
        let peer = try Program("socat", "UDP:\(local),bind=\(loopback.uri)", "SYSTEM:printf hello; cat")
        let first = try socket.receiveFrom(upTo: 100)
        let source = try #require(first?.source)
        #expect(first?.bytes == Array("hello".utf8))
        _ = try socket.send(Self.text, to: source)
        #expect(try socket.receiveFrom(upTo: 100) == ReceivedDatagram(bytes: Self.text, source: source))
        peer.terminate()
    }

    @Test(
        "socat listens on a Unix path, for streams and for sequenced packets",
        arguments: [SocketType.stream, .sequencedPacket])
    func unix(type: SocketType) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/s"
        let peer = try Program("socat", "UNIX-LISTEN:\(path),type=\(type.rawValue)", "PIPE")
        var socket = try Socket(.unix, type)
        try socket.setTimeout(.seconds(10))
        try untilItListens {
            try socket.connect(to: SocketAddress(path: path))
        } renewing: {
        }
        try Self.expectEcho(socket)
        try socket.shutdown(.both)
        #expect(peer.exitStatus() == 0)
    }

    @Test("socat receives datagrams on an abstract name and answers to ours")
    func abstract() throws {
        let name = "socat\(Sleep.processID)"
        var socket = try Socket(.unix, .datagram)
        try socket.bind(to: SocketAddress(abstractName: "us" + name))
        try socket.setTimeout(.seconds(10))
        let peer = try Program("socat", "ABSTRACT-SENDTO:us\(name),bind=\(name)", "SYSTEM:printf hello; cat")
        let first = try socket.receiveFrom(upTo: 100)
        #expect(first == ReceivedDatagram(bytes: Array("hello".utf8), source: try SocketAddress(abstractName: name)))
        _ = try socket.send(Self.text, to: SocketAddress(abstractName: name))
        #expect(try socket.receive(upTo: 100) == Self.text)
        peer.terminate()
    }
}

/// Tries `connect` until somebody listens, ten seconds at most.
private func untilItListens(_ connect: () throws -> Void, renewing renew: () throws -> Void) throws {
    for _ in 0..<1000 {
        do {
            return try connect()
        } catch let error as SocketError
            where error.errno == .connectionRefused || error.errno == .noSuchFileOrDirectory
        {
            Sleep.milliseconds(10)
            try renew()
        }
    }
    try connect()
}

extension Loopback {
    /// The address as socat writes it.
    var uri: String { self == .ipv4 ? "127.0.0.1" : "[::1]" }

    /// A TCP port that nobody listens to at this moment.
    func freeTCPAddress() throws(SocketError) -> SocketAddress {
        let socket = try Socket(family, .stream)
        try socket.bind(to: address())
        return try socket.localAddress()
    }
}
