extension SCTPPacket {
    /// What the packet says in one line, as tcpdump prints it behind the addresses.
    public func summary(payload: RawSpan) -> String {
        var text = "sctp"
        for (index, chunk) in chunks.enumerated() {
            if case .malformed(let bytes) = chunk.body, bytes.claimsMore { return text + " [|sctp]" }
            text += "\(index == 0 ? "" : " ,") (\(index + 1)) \(chunk.summary)"
        }
        return text
    }

    /// The packet's fields with their places; see ``PayloadHeader/fields(of:isVerifiable:)``.
    public func fields(of bytes: RawSpan, isVerifiable: Bool) -> [Field] {
        let found = bytes.uint32(at: Self.checksumOffset).byteSwapped
        var fields: [Field] = [
            .number("Source port", sourcePort, 0..<2),
            .number("Destination port", destinationPort, 2..<4),
            .hexadecimal("Verification tag", verificationTag, 4..<8),
            .checksum("Checksum", found, 8..<12, ChecksumVerdict(unusual: checksum, isVerifiable: isVerifiable)),
        ]
        var offset = Self.minimumLength
        for chunk in chunks {
            let end = offset + chunk.paddedLength
            fields.append(chunk.field(of: bytes.extracting(offset..<end)).moved(by: offset))
            offset = end
        }
        return fields
    }
}

extension [UInt8] {
    /// Whether the bytes begin with a chunk whose length is possible, but more than there is.
    fileprivate var claimsMore: Bool { count >= 4 && Int(self[2]) << 8 | Int(self[3]) >= 4 }
}

extension SCTPChunk {
    /// The chunk as tcpdump prints it, without its number.
    fileprivate var summary: String {
        switch body {
        case .malformed(let bytes) where bytes.count < 4: "[chunk descriptor cut off at end of packet]"
        case .malformed(let bytes): "[Bad chunk length \(bytes[3]), < size of chunk descriptor]"
        case .data(let sequenceNumber, let stream, let streamSequence, let payloadProtocol, _):
            "[DATA] \(flagLetters)[TSN: \(sequenceNumber)] [SID: \(stream)] [SSEQ \(streamSequence)]"
                + " [PPID \(Self.payloadProtocolName(payloadProtocol))]"
        case .initiation(let initiation), .initiationAcknowledgment(let initiation):
            "[\(tcpdumpName)] [init tag: \(initiation.initiateTag)]"
                + " [rwnd: \(initiation.advertisedReceiverWindowCredit)] [OS: \(initiation.outboundStreams)]"
                + " [MIS: \(initiation.inboundStreams)] [init TSN: \(initiation.initialTSN)]"
        case .selectiveAcknowledgment(let acknowledgment): "[SACK] \(acknowledgment.summary)"
        default: "[\(tcpdumpName)]"
        }
    }

    private var flagLetters: String {
        let letters: [(Flags, String)] = [(.unordered, "(U)"), (.beginning, "(B)"), (.ending, "(E)")]
        let set = letters.filter { flags.contains($0.0) }.map(\.1).joined()
        return set.isEmpty ? "" : set + " "
    }

    private var tcpdumpName: String {
        switch type ?? 0 {
        case 4: "HB REQ"
        case 5: "HB ACK"
        case 9: "OP ERR"
        case 12: "ECN ECHO"
        case 13: "ECN CWR"
        case 0xC0: "FOR CUM TSN"
        case 0xC1: "REL CTRL"
        case 0...14: name
        case let type: "Unknown chunk type: 0x" + String(type, radix: 16)
        }
    }

    /// The type's name as its RFC writes it.
    fileprivate var name: String {
        let names: [UInt8: String] = [
            0: "DATA", 1: "INIT", 2: "INIT ACK", 3: "SACK", 4: "HEARTBEAT", 5: "HEARTBEAT ACK", 6: "ABORT",
            7: "SHUTDOWN", 8: "SHUTDOWN ACK", 9: "ERROR", 10: "COOKIE ECHO", 11: "COOKIE ACK", 12: "ECNE", 13: "CWR",
            14: "SHUTDOWN COMPLETE", 15: "AUTH", 64: "I-DATA", 128: "ASCONF-ACK", 130: "RE-CONFIG", 132: "PAD",
            192: "FORWARD TSN", 193: "ASCONF", 194: "I-FORWARD-TSN",
        ]
        return type.map { names[$0] ?? "Unknown chunk" } ?? "Malformed chunk"
    }

    /// What tcpdump calls the user's protocol; a number where it knows no name.
    private static func payloadProtocolName(_ identifier: UInt32) -> String {
        let names: [UInt32: String] = [
            1: "ISDN Q.921", 2: "M2UA", 3: "M3UA", 4: "SUA", 5: "M2PA", 6: "V5.2", 7: "H.248", 8: "BICC", 9: "TALI",
            10: "DUA", 11: "ASAP", 12: "ENRP", 13: "H.323", 14: "Q.IPC", 15: "SIMCO", 16: "DDPSC", 17: "DDPSSC",
            18: "S1AP", 19: "RUA", 20: "HNBAP", 21: "ForCES HP", 22: "ForCES MP", 23: "ForCES LP", 24: "SBc-AP",
            25: "NBAP", 27: "X2AP",
        ]
        return names[identifier] ?? "0x" + String(identifier, radix: 16)
    }
}

extension SCTPSelectiveAcknowledgment {
    fileprivate var summary: String {
        var parts = [
            "[cum ack \(cumulativeTSNAck)] [a_rwnd \(advertisedReceiverWindowCredit)]",
            "[#gap acks \(gapBlocks.count)] [#dup tsns \(duplicateTSNs.count)]",
        ]
        for (index, block) in gapBlocks.enumerated() {
            let start = cumulativeTSNAck &+ UInt32(block.start)
            let end = cumulativeTSNAck &+ UInt32(block.end)
            parts.append("[gap ack block #\(index + 1): start = \(start), end = \(end)]")
        }
        for (index, sequenceNumber) in duplicateTSNs.enumerated() {
            parts.append("[dup TSN #\(index + 1): \(sequenceNumber)]")
        }
        return parts.joined(separator: " ")
    }
}

extension SCTPChunk {
    /// The chunk's fields, with places counted from its start.
    ///
    /// - Parameters:
    ///   - bytes: the chunk with its padding.
    fileprivate func field(of bytes: RawSpan) -> Field {
        if case .malformed(let rest) = body { return .bytes(name, rest, at: 0) }
        let length = Int(bytes.uint16(at: 2))
        let fields: [Field] = [
            .number("Chunk type", bytes.uint8(at: 0), 0..<1),
            .hexadecimal("Chunk flags", flags.rawValue, 1..<2, fields: flagFields),
            .number("Chunk length", length, 2..<4),
        ]
        let padding = bytes.extracting(droppingFirst: length).array
        return .group(
            name, 0..<bytes.byteCount,
            fields + valueFields(of: bytes.extracting(first: length))
                + (padding.isEmpty ? [] : [.bytes("Padding", padding, at: length)]))
    }

    private var flagFields: [Field] {
        let names: [(String, Flags)] =
            switch body {
            case .data: [("I", .immediate), ("U", .unordered), ("B", .beginning), ("E", .ending)]
            case .abort, .shutdownComplete: [("T", .reflectedTag)]
            default: []
            }
        return names.map { .flag($0.0, flags.contains($0.1), 1..<2) }
    }

    private func valueFields(of bytes: RawSpan) -> [Field] {
        switch body {
        case .data(let sequenceNumber, let stream, let streamSequence, let payloadProtocol, let userData):
            return [
                .number("TSN", sequenceNumber, 4..<8),
                .number("Stream identifier", stream, 8..<10),
                .number("Stream sequence number", streamSequence, 10..<12),
                .number("Payload protocol identifier", payloadProtocol, 12..<16),
                .bytes("User data", userData, at: 16),
            ]
        case .initiation(let initiation), .initiationAcknowledgment(let initiation): return initiation.fields(of: bytes)
        case .selectiveAcknowledgment(let acknowledgment): return acknowledgment.fields
        case .heartbeat(let parameters), .heartbeatAcknowledgment(let parameters):
            return SCTPParameter.fields(of: parameters, in: bytes, at: 4)
        case .shutdown(let sequenceNumber): return [.number("Cumulative TSN ack", sequenceNumber, 4..<8)]
        case .abort(let causes), .error(let causes):
            return causes.isEmpty ? [] : [.bytes("Error causes", causes, at: 4)]
        case .cookieEcho(let cookie): return [.bytes("Cookie", cookie, at: 4)]
        case .unknown(_, let value): return value.isEmpty ? [] : [.bytes("Chunk value", value, at: 4)]
        case .shutdownAcknowledgment, .cookieAcknowledgment, .shutdownComplete, .malformed: return []
        }
    }
}

extension SCTPInitiation {
    fileprivate func fields(of bytes: RawSpan) -> [Field] {
        [
            .hexadecimal("Initiate tag", initiateTag, 4..<8),
            .number("Advertised receiver window credit", advertisedReceiverWindowCredit, 8..<12),
            .number("Number of outbound streams", outboundStreams, 12..<14),
            .number("Number of inbound streams", inboundStreams, 14..<16),
            .number("Initial TSN", initialTSN, 16..<20),
        ] + SCTPParameter.fields(of: parameters, in: bytes, at: 20)
    }
}

extension SCTPSelectiveAcknowledgment {
    fileprivate var fields: [Field] {
        var fields: [Field] = [
            .number("Cumulative TSN ack", cumulativeTSNAck, 4..<8),
            .number("Advertised receiver window credit", advertisedReceiverWindowCredit, 8..<12),
            .number("Number of gap ack blocks", gapBlocks.count, 12..<14),
            .number("Number of duplicate TSNs", duplicateTSNs.count, 14..<16),
        ]
        var offset = 16
        for block in gapBlocks {
            fields.append(
                .group(
                    "Gap ack block", offset..<offset + 4,
                    [
                        .number("Start", block.start, offset..<offset + 2),
                        .number("End", block.end, offset + 2..<offset + 4),
                    ]))
            offset += 4
        }
        for sequenceNumber in duplicateTSNs {
            fields.append(.number("Duplicate TSN", sequenceNumber, offset..<offset + 4))
            offset += 4
        }
        return fields
    }
}

extension SCTPParameter {
    /// The fields of a chunk's parameters.
    ///
    /// - Parameters:
    ///   - bytes: the chunk without its padding.
    ///   - start: where in it the parameters begin.
    fileprivate static func fields(of parameters: [SCTPParameter], in bytes: RawSpan, at start: Int) -> [Field] {
        var fields: [Field] = []
        var offset = start
        for parameter in parameters {
            let end = min(bytes.byteCount, offset + parameter.length.paddedToWord)
            fields.append(parameter.field(of: bytes.extracting(offset..<end)).moved(by: offset))
            offset = end
        }
        return fields
    }

    /// - Parameters:
    ///   - bytes: the parameter with as much padding as its chunk has.
    private func field(of bytes: RawSpan) -> Field {
        guard let type else { return .bytes("Malformed parameters", bytes.array, at: 0) }
        var fields: [Field] = [
            .hexadecimal("Parameter type", type, 0..<2),
            .number("Parameter length", bytes.uint16(at: 2), 2..<4),
        ]
        switch self {
        case .ipv4Address(let address): fields.append(.text("Address", address, 4..<8))
        case .ipv6Address(let address): fields.append(.text("Address", address, 4..<20))
        case .cookiePreservative(let milliseconds):
            fields.append(.number("Suggested cookie life-span increment", milliseconds, 4..<8, meaning: "milliseconds"))
        case .supportedAddressTypes(let types):
            for (index, type) in types.enumerated() {
                fields.append(.number("Address type", type, 4 + 2 * index..<6 + 2 * index))
            }
        case .heartbeatInformation(let value), .stateCookie(let value), .unknown(_, let value):
            if !value.isEmpty { fields.append(.bytes("Parameter value", value, at: 4)) }
        case .ecnCapable, .forwardTSNSupported, .malformed: break
        }
        let padding = bytes.extracting(droppingFirst: length).array
        if !padding.isEmpty { fields.append(.bytes("Padding", padding, at: length)) }
        return .group(name, 0..<bytes.byteCount, fields)
    }

    private var name: String {
        switch self {
        case .heartbeatInformation: "Heartbeat info"
        case .ipv4Address: "IPv4 address"
        case .ipv6Address: "IPv6 address"
        case .stateCookie: "State cookie"
        case .cookiePreservative: "Cookie preservative"
        case .supportedAddressTypes: "Supported address types"
        case .ecnCapable: "ECN capable"
        case .forwardTSNSupported: "Forward-TSN-supported"
        case .unknown: "Unknown parameter"
        case .malformed: "Malformed parameters"
        }
    }
}
