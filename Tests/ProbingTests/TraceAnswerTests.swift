import Addresses
import Packets
import Probing
import TestSupport
import Testing

struct TraceAnswerTests {
    @Test("an answer after its time counts: the probe is not lost any longer")
    func late() {
        let simulation = TraceSimulation(.tracing { ($0.probesPerHop, $0.rounds) = (1, 2) }) { traced, _ in
            if traced.probe.hopLimit == 1, traced.round == 1 { return [exceeded(traced, after: .ms(700))] }
            return chain(2)(traced, .zero)
        }
        let late = simulation.events.compactMap {
            if case .late(let traced, _, let roundTrip, _) = $0.event { (traced, roundTrip) } else { nil }
        }
        #expect(late.map(\.0) == [TracedProbe(TraceProbe(token: 1, hopLimit: 1), index: 0, round: 1)])
        #expect(late.map(\.1) == [.ms(700)])
        #expect(simulation.timedOut == [1])
        #expect(simulation.session.hops[0].received == 2)
        #expect(simulation.session.hops[0].lost == 0)
    }

    @Test("a second answer to a probe is a duplicate, and counts as nothing else")
    func duplicate() {
        let simulation = TraceSimulation { traced, _ in
            let once = chain(3)(traced, .zero)
            return traced.probe.hopLimit == 2 ? once + [exceeded(traced, by: router(99), after: .ms(17))] : once
        }
        let duplicates = simulation.events.count { if case .duplicate = $0.event { true } else { false } }
        #expect(duplicates == 3)
        let hop = simulation.session.hops[1]
        #expect((hop.received, hop.duplicates, hop.roundTrips.count) == (3, 3, 3))
        #expect(hop.responders.map(\.address) == [router(2)])
    }

    @Test("answers in any order give the same result")
    func reordered() {
        let simulation = TraceSimulation { traced, _ in
            chain(8)(traced, .zero).map { Delivery(answer: $0.answer, after: .ms(90) - $0.after) }
        }
        #expect(
            simulation.session.hops.map { $0.responders.map(\.address) }
                == (1...7).map { [router($0)] } + [[traceTarget]])
        #expect(simulation.session.hops.allSatisfy { $0.received == 3 && $0.lost == 0 })
    }

    @Test("an answer to nothing that was asked is none", arguments: [0, 4, 65535] as [UInt16])
    func unknownToken(_ token: UInt16) {
        var session = TraceSession(.tracing(), at: origin)
        let answer = TraceAnswer(token: token, from: traceTarget, .reply(.echo))
        #expect(session.received(answer, at: .init(now: origin)) == nil)
        for _ in 0..<3 {
            guard case .send(let probe) = session.next(at: origin) else { return }
            session.sent(probe, at: origin, wallClock: nil)
        }
        #expect(session.received(answer, at: .init(now: origin + .ms(1))) == nil)
        #expect(session.destinationHop == nil)
    }

    @Test("the round trip is between the kernel's timestamps where it gives both")
    func kernelTimestamps() {
        var session = TraceSession(.tracing(), at: origin)
        guard case .send(let probe) = session.next(at: origin) else { return }
        session.sent(probe, at: origin, wallClock: wallClock(at: origin))
        session.kernelSent(token: probe.token, at: wallClock(at: origin + .ms(1)))
        let now = origin + .ms(10)
        let arrival = Arrival(now: now, wallClock: wallClock(at: now), kernel: wallClock(at: origin + .ms(8)))
        let event = session.received(TraceAnswer(token: probe.token, from: router(1), .timeExceeded), at: arrival)
        guard case .answered(_, _, let roundTrip, let timing) = event else {
            Issue.record("not an answer")
            return
        }
        #expect(roundTrip == .ms(7))
        #expect(timing == .kernel)
        #expect(session.hops[0].roundTrips.last == .ms(7))
    }

    @Test("the responders of a hop are in the order of their first answers, each with its own figures")
    func responders() {
        let simulation = TraceSimulation { traced, _ in
            guard traced.probe.hopLimit == 2 else { return chain(3)(traced, .zero) }
            let source = traced.index == 1 ? router(20) : router(21)
            return [exceeded(traced, by: source, after: .ms(Double(10 + traced.index)))]
        }
        let hop = simulation.session.hops[1]
        #expect(hop.responders.map(\.address) == [router(21), router(20)])
        #expect(hop.responders.map(\.received) == [2, 1])
        #expect(hop.responders.map(\.roundTrips.last) == [.ms(12), .ms(11)])
        #expect(hop.roundTrips.maximum == .ms(12))
    }

    @Test("forged answers fill no memory: only so many responders are told apart")
    func forgedSources() {
        let simulation = TraceSimulation(.tracing { ($0.rounds, $0.roundInterval) = (100, .zero) }) { traced, _ in
            guard traced.probe.hopLimit == 1 else { return chain(2)(traced, .zero) }
            let source = UInt32(traced.probe.token)
            return [exceeded(traced, by: .v4(IPv4Address(rawValue: 0xC613_0000 | source)), after: .ms(1))]
        }
        #expect(simulation.session.hops[0].responders.count == 64)
        #expect(simulation.session.hops[0].received == 300)
    }

    @Test("whatever answers come whenever, nothing traps, and the counts agree")
    func randomAnswers() {
        var random = SplitMix64(seed: 17)
        for _ in 0..<200 {
            var configuration = TraceConfiguration.tracing()
            configuration.maximumHops = .random(in: 1...12, using: &random)
            configuration.probesPerHop = .random(in: 1...4, using: &random)
            configuration.rounds = .random(in: 1...6, using: &random)
            configuration.roundInterval = .ms(.random(in: 0...300, using: &random))
            configuration.waiting.longest = .ms(.random(in: 0...400, using: &random))
            let simulation = TraceSimulation(configuration) { _, _ in
                (0..<Int.random(in: 0...3, using: &random)).map { _ in random.delivery(tokens: 1...80) }
            }
            #expect(simulation.end != nil)
            for hop in simulation.session.hops {
                #expect(hop.received + hop.lost == hop.sent)
                #expect(hop.responders.reduce(0) { $0 + $1.received } >= hop.received)
            }
            _ = simulation.session.findings
        }
    }
}

extension SplitMix64 {
    /// An answer to any probe with one of these tokens, of any kind.
    fileprivate mutating func delivery(tokens: ClosedRange<UInt16>) -> Delivery {
        let meanings: [TraceAnswer.Meaning] = [
            .timeExceeded, .timeExceeded, .timeExceeded, .reply(.echo), .error(.hostUnreachable),
        ]
        let meaning = meanings.randomElement(using: &self) ?? .timeExceeded
        var answer = TraceAnswer(
            token: .random(in: tokens, using: &self), from: router(.random(in: 1...4, using: &self)), meaning)
        answer.hopLimit = .random(in: 0...255, using: &self)
        answer.quotedHopLimit = .random(in: 0...255, using: &self)
        answer.rewriting = .init(rawValue: .random(in: 0...255, using: &self))
        return Delivery(answer: answer, after: .ms(.random(in: 0...500, using: &self)))
    }
}
