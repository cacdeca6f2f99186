import Glibc
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

/// A number as C's `%g` prints it: six significant digits, no trailing zeros.
func general(_ value: Double) -> String {
    withVaList([value]) { arguments in
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
            guard let start = buffer.baseAddress, vsnprintf(start, buffer.count, "%g", arguments) > 0 else { return "" }
            return String(cString: start)
        }
    }
}
