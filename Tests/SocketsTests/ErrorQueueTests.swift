import Glibc
import Sockets
import SystemPackage
import Testing

/// `IP_RECVERR` and `IPV6_RECVERR`.
@Suite struct ErrorQueueTests {
    private func socketWithErrors(_ loopback: Loopback) throws -> Socket {
        let socket = try loopback.boundSocket()
        try socket.setOption(loopback == .ipv4 ? .ipv4ReceiveErrors : .ipv6ReceiveErrors, to: true)
        return socket
    }

    // RFC 792: type 3 code 3; RFC 4443 §3.1: type 1 code 4.
    @Test("a port that nobody has: the ICMP error, who sent it, what it is about", arguments: Loopback.available)
    func portUnreachable(loopback: Loopback) throws {
        let socket = try socketWithErrors(loopback)
        try socket.send([[1, 2, 3]], to: loopback.nobody)
        let entry = try socket.messages(1, flags: .errorQueue)[0]
        let error = try #require(entry.extendedError)
        #expect(error.origin == (loopback == .ipv4 ? .icmp : .icmpv6))
        #expect((error.type, error.code) == (loopback == .ipv4 ? (3, 3) : (1, 4)))
        #expect(error.errorNumber == ECONNREFUSED)
        #expect(error.offender?.ipAddress == loopback.nobody.ipAddress)
        #expect(entry.source == loopback.nobody)
        #expect(entry.bytes == [1, 2, 3])
        #expect(entry.flags.contains(.errorQueue))
    }

    @Test("a pending error is thrown once, by the next call", arguments: Loopback.available)
    func pending(loopback: Loopback) throws {
        let socket = try socketWithErrors(loopback)
        try socket.send([[1]], to: loopback.nobody)
        try socket.waitUntil(.error)
        var batch = ReceiveBatch(capacity: 1, messageSize: 16)
        let error = socketError { () throws(SocketError) in _ = try socket.receive(into: &batch, flags: .dontWait) }
        #expect(error == .failed(.receive, nil, .connectionRefused))
        #expect(try socket.receive(into: &batch, flags: .dontWait) == 0)
    }

    @Test("without the option, an unconnected socket hears of no error")
    func notAskedFor() throws {
        let asking = try socketWithErrors(.ipv4)
        let socket = try Loopback.ipv4.boundSocket()
        try socket.send([[1]], to: Loopback.ipv4.nobody)
        // Loopback keeps the order: when the second error is here, the first would be.
        try asking.send([[1]], to: Loopback.ipv4.nobody)
        try asking.waitUntil(.error)
        var batch = ReceiveBatch(capacity: 1, messageSize: 16)
        #expect(try socket.receive(into: &batch, flags: .errorQueue) == 0)
    }

    @Test(
        "what this host itself refuses to send is a local error, with the MTU",
        .enabled(if: Machine.hasIPv6, "this machine has no IPv6"))
    func local() throws {
        let socket = try socketWithErrors(.ipv6)
        try socket.setOption(.ipv6PathMTUDiscovery, to: .do)
        // IPV6_DONTFRAG, ipv6(7): level 41, number 62.
        try socket.setOption(SocketOption<Bool>(level: 41, number: 62, name: "IPV6_DONTFRAG"), to: true)
        // IPV6_MTU is also what a socket holds its links to take at most.
        try socket.setOption(.ipv6PathMTU, to: 1280)
        let error = socketError { () throws(SocketError) in
            try socket.send([[UInt8](repeating: 0, count: 1300)], to: Loopback.ipv6.nobody)
        }
        #expect(error?.errno == .messageTooLong)
        let entry = try #require(try socket.messages(1, flags: .errorQueue)[0].extendedError)
        #expect(entry.origin == .local)
        #expect(entry.errorNumber == EMSGSIZE)
        #expect(entry.information == 1280)
    }
}
