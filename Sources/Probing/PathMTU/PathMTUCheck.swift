import Addresses

/// What is done before silence about a size counts.
///
/// Routers and hosts answer few probes a second, so the size is tried again with a small probe right behind it: where
/// that one is answered, the large one would have been, had it come through. And a small probe to the hop before shows
/// that the router there still speaks, and would say that a packet is too big. Where they are silent, too, they are
/// given time.
struct PathMTUCheck: Sendable {
    enum Verdict {
        /// It got there after all.
        case passed
        /// This router says that it is too big, and what would not be.
        case complained(by: IPAddress, size: UInt32)
        /// It is lost on the way, and nobody says so.
        case lost
        /// The hop does not answer anything any more.
        case unanswering
        /// Nothing can be said yet: it is to be tried again after a pause.
        case undecided
    }

    let hop: UInt8
    /// The size in doubt.
    let size: Int
    /// What became of the sizes that were tried.
    let outcomes: [PathMTUTrials.Outcome]

    private let knownSize: Int
    /// The hop before, and a size that gets there.
    private let witness: (hop: UInt8, size: Int)?
    /// How often it has to be lost.
    private var needed: Int
    private var turns = 0
    private var hasAnswered = false

    /// A hop that answers nothing in so many turns has nothing more to say.
    private static let mostTurns = 4
    /// A turn is repeated at once, should something get lost by chance.
    private static let repetitions = 2

    /// - Parameters:
    ///   - outcomes: what became of sizes at a hop, of which `size` is the smallest without an answer.
    ///   - knownSize: a size that gets there.
    ///   - witness: the hop before, and a size that gets there.
    ///   - isFinal: it is believed for good.
    init(
        _ outcomes: [PathMTUTrials.Outcome], of hop: UInt8, size: Int, knownSize: Int,
        witness: (hop: UInt8, size: Int)? = nil, isFinal: Bool = false
    ) {
        (self.hop, self.size, self.outcomes, self.knownSize, self.witness) = (hop, size, outcomes, knownSize, witness)
        needed = isFinal ? 2 : 1
    }

    /// What is sent in a turn, one right behind the other.
    var trials: [(hop: UInt8, size: Int)] {
        let turn = [(hop, size), (hop, knownSize)] + (witness.map { [$0] } ?? [])
        return (0..<Self.repetitions).flatMap { _ in turn }
    }

    /// Takes in what became of a turn.
    mutating func take(_ outcomes: [PathMTUTrials.Outcome]) -> Verdict {
        let large = outcomes.filter { $0.hop == hop && $0.size == size }
        if large.contains(where: { $0.fate == .passed }) { return .passed }
        if let complaint = large.lazy.compactMap(\.complaint).first {
            return .complained(by: complaint.router, size: complaint.size)
        }
        let length = max(1, outcomes.count / Self.repetitions)
        for start in stride(from: 0, to: outcomes.count, by: length) {
            let others = outcomes[start..<min(start + length, outcomes.count)].dropFirst()
            if others.allSatisfy({ $0.fate == .passed }) { needed -= 1 }
            if others.first?.fate == .passed { hasAnswered = true }
        }
        if needed <= 0 { return .lost }
        turns += 1
        guard turns >= Self.mostTurns else { return .undecided }
        // The one before may have nothing more to say.
        return hasAnswered ? .lost : .unanswering
    }
}
