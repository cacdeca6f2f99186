import Addresses
import Packets
import TestSupport

extension PacketFormat {
    static let icmpv6 = PacketFormat("icmpv6") { random in
        let body = random.icmpv6Body()
        let isError = ICMPv6Message(body).type < 100
        let payload = isError ? random.quote(payloadLength: 8 + random.below(64)) : random.payload()
        return .ipv6(random.icmpv6Packet(body, payload: payload))
    }

    /// What scapy and tshark know by type and code alone.
    static let icmpv6Others = PacketFormat("icmpv6-others") { random in
        .ipv6(random.icmpv6Packet(random.icmpv6OtherBody()))
    }

    static let mrdv6 = PacketFormat("mrd-v6") { random in
        .ipv6(random.icmpv6Packet(random.multicastRouterBody()))
    }
}

extension SplitMix64 {
    mutating func icmpv6Packet(_ body: ICMPv6Message.Body, payload: [UInt8] = []) -> IPv6Packet {
        IPv6Packet(ipv6Header(), payload: .icmpv6(ICMPv6Message(body), payload: payload))
    }

    /// The beginning of a UDP datagram to the discard service, as errors and redirects quote it: nobody looks for a
    /// protocol in that.
    mutating func quote(payloadLength: Int) -> [UInt8] {
        let header = UDPHeader(sourcePort: 9, destinationPort: 9)
        let packet = IPv6Packet(
            ipv6Header(), payload: .udp(header, payload: [UInt8](repeating: 0x78, count: max(0, payloadLength - 8))))
        return Array(serialized { packet.serialize(into: &$0) }.prefix(IPv6Header.length + payloadLength))
    }

    /// The errors and echoes of RFC 4443.
    mutating func icmpv6Body() -> ICMPv6Message.Body {
        let echo = icmpEcho()
        switch below(6) {
        case 0: return .destinationUnreachable(ICMPv6UnreachableCode(rawValue: integer()))
        case 1: return .packetTooBig(mtu: integer())
        case 2: return .timeExceeded(ICMPv6TimeExceededCode(rawValue: integer()))
        case 3: return .parameterProblem(ICMPv6ParameterProblemCode(rawValue: integer()), pointer: integer())
        case 4: return .echoRequest(echo)
        default: return .echoReply(echo)
        }
    }

    mutating func icmpv6OtherBody() -> ICMPv6Message.Body {
        switch below(3) {
        case 0: .extendedEchoRequest(extendedEchoRequest())
        case 1: .extendedEchoReply(extendedEchoReply())
        default: .other(type: 100, code: integer(), restOfHeader: integer())
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
