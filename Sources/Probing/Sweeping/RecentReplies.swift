import Addresses

/// Which targets have answered lately, in memory that never grows: of very many, the earliest are forgotten.
struct RecentReplies: Sendable {
    /// Sets of sixteen, each of the size of a cache line; zero where there is none.
    private var sets = [SIMD16<UInt32>](repeating: .zero, count: Self.setCount)
    /// Where in each set the earliest stands.
    private var earliest = [UInt8](repeating: 0, count: Self.setCount)

    private static var setCount: Int { 1 << 13 }

    /// Remembers a target; returns whether it was remembered already. One of IPv6 is taken for another once in 2³²
    /// times, since half of its proof is what is remembered of it.
    /// - Parameter proof: the target's, which nobody else can tell: so nobody can have targets share a set.
    mutating func insert(_ target: IPAddress, proof: UInt64) -> Bool {
        let tag =
            switch target {
            case .v4(let address): address.rawValue
            case .v6: UInt32(truncatingIfNeeded: proof)
            }
        let index = Int(truncatingIfNeeded: proof >> 40) & (Self.setCount - 1)
        if any(sets[index] .== tag) { return true }
        sets[index][Int(earliest[index])] = tag
        earliest[index] = (earliest[index] + 1) & 15
        return false
    }
}
