/// What an IP packet carries. Payloads nest: a tunnel's payload is a packet.
public indirect enum IPPayload: Hashable, Sendable {
    /// An ICMP message, and what follows it: an echo's data, an error's quote and the extensions behind that.
    case icmp(ICMPv4Message, payload: [UInt8] = [], extensions: ICMPExtensions? = nil)
    /// An ICMPv6 message, and what follows it.
    case icmpv6(ICMPv6Message, payload: [UInt8] = [], extensions: ICMPExtensions? = nil)
    /// An IGMP message, and what follows it.
    case igmp(IGMPMessage, payload: [UInt8] = [])
    /// A UDP datagram.
    case udp(UDPHeader, payload: [UInt8] = [])
    /// A UDP-Lite datagram.
    case udpLite(UDPLiteHeader, payload: [UInt8] = [])
    /// A TCP segment.
    case tcp(TCPHeader, payload: [UInt8] = [])
    /// An SCTP packet.
    case sctp(SCTPPacket)
    /// A DCCP packet.
    case dccp(DCCPHeader, payload: [UInt8] = [])
    /// An IPv4 packet in the packet (RFC 2003).
    case ipv4(IPv4Packet)
    /// An IPv6 packet in the packet (RFC 2473).
    case ipv6(IPv6Packet)
    /// A packet in a tunnel of GRE.
    case gre(GREPacket)
    /// Any other protocol, and fragments that are not the first, whose beginning is elsewhere.
    case other(IPProtocol, [UInt8])
    /// Bytes that break the rules of their protocol, and which.
    case malformed(IPProtocol, [UInt8], ParseError)
}

extension IPPayload {
    /// What the IP header says of it, unless it says something else on purpose.
    public var protocolNumber: IPProtocol {
        switch self {
        case .icmp: .icmp
        case .icmpv6: .icmpv6
        case .igmp: .igmp
        case .udp: .udp
        case .udpLite: .udpLite
        case .tcp: .tcp
        case .sctp: .sctp
        case .dccp: .dccp
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        case .gre: .gre
        case .other(let number, _), .malformed(let number, _, _): number
        }
    }

    /// Bytes that the payload takes.
    public var length: Int {
        switch self {
        case .icmp(let message, let payload, let extensions):
            message.length + message.joining(payload, extensions).1.count
        case .icmpv6(let message, let payload, let extensions):
            message.length + message.joining(payload, extensions).1.count
        case .igmp(let message, let payload): message.length + payload.count
        case .udp(let header, let payload): header.length + payload.count
        case .udpLite(let header, let payload): header.length + payload.count
        case .tcp(let header, let payload): header.length + payload.count
        case .sctp(let packet): packet.length
        case .dccp(let header, let payload): header.length + payload.count
        case .ipv4(let packet): packet.length
        case .ipv6(let packet): packet.length
        case .gre(let packet): packet.length
        case .other(_, let bytes), .malformed(_, let bytes, _): bytes.count
        }
    }

    /// What is wrong with the payload's bytes or with those of a packet in it, or `nil`.
    public var error: ParseError? {
        switch self {
        case .ipv4(let packet): packet.error
        case .ipv6(let packet): packet.error
        case .gre(let packet): packet.payload.error
        case .malformed(_, _, let error): error
        default: nil
        }
    }

    /// The ports, if the payload has them, also of a payload that is malformed or cut short behind them.
    var ports: (source: UInt16, destination: UInt16)? {
        switch self {
        case .udp(let header, _): header.ports
        case .udpLite(let header, _): header.ports
        case .tcp(let header, _): header.ports
        case .sctp(let packet): packet.ports
        case .dccp(let header, _): header.ports
        case .malformed(let number, let bytes, _) where number.hasPorts && bytes.count >= 4:
            (bytes.span.bytes.uint16(at: 0), bytes.span.bytes.uint16(at: 2))
        default: nil
        }
    }
}

/// Reading and writing. The pseudo header is `nil` where part of the payload is missing, as in fragments and quotes.
extension IPPayload {
    init(
        parsing bytes: RawSpan, protocolNumber: IPProtocol, in pseudoHeader: PseudoHeader?, context: ParsingContext
    ) {
        func read<Header: PayloadHeader>(_: Header.Type) throws(ParseError) -> (Header, [UInt8]) {
            let header = try Header(parsing: bytes, in: pseudoHeader, verifyingChecksum: context.verifyingChecksums)
            return (header, bytes.extracting(droppingFirst: header.length).array)
        }
        func readICMP<Message: ICMPMessage>(
            _: Message.Type
        ) throws(ParseError) -> (Message, [UInt8], ICMPExtensions?) {
            let message = try Message(parsing: bytes, in: pseudoHeader, verifyingChecksum: context.verifyingChecksums)
            return message.splitting(bytes.extracting(droppingFirst: message.length))
        }
        do throws(ParseError) {
            switch protocolNumber {
            case .icmp:
                let (message, payload, extensions) = try readICMP(ICMPv4Message.self)
                self = .icmp(message, payload: payload, extensions: extensions)
            case .icmpv6:
                let (message, payload, extensions) = try readICMP(ICMPv6Message.self)
                self = .icmpv6(message, payload: payload, extensions: extensions)
            case .igmp:
                let (message, payload) = try read(IGMPMessage.self)
                self = .igmp(message, payload: payload)
            case .udp:
                let (header, payload) = try read(UDPHeader.self)
                self = .udp(header, payload: payload)
            case .udpLite:
                let (header, payload) = try read(UDPLiteHeader.self)
                self = .udpLite(header, payload: payload)
            case .tcp:
                let (header, payload) = try read(TCPHeader.self)
                self = .tcp(header, payload: payload)
            case .sctp: self = .sctp(try read(SCTPPacket.self).0)
            case .dccp:
                let (header, payload) = try read(DCCPHeader.self)
                self = .dccp(header, payload: payload)
            case .ipv4 where context.allowsNesting: self = .ipv4(try IPv4Packet(parsing: bytes, in: context.nested))
            case .ipv6 where context.allowsNesting: self = .ipv6(try IPv6Packet(parsing: bytes, in: context.nested))
            case .gre where GREHeader.isFormat(of: bytes):
                self = .gre(try GREPacket(parsing: bytes, isWhole: pseudoHeader != nil, in: context))
            default: self = .other(protocolNumber, bytes.array)
            }
        } catch {
            self = .malformed(protocolNumber, bytes.array, error.moved(by: context.origin))
        }
    }

    func serialize(into output: inout OutputRawSpan, in pseudoHeader: PseudoHeader?) {
        switch self {
        case .icmp(let message, let payload, let extensions):
            let (message, joined) = message.joining(payload, extensions)
            message.serialize(into: &output, payload: joined.span.bytes, in: pseudoHeader)
        case .icmpv6(let message, let payload, let extensions):
            let (message, joined) = message.joining(payload, extensions)
            message.serialize(into: &output, payload: joined.span.bytes, in: pseudoHeader)
        case .igmp(let message, let payload):
            message.serialize(into: &output, payload: payload.span.bytes, in: pseudoHeader)
        case .udp(let header, let payload):
            header.serialize(into: &output, payload: payload.span.bytes, in: pseudoHeader)
        case .udpLite(let header, let payload):
            header.serialize(into: &output, payload: payload.span.bytes, in: pseudoHeader)
        case .tcp(let header, let payload):
            header.serialize(into: &output, payload: payload.span.bytes, in: pseudoHeader)
        case .sctp(let packet): packet.serialize(into: &output)
        case .dccp(let header, let payload):
            header.serialize(into: &output, payload: payload.span.bytes, in: pseudoHeader)
        case .ipv4(let packet): packet.serialize(into: &output)
        case .ipv6(let packet): packet.serialize(into: &output)
        case .gre(let packet): packet.serialize(into: &output)
        case .other(_, let bytes), .malformed(_, let bytes, _): output.append(contentsOf: bytes.span.bytes)
        }
    }
}
