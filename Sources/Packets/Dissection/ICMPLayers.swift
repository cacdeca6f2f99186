/// The layers of a message: itself, the packet that it quotes or its data, and its extensions.
extension ICMPMessage {
    func layers(
        _ name: String, _ payload: [UInt8], _ extensions: ICMPExtensions?, of bytes: RawSpan, isVerifiable: Bool
    ) -> [Field] {
        var layers = [Field.group(name, 0..<length, fields(of: bytes, isVerifiable: isVerifiable))]
        let end = bytes.byteCount - (extensions?.length ?? 0)
        let padding = max(length, min(end, length + payload.count))
        if quotesPacket, let quoted = Self.quotedLayers(bytes.extracting(length..<padding)) {
            layers.append(.group("Quoted packet", length..<padding, quoted.moved(by: length)))
        } else {
            layers += payloadLayers(payload)
        }
        if let extensions, end >= padding {
            if end > padding { layers.append(.bytes("Padding", bytes.extracting(padding..<end).array, at: padding)) }
            let fields = extensions.fields(of: bytes.extracting(droppingFirst: end))
            layers.append(.group("ICMP extensions", end..<bytes.byteCount, fields.moved(by: end)))
        }
        return layers
    }

    /// An error that is quoted quotes nothing here: hostile ones would do so a thousand times.
    private static func quotedLayers(_ quote: RawSpan) -> [Field]? {
        if var packet = try? IPv4Packet(parsing: quote, verifyingChecksums: false) {
            let offset = packet.length - packet.payload.length
            packet.payload = packet.payload.withoutQuote(of: quote.extracting(droppingFirst: offset))
            return packet.layers(of: quote)
        }
        if var packet = try? IPv6Packet(parsing: quote, verifyingChecksums: false) {
            let offset = packet.length - packet.payload.length
            packet.payload = packet.payload.withoutQuote(of: quote.extracting(droppingFirst: offset))
            return packet.layers(of: quote)
        }
        return nil
    }
}

extension IPPayload {
    /// The same payload, or the bytes that it was read from if there is an error with a quote in it.
    fileprivate func withoutQuote(of bytes: RawSpan) -> IPPayload {
        quotesPacket ? .other(protocolNumber, bytes.extracting(first: length).array) : self
    }

    /// Whether it is, or has inside, a message about another packet.
    fileprivate var quotesPacket: Bool {
        switch self {
        case .icmp(let message, _, _): message.quotesPacket
        case .icmpv6(let message, _, _): message.quotesPacket
        case .ipv4(let packet): packet.payload.quotesPacket
        case .ipv6(let packet): packet.payload.quotesPacket
        case .gre(let packet): packet.payload.quotesPacket
        default: false
        }
    }
}

extension LinkPayload {
    fileprivate var quotesPacket: Bool {
        switch self {
        case .ipv4(let packet): packet.payload.quotesPacket
        case .ipv6(let packet): packet.payload.quotesPacket
        case .ethernet(let frame): frame.payload.quotesPacket
        case .mpls(let packet): packet.payload.quotesPacket
        default: false
        }
    }
}

extension ICMPExtensions {
    /// The structure's fields with their places.
    ///
    /// - Parameters:
    ///   - bytes: what the structure was read from.
    public func fields(of bytes: RawSpan) -> [Field] {
        let verdict = checksum == 0 ? .absent : ChecksumVerdict(unusual: checksum)
        var fields: [Field] = [
            .number("Version", version, 0..<1),
            .hexadecimal("Reserved", bytes.uint16(at: 0) & 0x0FFF, 0..<2),
            .checksum("Checksum", bytes.uint16(at: Self.checksumOffset), 2..<4, verdict),
        ]
        var offset = Self.headerLength
        for object in objects {
            fields.append(object.field(at: offset))
            offset += object.length
        }
        return fields
    }
}

extension ICMPExtensionObject {
    fileprivate func field(at offset: Int) -> Field {
        let data = offset + ICMPExtensionWalk.headerLength
        let head: [Field] = [
            .number("Length", length, offset..<offset + 2),
            .number("Class-Num", classNumber, offset + 2..<offset + 3),
            Field("C-Type", .number(UInt64(type)), offset + 3..<offset + 4, fields: typeFields(at: offset + 3)),
        ]
        return .group(name, offset..<offset + length, head + fields(at: data))
    }

    private var name: String {
        switch self {
        case .mplsLabelStack: "MPLS label stack"
        case .interfaceInformation: "Interface information"
        case .interfaceIdentification: "Interface identification"
        case .unknown: "Unknown object"
        }
    }

    private func typeFields(at offset: Int) -> [Field] {
        if case .interfaceInformation(let information) = self { information.typeFields(at: offset) } else { [] }
    }

    private func fields(at offset: Int) -> [Field] {
        switch self {
        case .mplsLabelStack(let labels):
            labels.enumerated().map { index, label in
                let start = offset + index * MPLSLabel.length
                return .group("Label stack entry", start..<start + MPLSLabel.length, label.fields(at: start))
            }
        case .interfaceInformation(let information): information.fields(at: offset)
        case .interfaceIdentification(let identification): identification.fields(at: offset)
        case .unknown(_, _, let data): data.isEmpty ? [] : [.bytes("Data", data, at: offset)]
        }
    }
}
