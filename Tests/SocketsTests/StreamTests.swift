import Addresses
import Glibc
import Sockets
import SystemPackage
import Testing

@Suite struct StreamTests {
    static let text = Array("the quick brown fox".utf8)

    @Test(
        "python connects, and what each sends the other receives, until each has ended its side",
        .enabled(if: Machine.hasPython), arguments: Loopback.available)
    func pythonConnects(loopback: Loopback) throws {
        let listener = try loopback.listener()
        let peer = try #require(
            PythonPeer(
                """
                s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
                print(s.getsockname()[1], flush=True)
                s.sendall(b'hello')
                s.shutdown(socket.SHUT_WR)
                data = b''
                while part := s.recv(100): data += part
                print(data.decode(), flush=True)
                """, "\(loopback.address())", "\(try listener.port)"))
        var connection = try listener.accept()
        try connection.socket.setTimeout(.seconds(10))
        #expect(connection.peer == loopback.address(port: peer.number()))
        #expect(try connection.socket.receive(upTo: 5, flags: .waitAll) == Array("hello".utf8))
        #expect(try connection.socket.receive(upTo: 5) == nil, "the end of the stream")
        try connection.socket.sendAll(Self.text)
        try connection.socket.shutdown(.send)
        #expect(peer.line() == "the quick brown fox")
    }

    @Test("python accepts a connection", .enabled(if: Machine.hasPython), arguments: Loopback.available)
    func pythonAccepts(loopback: Loopback) throws {
        let peer = try #require(
            PythonPeer(
                """
                l = socket.create_server((sys.argv[2], 0), family=int(sys.argv[1]))
                print(l.getsockname()[1], flush=True)
                s, address = l.accept()
                print(address[1], flush=True)
                while part := s.recv(100): s.sendall(part.upper())
                """, "\(loopback.family.rawValue)", "\(loopback.address())"))
        var socket = try Socket(loopback.family, .stream)
        try socket.setTimeout(.seconds(10))
        let address = loopback.address(port: peer.number())
        try socket.connect(to: address)
        #expect(try socket.peerAddress() == address)
        #expect(try socket.localAddress() == loopback.address(port: peer.number()))
        try socket.sendAll(Self.text)
        #expect(try socket.receive(upTo: Self.text.count, flags: .waitAll) == Array("THE QUICK BROWN FOX".utf8))
        try socket.shutdown(.send)
        #expect(try socket.receive(upTo: 1) == nil)
    }

    @Test("ten megabytes arrive as they were sent, in pieces of any size")
    func large() throws {
        let pair = try Socket.pair()
        var socket = pair.first
        try socket.setTimeout(.seconds(10))
        let bytes = (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        let reader = try Thread { [second = pair.second.detach()] in
            var socket = try Socket(adopting: second)
            try socket.setTimeout(.seconds(10))
            var received: [UInt8] = []
            while let part = try socket.receive(upTo: 65_521) { received += part }
            #expect(received == bytes)
        }
        try socket.sendAll(bytes)
        try socket.shutdown(.send)
        try reader.join()
    }

    @Test("a peer that resets the connection: ECONNRESET, and then the end", arguments: Loopback.available)
    func reset(loopback: Loopback) throws {
        let listener = try loopback.listener()
        let socket = try Socket(loopback.family, .stream)
        try socket.connect(to: listener.localAddress())
        do {
            let connection = try listener.accept()
            // With bytes that nobody has read, closing is a reset.
            try socket.sendAll([1])
            try connection.socket.waitUntil(.readable)
        }
        #expect(socketError { () throws(SocketError) in _ = try socket.receive(upTo: 1) }?.errno == .connectionReset)
        #expect(try socket.receive(upTo: 1) == nil)
        let error = socketError { () throws(SocketError) in _ = try socket.send([1]) }
        #expect(error?.errno == .brokenPipe, "and no SIGPIPE")
    }

    @Test("half closed, a stream still goes the other way")
    func halfClose() throws {
        let ends = try Socket.pair()
        try ends.first.shutdown(.send)
        #expect(try ends.second.receive(upTo: 9) == nil)
        try ends.second.sendAll([7])
        #expect(try ends.first.receive(upTo: 9) == [7])
        #expect(socketError { () throws(SocketError) in _ = try ends.first.send([1]) }?.errno == .brokenPipe)
    }

    @Test("an urgent byte is received apart from the stream", arguments: Loopback.available)
    func outOfBand(loopback: Loopback) throws {
        let ends = try loopback.connection()
        try ends.first.sendAll([1, 2])
        _ = try ends.first.send([9], flags: .outOfBand)
        try ends.second.waitUntil(.urgent)
        #expect(try ends.second.receive(upTo: 5, flags: .outOfBand) == [9])
        #expect(try ends.second.receive(upTo: 5) == [1, 2])
    }

    @Test("what is peeked at is received again")
    func peek() throws {
        let ends = try Socket.pair()
        try ends.first.sendAll(Self.text)
        #expect(try ends.second.receive(upTo: 3, flags: .peek) == Array("the".utf8))
        #expect(try ends.second.receive(upTo: 100) == Self.text)
    }

    @Test("waiting for all of it, a short stream ends the wait, and a reset keeps what came before it")
    func waitAll() throws {
        let ends = try Socket.pair()
        try ends.first.sendAll([1, 2, 3])
        try ends.first.shutdown(.send)
        #expect(try ends.second.receive(upTo: 10, flags: .waitAll) == [1, 2, 3])

        let tcp = try Loopback.ipv4.connection()
        let lost = tcp.first
        var kept = tcp.second
        try kept.setTimeout(.seconds(10))
        // With a byte that nobody has read, closing is a reset.
        try kept.sendAll([0])
        try lost.waitUntil(.readable)
        try lost.sendAll([1, 2, 3])
        let descriptor = lost.detach()
        let closer = try Thread {
            Sleep.milliseconds(50)
            _ = try Socket(adopting: descriptor)
        }
        #expect(try kept.receive(upTo: 10, flags: .waitAll) == [1, 2, 3])
        try closer.join()
        let error = socketError { () throws(SocketError) in _ = try kept.receive(upTo: 1) }
        #expect(error?.errno == .connectionReset)
    }

    @Test("a buffer of the caller's is filled from its beginning, and a part of one too")
    func callersBuffer() throws {
        let ends = try Socket.pair()
        var buffer = [UInt8](repeating: 0xFF, count: 8)
        try ends.first.sendAll([1, 2, 3])
        #expect(try ends.second.receive(into: &buffer) == 3)
        #expect(buffer == [1, 2, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
        try ends.first.sendAll([4, 5, 6])
        do {
            var whole = buffer.mutableSpan
            var bytes = whole.mutableBytes
            var part = bytes._mutatingExtracting(6..<8)
            #expect(try ends.second.receive(into: &part) == 2)
        }
        #expect(buffer == [1, 2, 3, 0xFF, 0xFF, 0xFF, 4, 5])
        try ends.first.shutdown(.send)
        #expect(try ends.second.receive(into: &buffer) == 1)
        #expect(try ends.second.receive(into: &buffer) == nil)
    }

    @Test("bytes are sent from any collection of them")
    func collections() throws {
        let ends = try Socket.pair()
        try ends.first.sendAll("text".utf8)
        try ends.first.sendAll(Self.text[4..<9])
        try ends.first.sendAll((0..<3).lazy.map { UInt8($0) })
        try ends.first.sendAll([UInt8]())
        #expect(try ends.first.send(repeatElement(UInt8(7), count: 2)) == 2)
        #expect(try ends.second.receive(upTo: 100) == Array("textquick".utf8) + [0, 1, 2, 7, 7])
    }

    @Test("a file is sent without its own position, from an offset and up to a count")
    func file() throws {
        let ends = try Socket.pair()
        let file = try TemporaryFile(Array(0..<200))
        #expect(try ends.first.sendFile(file.descriptor) == 200)
        #expect(try ends.first.sendFile(file.descriptor, from: 190, count: 5) == 5)
        #expect(try ends.first.sendFile(file.descriptor, from: 190, count: 50) == 10)
        #expect(try ends.first.sendFile(file.descriptor, from: 500) == 0)
        #expect(
            try ends.second.receive(upTo: 215, flags: .waitAll)
                == Array(0..<200) + Array(190..<195) + Array(190..<200))
    }

    @Test("a file sent to a peer that is gone: EPIPE, and no SIGPIPE now or later")
    func fileToNobody() throws {
        let file = try TemporaryFile(Array(0..<200))
        let pair = try Socket.pair()
        let socket = pair.first
        pair.second.close()
        let error = #expect(throws: PartialSendError.self) { try socket.sendFile(file.descriptor) }
        #expect(error == PartialSendError(bytesSent: 0, cause: .failed(.sendFile, nil, .brokenPipe)))
    }
}
