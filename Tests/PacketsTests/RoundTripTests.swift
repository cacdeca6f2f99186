import Addresses
import PacketSamples
import Packets
import TestSupport
import Testing

/// `parse(serialize(x)) == x` for values chosen at random, the same in every run.
@Suite struct RoundTripTests {
    @Test("an IPv4 header is read as it was written")
    func ipv4Header() throws {
        var generator = SplitMix64(seed: 10)
        for _ in 0..<5_000 {
            let header = generator.headerWithOptions()
            let packet = header.packet(payload: generator.bytes(generator.below(64)))
            #expect(try IPv4Header(of: packet) == header)
        }
    }

    @Test("an IPv6 header is read as it was written")
    func ipv6Header() throws {
        var generator = SplitMix64(seed: 11)
        for _ in 0..<5_000 {
            let header = IPv6Header(
                source: generator.ipv6Address(), destination: generator.ipv6Address(),
                nextHeader: IPProtocol(rawValue: generator.integer()), hopLimit: generator.integer(),
                trafficClass: DifferentiatedServices(rawValue: generator.integer()),
                flowLabel: generator.integer() & 0xF_FFFF)
            let packet = header.packet(payload: generator.bytes(generator.below(64)))
            #expect(try IPv6Header(of: packet) == header)
        }
    }

    @Test("an ICMP message is read as it was written")
    func icmpv4() throws {
        var generator = SplitMix64(seed: 12)
        for _ in 0..<5_000 {
            let message = ICMPv4Message(generator.icmpv4Body())
            let bytes = message.bytes(payload: generator.bytes(generator.below(64)))
            #expect(try ICMPv4Message(of: bytes) == message)
        }
    }

    @Test("an ICMPv6 message is read as it was written")
    func icmpv6() throws {
        var generator = SplitMix64(seed: 13)
        for _ in 0..<5_000 {
            let message = ICMPv6Message(generator.icmpv6Body())
            let ends = PseudoHeader.v6(source: generator.ipv6Address(), destination: generator.ipv6Address())
            let payload = generator.bytes(generator.below(64))
            let bytes = message.bytes(payload: payload, in: ends)
            let read = try ICMPv6Message(of: bytes, in: ends)
            #expect(read == message)
        }
    }
}

extension SplitMix64 {
    mutating func echo() -> ICMPEcho { ICMPEcho(identifier: integer(), sequenceNumber: integer()) }
    mutating func timestamp() -> InternetTimestamp { InternetTimestamp(rawValue: integer()) }

    mutating func headerWithOptions() -> IPv4Header {
        IPv4Header(
            source: ipv4Address(), destination: ipv4Address(), protocolNumber: IPProtocol(rawValue: integer()),
            timeToLive: integer(), differentiatedServices: DifferentiatedServices(rawValue: integer()),
            identification: integer(), flags: IPv4Header.Flags(rawValue: integer()),
            fragmentOffset: integer() & 0x1FFF, options: ipv4Options())
    }

    mutating func icmpv4Body() -> ICMPv4Message.Body {
        switch below(10) {
        case 0: .echoReply(echo())
        case 1:
            .destinationUnreachable(
                ICMPv4UnreachableCode(rawValue: integer()), nextHopMTU: integer(), originalDatagramWords: integer() | 1)
        case 2: .sourceQuench
        case 3: .redirect(ICMPv4RedirectCode(rawValue: integer()), gateway: ipv4Address())
        case 4: .echoRequest(echo())
        case 5: .timeExceeded(ICMPv4TimeExceededCode(rawValue: integer()), originalDatagramWords: integer() | 1)
        case 6:
            .parameterProblem(
                ICMPv4ParameterProblemCode(rawValue: integer()), pointer: integer(),
                originalDatagramWords: integer() | 1)
        case 7: .timestampRequest(ICMPTimestamp(echo: echo(), originate: timestamp()))
        case 8:
            .timestampReply(
                ICMPTimestamp(echo: echo(), originate: timestamp(), receive: timestamp(), transmit: timestamp()))
        default: .other(type: 200, code: integer(), restOfHeader: integer())
        }
    }

    mutating func icmpv6Body() -> ICMPv6Message.Body {
        switch below(7) {
        case 0:
            .destinationUnreachable(ICMPv6UnreachableCode(rawValue: integer()), originalDatagramWords: integer() | 1)
        case 1: .packetTooBig(mtu: integer())
        case 2: .timeExceeded(ICMPv6TimeExceededCode(rawValue: integer()), originalDatagramWords: integer() | 1)
        case 3: .parameterProblem(ICMPv6ParameterProblemCode(rawValue: integer()), pointer: integer())
        case 4: .echoRequest(echo())
        case 5: .echoReply(echo())
        default: .other(type: 200, code: integer(), restOfHeader: integer())
        }
    }
}
