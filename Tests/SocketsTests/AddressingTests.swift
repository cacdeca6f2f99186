import Addresses
import Sockets
import SystemPackage
import Testing

/// `bind`, `connect` and the addresses that come of them.
@Suite struct AddressingTests {
    @Test("port 0 has the kernel choose one, and localAddress tells it", arguments: Loopback.available)
    func chosenPort(loopback: Loopback) throws {
        let address = try loopback.boundSocket().localAddress()
        #expect(address.ipAddress == loopback.address().ipAddress)
        #expect(address.port != 0)
    }

    @Test("connect sets the peer and the local address, and sends nothing", arguments: Loopback.available)
    func connect(loopback: Loopback) throws {
        let server = try loopback.boundSocket()
        let client = try Socket(loopback.family, .datagram)
        let address = try server.localAddress()
        try client.connect(to: address)
        #expect(try client.peerAddress() == address)
        #expect(try client.localAddress().ipAddress == loopback.address().ipAddress)
        var batch = ReceiveBatch(capacity: 1, messageSize: 1)
        #expect(try server.receive(into: &batch, flags: .dontWait) == 0)
    }

    @Test(
        "python sees the address that localAddress tells",
        .enabled(if: Machine.hasPython, "python3 is not installed"), arguments: Loopback.available)
    func seenByPython(loopback: Loopback) throws {
        let peer = try #require(
            PythonPeer(
                """
                s = socket.socket(int(sys.argv[1]), socket.SOCK_DGRAM)
                s.bind((sys.argv[2], 0))
                print(s.getsockname()[1], flush=True)
                print(*s.recvfrom(9)[1][:2], flush=True)
                """, "\(loopback.family.rawValue)", "\(loopback.address())"))
        let socket = try loopback.boundSocket()
        try socket.send([[1]], to: loopback.address(port: peer.number()))
        let port = try #require(try socket.localAddress().port)
        #expect(peer.line() == "\(loopback.address()) \(port)")
    }

    @Test(
        "receiveFrom tells the address that python sent from",
        .enabled(if: Machine.hasPython, "python3 is not installed"), arguments: Loopback.available)
    func sentByPython(loopback: Loopback) throws {
        let socket = try loopback.boundSocket()
        let port = try #require(try socket.localAddress().port)
        let peer = try #require(
            PythonPeer(
                """
                s = socket.socket(int(sys.argv[1]), socket.SOCK_DGRAM)
                s.sendto(b"datagram", (sys.argv[2], int(sys.argv[3])))
                print(s.getsockname()[1], flush=True)
                """, "\(loopback.family.rawValue)", "\(loopback.address())", "\(port)"))
        #expect(try socket.receiveFrom(upTo: 8)?.source == loopback.address(port: peer.number()))
    }

    @Test("a link-local address keeps its scope", .enabled(if: Machine.hasIPv6, "this machine has no IPv6"))
    func scope() throws {
        let index = try #require(NetworkInterface.index(name: "lo"))
        let group = IPv6Address(rawValue: 0xFF02 << 112 | 1)
        let socket = try Socket(.ipv6, .datagram)
        try socket.bind(to: .ipv6(group, port: 0, scopeID: index))
        let address = try socket.localAddress()
        #expect(address == .ipv6(group, port: address.port ?? 0, scopeID: index))
    }

    @Test("an IPv4-mapped address stays an IPv6 address", .enabled(if: Machine.hasIPv6, "this machine has no IPv6"))
    func mapped() throws {
        let server = try Loopback.ipv4.boundSocket()
        let port = try #require(try server.localAddress().port)
        let client = try Socket(.ipv6, .datagram)
        let address = SocketAddress.ipv6(IPv6Address(mapping: .loopback), port: port)
        try client.connect(to: address)
        #expect(try client.peerAddress() == address)
    }

    @Test("an unconnected socket has no peer: ENOTCONN")
    func noPeer() throws {
        let socket = try Loopback.ipv4.boundSocket()
        let error = socketError { () throws(SocketError) in _ = try socket.peerAddress() }
        #expect(error == .failed(.peerAddress, nil, .socketNotConnected))
    }
}
