/// What a payload says, to people.
extension IPPayload {
    /// One line, as tcpdump prints it behind the addresses.
    var summary: String {
        switch self {
        case .icmp(let message, let payload, let extensions):
            message.summary(payload: message.joining(payload, extensions).1.span.bytes)
        case .icmpv6(let message, let payload, let extensions):
            message.summary(payload: message.joining(payload, extensions).1.span.bytes)
        case .igmp(let message, let payload): message.summary(payload: payload.span.bytes)
        case .udp(let header, let payload): header.summary(payload: payload.span.bytes)
        case .udpLite(let header, let payload): header.summary(payload: payload.span.bytes)
        case .tcp(let header, let payload): header.summary(payload: payload.span.bytes)
        case .sctp(let packet): packet.summary(payload: RawSpan())
        case .dccp(let header, let payload): header.summary(payload: payload.span.bytes)
        case .ipv4(let packet): packet.description
        case .ipv6(let packet): packet.description
        case .gre(let packet): packet.summary
        case .other(.noNextHeader, _): "no next header"
        case .other(let number, let bytes): "ip-proto-\(number.rawValue) \(bytes.count)"
        case .malformed(let number, _, let error): number.extensionSummary ?? "[\(error)]"
        }
    }

    /// The layers in it, each a group of fields; places are counted from the start of the payload.
    func layers(of bytes: RawSpan, isVerifiable: Bool) -> [Field] {
        func layer<Header: PayloadHeader>(_ name: String, _ header: Header, _ payload: [UInt8]) -> [Field] {
            let group = Field.group(
                name, 0..<header.length, header.fields(of: bytes, isVerifiable: isVerifiable))
            return [group] + Field.payload(payload, at: header.length)
        }
        switch self {
        case .icmp(let message, let payload, let extensions):
            return message.layers("ICMP", payload, extensions, of: bytes, isVerifiable: isVerifiable)
        case .icmpv6(let message, let payload, let extensions):
            return message.layers("ICMPv6", payload, extensions, of: bytes, isVerifiable: isVerifiable)
        case .igmp(let message, let payload): return layer("IGMP", message, payload)
        case .udp(let header, let payload):
            let ports = (header.sourcePort, header.destinationPort)
            guard let trace = Mtrace2Message.layer(of: payload, ports: ports) else {
                return layer("UDP", header, payload)
            }
            return layer("UDP", header, []) + [trace.moved(by: header.length)]
        case .udpLite(let header, let payload): return layer("UDP-Lite", header, payload)
        case .tcp(let header, let payload): return layer("TCP", header, payload)
        case .sctp(let packet): return layer("SCTP", packet, [])
        case .dccp(let header, let payload): return layer("DCCP", header, payload)
        case .ipv4(let packet): return packet.layers(of: bytes)
        case .ipv6(let packet): return packet.layers(of: bytes)
        case .gre(let packet): return packet.layers(of: bytes, isVerifiable: isVerifiable)
        case .other(_, let bytes): return Field.payload(bytes, at: 0)
        case .malformed(let number, let bytes, let error):
            return [
                Field(
                    "Malformed \(number)", .bytes(bytes), 0..<bytes.count, meaning: error.description,
                    fields: portFields)
            ]
        }
    }
}

extension IPPayload {
    /// The ports by themselves: all that a quote of eight bytes may have of a transport's header.
    private var portFields: [Field] {
        guard let ports else { return [] }
        return [.number("Source port", ports.source, 0..<2), .number("Destination port", ports.destination, 2..<4)]
    }
}

extension Field {
    /// What no layer explains; nothing if there is nothing.
    static func payload(_ bytes: [UInt8], at offset: Int) -> [Field] {
        bytes.isEmpty ? [] : [.bytes("Payload", bytes, at: offset)]
    }
}

extension IPProtocol {
    /// What tcpdump prints of an IPv6 extension header that is not whole.
    fileprivate var extensionSummary: String? {
        switch self {
        case .hopByHopOptions: "[|hbhopt]"
        case .routing: "[|rt6]"
        case .fragment: "[|frag6]"
        case .authentication: "[|ah]"
        case .destinationOptions: "[|dstopt]"
        default: nil
        }
    }
}
