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
