import Probing

extension Duration {
    /// Milliseconds with three decimals, cut to the microsecond: `12.345`.
    var milliseconds: String { decimal(clampedNanoseconds / 1000, digits: 3) }

    /// Milliseconds with as many decimals as ping gives a round-trip time of this size.
    var roundTripMilliseconds: String {
        let microseconds = clampedNanoseconds / 1000
        return switch microseconds {
        case (100_000 - 50)...: "\((microseconds + 500) / 1000)"
        case (10_000 - 5)...: decimal((microseconds + 50) / 100, digits: 1)
        case 1000...: decimal((microseconds + 5) / 10, digits: 2)
        default: decimal(microseconds, digits: 3)
        }
    }

    /// Seconds with nine decimals: `0.000012345`.
    var seconds: String { decimal(clampedNanoseconds, digits: 9) }
}

/// A number of units of 10 to the minus `digits`, with that many decimals.
func decimal(_ value: Int64, digits: Int) -> String {
    let magnitude = String(value.magnitude)
    let padded = String(repeating: "0", count: max(0, digits + 1 - magnitude.utf8.count)) + magnitude
    return (value < 0 ? "-" : "") + padded.dropLast(digits) + "." + padded.suffix(digits)
}

/// A share between 0 and 1 as ping prints it in per cent: six significant digits, no trailing zeros.
func percent(_ share: Double) -> String {
    // Millionths of a per cent; the digits before the dot leave so many after it.
    let millionths = Int64((share * 1e8).rounded())
    let dropped: Int64 = millionths >= 100_000_000 ? 1000 : millionths >= 10_000_000 ? 100 : millionths >= 1_000_000 ? 10 : 1
    let rounded = (millionths + dropped / 2) / dropped * dropped
    let text = decimal(rounded, digits: 6)
    let kept = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
    return rounded == 0 ? "0" : String(kept.reversed())
}
