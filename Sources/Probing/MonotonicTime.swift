/// A moment on a clock that never jumps, in nanoseconds since an arbitrary origin.
///
/// A session knows no clock: whoever runs it says what time it is, `CLOCK_MONOTONIC` or a simulated one.
public struct MonotonicTime: Hashable, Comparable, Sendable {
    /// The time since the clock's origin.
    public var nanoseconds: Int64

    /// The moment so many nanoseconds after the clock's origin.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Whether one moment is before another.
    public static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }
    /// The moment so much later; the last or first representable one where that is out of range.
    public static func + (time: Self, duration: Duration) -> Self { time.adding(duration.clampedNanoseconds) }
    /// The time from one moment to another.
    public static func - (a: Self, b: Self) -> Duration { .nanoseconds(a.nanoseconds &- b.nanoseconds) }

    /// The moment so many nanoseconds later; the last representable one where that would overflow.
    func adding(_ nanoseconds: Int64) -> Self {
        let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
        return Self(nanoseconds: overflow ? (nanoseconds > 0 ? .max : .min) : sum)
    }
}

extension Duration {
    /// The duration in whole nanoseconds, as near as 64 bits come to it.
    package var clampedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds > 0 ? .max : .min }
        let (sum, overflowed) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflowed ? (seconds > 0 ? .max : .min) : sum
    }
}
