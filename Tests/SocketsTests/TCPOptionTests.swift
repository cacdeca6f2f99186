import Addresses
import Glibc
import Sockets
import SystemPackage
import Testing

/// What options of a connection do, as the peer sees it.
@Suite(.enabled(if: Machine.hasPython)) struct TCPOptionTests {
    /// A Python server that prints its port, accepts, and runs `script` with the connection `c`.
    private func server(_ script: String) throws -> (peer: PythonPeer, port: UInt16) {
        let peer = try #require(
            PythonPeer(
                """
                l = socket.create_server(("127.0.0.1", 0))
                print(l.getsockname()[1], flush=True)
                c, _ = l.accept()
                \(script)
                """))
        return (peer, peer.number())
    }

    private static let readsEnd = """
        try: print("end" if c.recv(1) == b"" else "data")
        except ConnectionResetError: print("reset")
        """

    @Test("a connection that lingers for 0 s is reset when it is closed")
    func reset() throws {
        let (peer, port) = try server(Self.readsEnd)
        let socket = try Socket(.ipv4, .stream)
        try socket.connect(to: Loopback.ipv4.address(port: port))
        try socket.setOption(.linger, to: .on(seconds: 0))
        socket.close()
        #expect(peer.line() == "reset")
    }

    @Test("a connection that does not linger comes to its end when it is closed")
    func end() throws {
        let (peer, port) = try server(Self.readsEnd)
        let socket = try Socket(.ipv4, .stream)
        try socket.connect(to: Loopback.ipv4.address(port: port))
        try socket.setOption(.linger, to: .off)
        socket.close()
        #expect(peer.line() == "end")
    }

    @Test("a connected socket tells its state, round-trip time and segment size")
    func information() throws {
        let (peer, port) = try server("print(c.recv(1))")
        let socket = try Socket(.ipv4, .stream)
        #expect(try socket.option(.tcpInformation).state == .closed)
        try socket.connect(to: Loopback.ipv4.address(port: port))
        let information = try socket.option(.tcpInformation)
        #expect(information.state == .established)
        #expect(information.smoothedRoundTripTime > .zero)
        #expect(information.sendSegmentSize > 500)
        #expect(try socket.option(.tcpMaximumSegmentSize) == Int32(information.sendSegmentSize))
        socket.close()
        #expect(peer.line() == "b''")
    }

    @Test("the maximum segment size that is set before a connection bounds it")
    func segmentSize() throws {
        let (peer, port) = try server("print(c.recv(1))")
        let socket = try Socket(.ipv4, .stream)
        try socket.setOption(.tcpMaximumSegmentSize, to: 600)
        try socket.connect(to: Loopback.ipv4.address(port: port))
        #expect(try socket.option(.tcpInformation).sendSegmentSize <= 600)
        socket.close()
        #expect(peer.line() == "b''")
    }

    @Test("urgent data stays in the stream where it is told to")
    func urgentInline() throws {
        let (peer, port) = try server("c.send(b'!', socket.MSG_OOB); print('sent', flush=True); c.recv(1)")
        let socket = try Socket(.ipv4, .stream)
        try socket.setOption(.urgentInline, to: true)
        try socket.connect(to: Loopback.ipv4.address(port: port))
        #expect(peer.line() == "sent")
        #expect(try socket.receive(upTo: 1) == [UInt8(ascii: "!")])
    }

    @Test("a congestion control that the kernel does not have: ENOENT")
    func congestionControl() throws {
        let socket = try Socket(.ipv4, .stream)
        let error = socketError { () throws(SocketError) in try socket.setOption(.tcpCongestionControl, to: "nosuch") }
        #expect(error == .failed(.setOption("TCP_CONGESTION"), nil, .noSuchFileOrDirectory))
    }
}
