/// What is named by an EtherType: what Ethernet frames and GRE packets carry.
public indirect enum LinkPayload: Hashable, Sendable {
    /// An IPv4 packet.
    case ipv4(IPv4Packet)
    /// An IPv6 packet.
    case ipv6(IPv6Packet)
    /// An ARP packet.
    case arp(ARPPacket)
    /// A reverse ARP packet.
    case reverseARP(ARPPacket)
    /// An Ethernet frame, in a tunnel.
    case ethernet(EthernetFrame)
    /// A packet behind MPLS labels.
    case mpls(MPLSPacket)
    /// Anything else.
    case other(EtherType, [UInt8])
    /// Bytes that break the rules of their protocol, and which.
    case malformed(EtherType, [UInt8], ParseError)
}

extension LinkPayload {
    /// What the header before it says of it, unless it says something else on purpose.
    public var etherType: EtherType {
        switch self {
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        case .arp: .arp
        case .reverseARP: .reverseARP
        case .ethernet: .ethernet
        case .mpls: .mpls
        case .other(let type, _), .malformed(let type, _, _): type
        }
    }

    /// Bytes that the payload takes.
    public var length: Int {
        switch self {
        case .ipv4(let packet): packet.length
        case .ipv6(let packet): packet.length
        case .arp(let packet), .reverseARP(let packet): packet.length
        case .ethernet(let frame): frame.length
        case .mpls(let packet): packet.length
        case .other(_, let bytes), .malformed(_, let bytes, _): bytes.count
        }
    }

    /// What is wrong with the payload's bytes, or `nil`.
    public var error: ParseError? {
        switch self {
        case .ipv4(let packet): packet.error
        case .ipv6(let packet): packet.error
        case .ethernet(let frame): frame.payload.error
        case .mpls(let packet): packet.payload.error
        case .malformed(_, _, let error): error
        case .arp, .reverseARP, .other: nil
        }
    }
}

extension LinkPayload {
    init(parsing bytes: RawSpan, etherType: EtherType, in context: ParsingContext) {
        do throws(ParseError) {
            switch etherType {
            case .ipv4 where context.allowsNesting: self = .ipv4(try IPv4Packet(parsing: bytes, in: context.nested))
            case .ipv6 where context.allowsNesting: self = .ipv6(try IPv6Packet(parsing: bytes, in: context.nested))
            case .arp: self = .arp(try ARPPacket(parsing: bytes))
            case .reverseARP: self = .reverseARP(try ARPPacket(parsing: bytes))
            case .ethernet where context.allowsNesting:
                self = .ethernet(try EthernetFrame(parsing: bytes, in: context.nested))
            case .mpls where context.allowsNesting:
                self = .mpls(try MPLSPacket(parsing: bytes, in: context.nested))
            default: self = .other(etherType, bytes.array)
            }
        } catch {
            self = .malformed(etherType, bytes.array, error.moved(by: context.origin))
        }
    }

    func serialize(into output: inout OutputRawSpan) {
        switch self {
        case .ipv4(let packet): packet.serialize(into: &output)
        case .ipv6(let packet): packet.serialize(into: &output)
        case .arp(let packet), .reverseARP(let packet): packet.serialize(into: &output)
        case .ethernet(let frame): frame.serialize(into: &output)
        case .mpls(let packet): packet.serialize(into: &output)
        case .other(_, let bytes), .malformed(_, let bytes, _): output.append(contentsOf: bytes.span.bytes)
        }
    }

    /// The line of the packet in it, if there is one that has a line of its own.
    var packetDescription: String? {
        switch self {
        case .ipv4(let packet): packet.description
        case .ipv6(let packet): packet.description
        case .ethernet(let frame): frame.description
        case .mpls(let packet): packet.description
        case .malformed(_, _, let error): "[\(error)]"
        case .arp, .reverseARP, .other: nil
        }
    }

    /// The line of a frame with this payload; `nil` if it takes the frame's own words.
    ///
    /// - Parameters:
    ///   - trailerLength: bytes that fill the frame up.
    func frameDescription(trailerLength: Int) -> String? {
        switch self {
        case .arp(let packet), .reverseARP(let packet): packet.summary(length: packet.length + trailerLength)
        case .malformed: nil
        default: packetDescription
        }
    }

    /// The layers in it, each a group of fields; places are counted from the start of the payload.
    func layers(of bytes: RawSpan) -> [Field] {
        switch self {
        case .ipv4(let packet): packet.layers(of: bytes)
        case .ipv6(let packet): packet.layers(of: bytes)
        case .arp(let packet): [.group("ARP", 0..<packet.length, packet.fields)]
        case .reverseARP(let packet): [.group("Reverse ARP", 0..<packet.length, packet.fields)]
        case .ethernet(let frame): frame.layers(of: bytes)
        case .mpls(let packet): packet.layers(of: bytes)
        case .other(_, let bytes): Field.payload(bytes, at: 0)
        case .malformed(let type, let bytes, let error):
            [.bytes("Malformed \(type)", bytes, at: 0, meaning: error.description)]
        }
    }
}
