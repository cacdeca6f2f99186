/// When a packet was captured: nanoseconds since 1970-01-01 00:00:00 UTC, leap seconds not counted.
///
/// It has room for whatever a capture file can say, also what no clock ever showed.
public struct CaptureTime: Hashable, Sendable {
    /// Nanoseconds since 1970-01-01 00:00:00 UTC; negative before.
    public var nanosecondsSince1970: Int128

    /// A moment, in nanoseconds since 1970-01-01 00:00:00 UTC.
    public init(nanosecondsSince1970: Int128) {
        self.nanosecondsSince1970 = nanosecondsSince1970
    }
}

extension CaptureTime: Comparable {
    /// Whether the first moment is before the second.
    public static func < (first: Self, second: Self) -> Bool {
        first.nanosecondsSince1970 < second.nanosecondsSince1970
    }
}

extension CaptureTime: CustomStringConvertible {
    /// Seconds since 1970 with nine decimals, as `tshark` prints `frame.time_epoch`: `1732318194.000000001`.
    public var description: String {
        let (seconds, nanoseconds) = nanosecondsSince1970.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        let decimals = String(nanoseconds)
        let sign = nanosecondsSince1970 < 0 ? "-" : ""
        return "\(sign)\(seconds)." + String(repeating: "0", count: 9 - decimals.count) + decimals
    }
}

extension CaptureTime {
    /// What the timestamps of one interface count (draft-ietf-opsawg-pcapng section 4.2).
    struct Unit {
        /// The option `if_tsresol`: a unit is a second divided by 10 to this power, or, with the highest bit set, by 2
        /// to the power of the rest. Microseconds without the option.
        var resolution: UInt8 = 6
        /// The option `if_tsoffset`: seconds to add.
        var offset: Int64 = 0

        /// The moment that `count` units name; what is finer than a nanosecond is cut off.
        func time(_ count: UInt64) -> CaptureTime {
            // 64 bits of units, offset and a factor below 2^30: 128 bits have room for all.
            CaptureTime(nanosecondsSince1970: nanoseconds(count) + Int128(offset) * 1_000_000_000)
        }

        private func nanoseconds(_ count: UInt64) -> Int128 {
            let exponent = Int(resolution & 0x7F)
            if resolution & 0x80 != 0 { return (Int128(count) * 1_000_000_000) >> exponent }
            let power = { (exponent: Int) in (0..<exponent).reduce(Int128(1)) { power, _ in power * 10 } }
            if exponent <= 9 { return Int128(count) * power(9 - exponent) }
            // 64 bits have no more than 20 digits.
            return exponent - 9 > 20 ? 0 : Int128(count) / power(exponent - 9)
        }
    }
}
