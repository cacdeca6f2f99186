import Addresses
import Packets
import Probing
import TestSupport
import Testing

/// What a search finds.
@Suite struct MultipathSearchTests {
    @Test func `a diamond of widths 2-4-8-4-2 is found whole within a second at 1,000 probes a second`() {
        let network = MultipathNetwork(uniform: [2, 4, 8, 4, 2, 1])
        let outcome = search(network, interval: .ms(1))
        let graph = outcome.graph
        #expect(outcome.hasFinished && graph.isComplete)
        #expect(graph.seenEdges == network.edges)
        #expect(graph.widths == [2, 4, 8, 4, 2, 1, 1])
        #expect(outcome.duration < .seconds(1))
        #expect(outcome.session.isLite)
    }

    @Test func `its paths are all probed from end to end, ten times each`() {
        let graph = search(MultipathNetwork(uniform: [2, 4, 8, 4, 2, 1])).graph
        #expect(graph.paths.count == 8)
        #expect(Set(graph.paths.map(\.vertices)).count == 8)
        for path in graph.paths {
            #expect(path.vertices.count == 8 && path.isWhole)
            #expect(path.sent == 10 && path.received == 10 && path.loss == 0)
            #expect(path.roundTrips.average == .ms(7))
            for (from, to) in zip(path.vertices, path.vertices.dropFirst()) {
                #expect(graph.successors(of: from).contains(to) && graph.predecessors(of: to).contains(from))
            }
        }
        #expect(graph.roundProbes == 80)
    }

    @Test func `rounds begin so far apart as is asked for, the first at once`() {
        let network = MultipathNetwork(uniform: [2, 1])
        let plain = search(network) { $0.rounds = 4 }
        let slow = search(network) { ($0.rounds, $0.roundInterval) = (4, .seconds(2)) }
        #expect(slow.graph.roundProbes == plain.graph.roundProbes)
        #expect((.seconds(6)..<(.seconds(6) + plain.duration)).contains(slow.duration))
    }

    @Test func `a path without balancers is one path without a diamond`() {
        let network = MultipathNetwork(uniform: [1, 1, 1])
        let graph = search(network).graph
        #expect(graph.seenEdges == network.edges)
        #expect(graph.diamonds.isEmpty && graph.paths.count == 1)
        #expect(graph.vertices.allSatisfy { $0.balancing == nil })
        #expect(graph.vertices.map(\.isEnd) == [false, false, false, false, true])
    }

    @Test func `edges that cross end MDA-Lite and are found`() {
        let network = MultipathNetwork(widths: [3, 3], seed: 3) { $0 != 1 || $1 == $2 || $1 == 0 }
        let outcome = search(network)
        #expect(outcome.graph.seenEdges == network.edges)
        #expect(!outcome.session.isLite)
        #expect(outcome.graph.diamonds.first?.isMeshed == true)
        #expect(outcome.graph.paths.count == 5)
    }

    @Test func `branches of different lengths end where each does`() {
        var network = MultipathNetwork(seed: 2)
        let (a, b, c, d) = (network.add(), network.add(), network.add(), network.add())
        let end = network.add()
        network.link(0, a)
        for next in [b, c] { network.link(a, next) }
        network.link(b, end)
        network.link(c, d)
        network.link(d, end)
        let graph = search(network).graph
        #expect(graph.seenEdges == network.edges)
        #expect(graph.widths == [1, 2, 2, 1])
        #expect(Set(graph.paths.map(\.vertices.count)) == [4, 5])
        #expect(graph.diamonds.map(\.convergence) == [nil])
    }

    @Test func `a diamond in a diamond has a depth`() {
        var network = MultipathNetwork(seed: 4)
        let (a, b, c) = (network.add(), network.add(), network.add())
        let (d, e, f) = (network.add(), network.add(), network.add())
        let (g, h, join, end) = (network.add(), network.add(), network.add(), network.add())
        for (from, to) in [
            (0, a), (a, b), (a, c), (b, d), (b, e), (c, f), (d, g), (e, g), (f, h), (g, join), (h, join), (join, end),
        ] { network.link(from, to) }
        let graph = search(network).graph
        #expect(graph.seenEdges == network.edges)
        #expect(graph.diamonds.map(\.depth) == [0, 1])
        #expect(graph.diamonds.map(\.width) == [3, 2])
        #expect(graph.diamonds.map(\.length) == [4, 2])
        let ends = graph.diamonds.compactMap(\.convergence).map { graph.vertices[$0].address }
        #expect(ends == [network.address(join), network.address(g)])
    }

    @Test func `a balancer by packet is told from one by flow`() {
        var network = MultipathNetwork(uniform: [1, 2, 1, 2, 1], seed: 5)
        network.nodes[1].isPerPacket = true
        let graph = search(network).graph
        #expect(graph.widths == [1, 2, 1, 2, 1, 1])
        let balancing = graph.diamonds.map { graph.vertices[$0.divergence].balancing }
        #expect(balancing == [.perPacket, .perFlow])
        #expect(graph.edges.filter(\.isUncertain).map { graph.vertices[$0.to].hop } == [3, 3])
    }

    @Test func `routers that balance by packet one behind the other are found without end`() {
        var network = MultipathNetwork(uniform: [2, 4, 8, 4, 1], seed: 6)
        for node in network.nodes.indices { network.nodes[node].isPerPacket = true }
        let outcome = search(network)
        #expect(outcome.hasFinished)
        #expect(outcome.graph.widths == [2, 4, 8, 4, 1, 1])
        #expect(outcome.graph.vertices[0].balancing == .perPacket)
    }

    @Test func `a graph is the same whatever the order of its answers`() {
        let network = MultipathNetwork(uniform: [3, 3, 1], seed: 7)
        let whole = search(network).graph
        let slow = search(network) { $0.simultaneousProbes = 1 }.graph
        let texts = [whole, slow].map { graph in graph.vertices.map { "\($0.hop) \($0.identity)" } }
        #expect(texts[0] == texts[1])
        #expect(whole.edges.map { [$0.from, $0.to] } == slow.edges.map { [$0.from, $0.to] })
    }

    @Test func `from a later hop on, the source is where several paths begin`() {
        let network = MultipathNetwork(uniform: [2, 4, 1])
        let graph = search(network) { $0.firstHop = 2 }.graph
        #expect(graph.widths == [4, 1, 1])
        #expect(graph.vertices[0].hop == 1 && graph.vertices[0].outgoing.count == 4)
    }

    @Test func `beyond the highest hop nothing is sent`() {
        let outcome = search(MultipathNetwork(uniform: [2, 4, 2, 1])) { $0.maximumHops = 2 }
        #expect(outcome.graph.widths == [2, 4])
        #expect(outcome.probes.allSatisfy { $0.hopLimit <= 2 })
        #expect(outcome.graph.paths.allSatisfy { !$0.isWhole && $0.received == 10 })
    }
}
