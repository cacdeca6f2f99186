import Sockets
import Testing

/// Python reads from the same socket, under its own name for the option, what was set here.
@Suite(.enabled(if: Machine.hasPython)) struct OptionsInPythonTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let level: String
        let value: String
        let open: @Sendable () throws(SocketError) -> Socket

        init<Value>(
            _ option: SocketOption<Value>, _ level: String, to value: Value, is text: String,
            _ family: SocketFamily = .ipv4, _ type: SocketType = .stream
        ) {
            testDescription = option.name
            self.level = level
            self.value = text
            open = { () throws(SocketError) in
                let socket = try Socket(family, type)
                try socket.setOption(option, to: value)
                return socket
            }
        }
    }

    @Test(
        "Python reads what was set",
        arguments: [
            Case(.reuseAddress, "SOL_SOCKET", to: true, is: "1"), Case(.reusePort, "SOL_SOCKET", to: true, is: "1"),
            Case(.keepAlive, "SOL_SOCKET", to: true, is: "1"), Case(.broadcast, "SOL_SOCKET", to: true, is: "1"),
            Case(.urgentInline, "SOL_SOCKET", to: true, is: "1"), Case(.dontRoute, "SOL_SOCKET", to: true, is: "1"),
            Case(.receiveBufferSize, "SOL_SOCKET", to: 20_000, is: "40000"),
            Case(.sendBufferSize, "SOL_SOCKET", to: 20_000, is: "40000"),
            Case(.receiveLowWater, "SOL_SOCKET", to: 7, is: "7"), Case(.priority, "SOL_SOCKET", to: 3, is: "3"),
            Case(.receiveCredentials, "SOL_SOCKET", to: true, is: "1", .unix),
            Case(.tcpNoDelay, "IPPROTO_TCP", to: true, is: "1"), Case(.tcpCork, "IPPROTO_TCP", to: true, is: "1"),
            Case(.tcpKeepAliveIdleSeconds, "IPPROTO_TCP", to: 11, is: "11"),
            Case(.tcpKeepAliveIntervalSeconds, "IPPROTO_TCP", to: 12, is: "12"),
            Case(.tcpKeepAliveCount, "IPPROTO_TCP", to: 13, is: "13"),
            Case(.tcpUserTimeoutMilliseconds, "IPPROTO_TCP", to: 1400, is: "1400"),
            Case(.tcpSynRetries, "IPPROTO_TCP", to: 5, is: "5"),
            Case(.tcpFinWaitSeconds, "IPPROTO_TCP", to: 16, is: "16"),
            Case(.tcpUnsentLowWater, "IPPROTO_TCP", to: 17, is: "17"),
            Case(.ipv4TimeToLive, "IPPROTO_IP", to: 37, is: "37"),
            Case(.ipv4TypeOfService, "IPPROTO_IP", to: 0xB8, is: "184"),
            Case(.ipv4MulticastTimeToLive, "IPPROTO_IP", to: 38, is: "38", .ipv4, .datagram),
            Case(.ipv4MulticastLoop, "IPPROTO_IP", to: false, is: "0", .ipv4, .datagram),
            Case(.ipv4ReceiveTypeOfService, "IPPROTO_IP", to: true, is: "1", .ipv4, .datagram),
        ])
    func ipv4(option: Case) throws {
        try check(option)
    }

    @Test(
        "Python reads what was set on IPv6", .enabled(if: Machine.hasIPv6, "this machine has no IPv6"),
        arguments: [
            Case(.ipv6Only, "IPPROTO_IPV6", to: true, is: "1", .ipv6),
            Case(.ipv6HopLimit, "IPPROTO_IPV6", to: 37, is: "37", .ipv6),
            Case(.ipv6TrafficClass, "IPPROTO_IPV6", to: 0xB8, is: "184", .ipv6),
            Case(.ipv6MulticastHopLimit, "IPPROTO_IPV6", to: 38, is: "38", .ipv6, .datagram),
            Case(.ipv6MulticastLoop, "IPPROTO_IPV6", to: false, is: "0", .ipv6, .datagram),
            Case(.ipv6MulticastInterface, "IPPROTO_IPV6", to: 1, is: "1", .ipv6, .datagram),
            Case(.ipv6ReceivePacketInfo, "IPPROTO_IPV6", to: true, is: "1", .ipv6, .datagram),
            Case(.ipv6ReceiveTrafficClass, "IPPROTO_IPV6", to: true, is: "1", .ipv6, .datagram),
            Case(.ipv6ReceiveHopLimit, "IPPROTO_IPV6", to: true, is: "1", .ipv6, .datagram),
            Case(.ipv6DontFragment, "IPPROTO_IPV6", to: true, is: "1", .ipv6, .datagram),
        ])
    func ipv6(option: Case) throws {
        try check(option)
    }

    @Test("Python reads that a socket lingers, and how long")
    func linger() throws {
        let socket = try Socket(.ipv4, .stream)
        try socket.setOption(.linger, to: .on(seconds: 5))
        let script = """
            s = socket.socket(fileno=3)
            print(*struct.unpack("ii", s.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)))
            """
        let peer = try #require(PythonPeer(script, inheriting: socket.fileDescriptor))
        #expect(peer.line() == "1 5")
    }

    private func check(_ option: Case) throws {
        let socket = try option.open()
        let script = """
            s = socket.socket(fileno=3)
            print(int(s.getsockopt(getattr(socket, sys.argv[1]), getattr(socket, sys.argv[2]))))
            """
        let peer = try #require(
            PythonPeer(script, option.level, option.testDescription, inheriting: socket.fileDescriptor))
        #expect(peer.line() == option.value)
    }
}
