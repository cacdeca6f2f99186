import Addresses
import Glibc
import Sockets
import SystemPackage
import Testing

@testable import AsyncSockets

@Suite(.timeLimit(.minutes(1))) struct CloseTests {
    @Test("a close ends the calls that wait")
    func whileWaiting() async throws {
        let (first, second) = try Ends.pair()
        try first.fill()
        let receiving = Task { try await first.receive(upTo: 1) }
        let sending = Task { try await first.send([1]) }
        await first.hasWaiters(2)
        first.close()
        await #expect(throws: SocketError.failed(.receive, nil, .badFileDescriptor)) { try await receiving.value }
        await #expect(throws: SocketError.failed(.send, nil, .badFileDescriptor)) { try await sending.value }
        withExtendedLifetime(second) {}
    }

    @Test("a call after the close says that the descriptor is not open")
    func after() async throws {
        let (first, _) = try Ends.pair()
        first.close()
        first.close()
        let address = SocketAddress(.v4(.loopback), port: 1)
        await #expect(throws: SocketError.failed(.receive, nil, .badFileDescriptor)) {
            try await first.receive(upTo: 1)
        }
        await #expect(throws: SocketError.failed(.accept, nil, .badFileDescriptor)) { _ = try await first.accept() }
        await #expect(throws: SocketError.failed(.connect, nil, .badFileDescriptor)) {
            try await first.connect(to: address)
        }
        await #expect(throws: PartialSendError(bytesSent: 0, cause: .failed(.send, nil, .badFileDescriptor))) {
            try await first.sendAll([1])
        }
        #expect(throws: SocketError.failed(.localAddress, nil, .badFileDescriptor)) { _ = try first.localAddress() }
        #expect(throws: SocketError.failed(.shutdown, nil, .badFileDescriptor)) { try first.shutdown(.both) }
        #expect(throws: SocketError.failed(.borrow, nil, .badFileDescriptor)) {
            try first.withSocket { socket throws(SocketError) in _ = socket.family }
        }
    }

    @Test("the peer sees the end of the stream as soon as nobody has the socket any more, though it was waited for")
    func endOfLife() async throws {
        func endThatNobodyKeeps() async throws -> AsyncSocket {
            let (first, second) = try Ends.pair()
            try first.setTimeout(.milliseconds(1))
            await #expect(throws: SocketError.timedOut(.receive, nil)) { try await first.receive(upTo: 1) }
            return second
        }
        let second = try await endThatNobodyKeeps()
        #expect(try await second.receive(upTo: 1) == nil)
    }

    @Test("in a storm of closes each waiting call ends once, and no descriptor is closed twice")
    func storm() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    for round in 0..<500 {
                        let (first, second) = try Ends.pair()
                        async let received = Task { try await first.receive(upTo: 1) }.result
                        async let sent: Void = second.sendAll([1])
                        if round % 2 == 0 { await Task.yield() }
                        first.close()
                        switch await received {
                        case .success(let bytes): #expect(bytes == [1])
                        case .failure(let error):
                            #expect(error as? SocketError == .failed(.receive, nil, .badFileDescriptor))
                        }
                        // The peer may be gone already.
                        _ = try? await sent
                    }
                }
            }
        }
    }

    /// What `body` throws.
    private static func error(of body: () async throws(SocketError) -> Void) async -> SocketError? {
        do throws(SocketError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test("where the process has no descriptor left an accept fails, and the listener lives on")
    func noDescriptorLeft() async {
        await #expect(processExitsWith: .success) {
            let listener = try Ends.listener()
            let client = AsyncSocket(try Socket(.ipv4, .stream))
            try await client.connect(to: try listener.localAddress())
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let before = limit
            limit.rlim_cur = 3
            // For no longer than the call takes, which does not wait: the runtime's own thread, which looks at its
            // workers once a second, ends a process that has no descriptor for it.
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let error = await Self.error(of: { () async throws(SocketError) in _ = try await listener.accept() })
            limit = before
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            #expect(error == .failed(.accept, nil, .tooManyOpenFiles))
            let (_, peer) = try await listener.accept()
            #expect(peer == (try client.localAddress()))
        }
    }

    @Test("where there is no descriptor for the reactor a call that has to wait fails, and later calls do not")
    func noReactor() async {
        await #expect(processExitsWith: .success) {
            let (first, second) = try Ends.pair()
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let before = limit
            limit.rlim_cur = 3
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let error = await Self.error(of: { () async throws(SocketError) in _ = try await first.receive(upTo: 1) })
            limit = before
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            #expect(error == .failed(.poll, nil, .tooManyOpenFiles))
            async let received = first.receive(upTo: 1)
            await first.hasWaiters(1)
            try await second.sendAll([1])
            #expect(try await received == [1])
        }
    }
}
