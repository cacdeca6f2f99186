import Addresses
import Packets
import Probing
import SimulatedNetworks
import Testing

@Suite("Traces of simulated networks: what answers carry") struct TraceQuoteScenarioTests {
    @Test("a NAT that leaves quotes as they are is found, with what it rewrites", arguments: Way.all)
    func nat(way: Way) throws {
        let run = try trace("nat", way.method, way.family)
        #expect(run.path == ["r1", "gw", "r3", "r4", "host"])
        var rewritten: TraceAnswer.Rewriting = [.source]
        if case .ip = way.method {} else { rewritten.insert(.ports) }
        #expect(run.session.findings == [.rewritten(between: 2, and: 3, rewritten)])
    }

    @Test("a NAT that puts everything back is not seen", arguments: Way.all)
    func mendedNAT(way: Way) throws {
        let run = try trace("nat-mended", way.method, way.family)
        #expect(run.path == ["r1", "gw", "r3", "r4", "host"] && run.session.findings == [])
    }

    @Test("a NAT that forgets the checksum in quotes is found by that", arguments: IPFamily.allCases)
    func unsummedNAT(family: IPFamily) throws {
        let run = try trace("nat-unsummed", .udp(port: 33434), family)
        #expect(run.path == ["r1", "gw", "r3", "r4", "host"])
        #expect(run.session.findings == [.rewritten(between: 2, and: 3, .checksum)])
    }

    @Test("rewritten identifications are found, whatever the method", arguments: allMethods)
    func identification(method: TraceMethod) throws {
        let run = try trace("nat-identification", method)
        #expect(run.path == ["r1", "gw", "r3", "r4", "host"])
        #expect(run.session.findings == [.rewritten(between: 2, and: 3, .identification)])
    }

    @Test("behind a port forwarding the probes have another destination", arguments: IPFamily.allCases)
    func portForwarding(family: IPFamily) throws {
        let run = try trace("port-forwarding", .icmp, family, to: "gw")
        #expect(run.path == ["r1", "gw", "r3", "gw"])
        #expect(run.answer(at: 3)?.rewriting.contains(.destination) == true)
        #expect(run.session.destinationHop == 4)
        #expect(!run.session.findings.contains { if case .loop = $0 { true } else { false } })
        #expect(run.session.findings.contains(.forwardedDestination(hops: 2...2)))
    }

    @Test("labels are told, hop by hop, and the tunnel from end to end", arguments: Way.all)
    func mpls(way: Way) throws {
        for name in ["mpls", "mpls-uncounted"] {
            let run = try trace(name, way.method, way.family)
            #expect(run.path == ["r1", "p1", "p2", "r4", "host"])
            #expect(run.session.findings == [.mpls(hops: 2...3)])
            #expect(
                run.answer(at: 3)?.extensions == [
                    .mplsLabelStack([
                        MPLSLabel(label: 16005, trafficClass: 5, isBottomOfStack: false, timeToLive: 1),
                        MPLSLabel(label: 17, isBottomOfStack: true, timeToLive: 3),
                    ])
                ])
        }
    }

    @Test("interfaces are told", arguments: Way.all)
    func interfaces(way: Way) throws {
        let run = try trace("interfaces", way.method, way.family)
        #expect(run.path == ["r1", "r2", "r3", "host"])
        let incoming = ICMPInterfaceInformation(role: .incoming, index: 7, name: "eth7", mtu: 9000)
        let next = ICMPInterfaceInformation(role: .nextHop, address: IPAddress("198.18.0.3"))
        #expect(run.answer(at: 2)?.extensions == [.interfaceInformation(incoming), .interfaceInformation(next)])
    }

    @Test("eight bytes of quote prove an IPv4 probe, whatever the method", arguments: allMethods)
    func shortQuotes(method: TraceMethod) throws {
        let run = try trace("short-quotes", method)
        #expect(run.path == ["r1", "r2", "host"] && run.session.findings == [] && run.ignored.isEmpty)
    }

    @Test("eight bytes of quote prove an ICMPv6 probe, and one of TCP over IPv6")
    func shortQuotesOfIPv6() throws {
        for method in [.icmp, .tcp(port: 443, TCPProbe())] as [TraceMethod] {
            let run = try trace("short-quotes", method, .v6)
            #expect(run.path == ["r1", "r2", "host"] && run.session.findings == [])
        }
    }

    @Test("an answer that quotes no byte behind the IP header answers nothing", arguments: Way.all)
    func tinyQuotes(way: Way) throws {
        let run = try trace("tiny-quotes", way.method, way.family)
        #expect(run.path == ["r1", "*", "host"] && run.ignored.count == 3)
    }

    @Test("a hop limit that can't have been quoted is told, and its answer counts", arguments: IPFamily.allCases)
    func quotedTTL(family: IPFamily) throws {
        let run = try trace("quoted-ttl", .icmp, family)
        #expect(run.path == ["r1", "r2", "r3", "host"])
        #expect(run.session.findings == [.quotedHopLimit(hop: 2, run.network.address(of: "r2", family), 5)])
    }

    @Test("a type of service that one hop alone quotes is no rewriting, and its answer counts", arguments: Way.all)
    func quotedTOS(way: Way) throws {
        let run = try trace("quoted-tos", way.method, way.family)
        #expect(run.path == ["r1", "r2", "r3", "r4", "host"] && run.session.findings == [])
        #expect(run.answer(at: 2)?.quotedDifferentiatedServices == 0x28)
        #expect(run.answer(at: 2)?.rewriting == .differentiatedServices)
    }

    @Test("a type of service that is rewritten is told, with where", arguments: Way.all)
    func marked(way: Way) throws {
        let run = try trace("marked", way.method, way.family)
        #expect(run.path == ["r1", "r2", "r3", "r4", "host"])
        #expect(run.session.findings == [.differentiatedServices(between: 2, and: 3, 0x28)])
    }

    @Test("forged answers that do not know the key change nothing", arguments: Way.all)
    func forged(way: Way) throws {
        let run = try trace("forged", way.method, way.family)
        #expect(run.path == ["r1", "r2", "host"] && run.session.findings == [])
        #expect(run.ignored.count > run.probes.count / 2)
        #expect(run.session.hops.allSatisfy { $0.received == 3 && $0.duplicates == 0 })
    }

    @Test("a way back that is longer than the way there is told where it begins", arguments: IPFamily.allCases)
    func asymmetricReturn(family: IPFamily) throws {
        let run = try trace("asymmetric-return", .icmp, family)
        #expect(run.path == ["r1", "r2", "r3", "host"])
        let r3 = run.network.address(of: "r3", family)
        #expect(run.session.findings == [.asymmetricReturn(hop: 3, r3, returnHops: 9)])
        #expect(run.hop(4)?.responders.first?.returnHops == 10)
    }
}
