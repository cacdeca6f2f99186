import Addresses
import Packets
import TestSupport

extension PacketFormat {
    static let icmpExtensions = PacketFormat("icmp-extensions") { random in
        let extensions = ICMPExtensions((0..<random.below(4)).map { _ in random.extensionObject() })
        if random.below(2) == 0 {
            let (body, quote) = random.extendedICMPv4Error()
            return .ipv4(
                IPv4Packet(
                    random.ipv4Header(),
                    payload: .icmp(ICMPv4Message(body), payload: quote, extensions: extensions)))
        }
        let (body, quote) = random.extendedICMPv6Error()
        return .ipv6(
            IPv6Packet(
                random.ipv6Header(), payload: .icmpv6(ICMPv6Message(body), payload: quote, extensions: extensions)))
    }

    static let icmpExtendedEcho = PacketFormat("icmp-extended-echo") { random in
        let isRequest = random.below(2) == 0
        let extensions = isRequest ? ICMPExtensions([.interfaceIdentification(random.interfaceIdentification())]) : nil
        let (request, reply) = (random.extendedEchoRequest(), random.extendedEchoReply())
        if random.below(2) == 0 {
            let message = ICMPv4Message(isRequest ? .extendedEchoRequest(request) : .extendedEchoReply(reply))
            return .ipv4(IPv4Packet(random.ipv4Header(), payload: .icmp(message, extensions: extensions)))
        }
        let message = ICMPv6Message(isRequest ? .extendedEchoRequest(request) : .extendedEchoReply(reply))
        return .ipv6(IPv6Packet(random.ipv6Header(), payload: .icmpv6(message, extensions: extensions)))
    }
}

extension SplitMix64 {
    fileprivate mutating func extendedICMPv4Error() -> (ICMPv4Message.Body, quote: [UInt8]) {
        let packet = IPv4Packet(ipv4Header(), payload: quotedPayload())
        let whole = serialized { packet.serialize(into: &$0) }
        // As before RFC 4884, the length is not always told.
        let (words, quote) = below(4) == 0 ? (UInt8(0), Array(whole.prefix(128))) : (nil, cut(whole, wordLength: 4))
        let body: ICMPv4Message.Body =
            switch below(3) {
            case 0:
                .destinationUnreachable(
                    ICMPv4UnreachableCode(rawValue: integer()), nextHopMTU: integer(), originalDatagramWords: words)
            case 1: .timeExceeded(ICMPv4TimeExceededCode(rawValue: integer()), originalDatagramWords: words)
            default:
                .parameterProblem(
                    ICMPv4ParameterProblemCode(rawValue: integer()), pointer: integer(), originalDatagramWords: words)
            }
        return (body, quote)
    }

    fileprivate mutating func extendedICMPv6Error() -> (ICMPv6Message.Body, quote: [UInt8]) {
        let packet = IPv6Packet(ipv6Header(), payload: quotedPayload())
        let quote = cut(serialized { packet.serialize(into: &$0) }, wordLength: 8)
        let body: ICMPv6Message.Body =
            below(2) == 0
            ? .destinationUnreachable(ICMPv6UnreachableCode(rawValue: integer()))
            : .timeExceeded(ICMPv6TimeExceededCode(rawValue: integer()))
        return (body, quote)
    }

    /// Of a protocol without checksum: tshark takes what follows a quote for its end.
    private mutating func quotedPayload() -> IPPayload {
        .other(IPProtocol(rawValue: 253), payload(upTo: below(2) == 0 ? 60 : 500))
    }

    /// A quote as routers cut it: whole, or 128 bytes or more in whole words.
    private mutating func cut(_ quote: [UInt8], wordLength: Int) -> [UInt8] {
        below(2) == 0 ? quote : Array(quote.prefix(128 + below(20) * wordLength))
    }

    fileprivate mutating func extensionObject() -> ICMPExtensionObject {
        switch below(4) {
        case 0:
            let labels = (0..<below(5)).map { _ in
                MPLSLabel(
                    label: integer() & 0xF_FFFF, trafficClass: UInt8(below(8)), isBottomOfStack: below(2) == 0,
                    timeToLive: integer())
            }
            return .mplsLabelStack(labels)
        case 1: return .interfaceInformation(interfaceInformation())
        case 2: return .interfaceIdentification(interfaceIdentification())
        default: return .unknown(classNumber: 4 + UInt8(below(252)), type: integer(), data: payload())
        }
    }

    private mutating func interfaceInformation() -> ICMPInterfaceInformation {
        let roles: [ICMPInterfaceInformation.Role] = [.incoming, .incomingBelowIP, .outgoing, .nextHop]
        return ICMPInterfaceInformation(
            role: roles[below(4)], index: below(2) == 0 ? integer() : nil, address: below(2) == 0 ? ipAddress() : nil,
            name: below(2) == 0 ? text(below(64)) : nil, mtu: below(2) == 0 ? integer() : nil)
    }

    fileprivate mutating func interfaceIdentification() -> ICMPInterfaceIdentification {
        switch below(4) {
        case 0: .name(text(1 + below(40)))
        case 1: .index(integer())
        case 2: .address(ipAddress())
        default: .address(family: 16389, bytes(6))
        }
    }

    private mutating func ipAddress() -> IPAddress { below(2) == 0 ? .v4(ipv4Address()) : .v6(ipv6Address()) }

    /// Small letters.
    private mutating func text(_ length: Int) -> String {
        String(decoding: (0..<length).map { _ in UInt8(97 + below(26)) }, as: UTF8.self)
    }
}
