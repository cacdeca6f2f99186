import Probing
import TestSupport
import Testing

/// What a search promises: what it misses, and what it takes.
@Suite struct MultipathConfidenceTests {
    /// Diamonds of one kind; their routers pick next hops by flows as the seed says.
    enum Kind: CaseIterable {
        case twoWide, threeWide, fourWide, branching, narrowing, nested, crossedOnce, crossed, uneven, twice

        func network(seed: UInt64) -> MultipathNetwork {
            switch self {
            case .twoWide: MultipathNetwork(uniform: [2], seed: seed)
            case .threeWide: MultipathNetwork(uniform: [3], seed: seed)
            case .fourWide: MultipathNetwork(uniform: [4], seed: seed)
            case .branching: MultipathNetwork(uniform: [1, 2, 4], seed: seed)
            case .narrowing: MultipathNetwork(uniform: [4, 2], seed: seed)
            case .nested: MultipathNetwork(widths: [2, 3], seed: seed) { $0 != 1 || ($1 == 0) == ($2 == 0) }
            case .crossedOnce: MultipathNetwork(widths: [2, 2], seed: seed) { $0 != 1 || $1 == $2 || $1 == 0 }
            case .crossed: MultipathNetwork(widths: [2, 2], seed: seed) { _, _, _ in true }
            case .uneven: MultipathNetwork(widths: [3, 2], seed: seed) { $0 != 1 || ($1 == 0) == ($2 == 0) }
            case .twice: MultipathNetwork(uniform: [2, 1, 2], seed: seed)
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func `of 1,000 diamonds of a kind at most 5 per cent are not found whole`(kind: Kind) {
        var failures = 0
        for seed in 1...1000 as ClosedRange<UInt64> {
            var network = kind.network(seed: seed)
            // That many answers arrive at one moment saves time here, and nothing else.
            (network.wait, network.delay) = (.ms(1), .zero)
            let outcome = search(network) { $0.rounds = 0 }
            if !outcome.hasFinished || outcome.graph.seenEdges != network.edges { failures += 1 }
        }
        #expect(failures <= 50)
    }

    @Test func `less confidence misses more`() {
        var (failures, probes) = ([0, 0], [0, 0])
        for seed in 1...200 as ClosedRange<UInt64> {
            let network = MultipathNetwork(uniform: [4], seed: seed)
            for (index, confidence) in [40.0, 99.9].enumerated() {
                let outcome = search(network) {
                    $0.rounds = 0
                    $0.confidence = confidence
                }
                if outcome.graph.seenEdges != network.edges { failures[index] += 1 }
                probes[index] += outcome.probes.count
            }
        }
        #expect(failures[0] > 20)
        #expect(failures[1] <= 1)
        #expect(probes[0] * 2 < probes[1])
    }

    @Test(arguments: [[2, 4, 8, 4, 2, 1], [2], [4, 1], [2, 4, 2], [1, 1, 1, 1], [16]])
    func `a search takes no more probes than the published stopping points, MDA-Lite fewer`(widths: [Int]) {
        // A few go out before the destination is known to be nearer.
        let ahead = 3
        let seeds = 20
        let vertices = widths.reduce(1, +)
        var (lite, full, published) = (0, 0, 0)
        for seed in 1...seeds {
            let network = MultipathNetwork(uniform: widths, seed: UInt64(seed))
            lite += Int(search(network) { $0.rounds = 0 }.session.searchProbes)
            full += Int(search(network) { ($0.rounds, $0.beginsLite) = (0, false) }.session.searchProbes)
            published += publishedProbes(network, risk: 0.05 / Double(vertices), hops: widths.count + 1)
        }
        // Which flows pass a vertex is luck, of both.
        #expect(full <= published + published / 100 + ahead * seeds)
        #expect(vertices < 3 || lite <= full)
    }

    @Test func `a diamond of widths 2-4-8-4-2 takes no more than 5 per cent above what each vertex at 95% takes`() {
        var (lite, published) = (0, 0)
        for seed in 1...20 as ClosedRange<UInt64> {
            let network = MultipathNetwork(uniform: [2, 4, 8, 4, 2, 1], seed: seed)
            lite += Int(search(network) { $0.rounds = 0 }.session.searchProbes)
            published += publishedProbes(network, risk: 0.05, hops: 7)
        }
        #expect(lite * 100 <= published * 105)
    }
}
