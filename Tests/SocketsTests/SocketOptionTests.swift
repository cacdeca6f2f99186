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
            Case(.reuseAddress, true, false), Case(.reusePort, true, false), Case(.keepAlive, true, false),
            Case(.urgentInline, true, false), Case(.linger, .on(seconds: 0), .on(seconds: 5), .off),
            Case(.receiveLowWater, 7, 1, type: .stream), Case(.priority, 3, 0), Case(.incomingProcessor, 0),
            Case(.broadcast, true, false), Case(.dontRoute, true, false), Case(.receiveDropCount, true, false),
            Case(.receiveTimestamps, true, false), Case(.zeroCopy, true, false, type: .stream),
            Case(.maximumPacingRate, 1 << 33, .max),
            Case(.ipv4ReceiveErrors, true, false), Case(.ipv4ReceiveErrorExtensions, true, false),
            Case(.ipv4ReceiveTimeToLive, true, false), Case(.ipv4ReceiveTypeOfService, true, false),
            Case(.ipv4ReceiveOptions, true, false), Case(.ipv4ReceivePacketInfo, true, false),
            Case(.ipv4ReceiveOriginalDestination, true, false), Case(.ipv4ReceiveFragmentSize, true, false),
            Case(.ipv4MulticastLoop, false, true), Case(.ipv4MulticastAll, false, true),
            Case(.ipv4FreeBind, true, false), Case(.ipv4BindAddressNoPort, true, false),
            Case(.ipv4TimeToLive, 1, 37, 255), Case(.ipv4MinimumTimeToLive, 255, 0),
            Case(.ipv4MulticastTimeToLive, 0, 37, 255), Case(.ipv4TypeOfService, 0xB8, 0x02, 0),
            Case(.ipv4UnicastInterface, UnicastInterface(index: 1), UnicastInterface(index: 0)),
            Case(.ipv4Options, [1, 1, 1, 0], []),
            Case(.ipv4PathMTUDiscovery, .dont, .want, .do, .probe, .interface, .omit),
            Case(.timestamping, [.transmitSoftware, .receiveSoftware, .software, .packetNumbers, .timestampOnly], []),
            Case(.timestamping, [.transmitScheduling, .transmitHardware, .receiveHardware, .hardware], []),
            Case(.timestamping, [.transmitAcknowledged, .software], [], type: .stream),
        ])
    func ipv4(option: Case) throws {
        try option.check()
    }

    @Test(
        "an IPv6 socket keeps what it is told", .enabled(if: Machine.hasIPv6, "this machine has no IPv6"),
        arguments: [
            Case(.ipv6Only, true, false, family: .ipv6),
            Case(.ipv6ReceiveErrors, true, false, family: .ipv6),
            Case(.ipv6ReceiveErrorExtensions, true, false, family: .ipv6),
            Case(.ipv6ReceiveHopLimit, true, false, family: .ipv6),
            Case(.ipv6ReceiveTrafficClass, true, false, family: .ipv6),
            Case(.ipv6ReceivePacketInfo, true, false, family: .ipv6),
            Case(.ipv6ReceiveOriginalDestination, true, false, family: .ipv6),
            Case(.ipv6ReceiveFragmentSize, true, false, family: .ipv6),
            Case(.ipv6ReceivePathMTU, true, false, family: .ipv6),
            Case(.ipv6ReceiveHopOptions, true, false, family: .ipv6),
            Case(.ipv6ReceiveDestinationOptions, true, false, family: .ipv6),
            Case(.ipv6ReceiveRoutingHeader, true, false, family: .ipv6),
            Case(.ipv6ReceiveFlowInformation, true, false, family: .ipv6),
            Case(.ipv6SendFlowInformation, true, false, family: .ipv6),
            Case(.ipv6AutomaticFlowLabel, true, false, family: .ipv6),
            Case(.ipv6DontFragment, true, false, family: .ipv6),
            Case(.ipv6FreeBind, true, false, family: .ipv6),
            Case(.ipv6MulticastLoop, false, true, family: .ipv6),
            Case(.ipv6MulticastAll, false, true, family: .ipv6),
            Case(.ipv6HopLimit, 0, 37, 255, family: .ipv6),
            Case(.ipv6MinimumHopLimit, 255, 0, family: .ipv6),
            Case(.ipv6MulticastHopLimit, 0, 37, 255, family: .ipv6),
            Case(.ipv6TrafficClass, 0xB8, 0x02, 0, family: .ipv6),
            Case(.ipv6PathMTUDiscovery, .dont, .want, .do, .probe, .interface, .omit, family: .ipv6),
            Case(.ipv6MulticastInterface, 1, 0, family: .ipv6),
            Case(.ipv6UnicastInterface, UnicastInterface(index: 1), UnicastInterface(index: 0), family: .ipv6),
            Case(.udpIPv6SendNoChecksum, true, false, family: .ipv6),
            Case(.udpIPv6ReceiveNoChecksum, true, false, family: .ipv6),
        ])
    func ipv6(option: Case) throws {
        try option.check()
    }

    @Test(
        "a privileged socket keeps what it is told",
        .enabled(if: Machine.opensRawSockets, "raw sockets need CAP_NET_RAW"),
        arguments: [
            Case(.ipv4HeaderIncluded, true, false, type: .raw, proto: .icmp), Case(.mark, 7, 0xFFFF_FFFF, 0),
            Case(.ipv4NoDefragmentation, true, false, type: .raw, proto: .icmp), Case(.debug, true, false),
            Case(.ipv4Transparent, true, false), Case(.ipv6Transparent, true, false, family: .ipv6),
            Case(.icmpFilter, ICMPFilter(passing: [0, 11]), .all, type: .raw, proto: .icmp),
            Case(.icmpv6Filter, ICMPv6Filter(passing: [3, 129]), .all, family: .ipv6, type: .raw, proto: .icmpv6),
            Case(.ipv6ChecksumOffset, 2, -1, family: .ipv6, type: .raw, proto: SocketProtocol(rawValue: 200)),
            Case(.ipv6HeaderIncluded, true, false, family: .ipv6, type: .raw, proto: SocketProtocol(rawValue: 200)),
            Case(.ipv6HopOptions, [59, 0, 1, 4, 0, 0, 0, 0], [], family: .ipv6),
            Case(.ipv6DestinationOptions, [59, 0, 1, 4, 0, 0, 0, 0], [], family: .ipv6),
            Case(.busyPollMicroseconds, 50, 0), Case(.preferBusyPoll, true, false),
            Case(.packetAuxiliaryData, true, false, family: .packet, type: .raw),
            Case(.packetOriginalDevice, true, false, family: .packet, type: .raw),
            Case(.packetQueueBypass, true, false, family: .packet, type: .raw),
            Case(.packetIgnoreOutgoing, true, false, family: .packet, type: .raw),
        ])
    func privileged(option: Case) throws {
        try option.check()
    }

    @Test(
        "a TCP socket keeps what it is told",
        arguments: [
            Case(.tcpNoDelay, true, false, type: .stream), Case(.tcpCork, true, false, type: .stream),
            Case(.tcpQuickAcknowledgement, false, true, type: .stream),
            Case(.tcpFastOpenConnect, true, false, type: .stream),
            Case(.tcpKeepAliveIdleSeconds, 1, 32_767, type: .stream),
            Case(.tcpKeepAliveIntervalSeconds, 1, 32_767, type: .stream),
            Case(.tcpKeepAliveCount, 1, 127, type: .stream),
            Case(.tcpUserTimeoutMilliseconds, 1500, 0, type: .stream), Case(.tcpSynRetries, 1, 127, type: .stream),
            Case(.tcpFinWaitSeconds, 7, type: .stream), Case(.tcpDeferAcceptSeconds, 1, 0, type: .stream),
            Case(.tcpWindowClamp, 65_536, type: .stream), Case(.tcpUnsentLowWater, 16_384, type: .stream),
            Case(.tcpFastOpenBacklog, 5, type: .stream), Case(.tcpCongestionControl, "reno", type: .stream),
        ])
    func tcp(option: Case) throws {
        try option.check()
    }

    @Test(
        "a UDP, Unix or netlink socket keeps what it is told",
        arguments: [
            Case(.udpCork, true, false), Case(.udpReceiveOffload, true, false), Case(.udpNoChecksum, true, false),
            Case(.udpSegmentSize, 1200, 0), Case(.receiveCredentials, true, false, family: .unix),
            Case(.peekOffset, 3, -1, family: .unix), Case(.netlinkReceiveGroup, true, false, family: .netlink),
            Case(.netlinkBroadcastError, true, false, family: .netlink),
            Case(.netlinkNoOverrunError, true, false, family: .netlink),
            Case(.netlinkShortAcknowledgement, true, false, family: .netlink),
            Case(.netlinkExtendedAcknowledgement, true, false, family: .netlink),
            Case(.netlinkStrictCheck, true, false, family: .netlink),
        ])
    func otherFamilies(option: Case) throws {
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
        let option = SocketOption<TwoNumbers>(level: SOL_SOCKET, number: SO_LINGER, name: "SO_LINGER")
        let socket = try Socket(.ipv4, .datagram)
        try socket.setOption(option, to: TwoNumbers(first: 1, second: 5))
        let linger = try socket.option(option)
        #expect(linger.first == 1 && linger.second == 5)
    }

    @Test("an option that the kernel answers with fewer bytes is refused and not made up: EINVAL")
    func shorterAnswer() throws {
        let option = SocketOption<TwoNumbers>(level: SOL_SOCKET, number: SO_TYPE, name: "SO_TYPE")
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
        let error = socketError { () throws(SocketError) in try socket.setOption(.ipv4Options, to: bytes) }
        #expect(error == .failed(.setOption("IP_OPTIONS"), nil, .invalidArgument))
    }
}

/// What C has as a structure of two `int`.
private struct TwoNumbers: SocketOptionValue, BitwiseCopyable {
    var first: Int32
    var second: Int32
}
