import Addresses
import Sockets
import SystemPackage
import TestSupport
import Testing

@testable import AsyncSockets

@Suite(.timeLimit(.minutes(1))) struct StreamTests {
    @Test("what is sent to an asyncio server comes back, and then the end of the stream")
    func echoFromPython() async throws {
        let peer = try #require(
            PythonPeer(
                """
                import asyncio
                async def echo(reader, writer):
                    while data := await reader.read(1000):
                        writer.write(data)
                    writer.close()
                async def main():
                    server = await asyncio.start_server(echo, '127.0.0.1', 0)
                    print(server.sockets[0].getsockname()[1], flush=True)
                    await server.serve_forever()
                asyncio.run(main())
                """))
        let socket = try await Ends.client(of: await peer.nextPort())
        let message = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        async let echo = socket.receiveToEnd()
        try await socket.sendAll(message)
        try socket.shutdown(.send)
        #expect(try await echo == message)
    }

    @Test("a server of connections serves Python clients at the same time")
    func echoToPython() async throws {
        let listener = try Ends.listener()
        let server = Task {
            try await withThrowingDiscardingTaskGroup { group in
                for try await (connection, peer) in listener.connections {
                    #expect(peer?.ipAddress == .v4(.loopback))
                    group.addTask {
                        while let bytes = try await connection.receive(upTo: 100) {
                            try await connection.sendAll(bytes)
                        }
                    }
                }
            }
        }
        let peer = try #require(
            PythonPeer(
                """
                to = ('127.0.0.1', int(sys.argv[1]))
                ends = [socket.create_connection(to) for _ in range(20)]
                for number, end in enumerate(ends): end.sendall(b'%d.' % number * 100)
                for end in ends: end.shutdown(socket.SHUT_WR)
                echoes = [b''.join(iter(lambda: end.recv(1000), b'')) for end in ends]
                print(echoes == [b'%d.' % number * 100 for number in range(20)], flush=True)
                """, "\(try listener.localAddress().port ?? 0)"))
        #expect(await peer.nextLine() == "True")
        server.cancel()
        await #expect(throws: SocketError.cancelled(.accept)) { try await server.value }
    }

    @Test("after a half-close the peer can still send")
    func halfClose() async throws {
        let (client, server) = try await Ends.connection()
        try client.shutdown(.send)
        #expect(try await server.receive(upTo: 1) == nil)
        try await server.sendAll([1, 2])
        #expect(try await client.receive(upTo: 10) == [1, 2])
    }

    @Test("shutting down the receiving direction ends a receive that waits")
    func shutdownWhileWaiting() async throws {
        let (client, server) = try await Ends.connection()
        async let bytes = client.receive(upTo: 1)
        await client.hasWaiters(1)
        try client.shutdown(.receive)
        #expect(try await bytes == nil)
        withExtendedLifetime(server) {}
    }

    @Test("sending everything waits for room again and again, and all of it arrives")
    func sendAll() async throws {
        let (first, second) = try Ends.pair()
        let message = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        async let sending: Void = first.sendAll(message[...])
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 10_000)
        while received.count < message.count, let count = try await second.receive(into: &buffer) {
            received += buffer[..<count]
        }
        try await sending
        #expect(received == message)
    }

    @Test("with MSG_WAITALL a receive waits for all of it")
    func waitAll() async throws {
        let (first, second) = try Ends.pair()
        async let bytes = first.receive(upTo: 4, flags: .waitAll)
        for byte in [1, 2, 3, 4] as [UInt8] {
            await first.hasWaiters(1)
            try await second.sendAll([byte])
        }
        #expect(try await bytes == [1, 2, 3, 4])
    }

    @Test("with MSG_WAITALL the end of the stream leaves what came before it")
    func waitAllToTheEnd() async throws {
        let (first, second) = try Ends.pair()
        try await second.sendAll([1, 2])
        second.close()
        var buffer: [UInt8] = [0, 0, 0, 0]
        #expect(try await first.receive(into: &buffer, flags: .waitAll) == 2)
        #expect(buffer == [1, 2, 0, 0])
        #expect(try await first.receive(into: &buffer, flags: .waitAll) == nil)
    }

    @Test("of two tasks that receive each gets something")
    func twoReceivers() async throws {
        let (first, second) = try Ends.pair(.sequencedPacket)
        async let one = first.receive(upTo: 10)
        async let other = first.receive(upTo: 10)
        await first.hasWaiters(2)
        try await second.sendAll([1])
        try await second.sendAll([2])
        let both = try await [one, other]
        #expect(Set(both) == [[1], [2]])
    }

    @Test("the end of the stream ends every receive that waits")
    func endForAll() async throws {
        let (first, second) = try Ends.pair()
        async let one = first.receive(upTo: 10)
        async let other = first.receive(upTo: 10)
        await first.hasWaiters(2)
        second.close()
        #expect(try await [one, other] == [nil, nil])
    }

    @Test("what arrives between a receive that would block and its wait is not missed")
    func beforeTheWait() async throws {
        let (first, second) = try Ends.pair()
        for round in 0..<2000 {
            let byte = UInt8(truncatingIfNeeded: round)
            var hasSent = false
            let bytes = try await first.whenReadable { socket throws(SocketError) in
                do throws(SocketError) {
                    return try socket.receive(upTo: 10)
                } catch {
                    if !hasSent {
                        _ = try second.withSocket { peer throws(SocketError) in try peer.send([byte]) }
                    }
                    hasSent = true
                    throw error
                }
            }
            #expect(bytes == [byte])
        }
    }

    @Test("a task can send while another waits to receive on the same socket")
    func bothDirections() async throws {
        let (first, second) = try Ends.pair()
        async let received = first.receive(upTo: 10)
        await first.hasWaiters(1)
        try await first.sendAll([1])
        #expect(try await second.receive(upTo: 10) == [1])
        try await second.sendAll([2])
        #expect(try await received == [2])
    }

    @Test("a connect that is refused says so")
    func refused() async throws {
        let address = SocketAddress(.v4(.loopback), port: 1)
        let socket = AsyncSocket(try Socket(.ipv4, .stream))
        await #expect(throws: SocketError.failed(.connect, address, .connectionRefused)) {
            try await socket.connect(to: address)
        }
    }

    @Test("a connect to a Unix listener whose backlog is full waits for its turn")
    func fullBacklog() async throws {
        let unix = try Socket(.unix, .stream)
        let address = try SocketAddress(abstractName: "netprobe full backlog")
        try unix.bind(to: address)
        try unix.listen(backlog: 0)
        let listener = AsyncSocket(unix)
        let first = AsyncSocket(try Socket(.unix, .stream))
        try await first.connect(to: address)
        let second = AsyncSocket(try Socket(.unix, .stream))
        try second.setTimeout(.milliseconds(20))
        await #expect(throws: SocketError.timedOut(.connect, address)) { try await second.connect(to: address) }
        let third = AsyncSocket(try Socket(.unix, .stream))
        async let connected: Void = third.connect(to: address)
        await third.hasTriedTwice()
        _ = try await listener.accept()
        try await connected
    }

    @Test("options are set on the socket within, which does not wait")
    func options() async throws {
        let (first, second) = try Ends.pair()
        defer { withExtendedLifetime(second) {} }
        #expect(try first.withSocket { socket throws(SocketError) in socket.timeout } == .zero)
        #expect(throws: SocketError.failed(.receive, nil, .wouldBlock)) {
            try first.withSocket { socket throws(SocketError) in _ = try socket.receive(upTo: 1) }
        }
    }

    @Test("a receive without room is refused", arguments: [0, -1])
    func noRoom(count: Int) async throws {
        let (first, _) = try Ends.pair()
        for flags in [[], .waitAll] as [MessageFlags] {
            let error = await #expect(throws: SocketError.self) { try await first.receive(upTo: count, flags: flags) }
            guard case .invalidArgument("count", _) = error else {
                Issue.record("\(error.debugDescription)")
                return
            }
        }
    }
}
