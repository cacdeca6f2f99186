import Addresses
import Glibc
import Sockets
import SystemPackage
import Testing

@Suite struct ConnectTests {
    private static let success = Errno(rawValue: 0)
    /// Nobody listens there: tests use no port below 1024.
    private static let closed = SocketAddress.ipv4(.loopback, port: 1)

    @Test("a connection that is refused throws, and its twin returns the number", arguments: Loopback.available)
    func refused(loopback: Loopback) throws {
        let address = loopback.address(port: 1)
        for timeout in [nil, Duration.seconds(10)] {
            var socket = try Socket(loopback.family, .stream)
            try socket.setTimeout(timeout)
            let error = socketError { () throws(SocketError) in try socket.connect(to: address) }
            #expect(error == .failed(.connect, address, .connectionRefused))
            #expect(try Socket(loopback.family, .stream).connectErrno(to: address) == .connectionRefused)
        }
    }

    @Test("a connection that is made returns zero", arguments: [nil, .seconds(10)] as [Duration?])
    func made(timeout: Duration?) throws {
        let listener = try Loopback.ipv4.listener()
        var socket = try Socket(.ipv4, .stream)
        try socket.setTimeout(timeout)
        #expect(try socket.connectErrno(to: listener.localAddress()) == Self.success)
        #expect(try socket.peerAddress() == listener.localAddress())
    }

    @Test("without waiting, a connect is in progress, and can be waited for")
    func nonblocking() throws {
        let listener = try Loopback.ipv4.listener()
        var socket = try Socket(.ipv4, .stream)
        socket.setBlocking(false)
        #expect(try socket.connectErrno(to: listener.localAddress()) == .nowInProgress)
        try socket.waitUntil(.writable)
        #expect(socket.pendingError() == Self.success)
        #expect(try socket.peerAddress() == listener.localAddress())
    }

    @Test("a listener that does not answer: the time-out and no longer, and EAGAIN from the twin")
    func timesOut() throws {
        // A full backlog: the kernel drops what comes more.
        let listener = try Loopback.ipv4.listener(backlog: 0)
        let address = try listener.localAddress()
        var queue: [FileDescriptor] = []
        defer { for descriptor in queue { try? descriptor.close() } }
        for _ in 0..<3 {
            var socket = try Socket(.ipv4, .stream)
            socket.setBlocking(false)
            _ = socket.connectErrno(to: address)
            queue.append(socket.detach())
        }
        // Until the first is in the queue there is room.
        try listener.waitUntil(.readable)
        var socket = try Socket(.ipv4, .stream)
        try socket.setTimeout(.milliseconds(80))
        var error: SocketError?
        let span = ContinuousClock().measure {
            error = socketError { () throws(SocketError) in try socket.connect(to: address) }
        }
        #expect(error == .timedOut(.connect, address))
        #expect(span >= .milliseconds(80) && span < .seconds(5))
        var twin = try Socket(.ipv4, .stream)
        try twin.setTimeout(.milliseconds(80))
        #expect(twin.connectErrno(to: address) == .wouldBlock)
    }

    @Test("a Unix listener with a full backlog is waited for, until there is room or the time-out is over")
    func unixBacklog() throws {
        let listener = try Socket(.unix, .stream)
        try listener.bind(to: .unix(.unnamed))
        try listener.listen(backlog: 0)
        let address = try listener.localAddress()
        let first = try Socket(.unix, .stream)
        try first.connect(to: address)

        var second = try Socket(.unix, .stream)
        try second.setTimeout(.milliseconds(80))
        let span = try ContinuousClock().measure {
            let error = socketError { () throws(SocketError) in try second.connect(to: address) }
            try #require(error == .timedOut(.connect, address))
        }
        #expect(span >= .milliseconds(80) && span < .seconds(5))

        try second.setTimeout(.seconds(10))
        let accepter = try Thread { [listener = listener.detach()] in
            Sleep.milliseconds(50)
            let listener = try Socket(adopting: listener)
            _ = try listener.accept()
            _ = try listener.accept()
        }
        try second.connect(to: address)
        try accepter.join()
    }

    @Test("a datagram socket can change its peer, and forget it")
    func disconnect() throws {
        let receiver = try Loopback.ipv4.boundSocket()
        let socket = try Socket(.ipv4, .datagram)
        try socket.connect(to: Self.closed)
        try socket.connect(to: receiver.localAddress())
        #expect(try socket.peerAddress() == receiver.localAddress())
        try socket.disconnect()
        #expect(socketError { () throws(SocketError) in _ = try socket.peerAddress() }?.errno == .socketNotConnected)
    }

    @Test("no descriptor is left for a connection: EMFILE, and the listener lives on")
    func noDescriptorLeft() async {
        await #expect(processExitsWith: .success) {
            let listener = try Loopback.ipv4.listener()
            let client = try Socket(.ipv4, .stream)
            try client.connect(to: listener.localAddress())
            var taken: [FileDescriptor] = []
            var limit = rlimit(rlim_cur: 64, rlim_max: 64)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            while let next = try? listener.fileDescriptor.duplicate() { taken.append(next) }
            let error = socketError { () throws(SocketError) in _ = try listener.accept() }
            #expect(error == .failed(.accept, nil, .tooManyOpenFiles))
            #expect(error?.description == "accept4: Too many open files")
            try taken.removeLast().close()
            let connection = try listener.accept()
            #expect(connection.peer == (try client.localAddress()))
        }
    }

    @Test("what does not listen does not accept, and datagrams do not listen")
    func notListening() throws {
        let stream = try Socket(.ipv4, .stream)
        #expect(
            socketError { () throws(SocketError) in _ = try stream.accept() } == .failed(.accept, nil, .invalidArgument)
        )
        let datagram = try Socket(.ipv4, .datagram)
        let error = socketError { () throws(SocketError) in try datagram.listen() }
        #expect(error?.description == "listen: Operation not supported")
    }

    @Test("a backlog may be zero, and not less")
    func backlog() throws {
        let socket = try Socket(.ipv4, .stream)
        try socket.bind(to: Loopback.ipv4.address())
        let error = socketError { () throws(SocketError) in try socket.listen(backlog: -1) }
        #expect(error == .invalidArgument("backlog", "is -1; it is at least 0"))
        try socket.listen(backlog: 0)
        try socket.listen(backlog: .max)
    }

    @Test("a duplicate is another owner of the same connection")
    func duplicate() throws {
        let pair = try Socket.pair()
        let socket = pair.first
        let end = pair.second
        do {
            let other = try socket.duplicate()
            #expect(other.fileDescriptor != socket.fileDescriptor)
            socket.close()
            try other.sendAll([5])
            #expect(try end.receive(upTo: 1) == [5])
        }
        #expect(try end.receive(upTo: 1) == nil)
    }
}
