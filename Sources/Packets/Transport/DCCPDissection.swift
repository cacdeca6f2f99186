extension DCCPHeader {
    /// What the packet says in one line, as tcpdump prints it behind the addresses.
    public func summary(payload: RawSpan) -> String {
        let acknowledgment = body.acknowledgmentNumber.map { " (ack=\($0))" } ?? ""
        let detail =
            switch body {
            case .request(let serviceCode), .response(_, let serviceCode): " (service=\(serviceCode))"
            case .reset(_, let code, _): " (code=\(code))"
            default: ""
            }
        return "DCCP " + (body.name.map { "DCCP-" + $0 } ?? "unknown-type-\(type)") + detail + acknowledgment
    }

    /// The header's fields with their places; see ``PayloadHeader/fields(of:isVerifiable:)``.
    public func fields(of bytes: RawSpan, isVerifiable: Bool) -> [Field] {
        let verdict = ChecksumVerdict(unusual: checksum, isVerifiable: isVerifiable)
        var fields: [Field] = [
            .number("Source port", sourcePort, 0..<2),
            .number("Destination port", destinationPort, 2..<4),
            .number("Data offset", bytes.uint8(at: 4), 4..<5, meaning: "\(length) bytes"),
            .number("CCVal", congestionControlValue, 5..<6),
            .number("CsCov", checksumCoverage, 5..<6, meaning: checksumCoverage == 0 ? "all bytes" : nil),
            .checksum("Checksum", bytes.uint16(at: Self.checksumOffset), 6..<8, verdict),
            .number("Res", bytes.uint8(at: 8) >> 5, 8..<9),
            .number("Type", type, 8..<9, meaning: body.name),
            .flag("X", hasExtendedSequenceNumbers, 8..<9),
        ]
        if hasExtendedSequenceNumbers { fields.append(.number("Reserved", bytes.uint8(at: 9), 9..<10)) }
        fields.append(
            .number("Sequence number", sequenceNumber, (hasExtendedSequenceNumbers ? 10 : 9)..<genericLength))
        fields += bodyFields(of: bytes)
        if !options.isEmpty { fields.append(.bytes("Options", options, at: fixedLength)) }
        return fields
    }

    private func bodyFields(of bytes: RawSpan) -> [Field] {
        var fields: [Field] = []
        var offset = genericLength
        if let number = body.acknowledgmentNumber {
            let start = offset + (hasExtendedSequenceNumbers ? 2 : 1)
            offset += Body.acknowledgmentLength(isExtended: hasExtendedSequenceNumbers)
            let reserved = hasExtendedSequenceNumbers ? bytes.uint16(at: start - 2) : UInt16(bytes.uint8(at: start - 1))
            fields.append(.number("Acknowledgment reserved", reserved, genericLength..<start))
            fields.append(.number("Acknowledgment number", number, start..<offset))
        }
        switch body {
        case .request(let serviceCode), .response(_, let serviceCode):
            fields.append(.number("Service code", serviceCode, offset..<offset + 4))
        case .reset(_, let code, let data):
            fields.append(.number("Reset code", code.rawValue, offset..<offset + 1, meaning: "\(code)"))
            fields.append(
                Field("Reset data", .hexadecimal(UInt64(data), digits: 6), offset + 1..<offset + 4))
        default: break
        }
        return fields
    }
}

extension DCCPHeader.Body {
    /// The type's name as its RFC writes it.
    fileprivate var name: String? {
        switch self {
        case .request: "Request"
        case .response: "Response"
        case .data: "Data"
        case .acknowledgment: "Ack"
        case .dataAcknowledgment: "DataAck"
        case .closeRequest: "CloseReq"
        case .close: "Close"
        case .reset: "Reset"
        case .synchronize: "Sync"
        case .synchronizeAcknowledgment: "SyncAck"
        case .reserved: nil
        }
    }
}
