import Probing
import Testing

@Suite struct MultipathSearchTests {
    @Test func `a diamond of widths 2-4-8-4-2 is found whole within a second at 1,000 probes a second`() {
        let network = MultipathNetwork(uniform: [2, 4, 8, 4, 2, 1])
        let outcome = search(network, interval: .ms(1))
        #expect(outcome.hasFinished)
        #expect(outcome.graph.seenEdges == network.edges)
        #expect(outcome.graph.paths.count == 8)
        #expect(outcome.graph.isComplete)
        #expect(outcome.duration < .seconds(1))
    }
}
