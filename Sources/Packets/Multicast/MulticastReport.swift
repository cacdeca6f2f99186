import Addresses

/// What IGMPv3 and MLDv2 answer alike (RFC 9776 section 4.2, RFC 9777 section 5.2): all that follows the checksum.
public struct MulticastReport<Address: InternetAddress>: Hashable, Sendable {
    /// Sixteen bits of which the first says that extensions follow the records (RFC 9279).
    public var flags: UInt16
    /// What the host listens to, or what has changed in it, group by group.
    public var records: [MulticastAddressRecord<Address>]

    /// A report of these records.
    public init(_ records: [MulticastAddressRecord<Address>], flags: UInt16 = 0) {
        self.flags = flags
        self.records = records
    }

    /// Bytes from the flags to the end of the last record.
    public var length: Int { records.reduce(4) { $0 + $1.length } }
}

/// A group in a report of IGMPv3 or MLDv2 (RFC 9776 section 4.2, RFC 9777 section 5.2).
public struct MulticastAddressRecord<Address: InternetAddress>: Hashable, Sendable {
    /// What the sources are.
    public var type: MulticastRecordType
    /// The group.
    public var group: Address
    /// The sources that the type speaks of.
    public var sources: [Address]
    /// What no version defines yet. It takes whole 32-bit words: zeros fill the last, and a parsed record has them.
    public var auxiliaryData: [UInt8]

    /// What has become of a group.
    public init(_ type: MulticastRecordType, group: Address, sources: [Address] = [], auxiliaryData: [UInt8] = []) {
        self.type = type
        self.group = group
        self.sources = sources
        self.auxiliaryData = auxiliaryData
    }

    /// Bytes of the record.
    public var length: Int { 4 + (1 + sources.count) * Address.byteCount + auxiliaryWords * 4 }

    private var auxiliaryWords: Int { (auxiliaryData.count + 3) / 4 }
}

/// What the sources in a record are: the six types of RFC 9776 section 4.2 and RFC 9777 section 5.2.
public struct MulticastRecordType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The type as on the wire.
    public let rawValue: UInt8

    /// Takes any type, assigned or not.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// State: the host listens to these sources alone.
    public static let isInclude = Self(rawValue: 1)
    /// State: the host listens to all but these sources.
    public static let isExclude = Self(rawValue: 2)
    /// Change: from now on the host listens to these sources alone.
    public static let toInclude = Self(rawValue: 3)
    /// Change: from now on the host listens to all but these sources.
    public static let toExclude = Self(rawValue: 4)
    /// Change: the host listens to these sources, too.
    public static let allowNewSources = Self(rawValue: 5)
    /// Change: the host no longer listens to these sources.
    public static let blockOldSources = Self(rawValue: 6)

    /// The type's name in the RFC, or its number.
    public var description: String {
        switch self {
        case .isInclude: "MODE_IS_INCLUDE"
        case .isExclude: "MODE_IS_EXCLUDE"
        case .toInclude: "CHANGE_TO_INCLUDE_MODE"
        case .toExclude: "CHANGE_TO_EXCLUDE_MODE"
        case .allowNewSources: "ALLOW_NEW_SOURCES"
        case .blockOldSources: "BLOCK_OLD_SOURCES"
        default: "type \(rawValue)"
        }
    }
}

extension MulticastReport {
    /// Reads what stands in `message` from `offset` on; errors count from the message's start.
    init(parsing message: RawSpan, at offset: Int, of layer: ParseError.Layer) throws(ParseError) {
        try message.require(offset + 4, of: layer)
        flags = message.uint16(at: offset)
        records = []
        var place = offset + 4
        for _ in 0..<message.uint16(at: offset + 2) {
            let record = try MulticastAddressRecord<Address>(parsing: message, at: place, of: layer)
            place += record.length
            records.append(record)
        }
    }

    /// Appends the report; of more records than sixteen bits can count, the count is 65,535.
    func serialize(into output: inout OutputRawSpan) {
        output.append(bigEndian: row(flags, UInt16(clamping: records.count)))
        for record in records { record.serialize(into: &output) }
    }

    /// The fields with their places, the first byte of the report being at `offset`.
    func fields(recordsNamed recordName: String, groupsNamed groupName: String, at offset: Int) -> [Field] {
        var fields: [Field] = [
            .hexadecimal("Flags", flags, offset..<offset + 2),
            .number("Number of \(recordName.lowercased())s", records.count, offset + 2..<offset + 4),
        ]
        var place = offset + 4
        for record in records {
            let end = place + record.length
            fields.append(.group(recordName, place..<end, record.fields(groupNamed: groupName, at: place)))
            place = end
        }
        return fields
    }
}

extension MulticastAddressRecord {
    fileprivate init(parsing message: RawSpan, at offset: Int, of layer: ParseError.Layer) throws(ParseError) {
        let firstSource = offset + 4 + Address.byteCount
        try message.require(firstSource, of: layer)
        type = MulticastRecordType(rawValue: message.uint8(at: offset))
        group = message.address(at: offset + 4)
        let count = Int(message.uint16(at: offset + 2))
        sources = try message.addresses(count, at: firstSource, of: layer)
        let afterSources = firstSource + count * Address.byteCount
        let end = afterSources + Int(message.uint8(at: offset + 1)) * 4
        try message.require(end, of: layer)
        auxiliaryData = message.extracting(afterSources..<end).array
    }

    /// Counts that their fields can't hold are written as the highest that they can.
    fileprivate func serialize(into output: inout OutputRawSpan) {
        output.append(bigEndian: row(type.rawValue, UInt8(clamping: auxiliaryWords), UInt16(clamping: sources.count)))
        output.append(address: group)
        for source in sources { output.append(address: source) }
        output.append(contentsOf: auxiliaryData.span.bytes)
        output.append(repeating: 0, count: auxiliaryWords * 4 - auxiliaryData.count, as: UInt8.self)
    }

    fileprivate func fields(groupNamed groupName: String, at offset: Int) -> [Field] {
        let firstSource = offset + 4 + Address.byteCount
        let fields: [Field] = [
            .number("Record type", type.rawValue, offset..<offset + 1, meaning: type.description),
            .number(
                "Aux data len", auxiliaryWords, offset + 1..<offset + 2, meaning: "\(auxiliaryWords * 4) bytes"),
            .number("Number of sources", sources.count, offset + 2..<offset + 4),
            .text(groupName, group, offset + 4..<firstSource),
        ]
        let auxiliary = Field.bytes(
            "Auxiliary data", auxiliaryData, at: firstSource + sources.count * Address.byteCount)
        return fields + Field.list("Source address", sources, at: firstSource)
            + (auxiliaryData.isEmpty ? [] : [auxiliary])
    }
}
