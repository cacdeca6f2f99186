import Addresses
import Sockets
import SystemPackage
import Testing

@Suite struct TimeoutTests {
    private static let short = Duration.milliseconds(60)

    /// How long `body` takes.
    private static func span(_ body: () throws -> Void) rethrows -> Duration {
        try ContinuousClock().measure(body)
    }

    @Test("a socket waits for as long as it takes, until it is told otherwise")
    func property() throws {
        var socket = try Socket(.unix, .stream)
        #expect(socket.timeout == nil && socket.isBlocking)
        try socket.setTimeout(Self.short)
        #expect(socket.timeout == Self.short && socket.isBlocking)
        try socket.setTimeout(.zero)
        #expect(socket.timeout == .zero && !socket.isBlocking)
        socket.setBlocking(true)
        #expect(socket.timeout == nil && socket.isBlocking)
        socket.setBlocking(false)
        #expect(socket.timeout == .zero && !socket.isBlocking)
    }

    @Test("a time-out below zero is refused, and the old one stays")
    func negative() throws {
        var socket = try Socket(.unix, .stream)
        try socket.setTimeout(.seconds(3))
        let error = socketError { () throws(SocketError) in try socket.setTimeout(.milliseconds(-1)) }
        #expect(error?.description == "timeout is -0.001 seconds; it can't be below zero")
        #expect(socket.timeout == .seconds(3))
    }

    @Test("new sockets, pairs and accepted connections have the default time-out, whatever the listener has")
    func defaultTimeout() async {
        await #expect(processExitsWith: .success) {
            var listener = try Loopback.ipv4.listener()
            try listener.setTimeout(.zero)
            let address = try listener.localAddress()
            let first = try Socket(.ipv4, .stream)
            try first.connect(to: address)
            try listener.waitUntil(.readable)
            #expect(try listener.accept().socket.timeout == nil)

            let blocking = try Socket(.ipv4, .datagram).detach()
            try Socket.setDefaultTimeout(.seconds(5))
            #expect(Socket.defaultTimeout == .seconds(5))
            let second = try Socket(.ipv4, .stream)
            #expect(second.timeout == .seconds(5))
            try second.connect(to: address)
            try listener.waitUntil(.readable)
            #expect(try listener.accept().socket.timeout == .seconds(5))
            #expect(try Socket.pair().second.timeout == .seconds(5))
            #expect(try Socket(adopting: blocking).timeout == .seconds(5))
            let error = socketError { () throws(SocketError) in try Socket.setDefaultTimeout(.seconds(-1)) }
            #expect(error == .invalidArgument("timeout", "is -1.0 seconds; it can't be below zero"))
            #expect(Socket.defaultTimeout == .seconds(5))
        }
    }

    @Test("a descriptor that does not block is adopted with the time-out zero")
    func adoptNonblocking() throws {
        var socket = try Socket(.ipv4, .datagram)
        socket.setBlocking(false)
        #expect(try Socket(adopting: socket.detach()).timeout == .zero)
    }

    @Test("receiving waits for the time-out and no shorter, and then says so")
    func receive() throws {
        var ends = try Socket.pair()
        try ends.first.setTimeout(Self.short)
        var error: SocketError?
        let span = Self.span {
            error = socketError { () throws(SocketError) in _ = try ends.first.receive(upTo: 1) }
        }
        #expect(error == .timedOut(.receive, nil))
        #expect(span >= Self.short && span < .seconds(5))
        try ends.second.sendAll([1])
        #expect(try ends.first.receive(upTo: 1) == [1], "the socket can still be used")
    }

    @Test("accepting waits for the time-out")
    func accept() throws {
        var listener = try Loopback.ipv4.listener()
        try listener.setTimeout(Self.short)
        var error: SocketError?
        let span = Self.span { error = socketError { () throws(SocketError) in _ = try listener.accept() } }
        #expect(error == .timedOut(.accept, nil))
        #expect(span >= Self.short && span < .seconds(5))
    }

    @Test("sending everything has one time-out for the whole, and tells how much went")
    func sendAll() throws {
        let pair = try Socket.pair()
        var socket = pair.first
        try socket.setTimeout(.milliseconds(300))
        let bytes = [UInt8](repeating: 7, count: 4_000_000)
        // A reader that takes a little now and then: each send by itself would go on for ever.
        let reader = try Thread { [second = pair.second.detach()] in
            let socket = try Socket(adopting: second)
            var taken = 0
            while taken < 8, let part = try socket.receive(upTo: 20_000), !part.isEmpty {
                taken += 1
                Sleep.milliseconds(60)
            }
        }
        var error: PartialSendError?
        let span = Self.span {
            do throws(PartialSendError) { try socket.sendAll(bytes) } catch let thrown { error = thrown }
        }
        #expect(error?.cause == .timedOut(.send, nil))
        #expect(error.map { $0.bytesSent > 20_000 && $0.bytesSent < bytes.count } == true)
        #expect(span >= .milliseconds(300) && span < .seconds(5))
        try reader.join()
    }

    @Test("with the time-out zero, what can't be done at once fails with EAGAIN")
    func nonblocking() throws {
        var ends = try Socket.pair()
        ends.first.setBlocking(false)
        let error = socketError { () throws(SocketError) in _ = try ends.first.receive(upTo: 1) }
        #expect(error == .failed(.receive, nil, .wouldBlock))
        var sent = 0
        let full = socketError { () throws(SocketError) in
            while sent < 100_000_000 { sent += try ends.first.send([UInt8](repeating: 0, count: 100_000)) }
        }
        #expect(full == .failed(.send, nil, .wouldBlock))
        #expect(sent > 0, "as much as there was room for went")
        var listener = try Loopback.ipv4.listener()
        listener.setBlocking(false)
        let none = socketError { () throws(SocketError) in _ = try listener.accept() }
        #expect(none == .failed(.accept, nil, .wouldBlock))
    }

    @Test("MSG_DONTWAIT does not wait on a socket that has a time-out")
    func dontWait() throws {
        var ends = try Socket.pair()
        try ends.first.setTimeout(.seconds(60))
        let error = socketError { () throws(SocketError) in _ = try ends.first.receive(upTo: 1, flags: .dontWait) }
        #expect(error == .failed(.receive, nil, .wouldBlock))
    }

    @Test("waiting for all of it, the time-out gives what came")
    func waitAll() throws {
        var ends = try Socket.pair()
        try ends.first.setTimeout(Self.short)
        try ends.second.sendAll([1, 2])
        #expect(try ends.first.receive(upTo: 5, flags: .waitAll) == [1, 2])
        let error = socketError { () throws(SocketError) in _ = try ends.first.receive(upTo: 5, flags: .waitAll) }
        #expect(error == .timedOut(.receive, nil))
    }

    @Test("an error queue that nobody reads does not make a wait shorter")
    func unreadErrorQueue() throws {
        var socket = try Socket(.ipv4, .datagram)
        try socket.setOption(.ipv4ReceiveErrors, to: true)
        try socket.connect(to: Loopback.ipv4.nobody)
        _ = try socket.send([1])
        try socket.waitUntil(.error)
        _ = socket.pendingError()
        try socket.setTimeout(Self.short)
        var error: SocketError?
        let span = Self.span { error = socketError { () throws(SocketError) in _ = try socket.receive(upTo: 1) } }
        #expect(error == .timedOut(.receive, nil))
        #expect(span >= Self.short && span < .seconds(5))
    }

    @Test("a time-out of three thousand years is one without end")
    func endless() throws {
        let pair = try Socket.pair()
        var socket = pair.first
        try socket.setTimeout(.seconds(100_000_000_000))
        let sender = try Thread { [second = pair.second.detach()] in
            Sleep.milliseconds(30)
            _ = try Socket(adopting: second).send([1])
        }
        #expect(try socket.receive(upTo: 1) == [1])
        try sender.join()
    }
}
