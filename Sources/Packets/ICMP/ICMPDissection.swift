extension ICMPv4Message: PayloadHeader {
    /// The protocol's number in an IP header.
    public static var protocolNumber: IPProtocol { .icmp }

    /// Reads a message; without a pseudo header its checksum is kept as found.
    public init(parsing bytes: RawSpan, in pseudoHeader: PseudoHeader?, verifyingChecksum: Bool) throws(ParseError) {
        try self.init(parsing: bytes, verifyingChecksum: verifyingChecksum && pseudoHeader != nil)
        if pseudoHeader == nil { checksum = bytes.uint16(at: ICMPFields.checksumOffset) }
    }

    /// Appends the message and its payload; ICMP has no use for a pseudo header.
    public func serialize(into output: inout OutputRawSpan, payload: RawSpan, in pseudoHeader: PseudoHeader?) {
        serialize(into: &output, payload: payload)
    }

    /// What the message says in one line, as tcpdump prints it behind the addresses.
    public func summary(payload: RawSpan) -> String {
        "ICMP type \(type) code \(code), length \(length + payload.byteCount)"
    }

    /// The header's fields with their places; see ``PayloadHeader/fields(of:isVerifiable:)``.
    public func fields(of bytes: RawSpan, isVerifiable: Bool) -> [Field] {
        let verdict = ChecksumVerdict(unusual: checksum, isVerifiable: isVerifiable)
        return [
            .number("Type", type, 0..<1),
            .number("Code", code, 1..<2),
            .checksum("Checksum", bytes.uint16(at: ICMPFields.checksumOffset), 2..<4, verdict),
        ]
    }
}

extension ICMPv6Message: PayloadHeader {
    /// The protocol's number in an IP header.
    public static var protocolNumber: IPProtocol { .icmpv6 }

    /// What the message says in one line, as tcpdump prints it behind the addresses.
    public func summary(payload: RawSpan) -> String {
        "ICMP6 type \(type) code \(code), length \(length + payload.byteCount)"
    }

    /// The header's fields with their places; see ``PayloadHeader/fields(of:isVerifiable:)``.
    public func fields(of bytes: RawSpan, isVerifiable: Bool) -> [Field] {
        let verdict = ChecksumVerdict(unusual: checksum, isVerifiable: isVerifiable)
        return [
            .number("Type", type, 0..<1),
            .number("Code", code, 1..<2),
            .checksum("Checksum", bytes.uint16(at: ICMPFields.checksumOffset), 2..<4, verdict),
        ]
    }
}
