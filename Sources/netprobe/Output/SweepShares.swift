import Probing

extension SweepTarget {
    /// How many replies are shown: with duplicates, more than were asked for.
    func received(withDuplicates: Bool) -> Int {
        withDuplicates && receivedInAll > counts.sent ? receivedInAll : counts.received
    }
}

extension SweepTarget.Counts {
    /// The share of the probes that was not answered, in whole per cent, cut.
    func lossPercent(received: Int) -> Int { sent > 0 ? max(0, sent - received) * 100 / sent : 0 }

    /// The replies in per cent of the probes, whole, cut.
    func returnPercent(received: Int) -> Int { sent > 0 ? received * 100 / sent : 0 }

    /// Milliseconds that the probes without an answer stand for, one each period.
    func outage(_ period: Duration) -> Int {
        Int(clamping: Int128(max(0, sent - received)) * Int128(period.clampedNanoseconds) / 1_000_000)
    }
}
