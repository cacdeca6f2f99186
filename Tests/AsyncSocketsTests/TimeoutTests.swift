import Addresses
import Sockets
import SystemPackage
import Testing

@testable import AsyncSockets

@Suite(.timeLimit(.minutes(1))) struct TimeoutTests {
    static let timeout = Duration.milliseconds(30)

    /// How long `body` took.
    private func duration(of body: () async throws -> Void) async rethrows -> Duration {
        try await ContinuousClock().measure(body)
    }

    @Test("a receive takes at least its time-out, and the socket is usable after it")
    func receive() async throws {
        let (first, second) = try Ends.pair()
        try first.setTimeout(Self.timeout)
        let duration = await duration {
            await #expect(throws: SocketError.timedOut(.receive, nil)) { try await first.receive(upTo: 1) }
        }
        #expect(duration >= Self.timeout)
        try await second.sendAll([1])
        #expect(try await first.receive(upTo: 1) == [1])
    }

    @Test("an accept that nobody comes to times out")
    func accept() async throws {
        let listener = try Ends.listener()
        try listener.setTimeout(Self.timeout)
        await #expect(throws: SocketError.timedOut(.accept, nil)) { _ = try await listener.accept() }
    }

    @Test("a connect that nobody answers times out, and says to where")
    func connect() async throws {
        let listener = try Ends.listener(backlog: 0)
        let address = try listener.localAddress()
        let first = AsyncSocket(try Socket(.ipv4, .stream))
        try await first.connect(to: address)
        let second = AsyncSocket(try Socket(.ipv4, .stream))
        try second.setTimeout(Self.timeout)
        await #expect(throws: SocketError.timedOut(.connect, address)) { try await second.connect(to: address) }
    }

    @Test("sending everything has one time-out for the whole, however often there is room")
    func sendAll() async throws {
        let (first, second) = try Ends.pair()
        try first.setTimeout(Self.timeout)
        // So much that it would take for ever at this pace.
        let sending = Task { try await first.sendAll([UInt8](repeating: 1, count: 500_000_000)) }
        let receiving = Task.detached {
            var count = 0
            while let bytes = try await second.receive(upTo: 4096) {
                count += bytes.count
                try await Task.sleep(for: .milliseconds(1))
            }
            return count
        }
        let error = await #expect(throws: PartialSendError.self) { try await sending.value }
        #expect(error?.cause == .timedOut(.send, nil))
        #expect(error?.bytesSent ?? 0 > 0)
        receiving.cancel()
        _ = await receiving.result
    }

    @Test("with the time-out zero a call that would wait fails with EAGAIN")
    func zero() async throws {
        let (first, second) = try Ends.pair()
        defer { withExtendedLifetime(second) {} }
        try first.setTimeout(.zero)
        await #expect(throws: SocketError.failed(.receive, nil, .wouldBlock)) { try await first.receive(upTo: 1) }
    }

    @Test("MSG_DONTWAIT does not wait either")
    func dontWait() async throws {
        let (first, second) = try Ends.pair()
        defer { withExtendedLifetime(second) {} }
        await #expect(throws: SocketError.failed(.receive, nil, .wouldBlock)) {
            try await first.receive(upTo: 1, flags: .dontWait)
        }
    }

    @Test("a socket keeps the time-out that it had before it was wrapped")
    func kept() throws {
        var socket = try Socket(.ipv4, .stream)
        try socket.setTimeout(.seconds(7))
        let wrapped = AsyncSocket(socket)
        #expect(wrapped.timeout == .seconds(7))
    }

    @Test("a time-out below zero is refused")
    func negative() throws {
        let (first, _) = try Ends.pair()
        #expect(throws: SocketError.invalidArgument("timeout", "is -1.0 seconds; it can't be below zero")) {
            try first.setTimeout(.seconds(-1))
        }
        #expect(first.timeout == nil)
    }

    @Test("of two calls on a socket the one with the shorter time-out ends, and the other waits on")
    func shorter() async throws {
        let (first, second) = try Ends.pair()
        try first.setTimeout(.seconds(3600))
        let long = Task { try await first.receive(upTo: 1) }
        await first.hasWaiters(1)
        try first.setTimeout(Self.timeout)
        await #expect(throws: SocketError.timedOut(.receive, nil)) { try await first.receive(upTo: 1) }
        try await second.sendAll([1])
        #expect(try await long.value == [1])
    }

    @Test("of two calls on a socket each ends at its own deadline")
    func ownDeadlines() async throws {
        let (first, second) = try Ends.pair()
        try await withThrowingDiscardingTaskGroup { group in
            for timeout in [Self.timeout, Self.timeout * 2] {
                group.addTask {
                    let deadline = Deadline(after: timeout)
                    await #expect(throws: SocketError.timedOut(.receive, nil)) {
                        try await first.perform(.receive, waitingFor: .readable, until: deadline) {
                            socket throws(SocketError) in try socket.receive(upTo: 1)
                        }
                    }
                    #expect(deadline.remaining == 0)
                }
            }
        }
        withExtendedLifetime(second) {}
    }

    @Test("of many calls each ends at its time, and calls that ended before leave nothing behind")
    func many() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for number in 1...200 {
                let (first, second) = try Ends.pair()
                group.addTask {
                    for byte in 0..<20 as Range<UInt8> {
                        try first.setTimeout(.seconds(3600) - .seconds(Int(byte)))
                        async let received = first.receive(upTo: 1)
                        await first.hasWaiters(1)
                        try await second.sendAll([byte])
                        #expect(try await received == [byte])
                    }
                    let timeout = Duration.milliseconds(number % 50)
                    try first.setTimeout(timeout + .nanoseconds(1))
                    let duration = await duration {
                        await #expect(throws: SocketError.timedOut(.receive, nil)) { try await first.receive(upTo: 1) }
                    }
                    #expect(duration >= timeout)
                }
            }
        }
        // Each of the 200 sockets has had 21.
        #expect(try Reactor.shared().alarmCount < 1000)
    }
}
