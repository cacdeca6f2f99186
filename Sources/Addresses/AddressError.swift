/// What is wrong in a text that should have been an address, a prefix, a range or a zone.
///
/// `description` is one line for the person who typed the text. It names the offending thing and what would be right,
/// and is safe on a terminal whatever the text was.
public struct AddressError: Error, Hashable, Sendable {
    /// The whole text, as it was given. It may hold anything: print ``description`` instead, which escapes it.
    public let text: String
    /// What is wrong.
    public let reason: Reason
    /// Where it is wrong: how many characters (Unicode scalars) of ``text`` come before.
    public let offset: Int

    /// Makes an error about a text.
    ///
    /// - Parameters:
    ///   - reason: What is wrong.
    ///   - text: The whole text.
    ///   - offset: How many characters (Unicode scalars) of it come before the wrong one.
    public init(_ reason: Reason, in text: String, at offset: Int) {
        self.reason = reason
        self.text = text
        self.offset = offset
    }

    /// The ways in which a text can be wrong.
    public enum Reason: Hashable, Sendable {
        /// There is no text, or no address on one side of a `-` or `/`.
        case empty

        /// A character that is no decimal digit, in an IPv4 address.
        case notDecimal
        /// A digit 8 or 9, or a letter, in a number that is octal because it starts with 0 (classic form only).
        case notOctal
        /// Two dots with no number between them, or a dot at either end.
        case emptyPart
        /// A number of more than one digit that starts with 0, which some programs read as octal (RFC 6943 §3.1.1).
        case leadingZero
        /// A number of an IPv4 address that is more than `maximum`, which is 255 except in the classic form.
        case partTooLarge(maximum: UInt32)
        /// Fewer than four numbers.
        case tooFewParts(found: Int)
        /// More than four numbers.
        case tooManyParts

        /// A character that is no hexadecimal digit, in an IPv6 address or in a classic number that starts with 0x.
        case notHexadecimal
        /// More than four digits between colons.
        case groupTooLong
        /// A colon with no group on one of its sides, and no second colon.
        case looseColon
        /// A second `::`.
        case secondCompression
        /// Fewer than eight groups, and no `::`.
        case tooFewGroups(found: Int)
        /// More than eight groups, or eight groups and a `::`, which leaves it nothing to stand for.
        case tooManyGroups

        /// A zone where only an address can stand.
        case misplacedZone
        /// A zone behind an IPv4 address.
        case zoneOnIPv4
        /// A `%` with nothing behind it.
        case emptyZone
        /// A zone of more than 15 bytes, which no interface name has (`IFNAMSIZ`).
        case zoneTooLong
        /// A zone that no interface can have as its name: `.`, `..`, or one with a slash, a percent sign, white space
        /// or a character that does not print.
        case malformedZone

        /// No `/` with a length behind it.
        case missingPrefixLength
        /// A length that is not a decimal number without leading zeros.
        case malformedPrefixLength
        /// A length of more bits than the address has.
        case prefixLengthTooLarge(maximum: Int)

        /// A range that ends before it starts.
        case reversedRange
    }
}

extension AddressError {
    /// Makes an error about a text in UTF-8, where `byteOffset` is where the wrong character starts.
    init(_ reason: Reason, in text: Span<UInt8>, at byteOffset: Int) {
        self.init(reason, in: Self.string(of: text), at: Self.scalarCount(of: text.extracting(0..<byteOffset)))
    }

    /// The same error about a longer text, in which the text starts at `byteOffset`.
    func moved(into text: Span<UInt8>, by byteOffset: Int) -> AddressError {
        let before = Self.scalarCount(of: text.extracting(0..<byteOffset))
        return AddressError(reason, in: Self.string(of: text), at: before + offset)
    }

    private static func string(of text: Span<UInt8>) -> String {
        String(decoding: text.indices.map { text[$0] }, as: UTF8.self)
    }

    /// How many scalars start in these bytes: as many as there are bytes that continue none.
    private static func scalarCount(of text: Span<UInt8>) -> Int {
        text.indices.count { text[$0] & 0xc0 != 0x80 }
    }
}
