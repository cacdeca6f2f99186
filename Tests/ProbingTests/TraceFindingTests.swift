import Addresses
import Packets
import Probing
import Testing

struct TraceFindingTests {
    /// What is found on a path of nine hops on which these answers differ from the usual ones.
    private func findings(
        rounds: UInt64 = 1, length: Int = 9, _ change: (TracedProbe, inout TraceAnswer) -> Void
    ) -> [TraceFinding] {
        let simulation = TraceSimulation(.tracing { $0.rounds = rounds }) { traced, sent in
            chain(length)(traced, sent).map { delivery in
                var delivery = delivery
                delivery.answer.quotedHopLimit = delivery.answer.meaning == .timeExceeded ? 1 : nil
                change(traced, &delivery.answer)
                return delivery
            }
        }
        return simulation.session.findings
    }

    /// What is found where a path loses some probes.
    private func findings(rounds: UInt64 = 1, losing isLost: (TracedProbe) -> Bool) -> [TraceFinding] {
        TraceSimulation(.tracing { $0.rounds = rounds }) { traced, sent in
            isLost(traced) ? [] : chain(9)(traced, sent)
        }.session.findings
    }

    @Test("on a path where nothing is worth saying nothing is said")
    func nothing() { #expect(findings { _, _ in } == []) }

    // MARK: - Where it ends

    @Test(
        "an administrative filter is named, with who sends it", arguments: [9, 10, 13] as [UInt8])
    func filter(_ code: UInt8) {
        let error = ICMPError(family: .v4, type: 3, code: code)
        let found = findings { traced, answer in
            guard traced.probe.hopLimit >= 5 else { return }
            answer.source = router(5)
            answer.meaning = .error(error)
        }
        #expect(found == [.filtered(hop: 5, by: router(5), error)])
    }

    @Test(
        "an IPv6 filter is told from other errors",
        arguments: [(1, true), (5, true), (6, true), (0, false), (4, false)])
    func filterOfIPv6(_ code: UInt8, _ isFilter: Bool) {
        let error = ICMPError(family: .v6, type: 1, code: code)
        let found = findings { traced, answer in
            guard traced.probe.hopLimit >= 9 else { return }
            answer.meaning = .error(error)
        }
        #expect(found.contains(.filtered(hop: 9, by: traceTarget, error)) == isFilter)
    }

    @Test(
        "a router that knows no way is told from filters, from destinations and from packets too long",
        arguments: [(0, true), (1, true), (6, true), (3, false), (4, false), (13, false)])
    func unreachable(_ code: UInt8, _ isUnreachable: Bool) {
        let error = ICMPError(family: .v4, type: 3, code: code)
        let found = findings { traced, answer in
            guard traced.probe.hopLimit >= 7 else { return }
            (answer.source, answer.meaning) = (router(7), .error(error))
        }
        #expect(found.contains(.unreachable(hop: 7, by: router(7), error)) == isUnreachable)
    }

    @Test("a router that says what is the destination's to say is a filter; an unknown host is not")
    func portFilter() {
        let error = ICMPError(family: .v4, type: 3, code: 3)
        let filter: [TraceFinding] = [.filtered(hop: 7, by: router(6), error)]
        for (address, expected) in [(router(6), filter), (router(99), [])] {
            let found = findings { traced, answer in
                guard traced.probe.hopLimit >= 7 else { return }
                (answer.source, answer.meaning) = (address, .error(error))
            }
            #expect(found == expected)
        }
    }

    @Test("a destination whose answers come from no further than the router before it is answered for")
    func answeredInName() {
        let found = findings { traced, answer in
            let hop = traced.probe.hopLimit
            answer.hopLimit = 64 - (hop < 9 ? hop - 1 : 7)
        }
        #expect(found == [.answeredInName(hop: 9, traceTarget, by: router(8))])
    }

    @Test("a destination whose address routers have is forwarded there, which is no loop")
    func forwardedDestination() {
        let found = findings { traced, answer in if traced.probe.hopLimit > 4 { answer.source = traceTarget } }
        #expect(found == [.forwardedDestination(hops: 5...8)])
    }

    @Test("a destination that does not answer is said to be silent, and how far there were answers")
    func silentDestination() {
        #expect(findings { $0.probe.hopLimit >= 6 } == [.destinationSilent(lastAnswering: 5)])
        #expect(findings { _ in true } == [.destinationSilent(lastAnswering: nil)])
    }

    @Test("nothing is said of a destination that was not reached yet")
    func interrupted() {
        #expect(TraceSimulation(interruptedAt: .ms(30), over: chain(9)).session.findings == [])
    }

    // MARK: - Who answers

    @Test("the same address at several hops is a loop")
    func loop() {
        let found = findings { traced, answer in
            guard traced.probe.hopLimit >= 4 else { return }
            answer = TraceAnswer(
                token: answer.token, from: router(Int(4 + traced.probe.hopLimit % 2)), .timeExceeded)
            answer.hopLimit = 61 - UInt8(traced.probe.hopLimit % 2)
        }
        #expect(
            found == [
                .loop(router(4), hops: Array(stride(from: 4, through: 30, by: 2))),
                .loop(router(5), hops: Array(stride(from: 5, through: 29, by: 2))),
            ])
    }

    @Test("a router that answers at two hops side by side is no loop")
    func sideBySide() {
        #expect(findings { traced, answer in if traced.probe.hopLimit == 5 { answer.source = router(4) } } == [])
    }

    @Test("an address that moves to another hop between rounds is no loop")
    func movedAddress() {
        let found = findings(rounds: 2) { traced, answer in
            if traced.round == 2, traced.probe.hopLimit == 3 { answer.source = router(7) }
            if traced.round == 2, traced.probe.hopLimit == 7 { answer.source = router(3) }
        }
        #expect(found == [.routeChanged(round: 2, hops: 3...7)])
    }

    @Test("several responders in one round are told, those of different rounds are not")
    func severalResponders() {
        let inOne = findings { traced, answer in
            if traced.probe.hopLimit == 4, traced.index == 1 { answer.source = router(44) }
        }
        #expect(inOne == [.severalResponders(hop: 4, [router(4), router(44)])])
    }

    @Test(
        "answers that come back over more or fewer hops than the probes went are told where that begins",
        arguments: [(64, 1), (128, 1), (255, 1), (64, 3), (255, -2)])
    func asymmetricReturn(_ initial: Int, _ more: Int) {
        let found = findings { traced, answer in
            let hop = min(9, Int(traced.probe.hopLimit))
            answer.hopLimit = UInt8(initial + 1 - hop - (hop >= 5 ? more : 0))
        }
        #expect(found == [.asymmetricReturn(hop: 5, router(5), returnHops: 5 + more)])
    }

    @Test("whatever hop limit an answer arrives with, its way back has a length")
    func returnHops() {
        for hopLimit in UInt8.min...UInt8.max {
            let simulation = TraceSimulation { traced, sent in
                chain(1)(traced, sent).map {
                    var delivery = $0
                    delivery.answer.hopLimit = hopLimit
                    return delivery
                }
            }
            let length = simulation.session.hops[0].responders[0].returnHops
            #expect(length.map { (1...128).contains($0) } == true)
        }
    }

    // MARK: - Who loses

    @Test("a hop that loses while those behind it do not limits the rate of its answers")
    func rateLimit() {
        #expect(
            findings { $0.probe.hopLimit == 3 && $0.index > 0 } == [.rateLimited(hop: 3, lost: 2, of: 3)])
        #expect(
            findings(rounds: 20) { $0.probe.hopLimit == 8 && $0.index == 1 } == [.rateLimited(hop: 8, lost: 20, of: 60)]
        )
    }

    @Test("a single loss proves nothing")
    func singleLoss() {
        #expect(findings { $0.probe.hopLimit == 3 && $0.index == 0 } == [])
    }

    @Test("a loss that goes on to the end is one of forwarding, and begins where it is first seen")
    func forwardingLoss() {
        let found = findings(rounds: 10) { $0.probe.hopLimit >= 6 && $0.index == 0 }
        #expect(found == [.loss(from: 6, lost: 10, of: 30)])
    }

    @Test("what the last hop leaves out may be lost or not, where it answers with errors")
    func lossAtTheEnd() {
        let error = ICMPError(family: .v4, type: 3, code: 3)
        for (meaning, expected) in [
            (TraceAnswer.Meaning.error(error), TraceFinding.lossOrRateLimit(hop: 9, lost: 10, of: 20)),
            (.reply(.echo), .loss(from: 9, lost: 10, of: 20)),
        ] {
            let path: SimulatedPath = { traced, sent in
                guard traced.probe.hopLimit >= 9 else { return chain(9)(traced, sent) }
                guard !traced.round.isMultiple(of: 2) else { return [] }
                let answer = TraceAnswer(token: traced.probe.token, from: traceTarget, meaning)
                return [Delivery(answer: answer, after: .ms(72))]
            }
            let simulation = TraceSimulation(.tracing { ($0.rounds, $0.probesPerHop) = (20, 1) }, over: path)
            #expect(simulation.session.findings == [expected])
        }
    }

    @Test("a limited rate is told apart from a loss that goes on behind it")
    func both() {
        let found = findings(rounds: 20) { traced in
            traced.probe.hopLimit >= 4 && traced.index == 0 && traced.round.isMultiple(of: 4)
                || traced.probe.hopLimit == 6 && traced.index > 0
        }
        #expect(found == [.rateLimited(hop: 6, lost: 45, of: 60), .loss(from: 4, lost: 5, of: 60)])
    }

    @Test("a hop that never answers has no limited rate")
    func silentHop() { #expect(findings { $0.probe.hopLimit == 4 } == []) }

    // MARK: - What is quoted

    @Test("a NAT is between the last hop that quotes the probe as it was sent and the first that does not")
    func translation() {
        let found = findings { traced, answer in
            if traced.probe.hopLimit >= 4 { answer.rewriting = [.source, .ports, .checksum] }
            if traced.probe.hopLimit == 5 { answer.quotedHopLimit = nil }
        }
        #expect(found == [.rewritten(between: 3, and: 4, [.source, .ports, .checksum])])
    }

    @Test("a NAT before the first hop is one behind the sender")
    func translationAtOnce() {
        #expect(findings { $1.rewriting = [.identification] } == [.rewritten(between: 0, and: 1, [.identification])])
    }

    @Test("a second NAT is told too, and what a single hop misquotes is not")
    func moreTranslations() {
        let found = findings { traced, answer in
            if traced.probe.hopLimit >= 3 { answer.rewriting = [.ports] }
            if traced.probe.hopLimit == 5 { answer.rewriting.insert(.identification) }
            if traced.probe.hopLimit >= 7 { answer.rewriting.insert(.source) }
        }
        #expect(found == [.rewritten(between: 2, and: 3, [.ports]), .rewritten(between: 6, and: 7, [.source])])
    }

    @Test("a type of service that is rewritten is told where that begins, with its value")
    func differentiatedServices() {
        let found = findings { traced, answer in
            guard traced.probe.hopLimit >= 4 else { return }
            answer.rewriting = [.differentiatedServices]
            answer.quotedDifferentiatedServices = traced.probe.hopLimit >= 7 ? 0x28 : 0
        }
        #expect(
            found == [
                .differentiatedServices(between: 3, and: 4, 0), .differentiatedServices(between: 6, and: 7, 0x28),
            ])
    }

    @Test("a quoted hop limit other than 1 and 0 is told")
    func quotedHopLimit() {
        let found = findings { traced, answer in
            if traced.probe.hopLimit == 4 { answer.quotedHopLimit = 0 }
            if traced.probe.hopLimit == 6 { answer.quotedHopLimit = 3 }
        }
        #expect(found == [.quotedHopLimit(hop: 6, router(6), 3)])
    }

    @Test("so is one of the destination, whose way back then can't be compared with the way there")
    func quotedHopLimitOfDestination() {
        let found = findings { traced, answer in
            guard traced.probe.hopLimit >= 9 else { return }
            answer.meaning = .error(ICMPError(family: .v4, type: 3, code: 3))
            (answer.quotedHopLimit, answer.hopLimit) = (60, 50)
        }
        #expect(found == [.quotedHopLimit(hop: 9, traceTarget, 60)])
    }

    @Test("hops that tell of MPLS labels are told together where they are side by side")
    func labels() {
        let label = MPLSLabel(label: 100, isBottomOfStack: true, timeToLive: 1)
        let found = findings { traced, answer in
            if [3, 4, 5, 7].contains(traced.probe.hopLimit) { answer.extensions = [.mplsLabelStack([label])] }
        }
        #expect(found == [.mpls(hops: 3...5), .mpls(hops: 7...7)])
    }
}
