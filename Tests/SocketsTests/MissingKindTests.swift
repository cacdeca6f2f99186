import Sockets
import Testing

/// A kind of socket that the kernel does not have.
@Suite struct MissingKindTests {
    private static func text(
        _ family: SocketFamily, _ type: SocketType, _ proto: SocketProtocol = .unspecified
    ) -> String? {
        socketError { () throws(SocketError) in _ = try Socket(family, type, proto) }.map { "\($0)" }
    }

    @Test(
        "a kernel without TIPC: the error says what is missing, and which module has it",
        .enabled(if: !Machine.has(.tipc, .reliableDatagram), "this kernel has TIPC"))
    func tipc() {
        let text = "SOCK_RDM with AF_TIPC: not supported by this kernel; module tipc"
        #expect(Self.text(.tipc, .reliableDatagram) == text)
    }

    @Test(
        "a kernel without SCTP: the error says what is missing, and which module has it",
        .enabled(if: !Machine.has(.ipv4, .stream, .sctp), "this kernel has SCTP"))
    func sctp() {
        let rest = " with AF_INET and IPPROTO_SCTP: not supported by this kernel; module sctp"
        #expect(Self.text(.ipv4, .stream, .sctp) == "SOCK_STREAM" + rest)
        #expect(Self.text(.ipv4, .sequencedPacket, .sctp) == "SOCK_SEQPACKET" + rest)
    }

    @Test(
        "a kernel without VSOCK datagrams: the error says what is missing",
        .enabled(if: !Machine.has(.vsock, .datagram), "this kernel has VSOCK datagrams"))
    func vsock() {
        #expect(Self.text(.vsock, .datagram) == "SOCK_DGRAM with AF_VSOCK: not supported by this kernel; module vsock")
    }

    @Test("a type that a family never has: the error names no module")
    func neverThere() {
        #expect(Self.text(.unix, .reliableDatagram) == "SOCK_RDM with AF_UNIX: not supported by this kernel")
    }
}
