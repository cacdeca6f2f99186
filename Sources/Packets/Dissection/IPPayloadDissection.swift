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
        case .ipv4(let packet): packet.description
        case .ipv6(let packet): packet.description
        case .other(let number, let bytes): "\(number), length \(bytes.count)"
        case .malformed(_, _, let error): "[\(error)]"
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
        case .ipv4(let packet): return packet.layers(of: bytes)
        case .ipv6(let packet): return packet.layers(of: bytes)
        case .other(_, let bytes): return Field.payload(bytes, at: 0)
        case .malformed(let number, let bytes, let error):
            return [.bytes("Malformed \(number)", bytes, at: 0, meaning: error.description)]
        }
    }
}

extension Field {
    /// What no layer explains; nothing if there is nothing.
    static func payload(_ bytes: [UInt8], at offset: Int) -> [Field] {
        bytes.isEmpty ? [] : [.bytes("Payload", bytes, at: offset)]
    }
}
