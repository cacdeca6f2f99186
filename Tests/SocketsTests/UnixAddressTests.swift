import Sockets
import SystemPackage
import Testing

@Suite struct UnixAddressTests {
    private static func bound(_ address: SocketAddress, _ type: SocketType = .stream) throws(SocketError) -> Socket {
        let socket = try Socket(.unix, type)
        try socket.bind(to: address)
        return socket
    }

    @Test("a path may have 108 bytes", arguments: [107, 108])
    func longPath(length: Int) throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/".padding(to: length)
        let address = try SocketAddress(path: path)
        let listener = try Self.bound(address)
        try listener.listen()
        #expect(try listener.localAddress() == address)
        #expect(address.description == path)
        let client = try Socket(.unix, .stream)
        try client.connect(to: address)
        #expect(try client.peerAddress() == address)
        #expect(try listener.accept().peer == .unix(.unnamed))
    }

    @Test(
        "a path that can't be one is refused, with the reason",
        arguments: [
            ("", "path is empty"), ("a\0b", "path has a NUL in it"),
            ("/".padding(to: 109), "path has 109 bytes; 108 are the most"),
            ("/".padding(to: 70_000), "path has 70000 bytes; 108 are the most"),
        ])
    func badPath(path: String, reason: String) {
        let error = socketError { () throws(SocketError) in _ = try SocketAddress(path: path) }
        #expect(error?.description == reason)
    }

    @Test("an abstract name may hold any bytes, NULs among them, and 107 of them")
    func abstractName() throws {
        for bytes: [UInt8] in [[0, 1, 0], Array("x\0\0".utf8), (0..<107).map { $0 &+ 40 }] {
            let address = SocketAddress.unix(.abstract(try UnixAddress.Name(Array("t".utf8) + bytes.dropLast())))
            let socket = try Self.bound(address, .datagram)
            #expect(try socket.localAddress() == address)
            let sender = try Socket(.unix, .datagram)
            #expect(try sender.send([1, 2], to: address) == 2)
            #expect(try socket.receiveFrom(upTo: 9) == ReceivedDatagram(bytes: [1, 2], source: nil))
        }
        #expect(try SocketAddress(abstractName: "a\0b").description == "@a@b")
        let error = socketError { () throws(SocketError) in _ = try SocketAddress(abstractName: "n".padding(to: 108)) }
        #expect(error == .invalidArgument("name", "has 108 bytes; 107 are the most"))
    }

    @Test("an abstract name with a NUL is the one that python binds to", .enabled(if: Machine.hasPython))
    func abstractPython() throws {
        let peer = try #require(
            PythonPeer(
                """
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.bind('\\0sockets\\0test' + sys.argv[1])
                print('bound', flush=True)
                print(s.recvfrom(9), flush=True)
                """, "\(Sleep.processID)"))
        #expect(peer.line() == "bound")
        let socket = try Self.bound(try SocketAddress(abstractName: "me\(Sleep.processID)\0"), .datagram)
        _ = try socket.send("hi".utf8, to: SocketAddress(abstractName: "sockets\0test\(Sleep.processID)"))
        #expect(peer.line() == "(b'hi', b'\\x00me\(Sleep.processID)\\x00')")
    }

    @Test("bound to no name, the kernel chooses one of five digits")
    func autobind() throws {
        let socket = try Self.bound(.unix(.unnamed))
        guard case .unix(.abstract(let name)) = try socket.localAddress() else {
            Issue.record("no abstract name")
            return
        }
        #expect(name.bytes.count == 5)
    }

    @Test("the ends of a pair have no name")
    func pair() throws {
        let ends = try Socket.pair(.unix, .datagram)
        #expect(try ends.first.localAddress() == .unix(.unnamed))
        #expect(try ends.second.peerAddress() == .unix(.unnamed))
        #expect(try ends.first.localAddress().description == "unnamed")
    }

    @Test("a socket file that nobody listens to any more is in use to bind to, and refuses to connect")
    func stale() throws {
        let directory = try TemporaryDirectory()
        let address = try SocketAddress(path: directory.path + "/stale")
        try Self.bound(address).close()
        let socket = try Socket(.unix, .stream)
        let binding = socketError { () throws(SocketError) in try socket.bind(to: address) }
        #expect(binding == .failed(.bind, address, .addressInUse))
        let connecting = socketError { () throws(SocketError) in try socket.connect(to: address) }
        #expect(connecting == .failed(.connect, address, .connectionRefused))
        #expect(connecting?.description == "connect \(directory.path)/stale: Connection refused")
    }

    @Test("a path that is no socket, or that is not there")
    func notThere() throws {
        let directory = try TemporaryDirectory()
        let socket = try Socket(.unix, .stream)
        let missing = try SocketAddress(path: directory.path + "/missing")
        #expect(socket.connectErrno(to: missing) == .noSuchFileOrDirectory)
        #expect(socket.connectErrno(to: try SocketAddress(path: "/dev/null")) == .connectionRefused)
    }
}

extension String {
    func padding(to length: Int) -> String { self + String(repeating: "x", count: length - utf8.count) }
}
