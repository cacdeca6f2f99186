import Addresses
import Glibc
import Sockets
import SystemPackage
import Testing

/// Options that tell a fact: they are read only, or act at once.
@Suite struct SocketFactTests {
    @Test("a socket tells the protocol that the kernel chose")
    func proto() throws {
        #expect(try Socket(.ipv4, .stream).option(.proto) == .tcp)
    }

    @Test("a socket tells whether it listens")
    func listening() throws {
        let socket = try Socket(.ipv4, .stream)
        #expect(try !socket.option(.isListening))
        try socket.bind(to: Loopback.ipv4.address())
        try socket.listen()
        #expect(try socket.option(.isListening))
    }

    @Test("no two sockets have the same cookie")
    func cookie() throws {
        let one = try Socket(.ipv4, .stream)
        let other = try Socket(.ipv4, .stream)
        let cookie = try one.option(.cookie)
        #expect(try one.option(.cookie) == cookie)
        #expect(try other.option(.cookie) != cookie)
    }

    @Test("the other end of a pair is this process")
    func credentials() throws {
        let credentials = try Socket.pair().first.option(.peerCredentials)
        #expect(
            credentials.processID == getpid() && credentials.userID == geteuid() && credentials.groupID == getegid())
    }

    @Test("the interface that a socket is bound to is told, and none after it was taken off")
    func device() throws {
        let socket = try Socket(.ipv4, .datagram)
        #expect(try socket.boundDevice() == nil)
        try socket.bind(toDevice: "lo")
        #expect(try socket.boundDevice() == "lo")
        try socket.unbindDevice()
        #expect(try socket.boundDevice() == nil)
    }

    @Test("buffers grow past the system's bound for who may", .enabled(if: Machine.isRootOfAll))
    func unboundedBuffers() throws {
        let socket = try Socket(.ipv4, .datagram)
        try socket.setOption(.receiveBufferSizeUnbounded, to: 100 << 20)
        #expect(try socket.option(.receiveBufferSize) == 200 << 20)
        try socket.setOption(.sendBufferSizeUnbounded, to: 100 << 20)
        #expect(try socket.option(.sendBufferSize) == 200 << 20)
    }

    @Test("a busy poll's budget is taken: EINVAL for none that is a number of packets")
    func busyPollBudget() throws {
        let socket = try Socket(.ipv4, .datagram)
        try socket.setOption(.busyPollBudget, to: 4)
        let error = socketError { () throws(SocketError) in try socket.setOption(.busyPollBudget, to: -1) }
        #expect(error == .failed(.setOption("SO_BUSY_POLL_BUDGET"), nil, .invalidArgument))
    }

    @Test("corked datagrams go as one", arguments: Loopback.available)
    func cork(loopback: Loopback) throws {
        let receiver = try loopback.boundSocket()
        let sender = try Socket(loopback.family, .datagram)
        try sender.connect(to: receiver.localAddress())
        try sender.setOption(.udpCork, to: true)
        _ = try sender.send([1])
        _ = try sender.send([2])
        try sender.setOption(.udpCork, to: false)
        #expect(try receiver.messages(1)[0].bytes == [1, 2])
    }

    @Test("what is sent is cut into datagrams of the segment size", arguments: Loopback.available)
    func segments(loopback: Loopback) throws {
        let receiver = try loopback.boundSocket()
        let sender = try Socket(loopback.family, .datagram)
        try sender.connect(to: receiver.localAddress())
        try sender.setOption(.udpSegmentSize, to: 2)
        _ = try sender.send([1, 2, 3, 4, 5])
        #expect(try receiver.messages(3).map(\.bytes) == [[1, 2], [3, 4], [5]])
    }

    @Test(
        "a server of all IPv6 addresses serves IPv4 unless it is IPv6 only",
        .enabled(if: Machine.hasIPv6, "this machine has no IPv6"), arguments: [true, false])
    func ipv6Only(isOnly: Bool) throws {
        let server = try Socket(.ipv6, .stream)
        try server.setOption(.ipv6Only, to: isOnly)
        try server.bind(to: .ipv6(.any, port: 0))
        try server.listen()
        let port = try #require(try server.localAddress().port)
        let errno = try Socket(.ipv4, .stream).connectErrno(to: Loopback.ipv4.address(port: port))
        #expect(errno == (isOnly ? .connectionRefused : Errno(rawValue: 0)))
    }

    @Test("a filter that was detached drops nothing; where there is none: ENOENT")
    func detach() throws {
        let receiver = try Loopback.ipv4.boundSocket()
        try receiver.attachFilter([.drop])
        try receiver.detachFilter()
        try Socket(.ipv4, .datagram).send([[1]], to: receiver.localAddress())
        #expect(try receiver.messages(1)[0].bytes == [1])
        let error = socketError { () throws(SocketError) in try receiver.detachFilter() }
        #expect(error == .failed(.setOption("SO_DETACH_FILTER"), nil, .noSuchFileOrDirectory))
    }

    @Test("a locked filter is neither detached nor replaced, and stays locked: EPERM")
    func lock() throws {
        let socket = try Socket(.ipv4, .datagram)
        try socket.attachFilter([.accept])
        try socket.setOption(.filterLocked, to: true)
        #expect(try socket.option(.filterLocked))
        #expect(socketError { () throws(SocketError) in try socket.detachFilter() }?.errno == .notPermitted)
        #expect(socketError { () throws(SocketError) in try socket.attachFilter([.drop]) }?.errno == .notPermitted)
        #expect(
            socketError { () throws(SocketError) in try socket.setOption(.filterLocked, to: false) }?.errno
                == .notPermitted)
    }
}

/// Options of raw sockets.
@Suite(.enabled(if: Machine.opensRawSockets, "raw sockets need CAP_NET_RAW")) struct RawSocketOptionTests {
    /// Sends a raw ICMP message to this host; the kernel answers an echo request by itself.
    private func typesReceived(with filter: ICMPFilter) throws -> Set<UInt8> {
        let receiver = try Socket(.ipv4, .raw, .icmp)
        try receiver.connect(to: Loopback.ipv4.address())
        try receiver.setOption(.icmpFilter, to: filter)
        try Socket(.ipv4, .raw, .icmp).send([[8, 0, 0xF7, 0xFF, 0, 0, 0, 0]], to: Loopback.ipv4.address())
        try Loopback.settle()
        var types: Set<UInt8> = []
        var batch = ReceiveBatch(capacity: 16, messageSize: 64)
        guard let count = try? receiver.receive(into: &batch, flags: .dontWait) else { return [] }
        for index in 0..<count { types.insert(BatchMessage(batch[index]).bytes[20]) }
        return types
    }

    @Test("an ICMP filter passes what it says and drops the rest")
    func icmpFilter() throws {
        #expect(try typesReceived(with: .all).isSuperset(of: [0, 8]))
        #expect(try typesReceived(with: ICMPFilter(passing: [0])) == [0])
    }

    @Test("a filter knows what it passes", arguments: [UInt8.min, 3, 31])
    func passes(type: UInt8) {
        #expect(ICMPFilter(passing: [type]).passes(type))
        #expect(!ICMPFilter(passing: [1]).passes(type))
        #expect(ICMPv6Filter(passing: [type, 255]).passes(type))
        #expect(!ICMPv6Filter(passing: [255]).passes(type))
    }

    @Test("an ICMPv6 filter passes what it says and drops the rest", .enabled(if: Machine.hasIPv6))
    func icmpv6Filter() throws {
        let receiver = try Socket(.ipv6, .raw, .icmpv6)
        try receiver.setOption(.icmpv6Filter, to: ICMPv6Filter(passing: [129]))
        try Socket(.ipv6, .raw, .icmpv6).send([[128, 0, 0, 0, 0, 7, 0, 9]], to: Loopback.ipv6.address())
        #expect(try receiver.messages(1)[0].bytes[0] == 129)
    }

    @Test("the kernel puts the checksum where it is told", .enabled(if: Machine.hasIPv6))
    func checksum() throws {
        let proto = SocketProtocol(rawValue: 200)
        let receiver = try Socket(.ipv6, .raw, proto)
        let sender = try Socket(.ipv6, .raw, proto)
        try sender.setOption(.ipv6ChecksumOffset, to: 2)
        try sender.send([[1, 2, 0, 0]], to: Loopback.ipv6.address())
        // RFC 8200 §8.1: ::1 twice, the length 4, the protocol 200 and 0x0102 add up to 0x01D0.
        #expect(try receiver.messages(1)[0].bytes == [1, 2, 0xFE, 0x2F])
    }

    @Test("an odd checksum offset: EINVAL", .enabled(if: Machine.hasIPv6))
    func oddOffset() throws {
        let socket = try Socket(.ipv6, .raw, SocketProtocol(rawValue: 200))
        let error = socketError { () throws(SocketError) in try socket.setOption(.ipv6ChecksumOffset, to: 3) }
        #expect(error == .failed(.setOption("IPV6_CHECKSUM"), nil, .invalidArgument))
    }

    @Test("an interface takes more while a packet socket wants it, and not after", .enabled(if: Machine.hasPython))
    func membership() throws {
        let index = try #require(NetworkInterface.index(name: "lo"))
        let socket = try Socket(.packet, .raw)
        let isListed = "print('33:33:00:01:02:03'.replace(':', '') in open('/proc/net/dev_mcast').read())"
        let membership = PacketMembership(.multicast([0x33, 0x33, 0, 1, 2, 3]), interfaceIndex: index)
        try socket.setOption(.packetAddMembership, to: membership)
        #expect(PythonPeer(isListed)?.line() == "True")
        try socket.setOption(.packetDropMembership, to: membership)
        #expect(PythonPeer(isListed)?.line() == "False")
    }

    @Test("a hardware address of more than 8 bytes names the argument", arguments: [0, 9])
    func hardwareAddress(count: Int) throws {
        let socket = try Socket(.packet, .raw)
        let membership = PacketMembership(.multicast([UInt8](repeating: 1, count: count)), interfaceIndex: 1)
        let error = socketError { () throws(SocketError) in try socket.setOption(.packetAddMembership, to: membership) }
        #expect(error == .invalidArgument("address", "has \(count) bytes; it has 1 to 8"))
    }

    @Test("a packet socket counts what it has received, from the last time on")
    func statistics() throws {
        let socket = try Socket(.packet, .raw, .etherType(0x0800))
        _ = try socket.option(.packetStatistics)
        let receiver = try Loopback.ipv4.boundSocket()
        try Socket(.ipv4, .datagram).send([[1]], to: receiver.localAddress())
        try Loopback.settle()
        #expect(try socket.option(.packetStatistics).received >= 1)
    }

    @Test(
        "a netlink socket that joined RTNLGRP_LINK hears of a new interface",
        .enabled(if: Machine.addsInterfaces, "an interface can be added only in a network namespace"))
    func netlinkGroup() throws {
        let socket = try Socket(.netlink, .raw)
        try socket.bind(to: .netlink(portID: 0))
        try socket.setOption(.netlinkJoinGroup, to: 1)
        #expect(
            PythonPeer.runs("import subprocess as s; s.check_call(['ip', 'link', 'add', 'heard', 'type', 'bridge'])"))
        defer { _ = PythonPeer.runs("import subprocess as s; s.check_call(['ip', 'link', 'delete', 'heard'])") }
        // RTM_NEWLINK is 16; other tests add and delete interfaces too.
        let name = Array("heard\0".utf8)
        var message: [UInt8] = []
        while !message.indices.contains(where: { message[$0...].starts(with: name) }) {
            message = try socket.messages(1)[0].bytes
        }
        #expect(message[4] == 16)
    }
}
