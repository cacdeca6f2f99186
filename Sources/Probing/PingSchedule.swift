/// When the next echo request may go out. Times are in nanoseconds.
struct PingSchedule: Sendable {
    /// Where the answers set the pace, a missing one holds the next request up for so long.
    static let shortestWait: Int64 = 10_000_000

    /// The time between two requests.
    private(set) var interval: Int64
    private let minimum: Int64
    private let isAdaptive: Bool
    private let preload: UInt64
    private var due: MonotonicTime
    private var lastSent: MonotonicTime?
    private var retryAt: MonotonicTime?
    private var retries: Int64 = 0
    private var penalty: Int64 = 0
    private var smoothedRoundTrip: Int64 = 0

    init(_ pacing: PingPacing, preload: UInt64, start: MonotonicTime) {
        self.preload = max(1, preload)
        switch pacing {
        case .fixed(let interval):
            (self.interval, minimum, isAdaptive) = (max(0, interval.clampedNanoseconds), 0, false)
        case .adaptive(let minimum):
            (interval, self.minimum, isAdaptive) = (1_000_000_000, minimum.clampedNanoseconds, true)
        case .flood: (interval, minimum, isAdaptive) = (0, 0, false)
        }
        due = start.adding(-Self.multiply(interval, self.preload - 1))
    }

    private static func multiply(_ interval: Int64, _ count: UInt64) -> Int64 {
        let (product, overflow) = interval.multipliedReportingOverflow(by: Int64(clamping: count))
        return overflow ? .max : product
    }

    /// The moment from which the next request may go out.
    func nextSend(inFlight: UInt64) -> MonotonicTime {
        if let retryAt { return retryAt }
        guard let lastSent else { return due }
        if interval < Self.shortestWait, isAdaptive || interval == 0, inFlight >= preload {
            return lastSent.adding(Self.shortestWait)
        }
        return isAdaptive ? lastSent.adding(interval) : due
    }

    /// A request went out. Requests keep to the grid of the interval: one that goes a little late does not delay those after it.
    mutating func sent(at now: MonotonicTime) {
        let earliest = now.adding(-Self.multiply(interval, preload))
        due = max(due, earliest).adding(interval)
        lastSent = now
        retryAt = nil
        retries = 0
    }

    /// The smoothed round-trip time is known anew.
    mutating func measured(_ smoothedRoundTrip: Int64) {
        self.smoothedRoundTrip = smoothedRoundTrip
        penalty = 0
        adapt()
    }

    private mutating func adapt() {
        if isAdaptive { interval = max(minimum, smoothedRoundTrip &+ penalty) }
    }

    /// Tries again so much later.
    mutating func retry(after wait: Int64, from now: MonotonicTime) { retryAt = now.adding(wait) }

    /// The device can't take more: tries again later, adaptively more slowly. `false` when that has been going on for too long.
    mutating func slowDown(from now: MonotonicTime, atMostFor limit: Int64) -> Bool {
        penalty += min(smoothedRoundTrip / 8, 50_000_000)
        adapt()
        let wait = min(max(interval / 2, Self.shortestWait), 500_000_000)
        retries += 1
        guard Self.multiply(wait, UInt64(retries)) < limit else { return false }
        retry(after: wait, from: now)
        return true
    }
}

/// Measures for how long nothing was answered.
struct OutageMeter: Sendable {
    private(set) var longest: Duration = .zero
    private var start: MonotonicTime?

    /// The next request in order, sent at this moment, was answered or lost.
    mutating func add(answered: Bool, at sent: MonotonicTime) {
        if answered {
            end(at: sent)
        } else if start == nil {
            start = sent
        }
    }

    /// The outage under way, if any, ends.
    mutating func end(at time: MonotonicTime) {
        if let start { longest = max(longest, time - start) }
        start = nil
    }
}
