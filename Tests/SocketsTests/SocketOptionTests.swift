import Glibc
import Sockets
import SystemPackage
import Testing

@Suite struct SocketOptionTests {
    /// An option with values that the kernel is to keep; more than one, so that none of them passes as the default.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let check: @Sendable () throws -> Void

        init<Value: Equatable>(
            _ option: SocketOption<Value>, _ values: Value..., family: SocketFamily = .ipv4,
            type: SocketType = .datagram, proto: SocketProtocol = .unspecified
        ) {
            testDescription = option.name
            check = {
                let socket = try Socket(family, type, proto)
                for value in values {
                    try socket.setOption(option, to: value)
                    #expect(try socket.option(option) == value)
                }
            }
        }
    }

    @Test(
        "an IPv4 socket keeps what it is told",
        arguments: [
            Case(.broadcast, true, false), Case(.dontRoute, true, false), Case(.receiveDropCount, true, false),
            Case(.ipv4ReceiveErrors, true, false), Case(.ipv4ReceiveTimeToLive, true, false),
            Case(.ipv4ReceiveOptions, true, false), Case(.ipv4MulticastLoop, false, true),
            Case(.ipv4TimeToLive, 1, 37, 255), Case(.ipv4MulticastTimeToLive, 0, 37, 255),
            Case(.ipv4TypeOfService, 0xB8, 0x02, 0), Case(.ipv4PathMTUDiscovery, .dont, .want, .do, .probe),
            Case(.timestamping, [.transmitSoftware, .receiveSoftware, .software, .packetNumbers, .timestampOnly], []),
        ])
    func ipv4(option: Case) throws {
        try option.check()
    }

    @Test(
        "an IPv6 socket keeps what it is told", .enabled(if: Machine.hasIPv6, "this machine has no IPv6"),
        arguments: [
            Case(.ipv6ReceiveErrors, true, false, family: .ipv6),
            Case(.ipv6ReceiveHopLimit, true, false, family: .ipv6),
            Case(.ipv6MulticastLoop, false, true, family: .ipv6),
            Case(.ipv6SendFlowInformation, true, false, family: .ipv6), Case(.ipv6HopLimit, 0, 37, 255, family: .ipv6),
            Case(.ipv6MulticastHopLimit, 0, 37, 255, family: .ipv6),
            Case(.ipv6TrafficClass, 0xB8, 0x02, 0, family: .ipv6),
            Case(.ipv6PathMTUDiscovery, .dont, .want, .do, .probe, family: .ipv6),
            Case(.ipv6MulticastInterface, 1, 0, family: .ipv6),
        ])
    func ipv6(option: Case) throws {
        try option.check()
    }

    @Test(
        "a privileged socket keeps what it is told",
        .enabled(if: Machine.opensRawSockets, "raw sockets need CAP_NET_RAW"),
        arguments: [
            Case(.ipv4HeaderIncluded, true, false, type: .raw, proto: .icmp), Case(.mark, 7, 0xFFFF_FFFF, 0),
        ])
    func privileged(option: Case) throws {
        try option.check()
    }

    @Test(
        "the kernel doubles the size of buffers",
        arguments: [.receiveBufferSize, .sendBufferSize] as [SocketOption<Int32>])
    func bufferSize(option: SocketOption<Int32>) throws {
        let socket = try Socket(.ipv4, .datagram)
        try socket.setOption(option, to: 20_000)
        #expect(try socket.option(option) == 40_000)
    }

    @Test("the path MTU is that of a connected socket", arguments: Loopback.available)
    func pathMTU(loopback: Loopback) throws {
        let option: SocketOption<Int32> = loopback == .ipv4 ? .ipv4PathMTU : .ipv6PathMTU
        let socket = try Socket(loopback.family, .datagram)
        let error = socketError { () throws(SocketError) in _ = try socket.option(option) }
        #expect(error == .failed(.getOption(option.name), nil, .socketNotConnected))
        try socket.connect(to: loopback.address(port: 9))
        #expect(try socket.option(option) >= 1280)
    }

    @Test("a value that the kernel does not take: EINVAL, and the option's name", arguments: [-2, 256] as [Int32])
    func refused(value: Int32) throws {
        let socket = try Socket(.ipv4, .datagram)
        let error = socketError { () throws(SocketError) in try socket.setOption(.ipv4TimeToLive, to: value) }
        #expect(error == .failed(.setOption("IP_TTL"), nil, .invalidArgument))
    }

    @Test("an option of a caller's own: SO_LINGER, two numbers")
    func ownOption() throws {
        let option = SocketOption<Linger>(level: SOL_SOCKET, number: SO_LINGER, name: "SO_LINGER")
        let socket = try Socket(.ipv4, .datagram)
        try socket.setOption(option, to: Linger(isOn: 1, seconds: 5))
        let linger = try socket.option(option)
        #expect(linger.isOn == 1 && linger.seconds == 5)
    }

    @Test("an option that the kernel answers with fewer bytes is refused and not made up: EINVAL")
    func shorterAnswer() throws {
        let option = SocketOption<Linger>(level: SOL_SOCKET, number: SO_TYPE, name: "SO_TYPE")
        let socket = try Socket(.ipv4, .datagram)
        let error = socketError { () throws(SocketError) in _ = try socket.option(option) }
        #expect(error == .failed(.getOption("SO_TYPE"), nil, .invalidArgument))
    }

    @Test("IP_MULTICAST_IF takes an interface's index, and does not give it back: EINVAL")
    func multicastInterface() throws {
        let index = try #require(NetworkInterface.index(name: "lo"))
        let socket = try Socket(.ipv4, .datagram)
        try socket.setOption(.ipv4MulticastInterface, to: MulticastInterface(index: index))
        let error = socketError { () throws(SocketError) in _ = try socket.option(.ipv4MulticastInterface) }
        #expect(error == .failed(.getOption("IP_MULTICAST_IF"), nil, .invalidArgument))
    }

    @Test(
        "IPv4 options of more than 40 bytes, and malformed ones: EINVAL",
        arguments: [[UInt8](repeating: 1, count: 44), [7, 200, 4]])
    func ipv4Options(bytes: [UInt8]) throws {
        let socket = try Socket(.ipv4, .datagram)
        let error = socketError { () throws(SocketError) in try socket.setIPv4Options(bytes) }
        #expect(error == .failed(.setOption("IP_OPTIONS"), nil, .invalidArgument))
    }
}

/// `struct linger`.
private struct Linger: SocketOptionValue, BitwiseCopyable {
    var isOn: Int32
    var seconds: Int32
    init(isOn: Int32, seconds: Int32) { (self.isOn, self.seconds) = (isOn, seconds) }
    init(optionRepresentation: Linger) { self = optionRepresentation }
    var optionRepresentation: Linger { self }
}
