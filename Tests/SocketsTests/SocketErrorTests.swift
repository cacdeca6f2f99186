import Addresses
import Sockets
import SystemPackage
import Testing

/// Each failure names the operation, the address that it was given, and the error number.
@Suite struct SocketErrorTests {
    private static let elsewhere = SocketAddress.ipv4(IPv4Address(rawValue: 0xCB00_7101), port: 7)  // 203.0.113.1

    @Test("an address that this host does not have: EADDRNOTAVAIL")
    func notAvailable() throws {
        let socket = try Socket(.ipv4, .datagram)
        let error = socketError { () throws(SocketError) in try socket.bind(to: Self.elsewhere) }
        #expect(error == .failed(.bind, Self.elsewhere, .addressNotAvailable))
    }

    @Test("an address that another socket has: EADDRINUSE", arguments: Loopback.available)
    func inUse(loopback: Loopback) throws {
        let first = try loopback.boundSocket()
        let address = try first.localAddress()
        let second = try Socket(loopback.family, .datagram)
        let error = socketError { () throws(SocketError) in try second.bind(to: address) }
        #expect(error == .failed(.bind, address, .addressInUse))
    }

    @Test("no route: ENETUNREACH", .enabled(if: Machine.isIsolated, "this machine may have a default route"))
    func unreachable() throws {
        let socket = try Socket(.ipv4, .datagram)
        let error = socketError { () throws(SocketError) in try socket.connect(to: Self.elsewhere) }
        #expect(error == .failed(.connect, Self.elsewhere, .networkUnreachable))
    }

    @Test("an IPv4 socket has no use for an IPv6 address: EAFNOSUPPORT")
    func wrongFamily() throws {
        let socket = try Socket(.ipv4, .datagram)
        let address = SocketAddress(.v6(.loopback), port: 7)
        let error = socketError { () throws(SocketError) in try socket.connect(to: address) }
        #expect(error == .failed(.connect, address, .addressFamilyNotSupported))
    }

    @Test("an IPv6 socket binds to no IPv4 address: EINVAL", .enabled(if: Machine.hasIPv6, "this machine has no IPv6"))
    func wrongFamilyIPv6() throws {
        let socket = try Socket(.ipv6, .datagram)
        let address = SocketAddress(.v4(.loopback))
        let error = socketError { () throws(SocketError) in try socket.bind(to: address) }
        #expect(error == .failed(.bind, address, .invalidArgument))
    }

    @Test("a link-local address without a scope: EINVAL", .enabled(if: Machine.hasIPv6, "this machine has no IPv6"))
    func noScope() throws {
        let socket = try Socket(.ipv6, .datagram)
        let address = SocketAddress(.v6(IPv6Address(rawValue: 0xFE80 << 112 | 5)))
        let error = socketError { () throws(SocketError) in try socket.bind(to: address) }
        #expect(error == .failed(.bind, address, .invalidArgument))
    }

    @Test("a family that the kernel does not know: EAFNOSUPPORT")
    func unknownFamily() {
        let family = SocketFamily(rawValue: 9999)
        let error = socketError { () throws(SocketError) in _ = try Socket(family, .datagram) }
        #expect(error == .failed(.open(family, .datagram, .unspecified), nil, .addressFamilyNotSupported))
    }

    @Test("a raw socket without the capability: EPERM, and what was to be opened")
    func rawWithoutCapability() async {
        await #expect(processExitsWith: .success) {
            #expect(Machine.dropCapabilities())
            let error = socketError { () throws(SocketError) in _ = try Socket(.ipv4, .raw, .icmp) }
            #expect(error == .failed(.open(.ipv4, .raw, .icmp), nil, .notPermitted))
        }
    }

    @Test("a mark without the capability: EPERM, and the option's name")
    func markWithoutCapability() async {
        await #expect(processExitsWith: .success) {
            #expect(Machine.dropCapabilities())
            let socket = try Socket(.ipv4, .datagram)
            let error = socketError { () throws(SocketError) in try socket.setOption(.mark, to: 7) }
            #expect(error == .failed(.setOption("SO_MARK"), nil, .notPermitted))
        }
    }

    @Test(
        "the text of an error is one line: the call, the address, what is wrong",
        arguments: [
            (.failed(.bind, elsewhere, .addressNotAvailable), "bind 203.0.113.1:7: Cannot assign requested address"),
            (
                .failed(.open(.ipv6, .raw, .icmpv6), nil, .notPermitted),
                "socket AF_INET6 SOCK_RAW IPPROTO_ICMPV6: Operation not permitted"
            ),
            (
                .failed(
                    .open(SocketFamily(rawValue: 99), SocketType(rawValue: 9), .unspecified), nil, .invalidArgument),
                "socket address family 99 socket type 9 protocol 0: Invalid argument"
            ),
            (
                .failed(.getOption("IP_MTU"), nil, .socketNotConnected),
                "getsockopt IP_MTU: Transport endpoint is not connected"
            ),
            (.timedOut(.connect, elsewhere), "connect 203.0.113.1:7: timed out"),
            (.timedOut(.receive, nil), "recvmsg: timed out"),
        ] as [(SocketError, String)])
    func text(error: SocketError, text: String) {
        #expect(error.description == text)
    }

    @Test("a time-out is no error of the kernel's: ETIMEDOUT is one of its own")
    func timeOut() {
        #expect(SocketError.timedOut(.receive, nil).errno == nil)
    }
}
