public import Addresses

/// Asks very many targets whether they are there, and keeps a compact record of each.
public struct SweepSession: Sweeping {
    /// How it goes.
    public let configuration: SweepConfiguration
    /// What is known of the sweep as a whole.
    public private(set) var totals = SweepTotals()

    /// A session without targets yet.
    /// - Parameters:
    ///   - key: what proves answers, the same as the ``SweepProbeFormat``'s.
    public init(_ configuration: SweepConfiguration, key: SipHash, at start: MonotonicTime) {
        self.configuration = configuration
    }

    // MARK: - Targets

    /// Adds a target, to be probed as soon as its turn comes; returns its number, which counts from 0.
    public mutating func add(_ address: IPAddress, scopeID: UInt32 = 0, at now: MonotonicTime) -> Int { 0 }

    /// Whether more targets are wanted now: enough to keep sending, and no more than that.
    public var wantsTargets: Bool { true }

    /// There will be no more targets: when those that there are have been probed, the session is over. Before, it waits.
    public mutating func endTargets() {}

    /// The numbers of the targets that are remembered: in the modes that count all, otherwise those that have not been
    /// done with for long.
    public var numbers: Range<Int> { 0..<0 }

    /// What is known of a target that is remembered.
    public subscript(number: Int) -> SweepTarget {
        SweepTarget(address: .v4(.any), counts: .init(), receivedInAll: 0)
    }

    /// The round-trip time of each probe of a target in nanoseconds, `nil` for one that was not answered: where
    /// ``SweepConfiguration/keepsRoundTrips`` is set.
    public func roundTrips(of number: Int) -> [Int64?] { [] }

    /// What has happened to a target since the last call that reset its interval, where
    /// ``SweepConfiguration/keepsIntervals`` is set.
    public mutating func takeInterval(of number: Int, reset: Bool = true) -> SweepTarget.Counts { .init() }

    // MARK: - Sweeping

    public mutating func next(at now: MonotonicTime) -> SweepStep { .finished }
    public mutating func received(_ answer: SweepAnswer, at arrival: Arrival) -> SweepEvent? { nil }
    public mutating func notSent(_ probe: SweepProbe, errno: Int32, at now: MonotonicTime) -> SweepEvent? { nil }
    public mutating func interrupt() {}
}
