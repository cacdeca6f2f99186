import Addresses
import Packets
import Probing
import SimulatedNetworks
import Testing

@Suite("All paths through simulated networks") struct PathScenarioTests {
    /// Finds all paths to the host of a network.
    private func paths(
        _ name: String, _ method: TraceMethod, _ family: IPFamily
    ) throws -> SimulatedRun<MultipathSession> {
        let network = try SimulatedNetwork(named: name)
        var configuration = MultipathConfiguration(to: network.address(of: "host", family))
        configuration.confidence = 99
        configuration.rounds = 2
        let source = SimulatedNetwork.prober(family)
        let format = TraceProbeFormat(method, from: source, to: configuration.destination, key: 0x2A17)
        return try SimulatedRun(MultipathSession(configuration, at: origin), format, over: network, from: origin)
    }

    /// The edges behind the prober, by the names of their ends.
    private func edges(_ run: SimulatedRun<MultipathSession>) -> Set<String> {
        let graph = run.session.graph
        func name(_ vertex: Int) -> String {
            graph.vertices[vertex].address.flatMap { run.network.name(of: $0) } ?? "prober"
        }
        return Set(graph.edges.map { "\(name($0.from))>\(name($0.to))" })
    }

    private static let methods: [TraceMethod] = [.icmp, .udp(port: 33434), .tcp(port: 443, TCPProbe())]

    @Test("every edge of a diamond is found, whatever its shape", arguments: IPFamily.allCases, methods)
    func shapes(family: IPFamily, method: TraceMethod) throws {
        let expected = [
            "diamond-nested": "r1>a1 r1>a2 a1>b1 a1>b2 a2>b3 b1>c1 b2>c1 b3>c2 c1>r5 c2>r5 r5>host",
            "diamond-asymmetric": "r1>a1 r1>a2 a1>b1 a2>r4 b1>r4 r4>host",
            "diamond-meshed": "r1>a1 r1>a2 a1>b1 a1>b2 a2>b1 a2>b2 b1>r4 b2>r4 r4>host",
        ]
        for (name, edges) in expected {
            let run = try paths(name, method, family)
            #expect(self.edges(run) == Set("prober>r1 \(edges)".split(separator: " ").map { String($0) }), "\(name)")
            #expect(run.session.graph.isComplete, "\(name)")
        }
    }

    @Test("a diamond of widths 2-4-8-4-2 is found whole, in three seconds at 1,000 probes a second")
    func wide() throws {
        let run = try paths("diamond-2-4-8-4-2", .udp(port: 33434), .v4)
        let diamond = try #require(run.session.graph.diamonds.first)
        #expect(diamond.width == 8 && run.session.graph.isComplete)
        #expect(edges(run).count == 30)
        #expect(run.session.graph.searchProbes < 3000)
    }

    @Test("a balancer by packets is told from one by flows", arguments: IPFamily.allCases)
    func perPacket(family: IPFamily) throws {
        let run = try paths("diamond-per-packet", .udp(port: 33434), family)
        let graph = run.session.graph
        func balancing(of name: String) -> PathGraph.Balancing? {
            let address = run.network.address(of: name, family)
            return graph.vertices.first { $0.address == address }?.balancing
        }
        #expect(balancing(of: "r1") == .perPacket && balancing(of: "r3") == .perFlow)
    }
}

@Suite("The path MTU of simulated networks") struct PathMTUScenarioTests {
    private func limits(
        _ name: String, _ method: TraceMethod, _ family: IPFamily
    ) throws -> (network: SimulatedNetwork, mtu: Int?, limits: [PathMTULimit]) {
        let network = try SimulatedNetwork(named: name)
        let configuration = PathMTUConfiguration(to: network.address(of: "host", family), maximumLength: 1500)
        let destination = configuration.path.destination
        var format = TraceProbeFormat(method, from: SimulatedNetwork.prober(family), to: destination, key: 0x2A17)
        format.dontFragment = true
        let run = try SimulatedRun(PathMTUSession(configuration, at: origin), format, over: network, from: origin)
        let limits = run.events.compactMap { if case .limit(let limit) = $0.event { limit } else { nil } }
        return (network, run.session.result.mtu, limits)
    }

    private static let methods: [TraceMethod] = [.icmp, .udp(port: 33434)]

    @Test("links that take less are found one by one, with who tells", arguments: IPFamily.allCases, methods)
    func step(family: IPFamily, method: TraceMethod) throws {
        let (network, mtu, limits) = try limits("mtu-step", method, family)
        #expect(mtu == 1300)
        #expect(limits.map(\.mtu) == [1400, 1300] && limits.map(\.nextHop) == [2, 3])
        let tellers = ["r1", "r2"].map { network.address(of: $0, family) }
        #expect(limits.map(\.evidence) == tellers.map { .told(by: $0) })
    }

    @Test("a black hole is found by sizes alone, with its hop", arguments: IPFamily.allCases, methods)
    func blackHole(family: IPFamily, method: TraceMethod) throws {
        let (_, mtu, limits) = try limits("mtu-black-hole", method, family)
        #expect(mtu == 1400)
        #expect(limits.map(\.mtu) == [1400] && limits.map(\.nextHop) == [3])
        #expect(limits.map(\.evidence) == [.blackHole])
    }

    @Test("a router that tells no size is named, and the size found", arguments: IPFamily.allCases, methods)
    func untold(family: IPFamily, method: TraceMethod) throws {
        let (network, mtu, limits) = try limits("mtu-untold", method, family)
        #expect(mtu == 1400 && limits.map(\.mtu) == [1400])
        #expect(limits.map(\.evidence) == [.toldWrongly(by: network.address(of: "r2", family), size: 0)])
    }
}
