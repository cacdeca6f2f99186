import Sockets
import SystemPackage
import Testing

/// What holds for the connections of TIPC, SCTP and VSOCK alike.
@Suite(
    .serialized,
    .enabled(if: !ConnectionKind.available.isEmpty, "this kernel has no TIPC, no SCTP, and no VSOCK within a machine"))
struct ConnectionKindTests {
    private static let hello = Array("hello".utf8)

    @Test(
        "python connects and is accepted", .enabled(if: Machine.hasPython, "python3 is not installed"),
        arguments: ConnectionKind.available)
    func accept(kind: ConnectionKind) throws {
        let listener = try Listener(kind)
        let peer = try kind.pythonPeer(
            listener.number,
            """
            s.connect(address)
            s.sendall(b'hello')
            print(s.recv(100), flush=True)
            """)
        let connection = try listener.socket.accept()
        #expect(try connection.socket.receive(upTo: 100) == Self.hello)
        #expect(try connection.socket.send("answer".utf8) == 6)
        #expect(peer.line() == "b'answer'")
        #expect(connection.peer?.family == kind.family)
    }

    @Test(
        "python accepts a connection", .enabled(if: Machine.hasPython, "python3 is not installed"),
        arguments: ConnectionKind.available, [nil, .seconds(10)] as [Duration?])
    func connect(kind: ConnectionKind, timeout: Duration?) throws {
        let number = ConnectionKind.freshNumber()
        let peer = try kind.pythonPeer(
            number,
            """
            s.bind(address); s.listen()
            print('listens', flush=True)
            c, _ = s.accept()
            c.sendall(c.recv(100)[::-1])
            print(c.recv(100), flush=True)
            """)
        #expect(peer.line() == "listens")
        var socket = try kind.socket()
        try socket.setTimeout(timeout)
        try socket.connect(to: kind.address(number))
        try socket.sendAll(Self.hello)
        #expect(try socket.receive(upTo: 100) == Self.hello.reversed())
        // Without this the end of a TIPC connection is a reset.
        try socket.shutdown(.both)
        #expect(peer.line() == "b''")
    }

    // A VSOCK socket that was not bound does not know its own context.
    @Test(
        "each end knows its address and the other's",
        arguments: ConnectionKind.available.filter { $0.family != .vsock })
    func names(kind: ConnectionKind) throws {
        let ends = try Listener(kind).connection()
        #expect(try ends.client.localAddress() == ends.server.peerAddress())
        #expect(try ends.client.peerAddress() == ends.server.localAddress())
    }

    @Test("messages are received one by one", arguments: ConnectionKind.available.filter(\.keepsMessagesApart))
    func messages(kind: ConnectionKind) throws {
        let ends = try Listener(kind).connection()
        for count in [1, 500, 3] { try ends.client.sendAll([UInt8](repeating: 1, count: count)) }
        var counts: [Int] = []
        for _ in 0..<3 { counts.append(try #require(try ends.server.receive(upTo: 1000)).count) }
        #expect(counts == [1, 500, 3])
    }

    @Test("a stream has no messages", arguments: ConnectionKind.available.filter { !$0.keepsMessagesApart })
    func stream(kind: ConnectionKind) throws {
        let ends = try Listener(kind).connection()
        for count in [1, 500, 3] { try ends.client.sendAll([UInt8](repeating: 1, count: count)) }
        #expect(try ends.server.receive(upTo: 504, flags: .waitAll)?.count == 504)
    }

    @Test("what was sent before a shutdown is received, and then the end", arguments: ConnectionKind.available)
    func end(kind: ConnectionKind) throws {
        let ends = try Listener(kind).connection()
        try ends.client.sendAll(Self.hello)
        try ends.client.shutdown(.both)
        ends.client.close()
        let server = ends.server
        #expect(try server.receive(upTo: 100) == Self.hello)
        #expect(try server.receive(upTo: 100) == nil)
    }

    // TIPC tells it once.
    @Test("the end is told every time", arguments: ConnectionKind.available.filter { $0.family != .tipc })
    func endAgain(kind: ConnectionKind) throws {
        let ends = try Listener(kind).connection()
        try ends.client.shutdown(.both)
        #expect(try ends.server.receive(upTo: 100) == nil)
        #expect(try ends.server.receive(upTo: 100) == nil)
        #expect(try ends.server.receiveFrom(upTo: 100) == nil)
    }

    @Test("sending to a peer that is gone is an error, not a signal", arguments: ConnectionKind.available)
    func sendToNobody(kind: ConnectionKind) throws {
        let ends = try Listener(kind).connection()
        try ends.client.sendAll(Self.hello)
        try ends.client.shutdown(.both)
        ends.client.close()
        let server = ends.server
        while try server.receive(upTo: 100) != nil {}
        let error = socketError { () throws(SocketError) in _ = try server.send(Self.hello) }
        #expect(error == .failed(.send, nil, .brokenPipe))
    }

    @Test(
        "nobody listens: refused, whether or not there is a time-out",
        arguments: ConnectionKind.available, [false, true])
    func refused(kind: ConnectionKind, hasTimeout: Bool) throws {
        let bound = try kind.socket()
        let address = kind.address(ConnectionKind.freshNumber())
        try bound.bind(to: address)
        var socket = try kind.socket()
        try socket.setTimeout(hasTimeout ? .seconds(10) : nil)
        // VSOCK has one word for both.
        let expected: Errno = kind.family == .vsock ? .connectionReset : .connectionRefused
        #expect(socket.connectErrno(to: address) == expected)
    }

    @Test("a receive that nothing comes for waits as long as its time-out", arguments: ConnectionKind.available)
    func receiveTimeout(kind: ConnectionKind) throws {
        var ends = try Listener(kind).connection()
        try ends.client.setTimeout(.milliseconds(20))
        let start = ContinuousClock.now
        let error = socketError { () throws(SocketError) in _ = try ends.client.receive(upTo: 1) }
        #expect(error == .timedOut(.receive, nil))
        #expect(ContinuousClock.now - start >= .milliseconds(20))
    }

    @Test("a send that there is no room for waits as long as its time-out", arguments: ConnectionKind.available)
    func sendTimeout(kind: ConnectionKind) throws {
        let ends = try Listener(kind).connection()
        let server = ends.server
        var client = ends.client
        try client.setTimeout(.milliseconds(20))
        let message = [UInt8](repeating: 1, count: 10_000)
        var start = ContinuousClock.now
        let error = socketError { () throws(SocketError) in
            while true {
                start = .now
                _ = try client.send(message)
            }
        }
        #expect(error == .timedOut(.send, nil))
        #expect(ContinuousClock.now - start >= .milliseconds(20))
        // To close first the one that is full, TIPC takes eight seconds.
        server.close()
    }

    @Test("an accept that nobody connects to waits as long as its time-out", arguments: ConnectionKind.available)
    func acceptTimeout(kind: ConnectionKind) throws {
        var listener = try Listener(kind)
        try listener.socket.setTimeout(.milliseconds(20))
        let start = ContinuousClock.now
        let error = socketError { () throws(SocketError) in _ = try listener.socket.accept() }
        #expect(error == .timedOut(.accept, nil))
        #expect(ContinuousClock.now - start >= .milliseconds(20))
    }

    @Test("a receive goes on after signals", arguments: ConnectionKind.available)
    func interruptedReceive(kind: ConnectionKind) throws {
        let ends = try Listener(kind).connection()
        let server = try ends.server.duplicate().detach()
        let before = Interruptions.count
        let bytes = try Interruptions.during {
            try ends.client.receive(upTo: 100)
        } afterTwenty: {
            guard let server = try? Socket(adopting: server) else { return }
            try? server.sendAll(Self.hello)
        }
        #expect(bytes == Self.hello)
        #expect(Interruptions.count >= before + 20)
    }

    @Test("an accept goes on after signals", arguments: ConnectionKind.available)
    func interruptedAccept(kind: ConnectionKind) throws {
        let listener = try Listener(kind)
        let address = listener.address
        let before = Interruptions.count
        let peer = try Interruptions.during {
            try listener.socket.accept().peer
        } afterTwenty: {
            guard var client = try? kind.socket() else { return }
            try? client.setTimeout(.seconds(1))
            _ = client.connectErrno(to: address)
        }
        #expect(peer?.family == kind.family)
        #expect(Interruptions.count >= before + 20)
    }
}
