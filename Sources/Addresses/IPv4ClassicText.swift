extension IPv4Address {
    /// Reads the forms that ping and other old programs take: one to four numbers with dots between them, each decimal,
    /// octal (`0…`) or hexadecimal (`0x…`). The last number fills all the bytes that are left, so that `127.1` is
    /// 127.0.0.1 and `0x7f000001` is it too.
    ///
    /// For what people type, not for what programs compare: see RFC 6943 §3.1.1.
    ///
    /// The corresponding C function is `inet_aton`, which besides takes white space and anything after it.
    ///
    /// - Throws: ``AddressError`` that says what is wrong in the text, and where.
    public init(parsingClassic text: some StringProtocol) throws(AddressError) {
        let text = String(text)
        self.init(rawValue: try Self.classicNumber(in: text.utf8.span))
    }

    private static func classicNumber(in text: Span<UInt8>) throws(AddressError) -> UInt32 {
        guard !text.isEmpty else { throw AddressError(.empty, in: text, at: 0) }
        var value: UInt32 = 0
        var position = 0
        for part in 0..<4 {
            let start = position
            let number = try classicPart(in: text, at: &position)
            guard position < text.count else {
                let maximum = UInt32.max >> (8 * UInt32(part))
                guard number <= maximum else {
                    throw AddressError(.partTooLarge(maximum: maximum), in: text, at: start)
                }
                return value | UInt32(number)
            }
            guard text[position] == .dot else { throw AddressError(.notDecimal, in: text, at: position) }
            guard number <= 255 else { throw AddressError(.partTooLarge(maximum: 255), in: text, at: start) }
            guard part < 3 else { break }
            value |= UInt32(number) << (24 - 8 * UInt32(part))
            position += 1
        }
        throw AddressError(.tooManyParts, in: text, at: position + 1)
    }

    /// Reads one number in the base that its first characters announce, and leaves `position` behind its last digit.
    private static func classicPart(in text: Span<UInt8>, at position: inout Int) throws(AddressError) -> UInt64 {
        var base: UInt64 = 10
        if position < text.count, text[position] == .zero {
            base = 8
            if position + 1 < text.count, text[position + 1] | 0x20 == .x {
                base = 16
                position += 2
            }
        }
        let start = position
        var number: UInt64 = 0
        while position < text.count, let digit = text[position].hexadecimalDigit {
            guard digit < base else {
                throw AddressError(base == 8 ? .notOctal : .notDecimal, in: text, at: position)
            }
            // Once over 32 bits it stays over 32 bits, however many digits follow.
            number = number > UInt32.max ? number : number * base + UInt64(digit)
            position += 1
        }
        guard position > start else {
            if base == 16 { throw AddressError(.notHexadecimal, in: text, at: position) }
            let isGap = position == text.count || text[position] == .dot
            throw AddressError(isGap ? .emptyPart : .notDecimal, in: text, at: position)
        }
        return number
    }
}
