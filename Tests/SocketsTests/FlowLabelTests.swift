import Addresses
import Sockets
import SystemPackage
import Testing

@Suite(.enabled(if: Machine.hasIPv6, "this machine has no IPv6")) struct FlowLabelTests {
    @Test("0 leaves the choice to the kernel: 20 bits, not 0")
    func chosen() throws {
        let socket = try Loopback.ipv6.boundSocket()
        #expect((1...0xF_FFFF).contains(try socket.leaseFlowLabel(0, to: .loopback)))
    }

    // IPV6_FLOWINFO, level 41, number 11: the receiver is told the first 28 bits after the version (RFC 8200 §3).
    @Test("the label is in the header that python sees", .enabled(if: Machine.hasPython, "python3 is not installed"))
    func sent() throws {
        let peer = try #require(
            PythonPeer(
                """
                s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
                s.setsockopt(41, 11, 1)
                s.bind(('::1', 0))
                print(s.getsockname()[1], flush=True)
                for level, number, data in s.recvmsg(9, 64)[1]: print(level, number, data.hex(), flush=True)
                """))
        let socket = try Loopback.ipv6.boundSocket()
        // A label of one's own choice could be one that an earlier run still keeps.
        let label = try socket.leaseFlowLabel(0, to: .loopback)
        try socket.send([[1]], to: .ipv6(.loopback, port: peer.number(), flowInformation: label))
        let digits = String(label, radix: 16)
        #expect(peer.line() == "41 11 " + String(repeating: "0", count: 8 - digits.count) + digits)
    }

    @Test("more than 20 bits: EINVAL, and the destination", arguments: [0x10_0000, .max] as [UInt32])
    func tooLarge(label: UInt32) throws {
        let socket = try Loopback.ipv6.boundSocket()
        let error = socketError { () throws(SocketError) in _ = try socket.leaseFlowLabel(label, to: .loopback) }
        #expect(
            error == .failed(.setOption("IPV6_FLOWLABEL_MGR"), SocketAddress(.v6(.loopback)), .invalidArgument))
    }

    @Test("a label that another socket has leased: EPERM")
    func leased() throws {
        let first = try Loopback.ipv6.boundSocket()
        let second = try Loopback.ipv6.boundSocket()
        let label = try first.leaseFlowLabel(0, to: .loopback)
        let error = socketError { () throws(SocketError) in _ = try second.leaseFlowLabel(label, to: .loopback) }
        #expect(error?.errno == .notPermitted)
    }

    @Test("a label that is shared can be had again at once")
    func shared() throws {
        let first = try Loopback.ipv6.boundSocket()
        let second = try Loopback.ipv6.boundSocket()
        let label = try first.leaseFlowLabel(0, to: .loopback, isShared: true)
        #expect(try second.leaseFlowLabel(label, to: .loopback, isShared: true) == label)
    }
}
