import Addresses
import Sockets
import SystemPackage
import TestSupport
import Testing

@testable import AsyncSockets

@Suite(.timeLimit(.minutes(1))) struct DatagramTests {
    @Test("datagrams from Python come one by one with their source, the empty one among them")
    func sequence() async throws {
        let socket = try Ends.datagramSocket()
        let peer = try #require(
            PythonPeer(
                """
                end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                end.bind(('127.0.0.1', 0))
                for data in [b'one', b'', b'three']: end.sendto(data, ('127.0.0.1', int(sys.argv[1])))
                print(end.getsockname()[1], flush=True)
                """, "\(try socket.localAddress().port ?? 0)"))
        let source = SocketAddress(.v4(.loopback), port: await peer.nextPort())
        var received: [ReceivedDatagram] = []
        for try await datagram in socket.datagrams(upTo: 100) {
            received.append(datagram)
            if received.count == 3 { break }
        }
        #expect(received.map(\.bytes) == [Array("one".utf8), [], Array("three".utf8)])
        #expect(received.allSatisfy { $0.source == source })
    }

    @Test("datagrams of a connection end with it")
    func endOfConnection() async throws {
        let (first, second) = try Ends.pair(.sequencedPacket)
        async let received = first.datagrams(upTo: 10).reduce(into: [[UInt8]]()) { $0.append($1.bytes) }
        try await second.sendAll([1])
        try await second.sendAll([2])
        second.close()
        #expect(try await received == [[1], [2]])
    }

    @Test("a Python server answers a datagram that was sent to its address")
    func echo() async throws {
        let peer = try #require(
            PythonPeer(
                """
                end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                end.bind(('127.0.0.1', 0))
                print(end.getsockname()[1], flush=True)
                data, source = end.recvfrom(100)
                end.sendto(data[::-1], source)
                """))
        let socket = try Ends.datagramSocket()
        let address = SocketAddress(.v4(.loopback), port: await peer.nextPort())
        #expect(try await socket.send([1, 2, 3], to: address) == 3)
        let answer = try await socket.receiveFrom(upTo: 100)
        #expect(answer?.bytes == [3, 2, 1])
        #expect(answer?.source == address)
    }

    @Test("a send to a Unix socket waits for room, though another has filled the queue")
    func fullQueue() async throws {
        let unix = try Socket(.unix, .datagram)
        let address = try SocketAddress(abstractName: "netprobe full queue")
        try unix.bind(to: address)
        let receiver = AsyncSocket(unix)
        let other = AsyncSocket(try Socket(.unix, .datagram))
        try await other.connect(to: address)
        try other.fill()
        let sender = AsyncSocket(try Socket(.unix, .datagram))
        async let sent = sender.send([1], to: address)
        await sender.hasTriedTwice()
        while let bytes = try await receiver.receive(upTo: 4096), bytes != [1] {}
        #expect(try await sent == 1)
    }

    @Test("a send to a Unix socket whose queue is full does not try without pause")
    func pauses() async throws {
        let unix = try Socket(.unix, .datagram)
        let address = try SocketAddress(abstractName: "netprobe queue that stays full")
        try unix.bind(to: address)
        let other = AsyncSocket(try Socket(.unix, .datagram))
        try await other.connect(to: address)
        try other.fill()
        let sender = AsyncSocket(try Socket(.unix, .datagram))
        try sender.setTimeout(.milliseconds(30))
        await #expect(throws: SocketError.timedOut(.send, address)) { _ = try await sender.send([1], to: address) }
        #expect(sender.state.withLock { $0.waiterCount } <= 32)
    }

    @Test("a connected Unix datagram socket is told of room in the queue of its peer")
    func connectedFullQueue() async throws {
        let unix = try Socket(.unix, .datagram)
        let address = try SocketAddress(abstractName: "netprobe peer with a full queue")
        try unix.bind(to: address)
        let receiver = AsyncSocket(unix)
        let sender = AsyncSocket(try Socket(.unix, .datagram))
        try await sender.connect(to: address)
        async let sending: Void = {
            for number in 0..<1000 { _ = try await sender.send([UInt8(truncatingIfNeeded: number)]) }
        }()
        await sender.hasWaiters(1)
        for number in 0..<1000 {
            #expect(try await receiver.receive(upTo: 10) == [UInt8(truncatingIfNeeded: number)])
        }
        try await sending
    }

    @Test("a batch is received when something has come")
    func batch() async throws {
        let (first, second) = try Ends.pair(.datagram)
        async let count = first.whenReadable { socket throws(SocketError) in
            var batch = ReceiveBatch(capacity: 4, messageSize: 10)
            return try socket.receive(into: &batch)
        }
        await first.hasWaiters(1)
        #expect(try await second.send([1]) == 1)
        #expect(try await count == 1)
    }
}
