/// Which targets have answered lately, in memory that never grows: of very many, the earliest are forgotten.
struct RecentReplies: Sendable {
    /// Sets of eight, the latest first; zero where there is none.
    private var sets: [SIMD8<UInt64>]

    private static var setCount: Int { 1 << 15 }

    init() { sets = Array(repeating: .zero, count: Self.setCount) }

    /// Remembers a target by its proof; returns whether it was remembered already.
    mutating func insert(_ proof: UInt64) -> Bool {
        let proof = max(1, proof)
        let index = Int(truncatingIfNeeded: proof >> 40) & (Self.setCount - 1)
        let known = sets[index]
        if any(known .== proof) { return true }
        sets[index] = SIMD8(proof, known[0], known[1], known[2], known[3], known[4], known[5], known[6])
        return false
    }
}
