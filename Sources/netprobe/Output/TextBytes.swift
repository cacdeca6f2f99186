/// Text in UTF-8 as it is made for an output: what very many lines consist of is appended without a string.
extension [UInt8] {
    /// Appends a text; a short literal in two nanoseconds.
    @inline(__always)
    mutating func append(_ text: String) {
        // One by one: what the array itself does for a sequence takes several times as long where it is short.
        append(addingCapacity: text.utf8.count) { (output: inout OutputSpan<UInt8>) in
            for byte in text.utf8 { output.append(byte) }
        }
    }

    /// Appends a number in decimal.
    /// - Parameters:
    ///   - columns: how many characters it takes at least.
    ///   - filler: what stands before it then.
    mutating func append(decimal number: some BinaryInteger, columns: Int = 0, filler: UInt8 = .space) {
        var magnitude = UInt64(clamping: number.magnitude)
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var start = 20
        repeat {
            let (quotient, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
            start -= 1
            digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
            magnitude = quotient
        } while magnitude > 0
        appendFiller(filler, columns: columns - (20 - start) - (number < 0 ? 1 : 0))
        if number < 0 { append(UInt8(ascii: "-")) }
        append(addingCapacity: 20 - start) { (output: inout OutputSpan<UInt8>) in
            for index in start..<20 { output.append(digits[index]) }
        }
    }

    /// Appends a number of units of 10 to the minus `digits`, with that many decimals.
    mutating func append(_ number: UInt64, decimals: Int) {
        var unit: UInt64 = 1
        for _ in 0..<decimals { unit *= 10 }
        append(decimal: number / unit)
        if decimals > 0 {
            append(.dot)
            append(decimal: number % unit, columns: decimals, filler: UInt8(ascii: "0"))
        }
    }

    /// Fills up what was appended from `start` on with spaces.
    mutating func fill(from start: Int, columns: Int) { appendFiller(.space, columns: columns - (count - start)) }

    private mutating func appendFiller(_ filler: UInt8, columns: Int) {
        if columns > 0 { append(contentsOf: repeatElement(filler, count: columns)) }
    }
}

extension UInt8 {
    static let space = UInt8(ascii: " ")
    static let dot = UInt8(ascii: ".")
    static let lineFeed = UInt8(ascii: "\n")
}
