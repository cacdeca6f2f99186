import Addresses
import Sockets
import SystemPackage
import Testing

/// What only SCTP has: many associations on one socket, `SOCK_SEQPACKET`, RFC 6458, section 3.
@Suite(.enabled(if: Machine.has(.ipv4, .sequencedPacket, .sctp), "this kernel has no SCTP"))
struct SCTPTests {
    private static func server(_ loopback: Loopback) throws(SocketError) -> Socket {
        var socket = try Socket(loopback.family, .sequencedPacket, .sctp)
        try socket.setTimeout(.seconds(10))
        try socket.bind(to: loopback.address())
        try socket.listen()
        return socket
    }

    @Test("one socket hears many peers, and answers each by its address", arguments: Loopback.available)
    func manyPeers(loopback: Loopback) throws {
        let server = try Self.server(loopback)
        let clients = [try Self.server(loopback).detach(), try Self.server(loopback).detach()]
        for (byte, descriptor) in zip([1, 2] as [UInt8], clients) {
            let client = try Socket(adopting: descriptor)
            _ = try client.send([byte], to: try server.localAddress())
            let message = try #require(try server.receiveFrom(upTo: 100))
            #expect(message.bytes == [byte])
            #expect(try message.source == client.localAddress())
            _ = try server.send([byte, byte], to: try #require(message.source))
            #expect(try client.receive(upTo: 100) == [byte, byte])
        }
    }

    @Test(
        "python's messages come, and python gets the answers",
        .enabled(if: Machine.hasPython, "python3 is not installed"), arguments: Loopback.available)
    func python(loopback: Loopback) throws {
        let server = try Self.server(loopback)
        let peer = try #require(
            PythonPeer(
                """
                s = socket.socket(int(sys.argv[1]), socket.SOCK_SEQPACKET, socket.IPPROTO_SCTP)
                s.sendto(b'hello', (sys.argv[2], int(sys.argv[3])))
                print(s.recvfrom(100)[0], flush=True)
                """, "\(loopback.family.rawValue)", "\(loopback.address())", "\(try server.localAddress().port ?? 0)"))
        let message = try #require(try server.receiveFrom(upTo: 100))
        #expect(message.bytes == Array("hello".utf8))
        _ = try server.send("answer".utf8, to: try #require(message.source))
        #expect(peer.line() == "b'answer'")
    }

    @Test(
        "messages go to python, and the answers come", .enabled(if: Machine.hasPython, "python3 is not installed"),
        arguments: Loopback.available)
    func toPython(loopback: Loopback) throws {
        let peer = try #require(
            PythonPeer(
                """
                s = socket.socket(int(sys.argv[1]), socket.SOCK_SEQPACKET, socket.IPPROTO_SCTP)
                s.bind((sys.argv[2], 0)); s.listen()
                print(s.getsockname()[1], flush=True)
                for _ in range(2):
                    data, source = s.recvfrom(100)
                    s.sendto(data[::-1], source)
                """, "\(loopback.family.rawValue)", "\(loopback.address())"))
        let address = loopback.address(port: peer.number())
        let socket = try Socket(loopback.family, .sequencedPacket, .sctp)
        for message in [[1, 2, 3], [4]] as [[UInt8]] {
            _ = try socket.send(message, to: address)
            let answer = try #require(try socket.receiveFrom(upTo: 100))
            #expect(answer.bytes == message.reversed())
            #expect(answer.source == address)
        }
    }

    @Test("of a message that is longer than the buffer the rest comes next", arguments: Loopback.available)
    func rest(loopback: Loopback) throws {
        let server = try Self.server(loopback)
        let client = try Socket(loopback.family, .sequencedPacket, .sctp)
        let address = try server.localAddress()
        _ = try client.send([1, 2, 3, 4, 5], to: address)
        _ = try client.send([6], to: address)
        #expect(try server.receive(upTo: 3) == [1, 2, 3])
        #expect(try server.receive(upTo: 3) == [4, 5])
        #expect(try server.receive(upTo: 3) == [6])
    }

    @Test("there are no empty messages: EINVAL", arguments: [.stream, .sequencedPacket] as [SocketType])
    func empty(type: SocketType) throws {
        let server = try Self.server(.ipv4)
        let client = try Socket(.ipv4, type, .sctp)
        let address = try server.localAddress()
        try client.connect(to: address)
        let error = socketError { () throws(SocketError) in _ = try client.send([UInt8](), to: address) }
        #expect(error == .failed(.send, address, .invalidArgument))
    }

    @Test("associations of SOCK_SEQPACKET are not accepted: EOPNOTSUPP")
    func accept() throws {
        let server = try Self.server(.ipv4)
        let error = socketError { () throws(SocketError) in _ = try server.accept() }
        #expect(error == .failed(.accept, nil, .notSupportedOnSocket))
    }

    @Test("the end of one association is not the end of the socket")
    func endOfOne() throws {
        let server = try Self.server(.ipv4)
        for byte in [1, 2] as [UInt8] {
            let client = try Socket(.ipv4, .sequencedPacket, .sctp)
            _ = try client.send([byte], to: try server.localAddress())
            client.close()
            #expect(try server.receive(upTo: 100) == [byte])
        }
    }

    @Test("an end that was shut down does not send, nor does the other: SCTP knows no half-closed state")
    func shutdown() throws {
        let ends = try Listener(.sctpIPv4).connection()
        try ends.client.sendAll([1])
        try ends.client.shutdown(.send)
        #expect(try ends.server.receive(upTo: 100) == [1])
        #expect(try ends.server.receive(upTo: 100) == nil)
        let error = socketError { () throws(SocketError) in _ = try ends.server.send([2]) }
        #expect(error == .failed(.send, nil, .brokenPipe))
    }

    @Test("a peer that aborts: ECONNRESET", arguments: [.sctpIPv4, .sctpIPv6] as [ConnectionKind])
    func reset(kind: ConnectionKind) throws {
        let ends = try Listener(kind).connection()
        try ends.client.setOption(.linger, to: .on(seconds: 0))
        ends.client.close()
        let server = ends.server
        let error = socketError { () throws(SocketError) in _ = try server.receive(upTo: 100) }
        #expect(error == .failed(.receive, nil, .connectionReset))
    }

    @Test(
        "a connect that nobody answers waits as long as its time-out",
        .enabled(if: Unanswered.canBeMade, "addresses can be added only in a network namespace"))
    func connectTimeout() throws {
        try Unanswered.during { address in
            var socket = try Socket(.ipv4, .stream, .sctp)
            try socket.setTimeout(.milliseconds(20))
            let start = ContinuousClock.now
            let error = socketError { () throws(SocketError) in try socket.connect(to: address) }
            #expect(error == .timedOut(.connect, address))
            #expect(ContinuousClock.now - start >= .milliseconds(20))
        }
    }
}
