import Addresses
import Packets
import Probing
import SimulatedNetworks
import Testing

@Suite("Traces of simulated networks: loss and time") struct TraceLossScenarioTests {
    private func rounds(
        _ count: UInt64, every interval: Duration = .milliseconds(100)
    ) -> (inout TraceConfiguration) -> Void {
        {
            $0.rounds = count
            $0.roundInterval = interval
        }
    }

    @Test("a hop that limits the rate of its answers is told from loss", arguments: Way.all)
    func rateLimit(way: Way) throws {
        let run = try trace("rate-limit", way.method, way.family, rounds(20))
        #expect(run.path == ["r1", "r2", "r3", "host"])
        let hop = try #require(run.hop(2))
        #expect(hop.received > 1 && hop.lost > 50 && hop.received + hop.lost == 60)
        #expect(run.session.findings == [.rateLimited(hop: 2, lost: hop.lost, of: 60)])
    }

    @Test("what a link loses is missing at every hop behind it, which is no rate limit", arguments: Way.all)
    func forwardingLoss(way: Way) throws {
        let run = try trace("forwarding-loss", way.method, way.family, rounds(20))
        #expect(run.path == ["r1", "r2", "r3", "host"])
        #expect(run.hop(1)?.lost == 0)
        let last = try #require(run.hop(4))
        #expect(run.session.findings == [.loss(from: 2, lost: last.lost, of: 60)])
    }

    @Test("a destination whose answers get lost is no hop behind itself", arguments: IPFamily.allCases)
    func lossAtTheEnd(family: IPFamily) throws {
        let run = try trace("lossy-end", .icmp, family) {
            rounds(50)(&$0)
            $0.probesPerHop = 1
        }
        #expect(run.path == ["r1", "r2", "host"] && run.session.destinationHop == 3)
        let end = try #require(run.hop(3))
        #expect(end.sent == 50 && end.received > 20 && end.lost > 10 && end.received + end.lost == 50)
        #expect(run.session.findings == [.loss(from: 3, lost: end.lost, of: 50)])
    }

    @Test("a loss that all hops have in common is hardly ever called a rate limit")
    func chance() throws {
        var wrong = 0
        for seed in 1...100 {
            let text = "seed \(seed)\npath prober r1 r2 r3 r4 r5 r6 host\nlink prober r1 loss 20%"
            let network = try SimulatedNetwork(parsing: text)
            var configuration = TraceConfiguration(to: network.address(of: "host", .v4))
            rounds(10)(&configuration)
            let session = TraceSession(configuration, at: origin)
            let format = TraceProbeFormat(
                .icmp, from: SimulatedNetwork.prober(.v4), to: configuration.destination, key: 0x2A17)
            let run = try SimulatedRun(session, format, over: network, from: origin)
            wrong += run.session.findings.count { if case .rateLimited = $0 { true } else { false } }
        }
        #expect(wrong <= 8)
    }

    @Test("a hop that leaves out a third of its answers loses them alone", arguments: IPFamily.allCases)
    func sometimes(family: IPFamily) throws {
        let run = try trace("sometimes", .icmp, family, rounds(20))
        #expect(run.session.hops.map(\.lost) == [0, 20, 0])
        #expect(run.session.findings == [.rateLimited(hop: 2, lost: 20, of: 60)])
    }

    @Test("answers out of order go to the probes that they are of", arguments: Way.all)
    func reordering(way: Way) throws {
        let run = try trace("reordering", way.method, way.family, rounds(3))
        #expect(run.path == ["r1", "r2", "r3", "host"])
        #expect(run.session.hops.allSatisfy { $0.received == 9 && $0.lost == 0 && $0.duplicates == 0 })
        let order = run.events.compactMap { event -> UInt8? in
            if case .answered(let traced, _, _, _) = event.event { traced.probe.hopLimit } else { nil }
        }
        #expect(order.count == 36 && order != order.sorted())
    }

    @Test("an answer that comes twice counts once", arguments: Way.all)
    func duplicates(way: Way) throws {
        let run = try trace("duplicates", way.method, way.family) { $0.probesPerHop = 5 }
        #expect(run.path == ["r1", "r2", "host"])
        #expect(run.session.hops.map(\.received) == [5, 5, 5])
        #expect(run.session.hops.map(\.duplicates) == [0, 5, 0])
        #expect(run.session.findings == [])
    }

    @Test("an answer to a probe of an earlier round is late, and counts for the hop that it is of", arguments: Way.all)
    func late(way: Way) throws {
        let run = try trace("late-answers", way.method, way.family, rounds(6, every: .seconds(1)))
        #expect(run.path == ["r1", "r2", "host"])
        #expect(run.late.count >= 3 && run.late.allSatisfy { $0.by == "r2" && $0.traced.probe.hopLimit == 2 })
        #expect(run.late.prefix(3).map(\.traced.round) == [1, 1, 1])
        let hop = try #require(run.hop(2))
        #expect(hop.responders.count == 1 && hop.received >= 9 && hop.received + hop.lost == 18)
        #expect(run.session.hops.map(\.duplicates) == [0, 0, 0])
    }
}
