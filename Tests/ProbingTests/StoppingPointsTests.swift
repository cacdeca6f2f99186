import Probing
import Testing

@Suite struct StoppingPointsTests {
    @Test func `a risk of 5 per cent gives the numbers published for 2 to 17 next hops`() {
        var points = StoppingPoints()
        let published = [6, 11, 16, 21, 27, 33, 38, 44, 51, 57, 63, 70, 76, 83, 90, 96]
        #expect((2...17).map { points.probes(toRuleOut: $0, risk: 0.05) } == published)
    }

    @Test func `a risk asked for before has the number that it had then`() {
        var points = StoppingPoints()
        let first = [0.05, 0.01, 0.0001].map { points.probes(toRuleOut: 4, risk: $0) }
        let again = [0.05, 0.01, 0.0001].map { points.probes(toRuleOut: 4, risk: $0) }
        #expect(first == again)
        #expect(first == first.sorted())
        #expect(points.probes(toRuleOut: 2, risk: 0.01) == 8)
    }

    @Test(arguments: [0, -1, 1, 2, .infinity, .nan, 1e-300]) func `any risk has a number`(risk: Double) {
        var points = StoppingPoints()
        for nextHops in [Int.min, -1, 0, 1, 2, 257, Int.max] {
            #expect((1...100_000).contains(points.probes(toRuleOut: nextHops, risk: risk)))
        }
    }
}
