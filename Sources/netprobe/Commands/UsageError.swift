/// What is wrong with the arguments, in one line; exit status 2.
struct UsageError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension UsageError {
    /// Reads a whole number.
    static func integer<Number: FixedWidthInteger>(
        _ text: String?, option: String, in range: ClosedRange<Number>
    ) throws(UsageError) -> Number? {
        guard let text else { return nil }
        // A number too large for the type is out of range like any other.
        let isNumber =
            Number(text) != nil
            || (!text.isEmpty && text.drop { "+-".contains($0) }.allSatisfy { "0123456789".contains($0) })
        guard isNumber, text != "-", text != "+" else {
            throw UsageError("invalid \(option) value: '\(text.forTerminal)': not a whole number")
        }
        guard let number = Number(text), range.contains(number) else {
            throw UsageError(
                "invalid \(option) value: '\(text.forTerminal)': out of range: \(range.lowerBound) <= value <= \(range.upperBound)"
            )
        }
        return number
    }

    /// Reads a decimal number of seconds, with a dot.
    static func seconds(_ text: String?, option: String, atMost maximum: Double) throws(UsageError) -> Duration? {
        guard let text else { return nil }
        guard let seconds = decimal(text) else {
            throw UsageError("invalid \(option) value: '\(text.forTerminal)': not a number of seconds, such as 0.5")
        }
        guard seconds >= 0, seconds <= maximum else {
            throw UsageError(
                "invalid \(option) value: '\(text.forTerminal)': out of range: 0 <= seconds <= \(Int64(maximum))")
        }
        return .nanoseconds(Int64((seconds * 1e9).rounded()))
    }

    /// Reads a decimal number, with a dot and no word such as "inf"; `nil` where it is none.
    static func decimal(_ text: String) -> Double? {
        let isDecimal = text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
        guard isDecimal, let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// Reads the `-w` of connect and listen: at least a millisecond.
    static func timeout(_ text: String?) throws(UsageError) -> Duration? {
        guard let timeout = try seconds(text, option: "-w", atMost: Double(Int32.max) / 1000) else { return nil }
        guard timeout >= .milliseconds(1) else {
            throw UsageError(
                "invalid -w value: '\(text?.forTerminal ?? "")': less than 0.001; leave it out to wait for ever")
        }
        return timeout
    }

    /// Reads a number that is decimal, or hexadecimal after `0x`.
    static func decimalOrHexadecimal(_ text: String?, option: String, atMost maximum: UInt32) throws(UsageError)
        -> UInt32?
    {
        guard let text else { return nil }
        let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
        let number = isHexadecimal ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
        guard let number, number <= maximum else {
            throw UsageError(
                "invalid \(option) value: '\(text.forTerminal)': not a number from 0 to \(maximum) (0x\(String(maximum, radix: 16)))"
            )
        }
        return number
    }
}
