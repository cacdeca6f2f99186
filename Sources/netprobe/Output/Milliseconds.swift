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
    let unit = (0..<digits).reduce(1 as UInt64) { unit, _ in unit * 10 }
    let (whole, part) = value.magnitude.quotientAndRemainder(dividingBy: unit)
    let decimals = String(part)
    let zeros = String(repeating: "0", count: digits - decimals.utf8.count)
    return (value < 0 ? "-" : "") + String(whole) + "." + zeros + decimals
}

/// A share between 0 and 1 as ping prints it in per cent: six significant digits of a `Float`, no trailing zeros.
func percent(_ share: Double) -> String {
    let percent = Double(Float(share * 100))
    var digits = 3
    var scaled = percent * 1000
    while scaled > 0, scaled < 100_000, digits < 12 {
        digits += 1
        scaled *= 10
    }
    let text = decimal(Int64(scaled.rounded()), digits: digits)
    let kept = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
    return percent == 0 ? "0" : String(kept.reversed())
}
