/// What many round-trip times say, in memory that does not grow with their number.
public struct RoundTripStatistics: Sendable {
    /// How many round-trip times were counted.
    public private(set) var count: UInt64 = 0
    private var minimumNanoseconds = Int64.max
    private var maximumNanoseconds: Int64 = 0
    private var mean = 0.0
    private var squaredDeviations = 0.0
    private var movingAverage = 0.0
    private var jitterNanoseconds = 0.0
    private var previous: Int64?
    private var distribution = RoundTripDistribution()

    /// Statistics of no round-trip times yet.
    public init() {}

    /// Counts one round-trip time; a negative one counts as zero.
    public mutating func record(_ roundTrip: Duration) { record(nanoseconds: roundTrip.clampedNanoseconds) }

    mutating func record(nanoseconds: Int64) {
        let value = max(0, nanoseconds)
        count &+= 1
        minimumNanoseconds = min(minimumNanoseconds, value)
        maximumNanoseconds = max(maximumNanoseconds, value)
        // Welford's method: stable for any number of values.
        let deviation = Double(value) - mean
        mean += deviation / Double(count)
        squaredDeviations += deviation * (Double(value) - mean)
        movingAverage = previous == nil ? Double(value) : movingAverage + (Double(value) - movingAverage) / 8
        if let previous { jitterNanoseconds += (Double(abs(value - previous)) - jitterNanoseconds) / 16 }
        previous = value
        distribution.record(value)
    }

    /// The one counted last; `nil` when there is none.
    public var last: Duration? { previous.map { .nanoseconds($0) } }
    /// The shortest; `nil` when there is none.
    public var minimum: Duration? { count == 0 ? nil : .nanoseconds(minimumNanoseconds) }
    /// The longest; `nil` when there is none.
    public var maximum: Duration? { count == 0 ? nil : .nanoseconds(maximumNanoseconds) }
    /// The arithmetic mean; `nil` when there is none.
    public var average: Duration? { count == 0 ? nil : Duration(roundingNanoseconds: mean) }
    /// The population standard deviation, which ping calls "mdev"; `nil` when there is none.
    public var standardDeviation: Duration? {
        count == 0 ? nil : Duration(roundingNanoseconds: (squaredDeviations / Double(count)).squareRoot())
    }
    /// The exponentially weighted moving average with a weight of 1/8 for each new value, as TCP's smoothed round-trip
    /// time (RFC 6298 §2); `nil` when there is none.
    public var exponentialAverage: Duration? { count == 0 ? nil : Duration(roundingNanoseconds: movingAverage) }
    /// The interarrival jitter of RFC 3550 §6.4.1; `nil` before the second value.
    public var jitter: Duration? { count < 2 ? nil : Duration(roundingNanoseconds: jitterNanoseconds) }

    /// The value that `percent` of the values do not exceed, to three significant digits; `nil` when there is none.
    /// Less than 0 per cent counts as 0, more than 100 as 100.
    public func percentile(_ percent: Double) -> Duration? {
        guard count > 0, !percent.isNaN else { return nil }
        let value = distribution.percentile(min(max(percent, 0), 100))
        return .nanoseconds(min(max(value, minimumNanoseconds), maximumNanoseconds))
    }

    /// The smoothed round-trip time in nanoseconds, 0 before the first.
    var exponentialAverageNanoseconds: Int64 { Int64(exactly: movingAverage.rounded()) ?? .max }
    /// The longest in nanoseconds, 0 before the first.
    var longestNanoseconds: Int64 { maximumNanoseconds }
}

extension Duration {
    /// The nearest whole number of nanoseconds, as near as 64 bits come to it.
    fileprivate init(roundingNanoseconds nanoseconds: Double) {
        self = .nanoseconds(Int64(exactly: nanoseconds.rounded()) ?? .max)
    }
}
