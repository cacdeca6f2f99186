/// When packets may leave, so that there is a time between them.
///
/// The schedule is exact: the nth packet is due n intervals after the start, whatever fractions of nanoseconds that is.
/// Who is late catches up, but never with more than 5 ms of it: what is later than that is left out. Where the interval
/// is less than a millisecond, packets go in little groups, so that nobody has to wake up more than a thousand times a
/// second, unless they are to go one by one. So in any time W there are at most (W + 5 ms) / interval + 1 packets.
struct SweepPace: Sendable {
    /// Nanoseconds from one packet to the next; 0 for no limit.
    private let interval: Double
    private var origin: MonotonicTime
    /// Packets since the origin.
    private var count = 0.0
    /// Until when nothing goes, so that a group can come together.
    private var resting: MonotonicTime

    private let goesInGroups: Bool

    /// Nanoseconds by which a packet may leave late, and the next still leave in time.
    private static var longestLag: Int64 { 5_000_000 }
    /// Nanoseconds from the beginning of one group to that of the next.
    private static var groupTime: Int64 { 1_000_000 }

    /// - Parameters:
    ///   - interval: nanoseconds from one packet to the next; 0 for no limit.
    ///   - goesInGroups: whether packets less than a millisecond apart may leave together.
    init(interval: Double, at start: MonotonicTime, goesInGroups: Bool = true) {
        self.goesInGroups = goesInGroups
        self.interval = interval.isFinite ? max(0, interval) : 0
        origin = start
        resting = start
    }

    /// When the next packet may leave.
    var nextDue: MonotonicTime { max(scheduled, resting) }

    /// Whether a packet may leave now.
    @inline(__always)
    func due(at now: MonotonicTime) -> Bool {
        guard interval > 0 else { return true }
        return now >= resting && now >= scheduled
    }

    /// A packet leaves now.
    @inline(__always)
    mutating func take(at now: MonotonicTime) {
        guard interval > 0 else { return }
        let lag = now.nanoseconds &- scheduled.nanoseconds
        if lag > Self.longestLag {
            origin = now.adding(-Self.longestLag)
            count = 0
        }
        count += 1
        // The last of what is due: the next group begins when it is worth it.
        if goesInGroups, interval < Double(Self.groupTime), scheduled > now { resting = now.adding(Self.groupTime) }
    }

    private var scheduled: MonotonicTime {
        let offset = (count * interval).rounded(.up)
        return origin.adding(Int64(exactly: offset) ?? .max)
    }
}
