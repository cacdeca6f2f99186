import Addresses

extension ICMPv4Message: ICMPMessage {
    /// The protocol's number in an IP header.
    public static var protocolNumber: IPProtocol { .icmp }

    var quotesPacket: Bool {
        switch body {
        case .destinationUnreachable, .sourceQuench, .redirect, .timeExceeded, .parameterProblem: true
        default: false
        }
    }

    var extensionPlacement: ICMPExtensionPlacement {
        switch body {
        case .destinationUnreachable(_, _, let words), .timeExceeded(_, let words), .parameterProblem(_, _, let words):
            .behindQuote(words: words, wordLength: 4)
        case .extendedEchoRequest, .extendedEchoReply: .behindHeader
        default: .none
        }
    }

    func counting(originalDatagramWords words: UInt8?) -> Self {
        let body: Body =
            switch body {
            case .destinationUnreachable(let code, let mtu, _):
                .destinationUnreachable(code, nextHopMTU: mtu, originalDatagramWords: words)
            case .timeExceeded(let code, _): .timeExceeded(code, originalDatagramWords: words)
            case .parameterProblem(let code, let pointer, _):
                .parameterProblem(code, pointer: pointer, originalDatagramWords: words)
            default: body
            }
        return Self(body, checksum: checksum)
    }

    func payloadLayers(_ payload: [UInt8]) -> [Field] {
        guard case .routerAdvertisement(let head) = body else { return Field.payload(payload, at: length) }
        return head.entryLayers(of: payload, at: length)
    }

    /// Reads a message; without a pseudo header its checksum is kept as found.
    public init(parsing bytes: RawSpan, in pseudoHeader: PseudoHeader?, verifyingChecksum: Bool) throws(ParseError) {
        try self.init(parsing: bytes, verifyingChecksum: verifyingChecksum && pseudoHeader != nil)
        if pseudoHeader == nil { checksum = bytes.uint16(at: ICMPFields.checksumOffset) }
    }

    /// Appends the message and its payload; ICMP has no use for a pseudo header.
    public func serialize(into output: inout OutputRawSpan, payload: RawSpan, in pseudoHeader: PseudoHeader?) {
        serialize(into: &output, payload: payload)
    }

    /// The message's fields with their places; see ``PayloadHeader/fields(of:isVerifiable:)``.
    public func fields(of bytes: RawSpan, isVerifiable: Bool) -> [Field] {
        let verdict = ChecksumVerdict(unusual: checksum, isVerifiable: isVerifiable)
        let head: [Field] = [
            .number("Type", type, 0..<1, meaning: body.name),
            .number("Code", code, 1..<2, meaning: body.codeMeaning),
            .checksum("Checksum", bytes.uint16(at: ICMPFields.checksumOffset), 2..<4, verdict),
        ]
        return head + body.fields(of: bytes)
    }
}

extension ICMPv4Message.Body {
    /// The type in words.
    fileprivate var name: String? {
        switch self {
        case .echoReply: "echo reply"
        case .destinationUnreachable: "destination unreachable"
        case .sourceQuench: "source quench"
        case .redirect: "redirect"
        case .echoRequest: "echo request"
        case .routerAdvertisement: "router advertisement"
        case .routerSolicitation: "router solicitation"
        case .timeExceeded: "time exceeded"
        case .parameterProblem: "parameter problem"
        case .timestampRequest: "timestamp request"
        case .timestampReply: "timestamp reply"
        case .informationRequest: "information request"
        case .informationReply: "information reply"
        case .addressMaskRequest: "address mask request"
        case .addressMaskReply: "address mask reply"
        case .traceroute: "traceroute"
        case .extendedEchoRequest: "extended echo request"
        case .extendedEchoReply: "extended echo reply"
        case .other: nil
        }
    }

    /// The code in words.
    fileprivate var codeMeaning: String? {
        switch self {
        case .destinationUnreachable(let code, _, _): code.description
        case .redirect(let code, _): code.description
        case .timeExceeded(let code, _): code.description
        case .parameterProblem(let code, _, _): code.description
        case .traceroute(let report): report.code.description
        case .extendedEchoReply(let reply): reply.code.description
        default: nil
        }
    }

    /// The fields behind the checksum.
    fileprivate func fields(of bytes: RawSpan) -> [Field] {
        let lengthField = Field.number(
            "Length", bytes.uint8(at: 5), 5..<6, meaning: "\(Int(bytes.uint8(at: 5)) * 4) bytes of quoted packet")
        switch self {
        case .echoRequest(let echo), .echoReply(let echo), .informationRequest(let echo), .informationReply(let echo):
            return echo.fields
        case .destinationUnreachable(_, let mtu, _):
            return [.number("Unused", bytes.uint8(at: 4), 4..<5), lengthField, .number("Next-hop MTU", mtu, 6..<8)]
        case .timeExceeded:
            return [
                .number("Unused", bytes.uint8(at: 4), 4..<5), lengthField,
                .number("Unused", bytes.uint16(at: 6), 6..<8),
            ]
        case .parameterProblem(_, let pointer, _):
            return [.number("Pointer", pointer, 4..<5), lengthField, .number("Unused", bytes.uint16(at: 6), 6..<8)]
        case .redirect(_, let gateway): return [.text("Gateway address", gateway, 4..<8)]
        case .sourceQuench, .routerSolicitation: return [.hexadecimal("Unused", bytes.uint32(at: 4), 4..<8)]
        case .routerAdvertisement(let head):
            return [
                .number("Number of addresses", bytes.uint8(at: 4), 4..<5),
                .number("Address entry size", head.addressEntrySize, 5..<6, meaning: "32-bit words"),
                .number("Lifetime", head.lifetime, 6..<8, meaning: "seconds"),
            ]
        case .timestampRequest(let timestamp), .timestampReply(let timestamp):
            return timestamp.echo.fields + [
                .number("Originate timestamp", timestamp.originate.rawValue, 8..<12, meaning: timestamp.originate.text),
                .number("Receive timestamp", timestamp.receive.rawValue, 12..<16, meaning: timestamp.receive.text),
                .number("Transmit timestamp", timestamp.transmit.rawValue, 16..<20, meaning: timestamp.transmit.text),
            ]
        case .addressMaskRequest(let echo, let mask), .addressMaskReply(let echo, let mask):
            return echo.fields + [.text("Address mask", mask, 8..<12)]
        case .traceroute(let report): return report.fields(of: bytes)
        case .extendedEchoRequest(let request): return request.fields(of: bytes)
        case .extendedEchoReply(let reply): return reply.fields(of: bytes)
        case .other: return [.hexadecimal("Rest of header", bytes.uint32(at: 4), 4..<8)]
        }
    }
}

extension ICMPEcho {
    var fields: [Field] {
        [.number("Identifier", identifier, 4..<6), .number("Sequence number", sequenceNumber, 6..<8)]
    }
}

extension ICMPRouterAdvertisement {
    fileprivate func entryLayers(of payload: [UInt8], at offset: Int) -> [Field] {
        var start = offset
        let layers = entries(of: payload.span.bytes).map { entry in
            defer { start += Int(addressEntrySize) * 4 }
            let others = payload[start - offset + 8..<start - offset + Int(addressEntrySize) * 4]
            return Field.group(
                "Router", start..<start + Int(addressEntrySize) * 4,
                [
                    .text("Router address", entry.address, start..<start + 4),
                    .text("Preference level", entry.preference, start + 4..<start + 8),
                ] + Field.payload(Array(others), at: start + 8))
        }
        return layers + Field.payload(Array(payload[(start - offset)...]), at: start)
    }
}

extension ICMPTraceroute {
    fileprivate func fields(of bytes: RawSpan) -> [Field] {
        [
            .number("ID number", identifier, 4..<6),
            .number("Unused", bytes.uint16(at: 6), 6..<8),
            .number("Outbound hop count", outboundHopCount, 8..<10),
            .number("Return hop count", returnHopCount, 10..<12),
            .number("Output link speed", outputLinkSpeed, 12..<16, meaning: "bytes per second"),
            .number("Output link MTU", outputLinkMTU, 16..<20),
        ]
    }
}

extension InternetTimestamp {
    /// The time of day as tcpdump prints it, also of a value that is none: `12:00:00.017`.
    var text: String {
        let (seconds, milliseconds) = rawValue.quotientAndRemainder(dividingBy: 1000)
        let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        let decimals = String(milliseconds)
        return parts.joined(separator: ":") + "." + String(repeating: "0", count: 3 - decimals.count) + decimals
    }
}
