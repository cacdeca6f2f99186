import Addresses
import Sockets
import SystemPackage
import TestSupport
import Testing

@testable import AsyncSockets

@Suite(.timeLimit(.minutes(1))) struct CancellationTests {
    @Test("a receive that is cancelled leaves the socket usable")
    func receive() async throws {
        let (first, second) = try Ends.pair()
        let receiving = Task { try await first.receive(upTo: 10) }
        await first.hasWaiters(1)
        receiving.cancel()
        await #expect(throws: SocketError.cancelled(.receive)) { try await receiving.value }
        try await second.sendAll([1, 2])
        #expect(try await first.receive(upTo: 10) == [1, 2])
    }

    @Test("an accept that is cancelled leaves the connection to the next")
    func accept() async throws {
        let listener = try Ends.listener()
        let accepting = Task { try await listener.accept().peer }
        await listener.hasWaiters(1)
        accepting.cancel()
        await #expect(throws: SocketError.cancelled(.accept)) { try await accepting.value }
        let client = try await Ends.client(of: try listener.localAddress().port ?? 0)
        #expect(try await listener.accept().peer == (try client.localAddress()))
    }

    @Test("a connect that is cancelled can be gone on with")
    func connect() async throws {
        let listener = try Ends.listener(backlog: 0)
        let address = try listener.localAddress()
        // As many as the backlog takes: the next has to wait until one is accepted.
        let first = AsyncSocket(try Socket(.ipv4, .stream))
        try await first.connect(to: address)
        let second = AsyncSocket(try Socket(.ipv4, .stream))
        let connecting = Task { try await second.connect(to: address) }
        await second.hasWaiters(1)
        connecting.cancel()
        await #expect(throws: SocketError.cancelled(.connect)) { try await connecting.value }
        _ = try await listener.accept()
        try await second.connect(to: address)
        #expect(try second.peerAddress() == address)
    }

    @Test("a send that is cancelled says how much had gone")
    func sendAll() async throws {
        let (first, second) = try Ends.pair()
        let sending = Task { try await first.sendAll([UInt8](repeating: 1, count: 5_000_000)) }
        await first.hasWaiters(1)
        sending.cancel()
        let error = await #expect(throws: PartialSendError.self) { try await sending.value }
        #expect(error?.cause == .cancelled(.send))
        first.close()
        #expect(try await second.receiveToEnd().count == error?.bytesSent)
    }

    @Test("a task that is cancelled already takes nothing, even if it is there")
    func cancelledBefore() async throws {
        let (first, second) = try Ends.pair()
        try await second.sendAll([1])
        let receiving = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await first.receive(upTo: 10)
        }
        await #expect(throws: SocketError.cancelled(.receive)) { try await receiving.value }
        #expect(try await first.receive(upTo: 10) == [1])
    }

    @Test("a cancellation between a call that would block and its wait is not missed")
    func beforeTheWait() async throws {
        let (first, second) = try Ends.pair()
        let receiving = Task {
            try await first.whenReadable { socket throws(SocketError) in
                withUnsafeCurrentTask { $0?.cancel() }
                return try socket.receive(upTo: 10)
            }
        }
        await #expect(throws: SocketError.cancelled(.receive)) { try await receiving.value }
        withExtendedLifetime(second) {}
    }

    @Test("one of two receivers is cancelled, and the other gets what comes")
    func oneOfTwo() async throws {
        let (first, second) = try Ends.pair()
        let one = Task { try await first.receive(upTo: 10) }
        await first.hasWaiters(1)
        let other = Task { try await first.receive(upTo: 10) }
        await first.hasWaiters(2)
        one.cancel()
        await #expect(throws: SocketError.cancelled(.receive)) { try await one.value }
        try await second.sendAll([1])
        #expect(try await other.value == [1])
    }

    @Test("in a storm of cancellations no message is lost, and none comes twice")
    func storm() async throws {
        let (first, second) = try Ends.pair(.sequencedPacket)
        let count = 20_000
        let sending = Task.detached {
            for number in 0..<count {
                try await first.sendAll(withUnsafeBytes(of: UInt32(number)) { Array($0) })
                if number % 3 == 0 { await Task.yield() }
            }
        }
        var random = SplitMix64(seed: 1)
        var received: [UInt32] = []
        var cancelled = 0
        while received.count < count {
            let receiving = Task.detached { try await second.receive(upTo: 4) }
            for _ in 0..<random.next() % 8 { await Task.yield() }
            receiving.cancel()
            do {
                let bytes = try #require(try await receiving.value)
                received.append(bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) })
            } catch {
                #expect(error as? SocketError == .cancelled(.receive))
                cancelled += 1
            }
        }
        try await sending.value
        #expect(received == (0..<UInt32(count)).map { $0 })
        #expect(cancelled > 0)
    }
}
