import Addresses
import Glibc
import Sockets
import SystemPackage
import Testing

/// Multicast groups, on the loopback interface.
@Suite struct MulticastMembershipTests {
    /// 232.43.211.234 and ff35::4002:d3ea, in the source-specific blocks of RFC 4607: any-source joins work there too.
    private func group(_ loopback: Loopback) -> IPAddress {
        loopback == .ipv4
            ? .v4(IPv4Address(rawValue: 0xE82B_D3EA)) : .v6(IPv6Address(rawValue: 0xFF35 << 112 | 0x4002_D3EA))
    }

    /// The loopback address, and another of the family.
    private func source(_ loopback: Loopback) -> IPAddress { loopback == .ipv4 ? .v4(.loopback) : .v6(.loopback) }
    private func stranger(_ loopback: Loopback) -> IPAddress {
        loopback == .ipv4 ? .v4(IPv4Address(rawValue: 0xC612_0001)) : .v6(IPv6Address(rawValue: 0x2001_0DB8 << 96 | 1))
    }

    private func lo() throws -> UInt32 { try #require(NetworkInterface.index(name: "lo")) }

    /// Where multicast can be sent to: of IPv6 the loopback interface has it only with a route of its own.
    private static let routed = Loopback.available.filter { $0 == .ipv4 || Machine.addsInterfaces && routesGroup }

    private static let routesGroup = PythonPeer.runs(
        "import subprocess as s; s.check_call('ip -6 route replace local ff35::/16 dev lo'.split())")

    /// Whether the kernel's own table lists the group on the loopback interface.
    private func isListed(_ loopback: Loopback) throws -> Bool {
        let script =
            loopback == .ipv4
            ? "print('EAD32BE8' in open('/proc/net/igmp').read())"
            : "print(any('ff35000000000000000000004002d3ea' in l and ' lo ' in l for l in open('/proc/net/igmp6')))"
        return try #require(PythonPeer(script)).line() == "True"
    }

    /// A socket that is bound to the group, and the address to send to it.
    private func receiver(_ loopback: Loopback) throws -> (port: UInt16, socket: SocketBox) {
        let socket = try Socket(loopback.family, .datagram)
        try socket.setOption(loopback == .ipv4 ? .ipv4MulticastAll : .ipv6MulticastAll, to: false)
        try socket.bind(to: SocketAddress(group(loopback)))
        return (try #require(try socket.localAddress().port), SocketBox(socket))
    }

    /// Sends the group a message from the loopback address; returns how many messages came.
    private func messagesReceived(_ loopback: Loopback, _ port: UInt16, _ receiver: SocketBox) throws -> Int {
        let sender = try Socket(loopback.family, .datagram)
        try sender.bind(to: loopback.address())
        if loopback == .ipv4 {
            try sender.setOption(.ipv4MulticastInterface, to: MulticastInterface(index: lo()))
        } else {
            try sender.setOption(.ipv6MulticastInterface, to: Int32(lo()))
        }
        try sender.send([[1]], to: SocketAddress(group(loopback), port: port))
        try Loopback.settle()
        var batch = ReceiveBatch(capacity: 8, messageSize: 8)
        do throws(SocketError) { return try receiver.socket.receive(into: &batch, flags: .dontWait) } catch {
            guard error.errno == .wouldBlock else { throw error }
            return 0
        }
    }

    @Test(
        "the kernel lists a group that was joined, until it is left", .enabled(if: Machine.hasPython),
        arguments: Loopback.available)
    func listed(loopback: Loopback) throws {
        let socket = try Socket(loopback.family, .datagram)
        try socket.joinGroup(group(loopback), interfaceIndex: lo())
        #expect(try isListed(loopback))
        try socket.leaveGroup(group(loopback), interfaceIndex: lo())
        #expect(try !isListed(loopback))
    }

    @Test("a group that was joined is received, and after it was left no more", arguments: routed)
    func anySource(loopback: Loopback) throws {
        let (port, box) = try receiver(loopback)
        try box.socket.joinGroup(group(loopback), interfaceIndex: lo())
        #expect(try messagesReceived(loopback, port, box) == 1)
        try box.socket.leaveGroup(group(loopback), interfaceIndex: lo())
        #expect(try messagesReceived(loopback, port, box) == 0)
    }

    @Test("a source that was joined is received, and after it was left no more", arguments: routed)
    func thisSource(loopback: Loopback) throws {
        let (port, box) = try receiver(loopback)
        try box.socket.joinGroup(group(loopback), source: stranger(loopback), interfaceIndex: lo())
        try box.socket.joinGroup(group(loopback), source: source(loopback), interfaceIndex: lo())
        #expect(try messagesReceived(loopback, port, box) == 1)
        try box.socket.leaveGroup(group(loopback), source: source(loopback), interfaceIndex: lo())
        #expect(try messagesReceived(loopback, port, box) == 0)
    }

    @Test("another source than the one that was joined is not received", arguments: routed)
    func otherSource(loopback: Loopback) throws {
        let (port, box) = try receiver(loopback)
        try box.socket.joinGroup(group(loopback), source: stranger(loopback), interfaceIndex: lo())
        #expect(try messagesReceived(loopback, port, box) == 0)
    }

    @Test("a blocked source is not received until it is unblocked", arguments: routed)
    func blocked(loopback: Loopback) throws {
        let (port, box) = try receiver(loopback)
        try box.socket.joinGroup(group(loopback), interfaceIndex: lo())
        try box.socket.blockSource(source(loopback), ofGroup: group(loopback), interfaceIndex: lo())
        #expect(try messagesReceived(loopback, port, box) == 0)
        try box.socket.unblockSource(source(loopback), ofGroup: group(loopback), interfaceIndex: lo())
        #expect(try messagesReceived(loopback, port, box) == 1)
    }

    @Test("to join twice: EADDRINUSE", arguments: Loopback.available)
    func twice(loopback: Loopback) throws {
        let socket = try Socket(loopback.family, .datagram)
        try socket.joinGroup(group(loopback), interfaceIndex: lo())
        let index = try lo()
        let error = socketError { () throws(SocketError) in
            try socket.joinGroup(group(loopback), interfaceIndex: index)
        }
        #expect(error == .failed(.setOption("MCAST_JOIN_GROUP"), nil, .addressInUse))
    }

    @Test("to leave what was not joined: EADDRNOTAVAIL", arguments: Loopback.available)
    func notJoined(loopback: Loopback) throws {
        let socket = try Socket(loopback.family, .datagram)
        let index = try lo()
        let error = socketError { () throws(SocketError) in
            try socket.leaveGroup(group(loopback), interfaceIndex: index)
        }
        #expect(error == .failed(.setOption("MCAST_LEAVE_GROUP"), nil, .addressNotAvailable))
    }

    @Test("an interface that does not exist: ENODEV", arguments: Loopback.available)
    func noInterface(loopback: Loopback) throws {
        let socket = try Socket(loopback.family, .datagram)
        let error = socketError { () throws(SocketError) in
            try socket.joinGroup(group(loopback), interfaceIndex: 2_000_000_000)
        }
        #expect(error?.errno == Errno(rawValue: ENODEV))
    }

    @Test("a group that is no multicast address names the argument")
    func noGroup() throws {
        let socket = try Socket(.ipv4, .datagram)
        let error = socketError { () throws(SocketError) in try socket.joinGroup(.v4(.loopback)) }
        #expect(error == .invalidArgument("group", "is 127.0.0.1, which is no multicast address"))
    }

    @Test("a source that is a group, or of the other family, names the argument")
    func noSource() throws {
        let socket = try Socket(.ipv4, .datagram)
        for source in [group(.ipv4), .v6(.loopback)] {
            let error = socketError { () throws(SocketError) in try socket.joinGroup(group(.ipv4), source: source) }
            #expect(
                error == .invalidArgument("source", "is \(source); it is the address of a host, of the group's family"))
        }
    }
}

/// A socket in a tuple: the owner is the box.
private final class SocketBox: Sendable {
    let socket: Socket
    init(_ socket: consuming Socket) { self.socket = socket }
}
