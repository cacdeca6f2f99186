/// Why bytes are not what they should be, and where.
public struct ParseError: Error, Hashable, Sendable {
    /// The protocol whose rules the bytes break. Each protocol adds its own name in an extension.
    public struct Layer: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The protocol's name as its RFC writes it.
        public let rawValue: String

        /// Names a protocol.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The protocol's name.
        public var description: String { rawValue }
    }

    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// The bytes end too early; both numbers are bytes from the start of the layer.
        case truncated(needed: Int, available: Int)
        /// The version field holds something else than the protocol's own number.
        case wrongVersion(UInt8)
        /// The header says it has this many bytes, which no such header has.
        case badHeaderLength(Int)
        /// The packet says it has this many bytes, which is less than its own header.
        case badLength(Int)
        /// The checksum field holds `found`; the right one, over the bytes that are there, is `expected`.
        case badChecksum(expected: UInt16, found: UInt16)
        /// The same of a checksum that is a cyclic redundancy check.
        case badCRC(expected: UInt32, found: UInt32)
        /// The option of this type breaks its own format.
        case badOption(type: UInt8)
        /// The packet names an interface that nothing before it describes.
        case undescribedInterface(UInt32)
        /// What is named here, for example a version, is not one that can be read.
        case unsupported(String)
    }

    /// The protocol whose rules the bytes break.
    public let layer: Layer
    /// What is wrong.
    public let reason: Reason
    /// Where it is wrong: a byte offset from the start of the bytes that were given to the parser.
    public let offset: Int

    /// Says that `layer` is broken at `offset`.
    public init(_ layer: Layer, _ reason: Reason, at offset: Int) {
        self.layer = layer
        self.reason = reason
        self.offset = offset
    }

    /// The same error where its layer begins `distance` bytes later.
    func moved(by distance: Int) -> ParseError { ParseError(layer, reason, at: offset + distance) }
}

extension ParseError: CustomStringConvertible {
    /// One line, for example `IPv4: needs 20 bytes, has 12 (at byte 12)`.
    public var description: String { "\(layer): \(reason) (at byte \(offset))" }
}

extension ParseError.Reason: CustomStringConvertible {
    /// The reason in words, without the place.
    public var description: String {
        switch self {
        case .truncated(let needed, let available): "needs \(needed) bytes, has \(available)"
        case .wrongVersion(let version): "wrong version \(version)"
        case .badHeaderLength(let length): "impossible header length of \(length) bytes"
        case .badLength(let length): "impossible length of \(length) bytes"
        case .badChecksum(let expected, let found): "wrong checksum \(hexadecimal(found)), not \(hexadecimal(expected))"
        case .badCRC(let expected, let found): "wrong CRC \(hexadecimal(found)), not \(hexadecimal(expected))"
        case .badOption(let type): "malformed option of type \(type)"
        case .undescribedInterface(let index): "no description of interface \(index)"
        case .unsupported(let what): "unsupported \(what)"
        }
    }
}

/// `0x` and as many digits as the integer's type has.
func hexadecimal<Value: FixedWidthInteger>(_ value: Value) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, Value.bitWidth / 4 - digits.count)) + digits
}

/// Two digits a byte.
func hexadecimalDigits(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined()
}
