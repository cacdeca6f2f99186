/// What the round under way has come to at one hop.
struct TraceProgress: Sendable {
    /// Probes sent, or tried in vain.
    var tried = 0
    /// Those of them that were sent.
    var sent: UInt64 = 0
    /// Probes under way.
    var pending = 0
    /// The oldest probe that may be under way, by its index.
    var oldest = 0
    private(set) var received: UInt64 = 0
    private(set) var lost: UInt64 = 0
    private var longest: Int64?
    private var longestBefore: Int64?

    /// The longest round trip, in nanoseconds, that became known in this round and the last one before it that had any.
    var longestRoundTrip: Int64? {
        guard let longest, let longestBefore else { return longest ?? longestBefore }
        return max(longest, longestBefore)
    }

    mutating func learn(_ roundTrip: Int64) { longest = max(roundTrip, longest ?? 0) }

    mutating func answered(late: Bool) {
        received += 1
        if late { lost -= 1 }
    }

    mutating func expired() { lost += 1 }

    mutating func beginRound() {
        var next = TraceProgress()
        next.longestBefore = longest ?? longestBefore
        self = next
    }
}

extension TraceHop {
    /// Takes back what was counted in the round under way.
    mutating func takeBack(_ progress: TraceProgress) {
        sent -= min(sent, progress.sent)
        received -= min(received, progress.received)
        lost -= min(lost, progress.lost)
        inRound = 0
    }
}
