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
        let extensions: ICMPExtensions = [.interfaceIdentification(random.interfaceIdentification())]
        if random.below(2) == 0 {
            let message = ICMPv4Message(.extendedEchoRequest(random.extendedEchoRequest()))
            return .ipv4(IPv4Packet(random.ipv4Header(), payload: .icmp(message, extensions: extensions)))
        }
        let message = ICMPv6Message(.extendedEchoRequest(random.extendedEchoRequest()))
        return .ipv6(IPv6Packet(random.ipv6Header(), payload: .icmpv6(message, extensions: extensions)))
    }
}

extension SplitMix64 {
    fileprivate mutating func extendedICMPv4Error() -> (ICMPv4Message.Body, quote: [UInt8]) {
        let (words, quote) = counted(ipv4Quote(), wordLength: 4)
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
        let (words, quote) = counted(ipv6Quote(), wordLength: 8)
        let body: ICMPv6Message.Body =
            below(2) == 0
            ? .destinationUnreachable(ICMPv6UnreachableCode(rawValue: integer()), originalDatagramWords: words)
            : .timeExceeded(ICMPv6TimeExceededCode(rawValue: integer()), originalDatagramWords: words)
        return (body, quote)
    }

    /// A quote as routers cut it, to 128 bytes or more, and how its length is given: rightly, or not at all as before
    /// RFC 4884.
    private mutating func counted(_ quote: [UInt8], wordLength: Int) -> (words: UInt8?, quote: [UInt8]) {
        switch below(4) {
        case 0: (0, Array(quote.prefix(128)))
        case 1: (nil, Array(quote.prefix(128 + below(20) * wordLength)))
        default: (nil, quote)
        }
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

    /// ASCII without the characters that can't be seen.
    private mutating func text(_ length: Int) -> String {
        String(decoding: (0..<length).map { _ in UInt8(33 + below(94)) }, as: UTF8.self)
    }
}
