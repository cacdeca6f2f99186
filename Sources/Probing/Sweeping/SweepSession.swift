public import Addresses
import DequeModule

/// Asks very many targets whether they are there, and keeps a compact record of each.
///
/// There are no timers and no sorted queues: all first tries wait equally long, and so do all second ones; what was
/// sent first is due first.
public struct SweepSession: Sweeping {
    /// How it goes.
    public let configuration: SweepConfiguration
    /// What is known of the sweep as a whole.
    public internal(set) var totals = SweepTotals()

    let key: SipHash
    let start: MonotonicTime
    let countsProbes: Bool
    /// Probes of each target at most, but for what stops it.
    let mostProbes: UInt32
    /// How long the first, the second… try is waited for, in nanoseconds; all further as the last.
    let timeouts: [Int64]

    /// The targets from `firstNumber` on.
    var records: Deque<SweepRecord> = []
    var firstNumber = 0
    /// The first target that was never asked.
    var nextNumber = 0
    var hasAllTargets = false
    /// The numbers of targets by their proofs, from the first answer on that does not say its target's number.
    var numbersByProof: [UInt64: [UInt32]]?
    /// Nanoseconds of round trips, negative where there is none: of all probes of each target, if they are kept.
    var roundTrips: Deque<[Int64]> = []
    /// What has happened to each target in its interval, if that is kept.
    var intervals: Deque<SweepTarget.Counts> = []

    var pace: SweepPace
    /// What is waited for, by the number of tries, and when the first of all is due.
    var waits: [Deque<SweepAppointment>] = [[]]
    var firstTimeout = MonotonicTime(nanoseconds: .max)
    /// Targets that are asked again.
    var repeats: Deque<SweepAppointment> = []
    /// Probes that are waited for.
    var awaitedCount = 0
    /// Those of them that are too old for their records: the number in the upper half, the index in the lower.
    var awaitedOlder: Set<UInt64> = []
    /// What happened together with something that was reported already.
    var events: Deque<SweepEvent> = []
    /// Once the session is ended from outside: the next target of which it is to be said that it did not answer.
    var ending: Int?

    /// A session without targets yet.
    /// - Parameters:
    ///   - key: what proves answers, the same as the ``SweepProbeFormat``'s.
    public init(_ configuration: SweepConfiguration, key: SipHash, at start: MonotonicTime) {
        self.configuration = configuration
        self.key = key
        self.start = start
        countsProbes = configuration.mode.countsProbes
        var timeout = max(0, configuration.timeout.clampedNanoseconds)
        var timeouts = [timeout]
        switch configuration.mode {
        case .alive(let retries):
            mostProbes = UInt32(clamping: max(0, retries)) == .max ? .max : UInt32(clamping: max(0, retries)) + 1
            while timeouts.count < mostProbes, timeouts.count < 256, configuration.backoff != 1 {
                timeout = Int64(exactly: (Double(timeout) * configuration.backoff).rounded(.down)) ?? .max
                timeouts.append(timeout)
            }
        case .count(let count): mostProbes = UInt32(clamping: max(1, count))
        case .loop: mostProbes = .max
        }
        self.timeouts = timeouts
        pace = SweepPace(interval: Double(max(0, configuration.interval.clampedNanoseconds)), at: start)
    }

    // MARK: - Targets

    /// Adds a target, to be probed as soon as its turn comes; returns its number, which counts from 0.
    public mutating func add(_ address: IPAddress, scopeID: UInt32 = 0, at now: MonotonicTime) -> Int {
        if !countsProbes { forgetDone(at: now) }
        let number = firstNumber + records.count
        records.append(SweepRecord(address, scopeID: scopeID))
        if configuration.keepsRoundTrips, countsProbes { roundTrips.append([]) }
        if configuration.keepsIntervals, countsProbes { intervals.append(.init()) }
        if numbersByProof != nil { remember(number, of: address) }
        totals.targets += 1
        return number
    }

    /// Whether more targets are wanted now: enough to keep sending, and no more than that.
    public var wantsTargets: Bool {
        !hasAllTargets && ending == nil && firstNumber + records.count - nextNumber < 4096
    }

    /// There will be no more targets: when those that there are have been probed, the session is over. Before, it
    /// waits.
    public mutating func endTargets() {
        hasAllTargets = true
        totals.expected = UInt64(totals.targets)
    }

    /// The numbers of the targets that are remembered: in the modes that count all, otherwise those that have not been
    /// done with for long.
    public var numbers: Range<Int> { firstNumber..<firstNumber + records.count }

    /// What is known of a target. Of one that is not remembered, nothing.
    public subscript(number: Int) -> SweepTarget {
        guard numbers.contains(number) else {
            return SweepTarget(address: .v4(.any), counts: .init(), receivedInAll: 0)
        }
        let record = records[number - firstNumber]
        return SweepTarget(
            address: record.address, counts: record.counts, receivedInAll: Int(record.receivedInAll))
    }

    /// The round-trip time of each probe of a target in nanoseconds, `nil` for one that was not answered: where
    /// ``SweepConfiguration/keepsRoundTrips`` is set.
    public func roundTrips(of number: Int) -> [Int64?] {
        guard numbers.contains(number), roundTrips.count == records.count else { return [] }
        let position = number - firstNumber
        let known = roundTrips[position].map { $0 < 0 ? nil : $0 }
        let sent = min(records[position].counts.sent, Int(mostProbes))
        return known + Array(repeating: nil, count: max(0, sent - known.count))
    }

    /// What has happened to a target since the last call that reset its interval, where
    /// ``SweepConfiguration/keepsIntervals`` is set.
    public mutating func takeInterval(of number: Int, reset: Bool = true) -> SweepTarget.Counts {
        guard numbers.contains(number), intervals.count == records.count else { return .init() }
        let counts = intervals[number - firstNumber]
        if reset { intervals[number - firstNumber] = .init() }
        return counts
    }

    // MARK: - Remembering

    /// Where the record of a target is, by the lowest bits of its number; `nil` if it is forgotten or was never there.
    func position(of number: UInt32) -> Int? {
        let position = Int(number &- UInt32(truncatingIfNeeded: firstNumber))
        return position < records.count ? position : nil
    }

    /// Targets that have been done with are remembered until a time-out after their last probe, for duplicates, and
    /// until it has been told what became of them.
    private mutating func forgetDone(at now: MonotonicTime) {
        guard events.isEmpty else { return }
        while let record = records.first, record.isDone,
            record.sent.adding(timeout(ofTry: record.nextIndex)) < now
        {
            if numbersByProof != nil { forget(firstNumber, of: record.address) }
            records.removeFirst()
            firstNumber += 1
        }
    }

    /// How long the nth try is waited for, in nanoseconds.
    func timeout(ofTry number: UInt32) -> Int64 { timeouts[min(max(1, Int(number)), timeouts.count) - 1] }

    /// The numbers of the targets with this address.
    mutating func numbers(of address: IPAddress) -> [UInt32] {
        if numbersByProof == nil {
            numbersByProof = [:]
            for number in numbers { remember(number, of: records[number - firstNumber].address) }
        }
        return numbersByProof?[SweepProbeFormat.proof(of: address, key: key)] ?? []
    }

    private mutating func remember(_ number: Int, of address: IPAddress) {
        numbersByProof?[SweepProbeFormat.proof(of: address, key: key), default: []]
            .append(UInt32(truncatingIfNeeded: number))
    }

    private mutating func forget(_ number: Int, of address: IPAddress) {
        let proof = SweepProbeFormat.proof(of: address, key: key)
        numbersByProof?[proof]?.removeAll { $0 == UInt32(truncatingIfNeeded: number) }
        if numbersByProof?[proof]?.isEmpty ?? false { numbersByProof?[proof] = nil }
    }
}
