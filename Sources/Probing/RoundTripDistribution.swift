import Histogram

/// How round-trip times are distributed, to three significant digits.
///
/// The first values are kept as they are: a ping of a few requests, of which nobody asks for percentiles, does without
/// the histogram, which takes longer to set up than an echo takes.
struct RoundTripDistribution: Sendable {
    private static let keptValues = 1024
    /// A value beyond a day is kept as one, so that the histogram stays small.
    private static let longest: Int64 = 86_400_000_000_000

    private var values: [Int64] = []
    private var histogram: SharedHistogram?

    /// Counts a value in nanoseconds, at least 0.
    mutating func record(_ nanoseconds: Int64) {
        let value = min(nanoseconds, Self.longest)
        if histogram != nil {
            if !isKnownUniquelyReferenced(&histogram) { histogram = histogram.map(SharedHistogram.init) }
            histogram?.values.record(UInt64(value))
            return
        }
        values.append(value)
        guard values.count == Self.keptValues else { return }
        let histogram = SharedHistogram()
        for value in values { histogram.values.record(UInt64(value)) }
        self.histogram = histogram
        values = []
    }

    /// The value in nanoseconds that `percent` of the values do not exceed, from 0 to 100; 0 when there is none.
    func percentile(_ percent: Double) -> Int64 {
        if let histogram { return Int64(clamping: histogram.values.valueAtPercentile(percent)) }
        guard !values.isEmpty else { return 0 }
        // The nearest-rank method, as the histogram's: a hair less, lest a rounding error add a rank.
        let rank = (Double(values.count) * percent.nextDown / 100).rounded(.up)
        return values.sorted()[max(1, Int(rank)) - 1]
    }
}

/// A histogram behind a reference, which is copied when it is written while shared. A generic struct of another
/// library, held in place, would be set up by the runtime in every program that makes a session.
private final class SharedHistogram: @unchecked Sendable {
    var values: Histogram<UInt64>

    init() { values = Histogram(numberOfSignificantValueDigits: .three) }
    init(_ other: SharedHistogram) { values = other.values }
}
