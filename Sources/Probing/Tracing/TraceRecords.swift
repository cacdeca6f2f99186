/// What became of the latest probes of a trace, each known by its number, from 1, or by the token of that.
///
/// Tokens go from 1 to 65,535 and begin again, so no more probes can be told apart. The memory grows with the number of
/// probes that may still be answered, and no further.
struct TraceRecords: Sendable {
    struct Record {
        var departure: Departure
        var round: UInt64
        /// Which of the probes to its hop it is, in its round.
        var index: Int
        var hopLimit: UInt8
        var outcome = Outcome.pending

        /// The probe of this number, of which this is the record.
        func traced(_ number: UInt64) -> TracedProbe {
            let probe = TraceProbe(token: TraceRecords.token(of: number), hopLimit: hopLimit)
            return TracedProbe(probe, index: index, round: round)
        }
    }

    enum Outcome: UInt8 {
        case pending, answered
        /// It did not go out.
        case unsent
        /// It was not answered in time.
        case expired
        /// It could go further than to the destination: what becomes of it says nothing.
        case beyond
    }

    private static let tokens: UInt64 = 65535

    /// The number of the last probe; 0 before the first.
    private(set) var last: UInt64 = 0
    /// The number of the oldest probe that is remembered.
    private(set) var oldest: UInt64 = 1
    /// A power of two of them, so that a slot is found quickly.
    private var ring: [Record] = []

    /// The token of the probe of this number.
    static func token(of number: UInt64) -> UInt16 { UInt16((number - 1) % tokens + 1) }

    /// The last probe with this token, if any is remembered.
    func number(of token: UInt16) -> UInt64? {
        guard token != 0, last > 0 else { return nil }
        let distance = (UInt64(Self.token(of: last)) + Self.tokens - UInt64(token)) % Self.tokens
        return distance < last && last - distance >= oldest ? last - distance : nil
    }

    /// Whether the token of the next probe is that of one under way.
    var isFull: Bool { last + 1 - oldest == Self.tokens && self[oldest].outcome == .pending }

    /// Whether the probe of this number is under way.
    func isPending(_ number: UInt64) -> Bool {
        number >= oldest && number <= last && self[number].outcome == .pending
    }

    /// Remembers the next probe. One that is under way, or left after this moment, is not forgotten for it, as long as
    /// there are tokens.
    mutating func append(_ record: Record, keepingThoseAfter moment: MonotonicTime) {
        let count = last + 1 - oldest
        if count == Self.tokens {
            oldest += 1
        } else if count == ring.count {
            if count > 0, self[oldest].outcome != .pending, self[oldest].departure.sent <= moment {
                oldest += 1
            } else {
                grow(filler: record)
            }
        }
        last += 1
        self[last] = record
    }

    private mutating func grow(filler: Record) {
        let former = self
        ring = Array(repeating: filler, count: max(16, 2 * former.ring.count))
        for number in stride(from: oldest, through: last, by: 1) { self[number] = former[number] }
    }

    /// The record of a probe that is remembered.
    subscript(number: UInt64) -> Record {
        get { ring[Int(truncatingIfNeeded: number) & (ring.count - 1)] }
        _modify { yield &ring[Int(truncatingIfNeeded: number) & (ring.count - 1)] }
    }
}
