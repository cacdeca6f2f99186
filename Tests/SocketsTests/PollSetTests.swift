import Glibc
import Sockets
import SystemPackage
import Testing

@Suite struct PollSetTests {
    @Test("with no time at all, a wait looks and returns", arguments: [.zero, .seconds(-1)] as [Duration])
    func noTime(timeout: Duration) throws {
        let socket = try Loopback.ipv4.boundSocket()
        var polls = PollSet()
        _ = polls.add(socket.fileDescriptor, for: .readable)
        #expect(try polls.wait(timeout: timeout) == 0)
    }

    @Test("a wait for what does not come lasts as long as it was told")
    func elapsed() throws {
        let socket = try Loopback.ipv4.boundSocket()
        var polls = PollSet()
        _ = polls.add(socket.fileDescriptor, for: .readable)
        let start = ContinuousClock.now
        #expect(try polls.wait(timeout: .milliseconds(20)) == 0)
        #expect(ContinuousClock.now - start >= .milliseconds(20))
    }

    @Test(
        "however long the time, a wait ends when something is ready",
        arguments: [
            nil, .seconds(Int64.max), Duration(secondsComponent: .max, attosecondsComponent: 999_999_999_999_999_999),
        ])
    func longTime(timeout: Duration?) throws {
        let socket = try Loopback.ipv4.boundSocket()
        var polls = PollSet()
        let index = polls.add(socket.fileDescriptor, for: .writable)
        #expect(try polls.wait(timeout: timeout) == 1)
        #expect(polls.ready(at: index) == .writable)
    }

    @Test("each descriptor has its own answer")
    func several() throws {
        let idle = try Loopback.ipv4.boundSocket()
        let busy = try Loopback.ipv4.boundSocket()
        try busy.send([[1]], to: try busy.localAddress())
        var polls = PollSet()
        let first = polls.add(idle.fileDescriptor, for: .readable)
        let second = polls.add(busy.fileDescriptor, for: .readable)
        #expect(try polls.wait(timeout: .seconds(10)) == 1)
        #expect(polls.ready(at: first).isEmpty)
        #expect(polls.ready(at: second) == .readable)
    }

    @Test("a pending error is told without being asked for")
    func error() throws {
        let socket = try Loopback.ipv4.boundSocket()
        try socket.setOption(.ipv4ReceiveErrors, to: true)
        try socket.send([[1]], to: Loopback.ipv4.nobody)
        try socket.waitUntil(.error)
    }

    @Test("with no events at all a descriptor is left out, errors included, until it has some again")
    func leftOut() throws {
        let closed = FileDescriptor(rawValue: 1_000_000_000)
        var polls = PollSet()
        let index = polls.add(closed, for: [])
        #expect(try polls.wait(timeout: .zero) == 0)
        polls.set(.readable, at: index)
        #expect(try polls.wait(timeout: .zero) == 1)
        polls.set([], at: index)
        #expect(try polls.wait(timeout: .zero) == 0)
    }

    @Test("a descriptor that is not open is told to be invalid")
    func invalid() throws {
        var polls = PollSet()
        let index = polls.add(FileDescriptor(rawValue: 1_000_000_000), for: .readable)
        #expect(try polls.wait(timeout: .seconds(10)) == 1)
        #expect(polls.ready(at: index) == .invalid)
    }

    @Test("a peer that has closed its end is told as a hang-up")
    func hangUp() throws {
        // Close-on-exec: a process that another test starts would hold the end open.
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
        close(ends[1])
        defer { close(ends[0]) }
        var polls = PollSet()
        let index = polls.add(FileDescriptor(rawValue: ends[0]), for: .readable)
        #expect(try polls.wait(timeout: .seconds(10)) == 1)
        #expect(polls.ready(at: index) == [.readable, .hangUp])
    }

    @Test("an empty set waits for nothing but time")
    func empty() throws {
        var polls = PollSet()
        #expect(try polls.wait(timeout: .zero) == 0)
    }

    @Test("more descriptors than the process may have: EINVAL, and what the wait before has found is forgotten")
    func tooMany() async {
        await #expect(processExitsWith: .success) {
            let socket = try Socket(.ipv4, .datagram)
            var polls = PollSet()
            for _ in 0..<5 { _ = polls.add(socket.fileDescriptor, for: .writable) }
            #expect(try polls.wait(timeout: .zero) == 5)
            var limit = rlimit(rlim_cur: 4, rlim_max: 4)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            var error: SocketError?
            do throws(SocketError) { _ = try polls.wait(timeout: .zero) } catch let caught { error = caught }
            #expect(error == .failed(.poll, nil, .invalidArgument))
            #expect(polls.ready(at: 0).isEmpty)
        }
    }
}
