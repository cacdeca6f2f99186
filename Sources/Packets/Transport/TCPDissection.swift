extension TCPHeader.Flags: CustomStringConvertible {
    /// The flags as tcpdump prints them, for example `S.` for SYN and ACK.
    public var description: String {
        let letters: [(Self, String)] = [
            (.fin, "F"), (.syn, "S"), (.rst, "R"), (.psh, "P"), (.ack, "."), (.urg, "U"), (.ece, "E"), (.cwr, "W"),
        ]
        let set = letters.filter { contains($0.0) }.map(\.1).joined()
        return set.isEmpty ? "none" : set
    }
}

extension TCPHeader {
    /// What the segment says in one line, as tcpdump prints it behind the addresses.
    public func summary(payload: RawSpan) -> String {
        var text = "Flags [\(flags)]"
        if payload.byteCount > 0 {
            text += ", seq \(sequenceNumber):\(sequenceNumber &+ UInt32(truncatingIfNeeded: payload.byteCount))"
        } else if !flags.isDisjoint(with: [.syn, .fin, .rst]) {
            text += ", seq \(sequenceNumber)"
        }
        if flags.contains(.ack) { text += ", ack \(acknowledgmentNumber)" }
        text += ", win \(window)"
        if flags.contains(.urg) { text += ", urg \(urgentPointer)" }
        if length > Self.minimumLength {
            text += ", options [" + optionSummaries.joined(separator: ",")
            // tcpdump gives up here.
            if case .malformed = options.last { return text }
            text += "]"
        }
        return text + ", length \(payload.byteCount)"
    }

    private var optionSummaries: [String] {
        // tcpdump counts selective acknowledgments from the byte before the acknowledgment number, if there is one.
        let origin = flags.contains(.ack) ? acknowledgmentNumber &- 1 : 0
        let isPadded = options.reduce(Self.minimumLength) { $0 + $1.length } < length
        return options.map { $0.summary(countingFrom: origin) } + (isPadded ? ["eol"] : [])
    }

    /// The header's fields with their places; see ``PayloadHeader/fields(of:isVerifiable:)``.
    public func fields(of bytes: RawSpan, isVerifiable: Bool) -> [Field] {
        let verdict = ChecksumVerdict(unusual: checksum, isVerifiable: isVerifiable)
        return [
            .number("Source port", sourcePort, 0..<2),
            .number("Destination port", destinationPort, 2..<4),
            .number("Sequence number", sequenceNumber, 4..<8),
            .number("Acknowledgment number", acknowledgmentNumber, 8..<12),
            .number("Data offset", bytes.uint8(at: 12) >> 4, 12..<13, meaning: "\(length) bytes"),
            .number("Reserved", flags.rawValue >> 9, 12..<13),
            Field("Control bits", .hexadecimal(UInt64(flags.rawValue & 0x1FF), digits: 3), 12..<14, fields: flagFields),
            .number("Window", window, 14..<16),
            .checksum("Checksum", bytes.uint16(at: Self.checksumOffset), 16..<18, verdict),
            .number("Urgent pointer", urgentPointer, 18..<20),
        ] + optionFields(of: bytes)
    }

    private var flagFields: [Field] {
        let names: [(String, Flags)] = [
            ("AE", .ae), ("CWR", .cwr), ("ECE", .ece), ("URG", .urg), ("ACK", .ack), ("PSH", .psh), ("RST", .rst),
            ("SYN", .syn), ("FIN", .fin),
        ]
        return names.map { name, flag in .flag(name, flags.contains(flag), flag == .ae ? 12..<13 : 13..<14) }
    }

    private func optionFields(of bytes: RawSpan) -> [Field] {
        guard length > Self.minimumLength else { return [] }
        var fields: [Field] = []
        var offset = Self.minimumLength
        for option in options {
            fields.append(option.field(at: offset))
            offset += option.length
        }
        if offset < length {
            fields.append(.bytes("End of option list", bytes.extracting(offset..<length).array, at: offset))
        }
        return [.group("Options", Self.minimumLength..<length, fields)]
    }
}

extension TCPOption {
    /// The option as tcpdump prints it.
    ///
    /// - Parameters:
    ///   - origin: the sequence number from which the blocks of a selective acknowledgment are counted.
    fileprivate func summary(countingFrom origin: UInt32) -> String {
        switch self {
        case .noOperation: "nop"
        case .maximumSegmentSize(let size): "mss \(size)"
        case .windowScale(let shift): "wscale \(shift)"
        case .selectiveAcknowledgmentPermitted: "sackOK"
        case .selectiveAcknowledgments(let blocks):
            "sack \(blocks.count) "
                + blocks.map { "{\($0.leftEdge &- origin):\($0.rightEdge &- origin)}" }.joined()
        case .timestamps(let value, let echoReply): "TS val \(value) ecr \(echoReply)"
        case .userTimeout(let timeout, let isInMinutes):
            // tcpdump takes the lowest bit for the unit; it is the highest (RFC 5482 section 3).
            "uto 0x\(String(timeout | (isInMinutes ? 0x8000 : 0), radix: 16)) \(Int(timeout) * (isInMinutes ? 60 : 1))"
        case .md5Signature(let digest): "md5 " + hexadecimal(digest)
        case .authentication(let keyID, let receiveNextKeyID, let code):
            "tcp-ao keyid \(keyID) rnextkeyid \(receiveNextKeyID)" + (code.isEmpty ? "" : " mac 0x" + hexadecimal(code))
        case .fastOpenCookie(let cookie, let isExperimental):
            (isExperimental ? "exp-tfo cookie" : "tfo cookie") + (cookie.isEmpty ? "req" : " " + hexadecimal(cookie))
        case .unknown(let kind, let data): "unknown-\(kind)" + (data.isEmpty ? "" : " 0x" + hexadecimal(data))
        case .end: "eol"
        case .malformed: "[bad opt]"
        }
    }

    fileprivate func field(at offset: Int) -> Field {
        let range = offset..<offset + length
        if case .malformed(let bytes) = self { return .bytes("Malformed options", bytes, at: offset) }
        if case .end(let rest) = self {
            return .group(
                "End of option list", range,
                [.number("Kind", 0, offset..<offset + 1), .bytes("Rest", rest, at: offset + 1)])
        }
        var fields: [Field] = [.number("Kind", kind ?? 0, offset..<offset + 1)]
        if case .noOperation = self { return .group("No-operation", range, fields) }
        fields.append(.number("Length", length, offset + 1..<offset + 2))
        return .group(name, range, fields + valueFields(at: offset + 2))
    }

    private var name: String {
        switch self {
        case .noOperation: "No-operation"
        case .maximumSegmentSize: "Maximum segment size"
        case .windowScale: "Window scale"
        case .selectiveAcknowledgmentPermitted: "SACK permitted"
        case .selectiveAcknowledgments: "SACK"
        case .timestamps: "Timestamps"
        case .userTimeout: "User timeout"
        case .md5Signature: "MD5 signature"
        case .authentication: "TCP-AO"
        case .fastOpenCookie: "Fast open cookie"
        case .unknown: "Unknown option"
        case .end: "End of option list"
        case .malformed: "Malformed options"
        }
    }

    /// What follows the length byte.
    private func valueFields(at offset: Int) -> [Field] {
        switch self {
        case .maximumSegmentSize(let size): [.number("Value", size, offset..<offset + 2)]
        case .windowScale(let shift): [.number("Shift count", shift, offset..<offset + 1)]
        case .selectiveAcknowledgments(let blocks):
            blocks.enumerated().flatMap { index, block in
                let start = offset + index * 8
                return [
                    Field.number("Left edge", block.leftEdge, start..<start + 4),
                    Field.number("Right edge", block.rightEdge, start + 4..<start + 8),
                ]
            }
        case .timestamps(let value, let echoReply):
            [.number("TSval", value, offset..<offset + 4), .number("TSecr", echoReply, offset + 4..<offset + 8)]
        case .userTimeout(let timeout, let isInMinutes):
            [
                .number(
                    "Granularity", isInMinutes ? 1 : 0, offset..<offset + 1,
                    meaning: isInMinutes ? "minutes" : "seconds"),
                .number("User timeout", timeout, offset..<offset + 2),
            ]
        case .authentication(let keyID, let receiveNextKeyID, let code):
            [
                .number("KeyID", keyID, offset..<offset + 1),
                .number("RNextKeyID", receiveNextKeyID, offset + 1..<offset + 2),
                .bytes("MAC", code, at: offset + 2),
            ]
        case .fastOpenCookie(let cookie, isExperimental: true):
            [.hexadecimal("ExID", 0xF989 as UInt16, offset..<offset + 2), .bytes("Cookie", cookie, at: offset + 2)]
        case .fastOpenCookie(let cookie, isExperimental: false): [.bytes("Cookie", cookie, at: offset)]
        case .md5Signature(let digest): [.bytes("Digest", digest, at: offset)]
        case .unknown(_, let data): [.bytes("Data", data, at: offset)]
        case .noOperation, .selectiveAcknowledgmentPermitted, .end, .malformed: []
        }
    }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
