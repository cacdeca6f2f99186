import Addresses
import Probing
import Testing

struct TraceSessionTests {
    @Test("where every hop answers nothing is waited for after the last answer")
    func noWaiting() {
        let simulation = TraceSimulation(.tracing { $0.simultaneousProbes = 100 }, over: chain(13))
        #expect(simulation.end == .ms(104))
        #expect(simulation.session.hops.count == 13)
        #expect(simulation.session.hops.allSatisfy { $0.sent == 3 && $0.received == 3 && $0.lost == 0 })
    }

    @Test("probes go out hop by hop, all to one hop before the next")
    func order() {
        let simulation = TraceSimulation(.tracing { $0.simultaneousProbes = 1 }, over: chain(4))
        #expect(simulation.hopLimits(inRound: 1) == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])
        #expect(simulation.sent.map(\.probe.probe.token) == Array(1...12))
    }

    @Test("no more probes are under way than may be", arguments: [1, 5, 16])
    func simultaneous(_ limit: Int) {
        var (underWay, most) = (0, 0)
        var session = TraceSession(.tracing { $0.simultaneousProbes = limit }, at: origin)
        var now = origin
        var waiting: [TraceProbe] = []
        while true {
            switch session.next(at: now) {
            case .send(let probe):
                session.sent(probe, at: now, wallClock: nil)
                waiting.append(probe)
                underWay += 1
                most = max(most, underWay)
            case .wait:
                now = now + .ms(10)
                let probe = waiting.removeFirst()
                _ = session.received(
                    chain(13)(TracedProbe(probe, index: 0, round: 1), .zero)[0].answer, at: .init(now: now))
                underWay -= 1
            case .report: continue
            case .finished:
                #expect(most == limit)
                return
            }
        }
    }

    @Test("probes keep their distance")
    func interval() {
        let simulation = TraceSimulation(.tracing { ($0.sendInterval, $0.probesPerHop) = (.ms(5), 1) }, over: chain(3))
        #expect(simulation.sent.prefix(4).map(\.at) == [.ms(0), .ms(5), .ms(10), .ms(15)])
    }

    @Test("the destination found ends the search: what was sent further says nothing and is not waited for")
    func destinationFound() {
        let simulation = TraceSimulation(.tracing { $0.simultaneousProbes = 90 }, over: chain(5))
        #expect(simulation.sent.count == 90)
        #expect(simulation.session.destinationHop == 5)
        #expect(simulation.session.hops.map(\.hopLimit) == [1, 2, 3, 4, 5])
        #expect(simulation.events.count == 5 * 3 + 1)
        #expect(simulation.end == .ms(40))
    }

    @Test("an answer of the destination from further on that comes first does not hide its hop")
    func destinationFoundTooFar() {
        let simulation = TraceSimulation(.tracing { $0.probesPerHop = 1 }) { traced, _ in
            traced.probe.hopLimit < 3
                ? chain(3)(traced, .zero) : [reply(to: traced, after: .ms(40 - 5 * Double(traced.probe.hopLimit)))]
        }
        #expect(simulation.session.destinationHop == 3)
        #expect(simulation.session.hops.map(\.hopLimit) == [1, 2, 3])
    }

    @Test("an unreachable ends the path wherever it comes from")
    func unreachable() {
        let simulation = TraceSimulation { traced, _ in
            guard traced.probe.hopLimit >= 4 else { return chain(9)(traced, .zero) }
            return [exceeded(traced, by: router(4), after: .ms(32)) { $0.meaning = .error(.hostUnreachable) }]
        }
        #expect(simulation.session.destinationHop == 4)
        #expect(simulation.session.hops.count == 4)
        #expect(simulation.session.hops[3].responders.map(\.lastError) == [.hostUnreachable])
    }

    @Test("the first and the last hop are those of the configuration")
    func limits() {
        let simulation = TraceSimulation(
            .tracing { ($0.firstHop, $0.maximumHops, $0.probesPerHop) = (250, 255, 1) }, over: chain(300))
        #expect(simulation.hopLimits(inRound: 1) == [250, 251, 252, 253, 254, 255])
        #expect(simulation.session.hops.map(\.hopLimit) == [250, 251, 252, 253, 254, 255])
        #expect(simulation.session.destinationHop == nil)
    }

    @Test("a first hop behind the last one is probed all the same, and no hop 0 is")
    func contraryLimits() {
        let reversed = TraceSimulation(.tracing { ($0.firstHop, $0.maximumHops) = (9, 4) }, over: chain(20))
        #expect(reversed.hopLimits(inRound: 1) == [9, 9, 9])
        let zero = TraceSimulation(
            .tracing { ($0.firstHop, $0.maximumHops, $0.probesPerHop) = (0, 0, -1) }, over: chain(20))
        #expect(zero.hopLimits(inRound: 1) == [1])
    }

    @Test("interrupted, the session is finished, and what is under way is neither received nor lost")
    func interrupted() {
        let simulation = TraceSimulation(interruptedAt: .ms(20), over: chain(13))
        #expect(simulation.end == .ms(20))
        let hops = simulation.session.hops
        #expect(hops.map(\.received).prefix(4) == [3, 3, 0, 0])
        #expect(hops.allSatisfy { $0.lost == 0 })
        #expect(hops[3].sent == 3)
        #expect(simulation.session.completedRounds == 0)
    }

    // MARK: - What can't be sent

    @Test("a probe that is refused is reported, does not count as sent, and holds the next one up a little")
    func refused() {
        var session = TraceSession(.tracing(), at: origin)
        guard case .send(let probe) = session.next(at: origin),
            case .sendFailed(let traced, .refused(errno: 101)) = session.notSent(
                probe, .refused(errno: 101), at: origin)
        else {
            Issue.record("not reported")
            return
        }
        #expect(traced.probe == probe)
        #expect(session.hops.map(\.sent) == [0])
        #expect(session.next(at: origin).wait == .ms(10))
    }

    @Test("a probe that finds the queue full is asked for again, for as long as an answer may take")
    func queueFull() {
        var session = TraceSession(.tracing { $0.waiting.longest = .ms(30) }, at: origin)
        guard case .send(let probe) = session.next(at: origin) else { return }
        for attempt in 0..<3 {
            let now = origin + .ms(10) * attempt
            #expect(session.next(at: now).probe == probe)
            #expect(session.notSent(probe, .queueFull, at: now) == nil)
        }
        #expect(session.next(at: origin + .ms(30)).probe == probe)
        #expect(session.notSent(probe, .queueFull, at: origin + .ms(30)) != nil)
        #expect(session.next(at: origin + .ms(40)).probe?.token == 2)
    }
}

extension ICMPError {
    static let hostUnreachable = ICMPError(family: .v4, type: 3, code: 1)
}

extension PathProbingStep {
    /// The probe to send.
    var probe: TraceProbe? {
        if case .send(let probe) = self { probe } else { nil }
    }

    /// The time to wait, from the origin.
    var wait: Duration? {
        if case .wait(let until?) = self { until - origin } else { nil }
    }
}
