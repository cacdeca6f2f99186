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
