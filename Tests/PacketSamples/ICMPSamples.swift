import Addresses
import Packets
import TestSupport

extension PacketFormat {
    static let icmpv4 = PacketFormat("icmpv4") { random in
        let (body, payload) = random.icmpv4Body()
        return .ipv4(IPv4Packet(random.ipv4Header(), payload: .icmp(ICMPv4Message(body), payload: payload)))
    }
}

extension SplitMix64 {
    /// Any message without extensions, and what follows it.
    mutating func icmpv4Body() -> (ICMPv4Message.Body, payload: [UInt8]) {
        switch below(3) {
        case 0: icmpv4Error()
        case 1: icmpv4Query()
        default: icmpv4Report()
        }
    }

    private mutating func icmpv4Error() -> (ICMPv4Message.Body, payload: [UInt8]) {
        let body: ICMPv4Message.Body =
            switch below(5) {
            case 0: .destinationUnreachable(ICMPv4UnreachableCode(rawValue: integer()), nextHopMTU: integer())
            case 1: .sourceQuench
            case 2: .redirect(ICMPv4RedirectCode(rawValue: integer()), gateway: ipv4Address())
            case 3: .timeExceeded(ICMPv4TimeExceededCode(rawValue: integer()))
            default: .parameterProblem(ICMPv4ParameterProblemCode(rawValue: integer()), pointer: integer())
            }
        // Routers quote as much as they like.
        let quote = ipv4Quote()
        return (body, Array(quote.prefix(below(3) == 0 ? 28 : quote.count)))
    }

    private mutating func icmpv4Query() -> (ICMPv4Message.Body, payload: [UInt8]) {
        let echo = icmpEcho()
        let times = ICMPTimestamp(
            echo: echo, originate: InternetTimestamp(rawValue: integer()),
            receive: InternetTimestamp(rawValue: integer()), transmit: InternetTimestamp(rawValue: integer()))
        let body: ICMPv4Message.Body =
            switch below(8) {
            case 0: .echoRequest(echo)
            case 1: .echoReply(echo)
            case 2: .timestampRequest(times)
            case 3: .timestampReply(times)
            case 4: .informationRequest(echo)
            case 5: .informationReply(echo)
            case 6: .addressMaskRequest(echo, mask: IPv4Address(rawValue: integer()))
            default: .addressMaskReply(echo, mask: IPv4Address(rawValue: integer()))
            }
        return (body, payload())
    }

    private mutating func icmpv4Report() -> (ICMPv4Message.Body, payload: [UInt8]) {
        switch below(4) {
        case 0:
            let code = ICMPRouterAdvertisement.Code(rawValue: below(2) == 0 ? 0 : 16)
            return (.routerAdvertisement(ICMPRouterAdvertisement(code: code, lifetime: integer())), routers())
        case 1: return (.routerSolicitation, [])
        case 2:
            let report = ICMPTraceroute(
                code: ICMPTraceroute.Code(rawValue: integer()), identifier: integer(), outboundHopCount: integer(),
                returnHopCount: integer(), outputLinkSpeed: integer(), outputLinkMTU: integer())
            return (.traceroute(report), [])
        default: return (.other(type: 44 + UInt8(below(200)), code: integer(), restOfHeader: integer()), payload())
        }
    }

    /// Up to 255 entries.
    private mutating func routers() -> [UInt8] {
        let count = below(10) == 0 ? 255 : below(4)
        let entries = (0..<count).map { _ in
            ICMPRouterAdvertisement.Entry(
                address: ipv4Address(), preference: Int32(bitPattern: integer()))
        }
        return serialized(capacity: 8 * count) { ICMPRouterAdvertisement.serialize(entries, into: &$0) }
    }

    mutating func icmpEcho() -> ICMPEcho { ICMPEcho(identifier: integer(), sequenceNumber: integer()) }

    mutating func extendedEchoRequest() -> ICMPExtendedEchoRequest {
        ICMPExtendedEchoRequest(identifier: integer(), sequenceNumber: integer(), isLocal: below(2) == 0)
    }

    mutating func extendedEchoReply() -> ICMPExtendedEchoReply {
        ICMPExtendedEchoReply(
            code: ICMPExtendedEchoReply.Code(rawValue: integer()), identifier: integer(), sequenceNumber: integer(),
            state: ICMPExtendedEchoReply.State(rawValue: UInt8(below(8))), isActive: below(2) == 0,
            runsIPv4: below(2) == 0, runsIPv6: below(2) == 0)
    }

    /// A whole packet that might be quoted, to the discard service: nobody looks for a protocol in that.
    mutating func ipv4Quote() -> [UInt8] {
        let datagram = IPPayload.udp(UDPHeader(sourcePort: 9, destinationPort: 9), payload: payload())
        return serialized { IPv4Packet(ipv4Header(), payload: datagram).serialize(into: &$0) }
    }
}
