import Addresses
import Probing
import Testing

struct TraceRoundTests {
    /// Two hops 8 ms apart, and the destination.
    private let shortPath = chain(3)

    private func rounds(_ count: UInt64, _ change: (inout TraceConfiguration) -> Void = { _ in }) -> TraceConfiguration
    {
        .tracing {
            ($0.rounds, $0.probesPerHop) = (count, 1)
            change(&$0)
        }
    }

    @Test("rounds begin on the grid of their interval, and end with their last answer")
    func grid() {
        let simulation = TraceSimulation(rounds(3), over: shortPath)
        let ends = simulation.events.compactMap {
            if case .roundEnded(let round) = $0.event { (round, $0.at) } else { nil }
        }
        #expect(ends.map(\.0) == [1, 2, 3])
        #expect(ends.map(\.1) == [.ms(24), .ms(1024), .ms(2024)])
        #expect(simulation.end == .ms(2024))
        #expect(simulation.session.completedRounds == 3)
    }

    @Test("a round that takes longer than the interval holds the next one up, and no more")
    func longRounds() {
        let simulation = TraceSimulation(rounds(3) { $0.roundInterval = .ms(20) }, over: shortPath)
        #expect(simulation.end == .ms(72))
    }

    @Test("a round that takes very long is not made up for")
    func veryLongRound() {
        let simulation = TraceSimulation(rounds(3) { $0.maximumHops = 2 }) { traced, sent in
            traced.round == 1 && traced.probe.hopLimit == 2 ? [] : chain(9)(traced, sent)
        }
        #expect(simulation.sent.map(\.at) == [0, 0, 5000, 5000, 6000, 6000].map { .ms($0) })
    }

    @Test("no rounds are no probes")
    func none() {
        let simulation = TraceSimulation(rounds(0), over: shortPath)
        #expect(simulation.sent.isEmpty && simulation.events.isEmpty && simulation.end == .zero)
    }

    @Test("rounds without end go on until they are interrupted")
    func endless() {
        let simulation = TraceSimulation(.tracing { $0.rounds = nil }, interruptedAt: .seconds(100.5), over: shortPath)
        #expect(simulation.session.completedRounds == 101)
        #expect(simulation.end == .seconds(100.5))
    }

    @Test("after the first round probes go to the destination's hop at once, and no further")
    func knownDestination() {
        let simulation = TraceSimulation(rounds(2), over: shortPath)
        #expect(simulation.hopLimits(inRound: 1).count > 3)
        #expect(simulation.hopLimits(inRound: 2) == [1, 2, 3])
        #expect(simulation.sent.suffix(3).map(\.at) == [.seconds(1), .seconds(1), .seconds(1)])
    }

    @Test("statistics are of all rounds")
    func statistics() {
        let simulation = TraceSimulation(rounds(10)) { traced, sent in
            if traced.probe.hopLimit == 2, traced.round.isMultiple(of: 5) { return [] }
            let delay = Duration.ms(Double(traced.round))
            return chain(3)(traced, sent).map { Delivery(answer: $0.answer, after: $0.after + delay) }
        }
        let hops = simulation.session.hops
        #expect(hops.map(\.sent) == [10, 10, 10])
        #expect(hops.map(\.received) == [10, 8, 10])
        #expect(hops.map(\.lost) == [0, 2, 0])
        #expect(hops[1].loss == 0.2)
        #expect(hops[0].roundTrips.minimum == .ms(9))
        #expect(hops[0].roundTrips.maximum == .ms(18))
        #expect(hops[0].roundTrips.last == .ms(18))
        #expect(hops[0].responders.map(\.received) == [10])
    }

    @Test("a destination that is silent for a round is looked for again, and what lies behind it does not stay")
    func outage() {
        let simulation = TraceSimulation(rounds(4)) { traced, _ in
            (2...3).contains(traced.round) && traced.probe.hopLimit >= 3 ? [] : chain(3)(traced, .zero)
        }
        #expect(simulation.hopLimits(inRound: 2) == [1, 2, 3])
        #expect(simulation.hopLimits(inRound: 3).count == 30)
        #expect(simulation.session.hops.map(\.sent) == [4, 4, 4])
        #expect(simulation.session.hops.map(\.lost) == [0, 0, 2])
        #expect(simulation.session.destinationHop == 3)
    }

    @Test("a path that gets longer is followed, and one that gets shorter counts nothing behind its end")
    func changingLength() {
        let simulation = TraceSimulation(rounds(6)) { traced, _ in
            chain([3, 3, 5, 5, 4, 4][Int(traced.round) - 1])(traced, .zero)
        }
        #expect(simulation.session.destinationHop == 4)
        #expect(simulation.session.hops.map(\.sent) == [6, 6, 6, 4, 2])
        #expect(simulation.session.hops.map(\.received) == [6, 6, 6, 4, 2])
        #expect(simulation.session.hops[4].responders.map(\.address) == [traceTarget])
        #expect(simulation.routeChanges == ["3: 3...3", "5: 4...4"])
    }

    @Test("other routers than in the round before are a route change")
    func routeChange() {
        let simulation = TraceSimulation(rounds(5)) { traced, _ in
            let isMoved = traced.round >= 3 && (4...6).contains(traced.probe.hopLimit)
            guard isMoved else { return chain(9)(traced, .zero) }
            return [exceeded(traced, by: router(100 + Int(traced.probe.hopLimit)), after: .ms(50))]
        }
        #expect(simulation.routeChanges == ["3: 4...6"])
        #expect(simulation.session.findings == [.routeChanged(round: 3, hops: 4...6)])
    }

    @Test("a hop that is silent for rounds has changed only if another answers then")
    func silentMeanwhile() {
        let simulation = TraceSimulation(rounds(9)) { traced, _ in
            guard traced.probe.hopLimit == 2 else { return chain(3)(traced, .zero) }
            if traced.round.isMultiple(of: 2) { return [] }
            return [exceeded(traced, by: router(traced.round < 7 ? 2 : 22), after: .ms(16))]
        }
        #expect(simulation.routeChanges == ["7: 2...2"])
    }

    @Test("routers that take turns by packets are no route change")
    func perPacket() {
        var turn = 0
        let simulation = TraceSimulation(rounds(30) { $0.probesPerHop = 3 }) { traced, _ in
            guard traced.probe.hopLimit == 2 else { return chain(3)(traced, .zero) }
            turn = turn &* 1_103_515_245 &+ 12345
            return [exceeded(traced, by: router(20 + turn >> 16 & 1), after: .ms(16))]
        }
        #expect(simulation.routeChanges.isEmpty)
        #expect(
            simulation.session.findings == [
                .severalResponders(hop: 2, simulation.session.hops[1].responders.map(\.address))
            ])
    }

    @Test("nor are they where each round has one probe, but a failover and the way back from it are")
    func turnsOfRounds() {
        func findings(_ isMoved: (UInt64) -> Bool) -> [TraceFinding] {
            TraceSimulation(rounds(20)) { traced, _ in
                guard traced.probe.hopLimit == 2, isMoved(traced.round) else { return chain(3)(traced, .zero) }
                return [exceeded(traced, by: router(22), after: .ms(16))]
            }.session.findings
        }
        #expect(
            findings { [2, 5, 6, 9, 11, 12, 17].contains($0) } == [.severalResponders(hop: 2, [router(2), router(22)])])
        #expect(
            findings { (5...9).contains($0) } == [
                .routeChanged(round: 5, hops: 2...2), .routeChanged(round: 10, hops: 2...2),
            ])
    }

    @Test("tokens begin again behind the last")
    func tokens() {
        let simulation = TraceSimulation(
            .tracing { ($0.probesPerHop, $0.rounds, $0.roundInterval, $0.maximumHops) = (20, 3300, .zero, 1) },
            over: chain(9))
        let tokens = simulation.sent.map(\.probe.probe.token)
        #expect(tokens.count == 66_000)
        #expect(tokens == (0..<66_000).map { UInt16($0 % 65535 + 1) })
        #expect(simulation.session.hops.map(\.received) == [66_000])
    }

    @Test("the token of a probe under way is not given to another")
    func tokensUnderWay() {
        var session = TraceSession(
            .tracing {
                ($0.probesPerHop, $0.rounds, $0.roundInterval, $0.maximumHops) = (65535, 2, .zero, 1)
                ($0.waiting.here, $0.waiting.near, $0.waiting.longest) = (0, 0, .seconds(3600))
            }, at: origin)
        var last: UInt16 = 0
        while case .send(let probe) = session.next(at: origin) {
            session.sent(probe, at: origin, wallClock: nil)
            last = probe.token
            guard probe.token != 1 else { continue }
            let answer = TraceAnswer(token: probe.token, from: router(1), .timeExceeded)
            #expect(session.received(answer, at: .init(now: origin)) != nil)
        }
        #expect(last == 65535)
        #expect(session.next(at: origin).wait == .seconds(3600))
    }
}
