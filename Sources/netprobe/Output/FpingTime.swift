extension [UInt8] {
    /// Appends a round-trip time in milliseconds as fping writes it, three significant digits above the microseconds:
    /// `0.016`, `1.23`, `12.3`, `123`, and `1.235e+06` from 1,000 seconds on. A negative one counts as zero.
    ///
    /// It rounds as printf(3) rounds the quotient of the nanoseconds and a million in a `double`, exactly.
    mutating func append(fpingMilliseconds nanoseconds: Int64) {
        let nanoseconds = Swift.max(0, nanoseconds)
        switch nanoseconds {
        case ..<1_000_000: append(Self.rounded(nanoseconds, to: 1000), decimals: 3)
        case ..<10_000_000: append(Self.rounded(nanoseconds, to: 10_000), decimals: 2)
        case ..<100_000_000: append(Self.rounded(nanoseconds, to: 100_000), decimals: 1)
        case ..<1_000_000_000_000: append(Self.rounded(nanoseconds, to: 1_000_000), decimals: 0)
        default: append(scientificMilliseconds: nanoseconds)
        }
    }

    private mutating func append(scientificMilliseconds nanoseconds: Int64) {
        var exponent = 6
        var unit: Int64 = 1_000_000_000
        while nanoseconds / unit >= 10_000 {
            unit *= 10
            exponent += 1
        }
        var mantissa = Self.rounded(nanoseconds, to: unit)
        if mantissa == 10_000 {
            mantissa = 1000
            exponent += 1
        }
        append(mantissa, decimals: 3)
        append("e+")
        append(decimal: exponent, columns: 2, filler: UInt8(ascii: "0"))
    }

    /// How many units of so many nanoseconds these are. Halves are what the milliseconds in a `Double` make of them:
    /// a little more, a little less, or exactly a half, which is rounded to the even side.
    private static func rounded(_ nanoseconds: Int64, to unit: Int64) -> UInt64 {
        let (count, rest) = nanoseconds.quotientAndRemainder(dividingBy: unit)
        let isUp: Bool
        if rest * 2 == unit {
            let excess = (-Double(nanoseconds)).addingProduct(Double(nanoseconds) / 1e6, 1e6)
            isUp = excess > 0 || excess == 0 && count % 2 == 1
        } else {
            isUp = rest > unit / 2
        }
        return UInt64(count) + (isUp ? 1 : 0)
    }
}
