import Addresses
import Packets
import TestSupport

extension PacketFormat {
    static let icmpv6 = PacketFormat("icmpv6") { random in
        .ipv6(random.icmpv6Packet(random.icmpv6Body(), payload: random.payload()))
    }

    static let mrdv6 = PacketFormat("mrd-v6") { random in
        .ipv6(random.icmpv6Packet(random.multicastRouterBody()))
    }
}

extension SplitMix64 {
    mutating func icmpv6Packet(_ body: ICMPv6Message.Body, payload: [UInt8] = []) -> IPv6Packet {
        IPv6Packet(ipv6Header(), payload: .icmpv6(ICMPv6Message(body), payload: payload))
    }

    /// Any message but those of neighbours, listeners and multicast routers.
    mutating func icmpv6Body() -> ICMPv6Message.Body {
        let echo = ICMPEcho(identifier: integer(), sequenceNumber: integer())
        switch below(9) {
        case 0: return .destinationUnreachable(ICMPv6UnreachableCode(rawValue: integer()))
        case 1: return .packetTooBig(mtu: integer())
        case 2: return .timeExceeded(ICMPv6TimeExceededCode(rawValue: integer()))
        case 3: return .parameterProblem(ICMPv6ParameterProblemCode(rawValue: integer()), pointer: integer())
        case 4: return .echoRequest(echo)
        case 5: return .echoReply(echo)
        case 6:
            return .extendedEchoRequest(
                ICMPExtendedEchoRequest(identifier: integer(), sequenceNumber: integer(), isLocal: below(2) == 0))
        case 7:
            return .extendedEchoReply(
                ICMPExtendedEchoReply(
                    code: ICMPExtendedEchoReply.Code(rawValue: integer()), identifier: integer(),
                    sequenceNumber: integer(), state: ICMPExtendedEchoReply.State(rawValue: UInt8(below(8))),
                    isActive: below(2) == 0, runsIPv4: below(2) == 0, runsIPv6: below(2) == 0))
        default: return .other(type: 100, code: integer(), restOfHeader: integer())
        }
    }

    mutating func multicastRouterBody() -> ICMPv6Message.Body {
        switch below(3) {
        case 0:
            .multicastRouterAdvertisement(
                MulticastRouterAdvertisement(
                    advertisementInterval: integer(), queryInterval: integer(), robustnessVariable: integer()))
        case 1: .multicastRouterSolicitation
        default: .multicastRouterTermination
        }
    }
}
