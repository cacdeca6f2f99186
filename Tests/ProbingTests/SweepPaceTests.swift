import Testing

@testable import Probing

/// When packets may leave.
struct SweepPaceTests {
    private static let start: Int64 = 1_000_000_000

    /// The times at which packets leave if the program wakes up when it is told to, later by `lateness`, and a packet
    /// takes `cost` nanoseconds to send.
    private func departures(interval: Double, count: Int, cost: Int64 = 0, lateness: (Int) -> Int64 = { _ in 0 })
        -> (times: [Int64], wakeUps: Int)
    {
        var pace = SweepPace(interval: interval, at: MonotonicTime(nanoseconds: Self.start))
        var now = MonotonicTime(nanoseconds: Self.start)
        var times: [Int64] = []
        var wakeUps = 0
        while times.count < count {
            while times.count < count, pace.due(at: now) {
                pace.take(at: now)
                times.append(now.nanoseconds - Self.start)
                now = MonotonicTime(nanoseconds: now.nanoseconds + cost)
            }
            wakeUps += 1
            now = max(now, MonotonicTime(nanoseconds: pace.nextDue.nanoseconds + lateness(wakeUps)))
        }
        return (times, wakeUps)
    }

    @Test(arguments: [333.3, 6_666.666, 10_000, 999_999.9, 1_000_000, 1_234_567.8, 10_000_000])
    func theMeanIsExactOverLongTimes(interval: Double) {
        let count = 200_000
        let (times, _) = departures(interval: interval, count: count)
        let last = Double(times[count - 1])
        // What goes in groups of a millisecond is early or late by one of them at most.
        #expect(abs(last - interval * Double(count - 1)) <= 1_100_000)
    }

    @Test(arguments: [10_000.0, 100_000, 1_500_000])
    func latenessIsMadeUpFor(interval: Double) {
        let (times, _) = departures(interval: interval, count: 20_000) { Int64($0 % 7) * 100_000 }
        #expect(abs(Double(times[19_999]) - interval * 19_999) <= 3_000_000)
    }

    @Test(arguments: [1_000.0, 10_000, 750_000, 2_000_000], [Int64(0), 200])
    func noWindowHasMoreThanTheRateAllows(interval: Double, cost: Int64) {
        let (times, _) = departures(interval: interval, count: 30_000, cost: cost) { wakeUp in
            // Now and then nothing runs for a while.
            wakeUp % 50 == 49 ? 40_000_000 : Int64(wakeUp % 5) * 300_000
        }
        for window in [100_000, 1_000_000, 7_000_000, 100_000_000, 1_000_000_000] as [Int64] {
            let most = Int(((Double(window) + 5_000_000) / interval).rounded(.down)) + 1
            var first = 0
            var highest = 0
            for last in times.indices {
                while times[last] - times[first] > window { first += 1 }
                highest = max(highest, last - first + 1)
            }
            #expect(highest <= most + 1, "\(window)")
        }
    }

    @Test func longIntervalsAreKeptBetweenAnyTwo() {
        let (times, _) = departures(interval: 10_000_000, count: 500)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= 10_000_000 })
    }

    @Test(arguments: [1_000.0, 6_666.6, 100_000, 900_000])
    func theProgramWakesUpAThousandTimesASecondAtMost(interval: Double) {
        let (times, wakeUps) = departures(interval: interval, count: 50_000)
        let milliseconds = Double(times[49_999]) / 1e6
        #expect(Double(wakeUps) <= milliseconds + 2)
    }

    @Test(
        arguments: [
            0, -5, .nan, .infinity, -1 * .infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
        ] as [Double])
    func noIntervalTraps(interval: Double) {
        var pace = SweepPace(interval: interval, at: MonotonicTime(nanoseconds: .max - 5))
        for time in [Int64.min, -1, 0, .max - 1, .max] {
            let now = MonotonicTime(nanoseconds: time)
            if pace.due(at: now) { pace.take(at: now) }
            _ = pace.nextDue
        }
    }
}
