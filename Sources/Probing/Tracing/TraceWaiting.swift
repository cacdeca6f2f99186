/// How long answers are waited for, in nanoseconds: ``TraceConfiguration/Waiting`` in numbers that can't overflow.
struct TraceWaits: Sendable {
    let longest: Int64
    /// How long a probe is remembered at least, so that late answers are known for what they are.
    let remembered: Int64
    private let shortest: Int64
    private let here: Double
    private let near: Double

    init(_ waiting: TraceConfiguration.Waiting) {
        longest = max(0, waiting.longest.clampedNanoseconds)
        remembered = max(longest, 10_000_000_000)
        shortest = max(0, waiting.shortest.clampedNanoseconds)
        (here, near) = (waiting.here, waiting.near)
    }

    /// How long the answers of a hop are waited for.
    /// - Parameters:
    ///   - sameHop: its longest round trip, where it answered.
    ///   - otherHop: the longest round trip of the hop by which it is judged else.
    func wait(sameHop: Int64?, otherHop: Int64?) -> Int64 {
        if let sameHop, here > 0 { return limit(Double(sameHop) * here) }
        if let otherHop, near > 0 { return limit(Double(otherHop) * near) }
        return longest
    }

    private func limit(_ wait: Double) -> Int64 {
        wait < Double(longest) ? min(longest, max(shortest, Int64(wait))) : longest
    }
}

/// When the next probe is given up.
enum TraceExpiry: Sendable {
    /// Something happened since it was last worked out.
    case unknown
    /// At this moment the oldest one under way at this hop, an index; `nil` when none is under way.
    case known((moment: MonotonicTime, hop: Int)?)
}

extension TraceSession {
    /// When the next probe is given up. All probes to a hop are waited for equally long, so that only the oldest one
    /// under way at each counts.
    mutating func nextExpiry() -> (moment: MonotonicTime, hop: Int)? {
        if case .known(let expiry) = expiry { return expiry }
        while firstOpen < progress.count, progress[firstOpen].tried == probesPerHop, progress[firstOpen].pending == 0 {
            firstOpen += 1
        }
        // Hops behind the last that answers: in the first round nothing says that they could not be far away, later the
        // round before has waited for them long enough.
        var other = round > 1 ? progress.last { $0.longestRoundTrip != nil }?.longestRoundTrip : nil
        var first: (moment: MonotonicTime, hop: Int)?
        for hop in stride(from: progress.count - 1, through: firstOpen, by: -1) {
            let same = progress[hop].longestRoundTrip
            if progress[hop].pending > 0 {
                let sent = records[base(hop) + UInt64(progress[hop].oldest)].departure.sent
                let moment = sent.adding(waits.wait(sameHop: same, otherHop: other))
                if first.map({ moment <= $0.moment }) ?? true { first = (moment, hop) }
            }
            other = same ?? other
        }
        expiry = .known(first)
        return first
    }

    /// When another probe may be under way, if nothing else happens before: the end of time where none may.
    ///
    /// Behind the last hop that answers, a probe makes room for the next as soon as that hop's round trip justifies it,
    /// though its answer is waited for on: a path that ends in silence takes one long wait, and not one for each lot.
    func room(at now: MonotonicTime) -> MonotonicTime {
        let most = max(1, configuration.simultaneousProbes)
        guard underWay >= most else { return now }
        let never = MonotonicTime(nanoseconds: .max)
        guard most > 1, let last = progress.lastIndex(where: { $0.longestRoundTrip != nil }) else { return never }
        let longest = progress.lazy.compactMap(\.longestRoundTrip).max()
        let patience = waits.wait(sameHop: nil, otherHop: longest)
        var ends: [MonotonicTime] = []
        for hop in (last + 1)..<max(last + 1, progress.count) where progress[hop].pending > 0 {
            for index in progress[hop].oldest..<progress[hop].tried {
                let number = base(hop) + UInt64(index)
                if records.isPending(number) { ends.append(records[number].departure.sent.adding(patience)) }
            }
        }
        // So many have to make room; they went out in this order.
        let excess = underWay - most
        return excess < ends.count ? ends[excess] : never
    }

    /// Gives the oldest probe under way at a hop up.
    mutating func expire(at hop: Int) -> TracedProbe {
        let number = base(hop) + UInt64(progress[hop].oldest)
        records[number].outcome = .expired
        allHops[hop].lost += 1
        progress[hop].expired()
        close(at: hop)
        return records[number].traced(number)
    }

    /// One of the probes under way at a hop no longer is.
    mutating func close(at hop: Int) {
        underWay -= 1
        progress[hop].pending -= 1
        while progress[hop].oldest < progress[hop].tried,
            !records.isPending(base(hop) + UInt64(progress[hop].oldest))
        {
            progress[hop].oldest += 1
        }
        expiry = .unknown
    }
}
