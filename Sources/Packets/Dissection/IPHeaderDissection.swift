extension IPv4Header {
    /// The header's fields with their places.
    ///
    /// - Parameters:
    ///   - bytes: what the header was read from.
    public func fields(of bytes: RawSpan) -> [Field] {
        let number = IPProtocol(rawValue: bytes.uint8(at: 9))
        var fields: [Field] = [
            .number("Version", 4, 0..<1),
            .number("Internet header length", bytes.uint8(at: 0) & 0x0F, 0..<1, meaning: "\(length) bytes"),
            differentiatedServices.field("Type of service", 1..<2),
            .number("Total length", bytes.uint16(at: 2), 2..<4),
            .hexadecimal("Identification", identification, 4..<6),
            .group(
                "Flags", 6..<7,
                [
                    .flag("Reserved", flags.contains(.reserved), 6..<7),
                    .flag("Don't fragment", flags.contains(.dontFragment), 6..<7),
                    .flag("More fragments", flags.contains(.moreFragments), 6..<7),
                ]),
            .number("Fragment offset", fragmentOffset, 6..<8, meaning: "\(Int(fragmentOffset) * 8) bytes"),
            .number("Time to live", timeToLive, 8..<9),
            .number("Protocol", number.rawValue, 9..<10, meaning: number.description),
            .checksum("Header checksum", bytes.uint16(at: 10), 10..<12, ChecksumVerdict(unusual: checksum)),
            .text("Source address", source, 12..<16),
            .text("Destination address", destination, 16..<20),
        ]
        if length > Self.minimumLength {
            let list = bytes.extracting(Self.minimumLength..<length)
            fields += options.fields(of: list).moved(by: Self.minimumLength)
        }
        return fields
    }
}

extension IPv6Header {
    /// The header's fields with their places.
    ///
    /// - Parameters:
    ///   - bytes: what the header was read from.
    public func fields(of bytes: RawSpan) -> [Field] {
        let next = IPProtocol(rawValue: bytes.uint8(at: 6))
        return [
            .number("Version", 6, 0..<1),
            trafficClass.field("Traffic class", 0..<2),
            .hexadecimal("Flow label", flowLabel, 1..<4),
            .number("Payload length", bytes.uint16(at: 4), 4..<6),
            .number("Next header", next.rawValue, 6..<7, meaning: next.description),
            .number("Hop limit", hopLimit, 7..<8),
            .text("Source address", source, 8..<24),
            .text("Destination address", destination, 24..<40),
        ]
    }
}

extension DifferentiatedServices {
    fileprivate func field(_ name: String, _ bytes: Range<Int>) -> Field {
        .hexadecimal(
            name, rawValue, bytes,
            fields: [
                .number("Differentiated services code point", dscp, bytes),
                .number("Explicit congestion notification", ecn, bytes),
            ])
    }
}
