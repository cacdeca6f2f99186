/// A part of a packet by name, with its place: what Wireshark shows in its middle pane.
public struct Field: Hashable, Sendable {
    /// What a field holds.
    public enum Value: Hashable, Sendable {
        /// Nothing by itself: its fields say it.
        case group
        /// A number that people count with.
        case number(UInt64)
        /// A number that people read bit by bit, with as many hexadecimal digits.
        case hexadecimal(UInt64, digits: Int)
        /// An address, a name, a list.
        case text(String)
        /// Bytes that mean nothing here.
        case bytes([UInt8])
    }

    /// The field's name as its RFC writes it.
    public let name: String
    /// What it holds.
    public let value: Value
    /// What that means, for example the name of an ICMP code, or that a checksum is right.
    public let meaning: String?
    /// Which bytes, counted from the start of what was dissected.
    public let bytes: Range<Int>
    /// The parts of a field that has parts.
    public let fields: [Field]

    /// A field with all that can be said of it.
    public init(
        _ name: String, _ value: Value, _ bytes: Range<Int>, meaning: String? = nil, fields: [Field] = []
    ) {
        self.name = name
        self.value = value
        self.bytes = bytes
        self.meaning = meaning
        self.fields = fields
    }
}

extension Field {
    /// A field whose parts say what it is.
    public static func group(_ name: String, _ bytes: Range<Int>, _ fields: [Field], meaning: String? = nil) -> Field {
        Field(name, .group, bytes, meaning: meaning, fields: fields)
    }

    /// A number.
    public static func number(
        _ name: String, _ value: some BinaryInteger, _ bytes: Range<Int>, meaning: String? = nil
    ) -> Field {
        Field(name, .number(UInt64(truncatingIfNeeded: value)), bytes, meaning: meaning)
    }

    /// A number in hexadecimal, with as many digits as the integer's type has.
    public static func hexadecimal(
        _ name: String, _ value: some FixedWidthInteger, _ bytes: Range<Int>, meaning: String? = nil,
        fields: [Field] = []
    ) -> Field {
        let digits = type(of: value).bitWidth / 4
        return Field(
            name, .hexadecimal(UInt64(truncatingIfNeeded: value), digits: digits), bytes, meaning: meaning,
            fields: fields)
    }

    /// One bit: 0 or 1.
    public static func flag(_ name: String, _ isSet: Bool, _ bytes: Range<Int>) -> Field {
        number(name, isSet ? 1 : 0, bytes, meaning: isSet ? "set" : "not set")
    }

    /// Anything that has its own text, addresses above all.
    public static func text(
        _ name: String, _ value: some CustomStringConvertible, _ bytes: Range<Int>, meaning: String? = nil
    ) -> Field {
        Field(name, .text(value.description), bytes, meaning: meaning)
    }

    /// Bytes as they are.
    public static func bytes(_ name: String, _ value: [UInt8], at offset: Int, meaning: String? = nil) -> Field {
        Field(name, .bytes(value), offset..<offset + value.count, meaning: meaning)
    }

    /// A checksum field.
    ///
    /// - Parameters:
    ///   - found: what stands there.
    ///   - verdict: whether that is right.
    public static func checksum(
        _ name: String, _ found: some FixedWidthInteger, _ bytes: Range<Int>, _ verdict: ChecksumVerdict
    ) -> Field {
        hexadecimal(name, found, bytes, meaning: verdict.rawValue)
    }

    /// The same field where its layer begins `distance` bytes later.
    public func moved(by distance: Int) -> Field {
        Field(
            name, value, bytes.lowerBound + distance..<bytes.upperBound + distance, meaning: meaning,
            fields: fields.moved(by: distance))
    }
}

extension [Field] {
    /// The same fields where their layer begins `distance` bytes later.
    public func moved(by distance: Int) -> [Field] { map { $0.moved(by: distance) } }
}

/// Whether a checksum field holds the checksum.
public enum ChecksumVerdict: String, Hashable, Sendable {
    /// It does.
    case correct
    /// It doesn't.
    case incorrect
    /// Not all the bytes that it covers are there.
    case unverified
    /// The field says that there is no checksum.
    case absent

    /// The verdict on a layer whose parser keeps a checksum that is not the right one.
    ///
    /// - Parameters:
    ///   - unusual: the layer's `checksum` after parsing: `nil` for the right one.
    ///   - isVerifiable: whether all the bytes were there.
    public init(unusual: (some FixedWidthInteger)?, isVerifiable: Bool = true) {
        self = !isVerifiable ? .unverified : unusual == nil ? .correct : .incorrect
    }
}
