import Addresses
import Probing
import Testing

struct TraceWaitingTests {
    @Test("a path with silent hops is complete as soon as the hops behind them justify it")
    func silentHops() {
        let simulation = TraceSimulation(over: chain(13, silent: [4, 7, 8]))
        #expect(simulation.session.destinationHop == 13)
        #expect(simulation.end.map { $0 <= .ms(300) } == true, "\(String(describing: simulation.end))")
        #expect(simulation.session.hops.map(\.received) == [3, 3, 3, 0, 3, 3, 0, 0, 3, 3, 3, 3, 3])
        #expect(simulation.session.hops.map(\.lost) == [0, 0, 0, 3, 0, 0, 3, 3, 0, 0, 0, 0, 0])
        #expect(simulation.timedOut.sorted() == [4, 4, 4, 7, 7, 7, 8, 8, 8])
    }

    /// A path of two hops, the second 20 ms away, of which the first does what it is told.
    private func twoHops(_ first: @escaping SimulatedPath) -> SimulatedPath {
        { traced, sent in traced.probe.hopLimit == 1 ? first(traced, sent) : [reply(to: traced, after: .ms(20))] }
    }

    /// When the only probe that is given up is.
    private func timeout(_ simulation: TraceSimulation) -> Duration? {
        let moments = simulation.events.compactMap { if case .timedOut = $0.event { $0.at } else { nil } }
        return moments.count == 1 ? moments[0] : nil
    }

    @Test("with no answer at all each probe is waited for to the end")
    func longest() {
        let simulation = TraceSimulation(over: silence)
        #expect(simulation.timedOut.count == 90)
        #expect(simulation.end == .seconds(30))
    }

    @Test(
        "a hop that answered once is given so many times its round trip", arguments: [(3.0, 90.0), (1.5, 50), (0, 60)])
    func here(_ factor: Double, _ expected: Double) {
        // 30 ms of its own; without a factor for that the 20 ms of the hop behind count.
        let simulation = TraceSimulation(
            .tracing { ($0.waiting.here, $0.probesPerHop) = (factor, 2) },
            over: twoHops { traced, _ in traced.index == 0 ? [exceeded(traced, after: .ms(30))] : [] })
        #expect(timeout(simulation) == .ms(expected))
    }

    @Test(
        "a silent hop is given so many times the round trip of the hop behind",
        arguments: [(3.0, 60.0), (1, 50), (0, 5000)])
    func near(_ factor: Double, _ expected: Double) {
        let simulation = TraceSimulation(
            .tracing { ($0.waiting.near, $0.probesPerHop) = (factor, 1) }, over: twoHops(silence))
        #expect(timeout(simulation) == .ms(expected))
    }

    @Test("the longest wait limits all others, even the shortest")
    func longestWins() {
        let simulation = TraceSimulation(
            .tracing { ($0.waiting.longest, $0.probesPerHop) = (.ms(30), 1) }, over: twoHops(silence))
        #expect(timeout(simulation) == .ms(30))
    }

    @Test(
        "waits that make no sense are survived",
        arguments: [Double.nan, .infinity, -.infinity, -1, .greatestFiniteMagnitude, .leastNonzeroMagnitude])
    func oddFactors(_ factor: Double) {
        for wait in [Duration.seconds(-1), .zero, .ms(20), .seconds(Int64.max)] {
            let simulation = TraceSimulation(
                .tracing {
                    ($0.waiting.here, $0.waiting.near, $0.waiting.longest) = (factor, factor, wait)
                    ($0.waiting.shortest, $0.maximumHops) = (.seconds(Int64.min), 2)
                }, over: twoHops { traced, _ in traced.index == 0 ? [exceeded(traced, after: .ms(30))] : [] })
            #expect(simulation.end != nil)
        }
    }

    @Test("a path that ends in silence takes one long wait, and an answer within it is in time")
    func silentEnd() {
        let simulation = TraceSimulation(
            over: { traced, sent in
                if traced.probe.hopLimit == 17, traced.index == 0 { return [exceeded(traced, after: .seconds(4))] }
                return traced.probe.hopLimit > 2 ? [] : chain(40)(traced, sent)
            })
        #expect(simulation.timedOut.count == 83)
        #expect(
            simulation.end.map { $0 > .seconds(5) && $0 < .seconds(5.4) } == true,
            "\(String(describing: simulation.end))")
        let answers = simulation.events.filter {
            if case .answered(let probe, _, _, _) = $0.event { probe.probe.hopLimit == 17 } else { false }
        }
        #expect(answers.count == 1)
        // Never more than sixteen that were not overdue.
        let moments = simulation.sent.filter { $0.probe.probe.hopLimit > 2 }.map(\.at)
        #expect(zip(moments, moments.dropFirst(16)).allSatisfy { $1 - $0 >= .ms(48) })
    }

    @Test("one at a time stays one at a time")
    func oneAtATime() {
        let simulation = TraceSimulation(
            .tracing { ($0.simultaneousProbes, $0.maximumHops, $0.probesPerHop) = (1, 4, 1) },
            over: chain(9, silent: [3, 4]))
        #expect(simulation.end.map { $0 > .seconds(10) } == true)
    }

    @Test("in later rounds hops behind the last that answers are not waited for to the end again")
    func laterRounds() {
        let simulation = TraceSimulation(
            .tracing { ($0.rounds, $0.probesPerHop, $0.maximumHops) = (2, 1, 6) }, over: chain(9, silent: [4, 5, 6]))
        #expect(simulation.end.map { $0 < .seconds(5.2) } == true)
        #expect(simulation.session.hops.map(\.lost) == [0, 0, 0, 2, 2, 2])
    }

    @Test("an answer that comes too late has the next round wait for it")
    func learning() {
        let simulation = TraceSimulation(
            .tracing { ($0.rounds, $0.probesPerHop, $0.maximumHops) = (3, 1, 2) },
            over: { traced, sent in
                guard traced.probe.hopLimit == 2 else { return chain(2)(traced, sent) }
                return traced.round == 1 ? [] : [reply(to: traced, after: .ms(400))]
            })
        let kinds = simulation.events.compactMap { event, _ in
            switch event {
            case .late(let traced, _, _, _): "late \(traced.round)"
            case .answered(let traced, _, _, _) where traced.probe.hopLimit == 2: "answered \(traced.round)"
            default: nil
            }
        }
        #expect(kinds == ["late 2", "answered 3"])
        #expect(simulation.session.destinationHop == 2)
    }
}
