extension IPv4Address {
    /// Reads four decimal numbers from 0 to 255 with dots between them, as in `198.18.0.1`.
    ///
    /// This is the strict form (RFC 6943 §3.1.1): an octal, hexadecimal or shortened address, or one with a leading
    /// zero, names different hosts to different programs and is refused. ``init(parsingClassic:)`` takes those forms.
    ///
    /// The corresponding C function is `inet_pton`.
    ///
    /// - Throws: ``AddressError`` that says what is wrong in the text, and where.
    public init(parsingUTF8 text: Span<UInt8>) throws(AddressError) {
        guard !text.isEmpty else { throw AddressError(.empty, in: text, at: 0) }
        var value: UInt32 = 0
        var parts = 0
        var position = 0
        while true {
            let start = position
            let octet = try Self.octet(in: text, at: &position)
            guard parts < 4 else { throw AddressError(.tooManyParts, in: text, at: start) }
            value = value << 8 | octet
            parts += 1
            guard position < text.count else { break }
            guard text[position] == .dot else {
                throw AddressError(text[position] == .percent ? .misplacedZone : .notDecimal, in: text, at: position)
            }
            position += 1
        }
        guard parts == 4 else { throw AddressError(.tooFewParts(found: parts), in: text, at: position) }
        self.init(rawValue: value)
    }

    /// Reads one of the four numbers and leaves `position` behind its last digit.
    private static func octet(in text: Span<UInt8>, at position: inout Int) throws(AddressError) -> UInt32 {
        let start = position
        var octet: UInt32 = 0
        while position < text.count, let digit = text[position].decimalDigit {
            // Once over 255 it stays over 255, however many digits follow.
            octet = octet > 255 ? octet : octet * 10 + digit
            position += 1
        }
        guard position > start else {
            let isGap = position == text.count || text[position] == .dot
            throw AddressError(isGap ? .emptyPart : .notDecimal, in: text, at: position)
        }
        guard text[start] != .zero || position == start + 1 else {
            throw AddressError(.leadingZero, in: text, at: start)
        }
        guard octet <= 255 else { throw AddressError(.partTooLarge(maximum: 255), in: text, at: start) }
        return octet
    }

    /// The address in dotted decimal.
    ///
    /// The corresponding C function is `inet_ntop`.
    public var description: String { asciiText.string }

    /// Appends ``description`` to UTF-8, without a string in between.
    public func append(to text: inout [UInt8]) { asciiText.append(to: &text) }

    private var asciiText: ASCIIBuffer {
        var text = ASCIIBuffer()
        text.append(self)
        return text
    }
}

extension ASCIIBuffer {
    /// Appends dotted decimal.
    mutating func append(_ address: IPv4Address) {
        let (first, second, third, fourth) = address.octets
        append(decimal: first)
        append(.dot)
        append(decimal: second)
        append(.dot)
        append(decimal: third)
        append(.dot)
        append(decimal: fourth)
    }
}
