import Addresses

/// Asks every address of ranges of any size once, in an order that looks like chance, and keeps no record of any: each
/// answer proves by itself whom it is from.
///
/// A target that answers once more is told from others as long as no more than fifty thousand have answered since.
public struct ScanSession: Sweeping {
    /// What it asks.
    public let configuration: ScanConfiguration
    /// What is known of the scan as a whole.
    public private(set) var totals = SweepTotals()

    private let key: SipHash
    private let start: MonotonicTime
    private let permutation: Permutation
    private let ipv4Count: UInt64
    private var pace: SweepPace
    private var cursor: ScanCursor
    private var firstSent = MonotonicTime(nanoseconds: 0)
    private var lastSent: MonotonicTime?
    private var recent = RecentReplies()
    /// When the last probes left, by their numbers: it may not have been when they were expected to.
    private var departures = [Departures](repeating: Departures(), count: Self.departureCount)
    private var isInterrupted = false

    private struct Departures {
        var expected = MonotonicTime(nanoseconds: 0)
        var actual = MonotonicTime(nanoseconds: 0)
    }

    /// A power of two.
    private static var departureCount: Int { 1 << 13 }

    /// A scan that is about to begin, or to go on.
    /// - Parameter key: what proves answers, the same as the ``SweepProbeFormat``'s.
    /// - Returns: `nil` if there are more addresses than ``ScanConfiguration/addressCount`` can say, or the shard is
    ///   none of those that there are.
    public init?(_ configuration: ScanConfiguration, key: SipHash, at start: MonotonicTime) {
        guard let count = configuration.addressCount, configuration.shard < configuration.shards else { return nil }
        self.configuration = configuration
        self.key = key
        self.start = start
        permutation = Permutation(count: count, seed: configuration.seed)
        ipv4Count = UInt64(configuration.ipv4.count ?? 0)
        let interval = configuration.rate.map { 1_000_000_000 / max($0, .leastNormalMagnitude) } ?? 0
        pace = SweepPace(interval: interval, at: start)
        cursor = ScanCursor(configuration, count: count)
        let (shard, shards) = (configuration.shard, configuration.shards)
        totals.expected = count > shard ? (count - shard - 1) / shards + 1 : 0
    }

    /// What it takes to go on where this scan is: its seed and position.
    public var resumption: (seed: UInt64, position: UInt64) {
        (configuration.seed, cursor.position)
    }

    /// How long it has taken to send what has been sent; `nil` before the first probe.
    public var sendingTime: Duration? { lastSent.map { $0 - firstSent } }

    /// Whether there is nothing more to send.
    public var hasSentAll: Bool { cursor.isAtEnd }

    // MARK: - Sweeping

    public mutating func next(at now: MonotonicTime) -> SweepStep {
        if isInterrupted { return .finished }
        guard !hasSentAll else {
            guard let lastSent else { return .finished }
            let end = lastSent + configuration.timeout
            return end <= now ? .finished : .wait(until: end)
        }
        guard pace.due(at: now) else { return .wait(until: pace.nextDue) }
        pace.take(at: now)
        let number = totals.sent & Int(UInt32.max)
        let address = address(permutation[cursor.index])
        let probe = SweepProbe(to: address, number: number, index: Int(cursor.attempt), sent: now)
        if cursor.attempt == 0 { totals.targets += 1 }
        totals.sent += 1
        if lastSent == nil { firstSent = now }
        lastSent = now
        cursor.advance()
        return .send(probe)
    }

    public mutating func interrupt() { isInterrupted = true }

    public mutating func departed(_ probe: SweepProbe, at time: MonotonicTime) {
        departures[probe.number & (Self.departureCount - 1)] = Departures(expected: probe.sent, actual: time)
    }

    public mutating func notSent(_ probe: SweepProbe, errno: Int32, at now: MonotonicTime) -> SweepEvent? {
        .notSent(number: 0, address: probe.destination, index: probe.index, errno: errno)
    }

    public mutating func received(_ answer: SweepAnswer, at arrival: Arrival) -> SweepEvent? {
        let target = answer.destination ?? answer.source
        guard isAsked(target), let index = index(of: answer, from: target) else { return nil }
        switch answer.meaning {
        case .error(let error), .notice(let error):
            totals.errors += 1
            return .error(
                SweepError(number: nil, address: target, index: index, source: answer.source, error: error))
        case .reply, .closed: break
        }
        totals.received += 1
        var reply = SweepReply(answer, about: target, arrival)
        reply.index = index
        let roundTrip = roundTrip(answer, arrival)
        if let roundTrip { (reply.roundTrip, reply.timing) = (.nanoseconds(roundTrip.0), roundTrip.1) }
        if recent.insert(target, proof: SweepProbeFormat.proof(of: target, key: key)) {
            totals.duplicates += 1
            return .duplicate(reply)
        }
        reply.isFirst = true
        if reply.isClosed { totals.closed += 1 } else { totals.alive += 1 }
        if let roundTrip, !reply.isClosed { totals.roundTrips.record(nanoseconds: roundTrip.0) }
        return .reply(reply)
    }

    // MARK: - Addresses

    @inline(__always)
    private func address(_ number: UInt64) -> IPAddress {
        number < ipv4Count
            ? .v4(configuration.ipv4[UInt128(number)]) : .v6(configuration.ipv6[UInt128(number - ipv4Count)])
    }

    private func isAsked(_ address: IPAddress) -> Bool {
        let number: UInt64? =
            switch address {
            case .v4(let address): configuration.ipv4.position(of: address).map { UInt64($0) }
            case .v6(let address): configuration.ipv6.position(of: address).map { UInt64($0) + ipv4Count }
            }
        guard let number else { return false }
        return configuration.shards == 1 || permutation.index(of: number) % configuration.shards == configuration.shard
    }

    private func index(of answer: SweepAnswer, from target: IPAddress) -> Int? {
        let index: Int? =
            switch answer.index(of: target, key: key) {
            case .number(let index): Int(index)
            case .lowerHalf(let index): Int(index)
            case .unknown: 0
            case nil: nil
            }
        return index.flatMap { $0 < max(1, configuration.attempts) ? $0 : nil }
    }

    private func roundTrip(_ answer: SweepAnswer, _ arrival: Arrival) -> (Int64, RoundTripTiming)? {
        guard var sent = answer.sent, sent >= start, sent <= arrival.now else { return nil }
        if let number = answer.number {
            let departure = departures[Int(number) & (Self.departureCount - 1)]
            if departure.expected == sent { sent = departure.actual }
        }
        let (roundTrip, timing) = Departure.estimated(sent).roundTrip(until: arrival)
        // The time in a probe is when it was expected to leave: who answers before that shows that it left earlier.
        return roundTrip > 0 ? (roundTrip, timing) : nil
    }
}
