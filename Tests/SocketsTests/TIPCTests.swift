import Sockets
import Synchronization
import SystemPackage
import Testing

/// What only TIPC has: services, messages to many, and messages that arrive without a connection.
@Suite(.enabled(if: Machine.has(.tipc, .reliableDatagram), "this kernel has no TIPC"))
struct TIPCTests {
    private static let connectionless: [SocketType] = [.reliableDatagram, .datagram]
    private static let connected: [SocketType] = [.stream, .sequencedPacket]

    private static func service(_ type: UInt32, _ instance: UInt32 = 7) -> SocketAddress {
        .tipc(TIPCAddress(.service(type: type, instance: instance)))
    }

    private static func range(_ type: UInt32, _ range: ClosedRange<UInt32>) -> SocketAddress {
        .tipc(TIPCAddress(.serviceRange(type: type, range), scope: .node))
    }

    private static func socket(_ type: SocketType, boundTo address: SocketAddress) throws(SocketError) -> Socket {
        var socket = try Socket(.tipc, type)
        try socket.setTimeout(.seconds(10))
        try socket.bind(to: address)
        return socket
    }

    @Test(
        "a message to a service reaches a socket that is bound to it, and says who sent it", arguments: connectionless)
    func service(type: SocketType) throws {
        let number = ConnectionKind.freshNumber()
        let receiver = try Self.socket(type, boundTo: Self.service(number))
        let sender = try Socket(.tipc, type)
        #expect(try sender.send("hello".utf8, to: Self.service(number)) == 5)
        let message = try #require(try receiver.receiveFrom(upTo: 100))
        #expect(message.bytes == Array("hello".utf8))
        #expect(try message.source == sender.localAddress())
    }

    @Test("a message to the address of a socket reaches that socket", arguments: connectionless)
    func socketAddress(type: SocketType) throws {
        let first = try Self.socket(type, boundTo: Self.service(ConnectionKind.freshNumber()))
        let second = try Socket(.tipc, type)
        let address = try first.localAddress()
        guard case .tipc(let name) = address, case .socket = name.name else {
            Issue.record("\(address) is no socket's")
            return
        }
        #expect(try second.send([1, 2], to: address) == 2)
        #expect(try first.receive(upTo: 100) == [1, 2])
    }

    @Test("a range of instances answers for each of them, and for no other", arguments: connectionless)
    func instances(type: SocketType) throws {
        let number = ConnectionKind.freshNumber()
        let receiver = try Self.socket(type, boundTo: Self.range(number, 10...20))
        let sender = try Socket(.tipc, type)
        for instance in [10, 15, 20] as [UInt32] {
            _ = try sender.send([UInt8(instance)], to: Self.service(number, instance))
        }
        for instance in [10, 15, 20] as [UInt8] { #expect(try receiver.receive(upTo: 100) == [instance]) }
        let outside = Self.service(number, 21)
        let error = socketError { () throws(SocketError) in _ = try sender.send([21], to: outside) }
        #expect(error == .failed(.send, outside, .noRouteToHost))
    }

    @Test("a message to a range reaches every socket whose instances it meets", arguments: connectionless)
    func multicast(type: SocketType) throws {
        let number = ConnectionKind.freshNumber()
        let first = try Self.socket(type, boundTo: Self.range(number, 0...9))
        let second = try Self.socket(type, boundTo: Self.service(number, 10))
        var outside = try Self.socket(type, boundTo: Self.service(number, 30))
        try outside.setTimeout(.zero)
        let sender = try Socket(.tipc, type)
        #expect(try sender.send([1], to: Self.range(number, 5...20)) == 1)
        #expect(try first.receive(upTo: 100) == [1])
        #expect(try second.receive(upTo: 100) == [1])
        let error = socketError { () throws(SocketError) in _ = try outside.receive(upTo: 100) }
        #expect(error == .failed(.receive, nil, .resourceTemporarilyUnavailable))
    }

    @Test("one socket can be bound to several services")
    func severalServices() throws {
        let numbers = [ConnectionKind.freshNumber(), ConnectionKind.freshNumber()]
        let receiver = try Self.socket(.reliableDatagram, boundTo: Self.service(numbers[0]))
        try receiver.bind(to: Self.service(numbers[1]))
        let sender = try Socket(.tipc, .reliableDatagram)
        for (byte, number) in zip([1, 2] as [UInt8], numbers) { _ = try sender.send([byte], to: Self.service(number)) }
        #expect(try receiver.receive(upTo: 100) == [1])
        #expect(try receiver.receive(upTo: 100) == [2])
    }

    @Test(
        "python's messages come, and python gets the answers",
        .enabled(if: Machine.hasPython, "python3 is not installed"), arguments: connectionless)
    func python(type: SocketType) throws {
        let number = ConnectionKind.freshNumber()
        let receiver = try Self.socket(type, boundTo: Self.range(number, 0...9))
        let peer = try #require(
            PythonPeer(
                """
                s = socket.socket(socket.AF_TIPC, int(sys.argv[1]))
                s.sendto(b'hello', (socket.TIPC_ADDR_NAME, int(sys.argv[2]), 3, 0))
                print(s.recvfrom(100)[0], flush=True)
                """, "\(type.rawValue)", "\(number)"))
        let message = try #require(try receiver.receiveFrom(upTo: 100))
        #expect(message.bytes == Array("hello".utf8))
        _ = try receiver.send("answer".utf8, to: try #require(message.source))
        #expect(peer.line() == "b'answer'")
    }

    @Test(
        "messages go to a service of python's", .enabled(if: Machine.hasPython, "python3 is not installed"),
        arguments: connectionless)
    func toPython(type: SocketType) throws {
        let number = ConnectionKind.freshNumber()
        let peer = try #require(
            PythonPeer(
                """
                s = socket.socket(socket.AF_TIPC, int(sys.argv[1]))
                s.bind((socket.TIPC_ADDR_NAMESEQ, int(sys.argv[2]), 0, 9, socket.TIPC_NODE_SCOPE))
                print('bound', flush=True)
                for _ in range(3): print(s.recv(66000)[:5], flush=True)
                """, "\(type.rawValue)", "\(number)"))
        #expect(peer.line() == "bound")
        var sender = try Socket(.tipc, type)
        // The most that a message holds: TIPC_MAX_USER_MSG_SIZE.
        #expect(try sender.send([UInt8](repeating: 65, count: 66_000), to: Self.service(number, 9)) == 66_000)
        #expect(peer.line() == "b'AAAAA'")
        try sender.connect(to: Self.service(number, 0))
        #expect(try sender.send("named".utf8) == 5)
        #expect(peer.line() == "b'named'")
        try sender.setTimeout(.zero)
        #expect(try sender.send("again".utf8) == 5)
        #expect(peer.line() == "b'again'")
    }

    @Test("a longer message than TIPC takes: EMSGSIZE", arguments: connectionless)
    func tooLong(type: SocketType) throws {
        let number = ConnectionKind.freshNumber()
        let receiver = try Self.socket(type, boundTo: Self.service(number))
        let message = [UInt8](repeating: 0, count: 66_001)
        let address = try receiver.localAddress()
        let error = socketError { () throws(SocketError) in _ = try receiver.send(message, to: address) }
        #expect(error == .failed(.send, address, .messageTooLong))
    }

    @Test("TIPC passes over empty messages", arguments: connectionless + connected)
    func empty(type: SocketType) throws {
        let pair = try Socket.pair(.tipc, type)
        #expect(try pair.first.send([]) == 0)
        #expect(try pair.first.send([1]) == 1)
        #expect(try pair.second.receive(upTo: 100) == [1])
    }

    @Test("a pair talks both ways", arguments: connectionless + connected)
    func pair(type: SocketType) throws {
        let pair = try Socket.pair(.tipc, type)
        try pair.first.sendAll("there".utf8)
        try pair.second.sendAll("back".utf8)
        #expect(try pair.first.receive(upTo: 100) == Array("back".utf8))
        #expect(try pair.second.receive(upTo: 100) == Array("there".utf8))
        #expect(try pair.first.peerAddress() == pair.second.localAddress())
    }

    @Test("a connection can't be closed by half", arguments: connected)
    func halfClose(type: SocketType) throws {
        let pair = try Socket.pair(.tipc, type)
        let error = socketError { () throws(SocketError) in try pair.first.shutdown(.send) }
        #expect(error == .failed(.shutdown, nil, .invalidArgument))
    }

    @Test("a connection that is shut down ends for the peer", arguments: connected)
    func shutdown(type: SocketType) throws {
        let pair = try Socket.pair(.tipc, type)
        try pair.first.sendAll([1])
        try pair.first.shutdown(.both)
        #expect(try pair.second.receive(upTo: 100) == [1])
        #expect(try pair.second.receive(upTo: 100) == nil)
    }

    @Test("a peer that closes without a shutdown resets the connection", arguments: connected)
    func reset(type: SocketType) throws {
        let kind: ConnectionKind = type == .stream ? .tipcStream : .tipcSequencedPacket
        let ends = try Listener(kind).connection()
        ends.client.close()
        let server = ends.server
        let error = socketError { () throws(SocketError) in _ = try server.receive(upTo: 100) }
        #expect(error == .failed(.receive, nil, .connectionReset))
    }

    @Test("a service that nobody has: EHOSTUNREACH", arguments: connected)
    func unreachable(type: SocketType) throws {
        let socket = try Socket(.tipc, type)
        #expect(socket.connectErrno(to: Self.service(ConnectionKind.freshNumber())) == .noRouteToHost)
    }

    // A connection is there when it is accepted: until then the connect waits.
    @Test("a connect that nobody accepts waits as long as its time-out", arguments: connected)
    func connectTimeout(type: SocketType) throws {
        let listener = try Listener(type == .stream ? .tipcStream : .tipcSequencedPacket)
        let address = listener.address
        var socket = try Socket(.tipc, type)
        try socket.setTimeout(.milliseconds(20))
        let start = ContinuousClock.now
        let error = socketError { () throws(SocketError) in try socket.connect(to: address) }
        #expect(error == .timedOut(.connect, address))
        #expect(ContinuousClock.now - start >= .milliseconds(20))
    }

    @Test(
        "a connect goes on after signals until it is accepted",
        arguments: connected, [nil, .seconds(60)] as [Duration?])
    func interruptedConnect(type: SocketType, timeout: Duration?) throws {
        let listener = try Listener(type == .stream ? .tipcStream : .tipcSequencedPacket)
        let acceptor = try listener.socket.duplicate().detach()
        let accepted = Mutex<FileDescriptor?>(nil)
        var socket = try Socket(.tipc, type)
        try socket.setTimeout(timeout)
        let before = Interruptions.count
        let errno = try Interruptions.during {
            socket.connectErrno(to: listener.address)
        } afterTwenty: {
            guard let acceptor = try? Socket(adopting: acceptor) else { return }
            guard let connection = try? acceptor.accept() else { return }
            let descriptor = connection.socket.detach()
            accepted.withLock { $0 = descriptor }
        }
        try accepted.withLock { $0 }?.close()
        #expect(errno == Errno(rawValue: 0))
        #expect(Interruptions.count >= before + 20)
    }
}
