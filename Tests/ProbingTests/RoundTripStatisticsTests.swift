import TestSupport
import Testing

@testable import Probing

struct RoundTripStatisticsTests {
    private func statistics(_ values: some Sequence<Duration>) -> RoundTripStatistics {
        var statistics = RoundTripStatistics()
        for value in values { statistics.record(value) }
        return statistics
    }

    @Test("three values give what they give by hand")
    func byHand() {
        let statistics = statistics([.ms(10), .ms(20), .ms(15)])
        #expect(statistics.minimum == .ms(10))
        #expect(statistics.maximum == .ms(20))
        #expect(statistics.average == .ms(15))
        // The root of (25 + 25 + 0) / 3, which is 4.0824829 ms.
        #expect(statistics.standardDeviation == .nanoseconds(4_082_483))
        // 10, then 10 + 10/8 = 11.25, then 11.25 + 3.75/8 ms.
        #expect(statistics.exponentialAverage == .nanoseconds(11_718_750))
        // 0, then 10/16 = 0.625, then 0.625 + (5 - 0.625)/16 ms.
        #expect(statistics.jitter == .nanoseconds(898_438))
    }

    @Test("equal values have neither deviation nor jitter, however many")
    func equal() {
        let statistics = statistics(repeatElement(.nanoseconds(123_456_789), count: 100_000))
        #expect(statistics.average == .nanoseconds(123_456_789))
        #expect(statistics.standardDeviation == .zero)
        #expect(statistics.exponentialAverage == .nanoseconds(123_456_789))
        #expect(statistics.jitter == .zero)
    }

    @Test("of no values nothing is said, and of one no jitter")
    func fewest() {
        let nothing = RoundTripStatistics()
        let all = [
            nothing.minimum, nothing.maximum, nothing.average, nothing.standardDeviation, nothing.exponentialAverage,
            nothing.jitter, nothing.percentile(50),
        ]
        #expect(all.allSatisfy { $0 == nil })
        let one = statistics([.ms(7)])
        #expect(one.jitter == nil)
        #expect(one.exponentialAverage == .ms(7))
        #expect(one.standardDeviation == .zero)
        #expect(one.percentile(99) == .ms(7))
    }

    @Test("a negative value counts as zero, and one beyond all clocks as the longest there is")
    func extremes() {
        let statistics = statistics([.seconds(-5), .seconds(Int64.max), .seconds(Int64.max)])
        #expect(statistics.minimum == .zero)
        #expect(statistics.maximum == .nanoseconds(Int64.max))
        #expect(statistics.exponentialAverage != nil)
        #expect(statistics.count == 3)
    }

    @Test("average, deviation, smoothed average and jitter agree with their definitions on random values")
    func definitions() throws {
        var random = SplitMix64(seed: 7)
        let values = (0..<20_000).map { _ in Double(Int64.random(in: 50_000...80_000_000, using: &random)) }
        let statistics = statistics(values.map { .nanoseconds(Int64($0)) })

        let count = Double(values.count)
        let average = values.reduce(0, +) / count
        let variance = values.map { ($0 - average) * ($0 - average) }.reduce(0, +) / count
        expect(statistics.average, average)
        expect(statistics.standardDeviation, variance.squareRoot())
        // The recursive definitions, written out as sums.
        expect(statistics.exponentialAverage, weighted(values, by: 1.0 / 8, firstCountsWhole: true))
        let differences = zip(values, values.dropFirst()).map { ($1 - $0).magnitude }
        expect(statistics.jitter, weighted(differences, by: 1.0 / 16, firstCountsWhole: false))
    }

    private func weighted(_ values: [Double], by weight: Double, firstCountsWhole: Bool) -> Double {
        var (sum, remaining) = (0.0, 1.0)
        for value in values.reversed() {
            sum += value * weight * remaining
            remaining *= 1 - weight
        }
        return firstCountsWhole ? sum + (values.first ?? 0) * remaining : sum
    }

    private func expect(_ found: Duration?, _ expected: Double, _ location: SourceLocation = #_sourceLocation) {
        let nanoseconds = (found ?? .zero) / .nanoseconds(1)
        #expect((nanoseconds - expected).magnitude <= 1, sourceLocation: location)
    }

    @Test(
        "percentiles are within 0.1 per cent of the value at their rank",
        arguments: [1, 2, 10, 1000, 1023, 1024, 1025, 50_000])
    func percentiles(_ count: Int) throws {
        var random = SplitMix64(seed: 8)
        // From microseconds to minutes, as many in each decade.
        let values = (0..<count).map { _ in
            let magnitude = Int64(1) << Int64.random(in: 10...36, using: &random)
            return Int64.random(in: magnitude..<2 * magnitude, using: &random)
        }
        let statistics = statistics(values.map { .nanoseconds($0) })
        let sorted = values.sorted()
        for tenth in 0...1000 {
            let rank = max(1, (tenth * count + 999) / 1000)
            let expected = Double(sorted[rank - 1])
            let found = try #require(statistics.percentile(Double(tenth) / 10)) / .nanoseconds(1)
            #expect((found - expected).magnitude <= expected / 1000, "\(Double(tenth) / 10) per cent of \(count)")
        }
    }

    @Test("a percentage out of range is taken for the nearest in it, and no number gives none", arguments: [10, 5000])
    func strangePercentages(_ count: Int) {
        let statistics = statistics((1...count).map { .milliseconds($0) })
        #expect(statistics.percentile(-5) == .ms(1))
        #expect(statistics.percentile(-.infinity) == .ms(1))
        #expect(statistics.percentile(250) == .milliseconds(count))
        #expect(statistics.percentile(.infinity) == .milliseconds(count))
        #expect(statistics.percentile(.nan) == nil)
    }

    @Test("a copy keeps its distribution while the original counts on", arguments: [10, 5000])
    func copies(_ count: Int) {
        var original = statistics((1...count).map { .milliseconds($0) })
        let copy = original
        for _ in 0..<2 * count { original.record(.seconds(100)) }
        #expect(copy.percentile(100) == .milliseconds(count))
        #expect(copy.count == UInt64(count))
        #expect(original.percentile(50) == .seconds(100))
    }
}
