import Glibc
import Sockets
import SystemPackage
import Testing

/// EINTR, as Python's PEP 475 has it: calls go on, and only waiting for several things ends early.
@Suite(.serialized) struct InterruptionTests {
    @Test("a signal ends a wait early, with nothing ready")
    func wait() throws {
        let socket = try Loopback.ipv4.boundSocket()
        var polls = PollSet()
        let index = polls.add(socket.fileDescriptor, for: .readable)
        let start = ContinuousClock.now
        let count = try Interruptions.during { try polls.wait(timeout: .seconds(60)) }
        #expect(count == 0)
        #expect(polls.ready(at: index).isEmpty)
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test("a receive goes on after signals until something comes")
    func receive() throws {
        let socket = try Loopback.ipv4.boundSocket()
        let address = try socket.localAddress()
        var batch = ReceiveBatch(capacity: 4, messageSize: 16)
        let before = Interruptions.count
        let count = try Interruptions.during {
            try socket.receive(into: &batch)
        } afterTwenty: {
            let sender = try? Loopback.ipv4.boundSocket()
            try? sender?.send([[1]], to: address)
        }
        #expect(count == 1)
        #expect(Interruptions.count >= before + 20)
    }
}
