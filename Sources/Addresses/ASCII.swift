extension UInt8 {
    static let dot = UInt8(ascii: ".")
    static let colon = UInt8(ascii: ":")
    static let slash = UInt8(ascii: "/")
    static let hyphen = UInt8(ascii: "-")
    static let percent = UInt8(ascii: "%")
    static let zero = UInt8(ascii: "0")
    static let x = UInt8(ascii: "x")

    /// The value of an ASCII decimal digit.
    var decimalDigit: UInt32? {
        let digit = self &- .zero
        return digit < 10 ? UInt32(digit) : nil
    }

    /// The value of an ASCII hexadecimal digit of either case.
    var hexadecimalDigit: UInt32? {
        if let digit = decimalDigit { return digit }
        let letter = (self | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? UInt32(letter) + 10 : nil
    }
}

extension Span<UInt8> {
    /// Where `byte` stands first.
    func firstIndex(of byte: UInt8) -> Int? {
        for index in indices where self[index] == byte { return index }
        return nil
    }
}

/// Room for the longest text of an address, 39 characters, without an allocation.
struct ASCIIBuffer {
    private var bytes = InlineArray<40, UInt8>(repeating: 0)
    private var count = 0

    mutating func append(_ byte: UInt8) {
        bytes[count] = byte
        count += 1
    }

    mutating func append(decimal number: UInt8) {
        if number >= 100 { append(.zero + number / 100) }
        if number >= 10 { append(.zero + number / 10 % 10) }
        append(.zero + number % 10)
    }

    /// Appends lower-case digits without leading zeros.
    mutating func append(hexadecimal number: UInt16) {
        var shift = number == 0 ? 0 : 12 - number.leadingZeroBitCount & ~3
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: number >> shift) & 0xf
            append(digit < 10 ? .zero + digit : UInt8(ascii: "a") - 10 + digit)
            shift -= 4
        }
    }

    /// Appends the text to `text`.
    func append(to text: inout [UInt8]) {
        text.append(addingCapacity: count) { (text: inout OutputSpan<UInt8>) in
            for index in 0..<count { text.append(bytes[index]) }
        }
    }

    /// The text. ASCII is valid UTF-8, so that nothing is thrown.
    var string: String {
        do { return String(copying: try UTF8Span(validating: bytes.span.extracting(0..<count))) } catch { return "" }
    }
}
