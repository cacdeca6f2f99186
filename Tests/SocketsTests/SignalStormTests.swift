import Sockets
import SystemPackage
import Testing

/// Each blocking call, while a signal comes every millisecond: it goes on as if there were none.
@Suite struct SignalStormTests {
    @Test("accepting goes on until a connection comes", arguments: [nil, .seconds(20)] as [Duration?])
    func accept(timeout: Duration?) throws {
        var listener = try Loopback.ipv4.listener()
        try listener.setTimeout(timeout)
        let address = try listener.localAddress()
        let client = try Socket(.ipv4, .stream).detach()
        let peer = try Interruptions.during(
            { try listener.accept().peer }, afterTwenty: { Peer.connect(client, to: address) })
        #expect(try Socket(adopting: client).localAddress() == peer)
    }

    @Test("connecting goes on until the listener has room", arguments: [nil, .seconds(20)] as [Duration?])
    func connect(timeout: Duration?) throws {
        let listener = try Socket(.unix, .stream)
        try listener.bind(to: .unix(.unnamed))
        try listener.listen(backlog: 0)
        let first = try Socket(.unix, .stream)
        try first.connect(to: listener.localAddress())
        var socket = try Socket(.unix, .stream)
        try socket.setTimeout(timeout)
        let address = try listener.localAddress()
        let descriptor = listener.detach()
        try Interruptions.during({ try socket.connect(to: address) }, afterTwenty: { Peer.accept(descriptor) })
        #expect(try socket.peerAddress() == address)
        _ = try Socket(adopting: descriptor)
    }

    @Test("a TCP connection that takes its time is made", arguments: [nil, .seconds(20)] as [Duration?])
    func connectTCP(timeout: Duration?) throws {
        // The kernel drops what comes to a full backlog, and the client asks again a second later.
        let listener = try Loopback.ipv4.listener(backlog: 0)
        let address = try listener.localAddress()
        let first = try Socket(.ipv4, .stream)
        try first.connect(to: address)
        var socket = try Socket(.ipv4, .stream)
        try socket.setTimeout(timeout)
        let descriptor = listener.detach()
        try Interruptions.during({ try socket.connect(to: address) }, afterTwenty: { Peer.accept(descriptor) })
        #expect(try socket.peerAddress() == address)
        _ = try Socket(adopting: descriptor)
    }

    @Test("receiving goes on until something comes", arguments: [nil, .seconds(20)] as [Duration?])
    func receive(timeout: Duration?) throws {
        let pair = try Socket.pair()
        var socket = pair.first
        try socket.setTimeout(timeout)
        let other = pair.second.detach()
        let bytes = try Interruptions.during(
            { try socket.receive(upTo: 9) }, afterTwenty: { Peer.send([1, 2], other) })
        #expect(bytes == [1, 2])
        _ = try Socket(adopting: other)
    }

    @Test("waiting for all of it goes on until all is there", arguments: [nil, .seconds(20)] as [Duration?])
    func waitAll(timeout: Duration?) throws {
        let pair = try Socket.pair()
        var socket = pair.first
        try socket.setTimeout(timeout)
        try pair.second.sendAll([0])
        let other = pair.second.detach()
        let bytes = try Interruptions.during(
            { try socket.receive(upTo: 3, flags: .waitAll) }, afterTwenty: { Peer.send([1, 2], other) })
        #expect(bytes == [0, 1, 2])
        _ = try Socket(adopting: other)
    }

    @Test("receiving a message goes on until one comes", arguments: [nil, .seconds(20)] as [Duration?])
    func receiveMessage(timeout: Duration?) throws {
        let pair = try Socket.pair(.unix, .datagram)
        var socket = pair.first
        try socket.setTimeout(timeout)
        let other = pair.second.detach()
        let bytes = try Interruptions.during(
            { try socket.receiveMessage(upTo: 9)?.bytes }, afterTwenty: { Peer.send([3], other) })
        #expect(bytes == [3])
        let source = try Interruptions.during(
            { try socket.receiveFrom(upTo: 9) }, afterTwenty: { Peer.send([4], other) })
        #expect(source?.bytes == [4])
        _ = try Socket(adopting: other)
    }

    @Test(
        "sending everything goes on until everything went, and nothing goes twice",
        arguments: [nil, .seconds(20)] as [Duration?])
    func sendAll(timeout: Duration?) throws {
        let pair = try Socket.pair()
        var socket = pair.first
        try socket.setTimeout(timeout)
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        let other = pair.second
        let descriptor = try other.duplicate().detach()
        let start = Interruptions.count
        let reader = try Thread {
            let socket = try Socket(adopting: descriptor)
            var received: [UInt8] = []
            // Nobody reads before the buffers are full and twenty signals were caught.
            while Interruptions.count < start + 20 { Sleep.milliseconds(1) }
            while received.count < bytes.count, let part = try socket.receive(upTo: 100_000) { received += part }
            #expect(received == bytes)
        }
        try Interruptions.during { try socket.sendAll(bytes) }
        try reader.join()
    }

    @Test("sending messages goes on until there is room", arguments: [nil, .seconds(20)] as [Duration?])
    func sendMessages(timeout: Duration?) throws {
        let pair = try Socket.pair(.unix, .datagram)
        var socket = pair.first
        try socket.setTimeout(timeout)
        let other = pair.second.detach()
        let makeRoom: @Sendable () -> Void = { Peer.receiveAll(other) }
        func fill() { while (try? socket.send([0], flags: .dontWait)) != nil {} }
        var batch = SendBatch(capacity: 2, messageSize: 1)
        for byte: UInt8 in 1...2 { batch.append(to: nil) { $0.append(byte) } }

        fill()
        #expect(try Interruptions.during({ try socket.send([1]) }, afterTwenty: makeRoom) == 1)
        fill()
        #expect(try Interruptions.during({ try socket.sendMessage([1], with: []) }, afterTwenty: makeRoom) == 1)
        fill()
        #expect(try Interruptions.during({ try socket.send(batch) }, afterTwenty: makeRoom) >= 1)
        _ = try Socket(adopting: other)
    }

    @Test("sending a file goes on until all of it went", arguments: [nil, .seconds(20)] as [Duration?])
    func sendFile(timeout: Duration?) throws {
        let pair = try Socket.pair()
        var socket = pair.first
        try socket.setTimeout(timeout)
        let bytes = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        let file = try TemporaryFile(bytes)
        let descriptor = pair.second.detach()
        let start = Interruptions.count
        let reader = try Thread {
            let socket = try Socket(adopting: descriptor)
            var received: [UInt8] = []
            while Interruptions.count < start + 20 { Sleep.milliseconds(1) }
            while received.count < bytes.count, let part = try socket.receive(upTo: 100_000) { received += part }
            #expect(received == bytes)
        }
        #expect(try Interruptions.during { try socket.sendFile(file.descriptor) } == bytes.count)
        try reader.join()
    }

    @Test("receiving a batch goes on until something comes", arguments: [nil, .seconds(20)] as [Duration?])
    func receiveBatch(timeout: Duration?) throws {
        let pair = try Socket.pair(.unix, .datagram)
        var socket = pair.first
        try socket.setTimeout(timeout)
        let other = pair.second.detach()
        var batch = ReceiveBatch(capacity: 4, messageSize: 9)
        let count = try Interruptions.during(
            { try socket.receive(into: &batch) }, afterTwenty: { Peer.send([3], other) })
        #expect(count == 1)
        _ = try Socket(adopting: other)
    }

    @Test("a time-out is not made longer by signals")
    func timeout() throws {
        var ends = try Socket.pair()
        try ends.first.setTimeout(.milliseconds(100))
        let span = try ContinuousClock().measure {
            let error = try Interruptions.during {
                socketError { () throws(SocketError) in _ = try ends.first.receive(upTo: 1) }
            }
            #expect(error == .timedOut(.receive, nil))
        }
        #expect(span >= .milliseconds(100) && span < .seconds(5))
    }
}

/// What the other end does, on a thread of its own and with a descriptor that stays the test's.
private enum Peer {
    static func connect(_ descriptor: FileDescriptor, to address: SocketAddress) {
        with(descriptor) { socket in try socket.connect(to: address) }
    }

    static func accept(_ descriptor: FileDescriptor) {
        with(descriptor) { socket in _ = try socket.accept() }
    }

    static func send(_ bytes: [UInt8], _ descriptor: FileDescriptor) {
        with(descriptor) { socket in try socket.sendAll(bytes) }
    }

    /// Takes all that is there.
    static func receiveAll(_ descriptor: FileDescriptor) {
        with(descriptor) { socket in while (try? socket.receive(upTo: 1, flags: .dontWait)) != nil {} }
    }

    private static func with(_ descriptor: FileDescriptor, _ body: (borrowing Socket) throws -> Void) {
        do {
            let socket = try Socket(adopting: descriptor.duplicate())
            try body(socket)
        } catch {
            Issue.record(error)
        }
    }
}
