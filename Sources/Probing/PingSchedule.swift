/// When the next echo request may go out. Times are in nanoseconds.
struct PingSchedule: Sendable {
    /// Where the answers set the pace, a missing one holds the next request up for so long.
    static let shortestWait: Int64 = 10_000_000

    /// The time between two requests.
    private(set) var interval: Int64
    private let minimum: Int64
    private let isAdaptive: Bool
    private let preload: UInt64
    /// The next point of the grid that fixed pacing keeps to.
    private var due: MonotonicTime
    /// The requests that adaptive pacing may still send before the first is answered.
    private var burst: UInt64
    private var lastSent: MonotonicTime?
    private var notBefore: MonotonicTime
    private var retries: Int64 = 0
    private var penalty: Int64 = 0
    private var smoothedRoundTrip: Int64 = 0

    init(_ pacing: PingPacing, preload: UInt64, start: MonotonicTime) {
        self.preload = max(1, preload)
        burst = self.preload
        switch pacing {
        case .fixed(let interval):
            (self.interval, minimum, isAdaptive) = (max(0, interval.clampedNanoseconds), 0, false)
        case .adaptive(let minimum):
            self.minimum = max(0, minimum.clampedNanoseconds)
            (interval, isAdaptive) = (max(1_000_000_000, self.minimum), true)
        case .flood: (interval, minimum, isAdaptive) = (0, 0, false)
        }
        due = start.adding(-Self.multiply(interval, self.preload - 1))
        notBefore = start
    }

    private static func multiply(_ interval: Int64, _ count: UInt64) -> Int64 {
        let (product, overflow) = interval.multipliedReportingOverflow(by: Int64(clamping: count))
        return overflow ? .max : product
    }

    /// The moment from which the next request may go out.
    func nextSend(inFlight: UInt64) -> MonotonicTime { max(notBefore, paced(inFlight: inFlight)) }

    private func paced(inFlight: UInt64) -> MonotonicTime {
        guard let lastSent else { return due }
        if isAdaptive, burst > 0 { return due }
        if interval < Self.shortestWait, isAdaptive || interval == 0, inFlight >= preload {
            return lastSent.adding(Self.shortestWait)
        }
        return isAdaptive ? lastSent.adding(interval) : due
    }

    /// A request went out.
    mutating func sent(at now: MonotonicTime) {
        lastSent = now
        retries = 0
        if isAdaptive { burst -= min(burst, 1) } else { advance(past: now) }
    }

    /// A request that goes late does not move those after it: they keep to the grid of the interval. Of those that were
    /// missed altogether, no more than the preload are made up for.
    private mutating func advance(past now: MonotonicTime) {
        guard interval > 0 else { return }
        due = due.adding(interval)
        let earliest = now.adding(-Self.multiply(interval, preload - 1))
        let (missed, overflow) = earliest.nanoseconds.subtractingReportingOverflow(due.nanoseconds)
        if !overflow, missed >= interval { due = due.adding(missed / interval * interval) }
    }

    /// A request could not go out and will not be tried again. However short the interval, the next one waits a little:
    /// else a network that is down would be asked as fast as the processor can.
    mutating func failed(at now: MonotonicTime) {
        sent(at: now)
        notBefore = now.adding(Self.shortestWait)
    }

    /// The smoothed round-trip time is known anew.
    mutating func measured(_ smoothedRoundTrip: Int64) {
        self.smoothedRoundTrip = smoothedRoundTrip
        penalty = 0
        adapt()
    }

    private mutating func adapt() {
        guard isAdaptive else { return }
        let (sum, overflow) = smoothedRoundTrip.addingReportingOverflow(penalty)
        interval = max(minimum, overflow ? .max : sum)
    }

    /// Tries again so much later.
    mutating func retry(after wait: Int64, from now: MonotonicTime) { notBefore = now.adding(wait) }

    /// The device can't take more: tries again later, adaptively more slowly. `false` when that has gone on too long.
    mutating func slowDown(from now: MonotonicTime, atMostFor limit: Int64) -> Bool {
        penalty = min(penalty, .max / 2) + min(smoothedRoundTrip, 50_000_000)
        adapt()
        let wait = min(max(interval / 2, Self.shortestWait), 500_000_000)
        retries += 1
        guard Self.multiply(wait, UInt64(retries)) < limit else { return false }
        retry(after: wait, from: now)
        return true
    }
}
