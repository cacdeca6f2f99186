import Addresses
import Packets
import Probing
import SimulatedNetworks
import Testing

@Suite("Traces of simulated networks: the path") struct TraceScenarioTests {
    @Test("every method finds the routers and the host, and nothing to say about them", arguments: Way.all)
    func chain(way: Way) throws {
        let run = try trace("chain", way.method, way.family)
        #expect(run.path == ["r1", "r2", "r3", "host"])
        #expect(run.session.findings == [] && run.ignored.isEmpty)
        #expect(run.session.hops.allSatisfy { $0.sent == 3 && $0.received == 3 })
        let icmp: (UInt8, UInt8, UInt8, UInt8) = way.family == .v4 ? (3, 3, 3, 2) : (1, 4, 4, 1)
        let (type, code): (UInt8, UInt8)
        switch way.method {
        case .icmp: return #expect(run.answer(at: 4)?.meaning == .reply(.echo))
        case .tcp: return #expect(run.answer(at: 4)?.meaning == .reply(.tcp([.rst, .ack])))
        case .sctp, .dccp: return #expect(run.answer(at: 4)?.meaning == .reply(.association(accepted: false)))
        case .udp, .udpLite: (type, code) = (icmp.0, icmp.1)
        case .ip: (type, code) = (icmp.2, icmp.3)
        }
        guard case .error(let error)? = run.answer(at: 4)?.meaning else {
            Issue.record("the host sent no error")
            return
        }
        #expect(error.type == type && error.code == code)
    }

    @Test("every method is answered by who listens", arguments: Way.all)
    func open(way: Way) throws {
        let run = try trace("open-host", way.method, way.family)
        let expected: TraceAnswer.Reply =
            switch way.method {
            case .icmp: .echo
            case .udp, .udpLite, .ip: .datagram
            case .tcp: .tcp([.syn, .ack])
            case .sctp, .dccp: .association(accepted: true)
            }
        #expect(run.path == ["r1", "host"] && run.answer(at: 2)?.meaning == .reply(expected))
        #expect(run.session.findings == [])
    }

    @Test("a silent hop is one, and is not waited for longer than its neighbours justify", arguments: Way.all)
    func silentHop(way: Way) throws {
        let run = try trace("silent-hop", way.method, way.family)
        #expect(run.path == ["r1", "*", "r3", "host"])
        #expect(run.session.findings == [])
        #expect(run.end < .milliseconds(200))
    }

    @Test("a destination that answers TCP and not ICMP or UDP is silent to these alone", arguments: IPFamily.allCases)
    func tcpOnly(family: IPFamily) throws {
        for method in [.icmp, .udp(port: 33434)] as [TraceMethod] {
            let run = try trace("tcp-only", method, family)
            #expect(run.session.findings == [.destinationSilent(lastAnswering: 2)])
            #expect(run.session.destinationHop == nil)
        }
        let run = try trace("tcp-only", .tcp(port: 443, TCPProbe()), family)
        #expect(run.path == ["r1", "r2", "host"] && run.session.findings == [])
        #expect(run.answer(at: 3)?.meaning == .reply(.tcp([.syn, .ack])))
    }

    @Test("a loop is named, with the hops at which it shows", arguments: IPFamily.allCases)
    func loop(family: IPFamily) throws {
        let run = try trace("loop", .icmp, family) { $0.maximumHops = 6 }
        #expect(run.path == ["r1", "r2", "r3", "r2", "r3", "r2"])
        let (r2, r3) = (run.network.address(of: "r2", family), run.network.address(of: "r3", family))
        #expect(run.session.findings.contains(.loop(r2, hops: [2, 4, 6])))
        #expect(run.session.findings.contains(.loop(r3, hops: [3, 5])))
    }

    @Test("a route that changes between two rounds is told, with its hops", arguments: IPFamily.allCases)
    func routeChange(family: IPFamily) throws {
        let run = try trace("route-change", .icmp, family) { $0.rounds = 4 }
        #expect(run.path == ["r1", "r2|x2", "r3", "host"])
        #expect(run.session.findings == [.routeChanged(round: 3, hops: 2...2)])
    }

    @Test("a route that becomes longer is followed to its new end", arguments: IPFamily.allCases)
    func longerRoute(family: IPFamily) throws {
        let run = try trace("longer-route", .icmp, family) { $0.rounds = 4 }
        #expect(run.path == ["r1", "r2|x2", "host|x3", "host"])
        #expect(run.session.destinationHop == 4)
        #expect(run.session.findings.contains(.routeChanged(round: 3, hops: 2...3)))
        #expect(run.session.hops.allSatisfy { $0.lost == 0 })
    }

    @Test("a filter is named, with who sends it and where; other methods pass", arguments: IPFamily.allCases)
    func filter(family: IPFamily) throws {
        let run = try trace("filter", .udp(port: 33434), family)
        #expect(run.path == ["r1", "r2", "r2"])
        let error = ICMPError(family: family, type: family == .v4 ? 3 : 1, code: family == .v4 ? 13 : 1)
        let router = run.network.address(of: "r2", family)
        #expect(run.session.findings == [.filtered(hop: 3, by: router, error)])
        #expect(try trace("filter", .icmp, family).path == ["r1", "r2", "r3", "host"])
    }

    @Test("a filter of the host's own is named likewise", arguments: IPFamily.allCases)
    func hostFilter(family: IPFamily) throws {
        let run = try trace("host-filter", .tcp(port: 443, TCPProbe()), family)
        let error = ICMPError(family: family, type: family == .v4 ? 3 : 1, code: family == .v4 ? 10 : 1)
        #expect(run.path == ["r1", "r2", "host"])
        #expect(run.session.findings == [.filtered(hop: 3, by: run.network.address(of: "host", family), error)])
    }

    @Test("a filter that says nothing is a silent destination", arguments: IPFamily.allCases)
    func silentFilter(family: IPFamily) throws {
        let run = try trace("silent-filter", .udp(port: 33434), family)
        #expect(run.session.findings == [.destinationSilent(lastAnswering: 2)])
        #expect(try trace("silent-filter", .icmp, family).path.last == "host")
    }

    @Test("a router without a route ends the path", arguments: IPFamily.allCases)
    func noRoute(family: IPFamily) throws {
        let run = try trace("no-route", .icmp, family)
        #expect(run.path == ["r1", "r2", "r2"])
        #expect(run.session.destinationHop == 3)
        let error = ICMPError(family: family, type: family == .v4 ? 3 : 1, code: 0)
        #expect(run.session.findings == [.unreachable(hop: 3, by: run.network.address(of: "r2", family), error)])
    }

    @Test("all probes of a flow keep to one branch of a balancer", arguments: Way.all)
    func perFlow(way: Way) throws {
        let run = try trace("per-flow", way.method, way.family) { $0.probesPerHop = 10 }
        #expect(run.hop(2)?.responders.count == 1)
        #expect(run.session.findings == [])
    }

    @Test("a balancer by packets shows several routers at one hop", arguments: Way.all)
    func perPacket(way: Way) throws {
        let run = try trace("per-packet", way.method, way.family) { $0.probesPerHop = 4 }
        #expect(run.hop(2)?.responders.map(\.received) == [2, 2])
        #expect(run.path.last == "host")
        let responders = run.hop(2)?.responders.map(\.address) ?? []
        #expect(run.session.findings == [.severalResponders(hop: 2, responders)])
    }

    @Test("a hop that forwards the last hop shows the next one twice, which is no loop", arguments: IPFamily.allCases)
    func zeroTTL(family: IPFamily) throws {
        let run = try trace("zero-ttl", .icmp, family)
        #expect(run.path == ["r1", "r3", "r3", "host"])
        #expect(run.answer(at: 2)?.quotedHopLimit == 0 && run.answer(at: 3)?.quotedHopLimit == 1)
        #expect(run.session.findings == [])
    }

    @Test("a router that lowers no hop limits is no hop", arguments: IPFamily.allCases)
    func hiddenHop(family: IPFamily) throws {
        let run = try trace("hidden-hop", .icmp, family)
        #expect(run.path == ["r1", "r3", "host"] && run.session.findings == [])
    }
}
