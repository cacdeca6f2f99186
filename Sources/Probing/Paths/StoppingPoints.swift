/// How many probes it takes to rule out, up to a given risk, that a router balances over more next hops than were seen
/// (Augustin, Friedman, Teixeira, "Multipath tracing with Paris traceroute", 2007): n_k probes that show fewer than k
/// next hops mean that there are not k.
///
/// The risk is that of k next hops among which flows are spread evenly, of which n probes miss some: the coupon
/// collector's, worked out exactly, coupon by coupon. A risk of 0.05 gives the table of that paper: 6, 11, 16, 21, …
public struct StoppingPoints: Sendable {
    /// More next hops are not counted on: who shows as many forges them.
    public static let mostNextHops = 256

    /// `risks[k][i]` is the risk of missing some of k next hops with k + i probes.
    private var risks: [Int: [Double]] = [:]
    /// Where the last of `risks[k]` comes from: `spread[k][j]` is the chance that j of the k were seen.
    private var spread: [Int: [Double]] = [:]

    /// No stopping points yet: each is worked out when it is asked for, once.
    public init() {}

    /// n_k: the least number of probes that miss some of `nextHops` next hops with a chance of at most `risk`.
    /// - Parameters:
    ///   - nextHops: k, which counts as at least 2 and at most one more than ``mostNextHops``.
    ///   - risk: between 0 and 1; less than 10⁻¹⁵ counts as that.
    public mutating func probes(toRuleOut nextHops: Int, risk: Double) -> Int {
        let k = min(max(2, nextHops), Self.mostNextHops + 1)
        guard risk < 1 else { return 1 }
        let bound = risk > 1e-15 ? risk : 1e-15
        var known = risks.removeValue(forKey: k) ?? []
        if let last = known.last, last <= bound {
            risks[k] = known
            return k + Self.firstIndex(in: known, notAbove: bound)
        }
        var seen = spread.removeValue(forKey: k) ?? Self.afterLessOne(k)
        while known.last.map({ $0 > bound }) ?? true {
            Self.addProbe(to: &seen)
            known.append(seen[..<k].reduce(0, +))
        }
        let count = k + known.count - 1
        risks[k] = known
        spread[k] = seen
        return count
    }

    /// The chances after k - 1 probes, the last number that is sure to miss one.
    private static func afterLessOne(_ k: Int) -> [Double] {
        var seen = [1.0] + Array(repeating: 0, count: k)
        for _ in 1..<k { addProbe(to: &seen) }
        return seen
    }

    /// One probe more: it shows one of those seen before, or a new one.
    private static func addProbe(to seen: inout [Double]) {
        let k = Double(seen.count - 1)
        for j in stride(from: seen.count - 1, to: 0, by: -1) {
            seen[j] = (seen[j] * Double(j) + seen[j - 1] * (k - Double(j - 1))) / k
        }
        seen[0] = 0
    }

    /// Risks fall with every probe: the first that is small enough, by halving.
    private static func firstIndex(in risks: [Double], notAbove bound: Double) -> Int {
        var (low, high) = (0, risks.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if risks[middle] <= bound { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
