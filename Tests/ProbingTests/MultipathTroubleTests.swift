import Addresses
import Packets
import Probing
import TestSupport
import Testing

/// Searches in networks that lose, are silent, or lie.
@Suite struct MultipathTroubleTests {
    @Test func `a silent hop is one vertex without an address, and holds nothing up`() {
        var network = MultipathNetwork(uniform: [1, 1, 1, 2, 1], seed: 1)
        for node in [1, 3] { network.nodes[node].isSilent = true }
        let outcome = search(network)
        let graph = outcome.graph
        #expect(graph.widths == [1, 1, 1, 2, 1, 1])
        #expect([1, 3].allSatisfy { graph.vertices[$0].identity == .silent })
        #expect(graph.paths.count == 2 && graph.isComplete)
        #expect(outcome.duration < .seconds(1))
    }

    @Test func `one silent router beside one that answers is found`() {
        var network = MultipathNetwork(uniform: [1, 2, 1], seed: 2)
        network.nodes[2].isSilent = true
        let graph = search(network).graph
        #expect(graph.widths == [1, 2, 1, 1])
        #expect(graph.vertices[3].identity == .silent && graph.vertices[3].received == 0 && graph.vertices[3].sent > 0)
        #expect(graph.paths.count == 2)
    }

    @Test func `what is lost is no silent router`() {
        for seed in 1...20 as ClosedRange<UInt64> {
            var network = MultipathNetwork(uniform: [2, 4, 2, 1], seed: seed)
            network.loss = 0.1
            let graph = search(network) { $0.mostProbes = 2000 }.graph
            #expect(!graph.vertices.contains { $0.identity == .silent })
            #expect(graph.seenEdges == network.edges)
        }
    }

    @Test func `the loss of a path is counted`() {
        var network = MultipathNetwork(uniform: [2, 1], seed: 3)
        network.loss = 0.2
        let outcome = search(network) { $0.rounds = 200 }
        #expect(outcome.hasFinished)
        for path in outcome.graph.paths {
            #expect(path.sent == 200 && path.received + path.lost == 200)
            #expect((0.1...0.3).contains(path.loss))
        }
        let rounds = outcome.events.compactMap { if case .roundEnded(let number) = $0 { number } else { nil } }
        #expect(rounds == Array(1...200))
    }

    @Test func `an answer that is late is no loss, and the next round does not wait for it`() {
        var network = MultipathNetwork(uniform: [1, 1])
        var configuration = MultipathConfiguration(to: network.address(network.destination))
        configuration.rounds = 50
        var measuring = 0
        let outcome = search(configuration) { probe, now in
            guard let (answer, delay) = network.send(probe, at: now) else { return [] }
            measuring += probe.hopLimit == 3 ? 1 : 0
            return [(answer, measuring > 20 && measuring.isMultiple(of: 3) ? .ms(800) : delay)]
        }
        let path = outcome.graph.paths.first
        #expect(path?.sent == 50 && path?.received == 50 && path?.lost == 0)
        #expect(outcome.duration < .seconds(4))
    }

    @Test func `a router that soon answers no more is no second, silent one`() {
        var network = MultipathNetwork(uniform: [1, 1, 1], seed: 4)
        network.nodes[2].mostAnswers = 4
        let outcome = search(network)
        #expect(outcome.hasFinished)
        #expect(outcome.graph.seenEdges.isSuperset(of: network.edges))
        #expect(outcome.graph.paths.contains { $0.isWhole })
    }

    @Test(arguments: [5.0, 10, 100])
    func `routers that limit the rate of their answers are no silent ones`(answersPerSecond: Double) {
        var network = MultipathNetwork(uniform: [2, 1, 3, 1, 1], seed: 6)
        for node in [1, 3, 5] { network.nodes[node].answersPerSecond = answersPerSecond }
        let outcome = search(network)
        #expect(outcome.hasFinished && outcome.duration < .seconds(30))
        #expect(!outcome.graph.vertices.contains { $0.identity == .silent })
        #expect(outcome.graph.seenEdges == network.edges)
    }

    @Test func `a silent destination ends the search a few hops behind the last that answers`() {
        var network = MultipathNetwork(uniform: [2, 1], seed: 5)
        network.nodes[network.destination].isSilent = true
        let outcome = search(network) { $0.mostSilentHops = 4 }
        let graph = outcome.graph
        #expect(outcome.hasFinished)
        #expect(outcome.probes.map(\.hopLimit).max() == 6)
        #expect(graph.widths == [2, 1])
        #expect(graph.paths.count == 2 && graph.paths.allSatisfy { !$0.isWhole && $0.received == 10 })
    }

    @Test func `where nobody answers, there is no path`() {
        let outcome = search(MultipathConfiguration(to: IPFamily.v4.target)) { _, _ in [] }
        #expect(outcome.hasFinished)
        #expect(outcome.graph.paths.isEmpty && outcome.graph.vertices.count == 1)
        #expect(outcome.probes.count < 40)
        #expect(outcome.duration <= .seconds(6))
    }

    @Test func `ever new addresses end in a graph that is not complete`() {
        var configuration = MultipathConfiguration(to: IPFamily.v4.target)
        configuration.mostProbes = 1500
        var number: UInt32 = 0x0A00_0000
        let outcome = search(configuration) { probe, _ in
            number += 1
            return [(TraceAnswer(token: probe.token, from: .v4(IPv4Address(rawValue: number)), .timeExceeded), .ms(1))]
        }
        #expect(outcome.hasFinished && !outcome.graph.isComplete)
        #expect(outcome.session.searchProbes < 1600)
        #expect(outcome.graph.paths.count <= 64)
    }

    @Test(arguments: 1...30) func `forged answers of any kind are survived`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var configuration = MultipathConfiguration(to: IPFamily.v4.target)
        configuration.mostProbes = 300
        configuration.rounds = 2
        let outcome = search(configuration) { probe, _ in
            (0..<Int.random(in: 0...3, using: &random)).map { _ in
                let isOurs = Bool.random(using: &random)
                let token = isOurs ? probe.token : UInt16.random(in: 0...UInt16.max, using: &random)
                let source = IPv4Address(rawValue: UInt32.random(in: 1...6, using: &random))
                let meanings: [TraceAnswer.Meaning] = [
                    .timeExceeded, .timeExceeded, .reply(.echo), .error(ICMPError(family: .v4, type: 3, code: 1)),
                ]
                let meaning = meanings[Int.random(in: 0..<4, using: &random)]
                let delay = Duration.ms(Double.random(in: 0...200, using: &random))
                return (TraceAnswer(token: token, from: .v4(source), meaning), delay)
            }
        }
        #expect(outcome.hasFinished)
        #expect(outcome.session.searchProbes < 400)
        for path in outcome.graph.paths { #expect(path.vertices.allSatisfy(outcome.graph.vertices.indices.contains)) }
    }

    @Test func `an answer counts once, and one to nothing is nothing`() {
        var session = MultipathSession(MultipathConfiguration(to: IPFamily.v4.target), at: origin)
        guard case .send(let probe) = session.next(at: origin) else {
            Issue.record("nothing to send")
            return
        }
        let answer = TraceAnswer(token: probe.token, from: IPFamily.v4.router, .timeExceeded)
        #expect(session.received(answer, at: Arrival(now: origin)) == nil)
        session.sent(probe, at: origin, wallClock: nil)
        #expect(session.received(answer, at: Arrival(now: origin + .ms(1))) != nil)
        #expect(session.received(answer, at: Arrival(now: origin + .ms(2))) == nil)
        #expect(session.graph.vertices.map(\.received) == [0, 1])
    }

    @Test func `what can't be sent is reported, and does not go on for ever`() {
        var session = MultipathSession(MultipathConfiguration(to: IPFamily.v6.target), at: origin)
        var now = origin
        var failures = 0
        for _ in 0..<5000 {
            switch session.next(at: now) {
            case .send(let probe):
                if session.notSent(probe, .refused(errno: 101), at: now) != nil { failures += 1 }
            case .wait(let until): now = max(now, until ?? now)
            case .report: break
            case .finished:
                #expect((1...100).contains(failures))
                return
            }
        }
        Issue.record("it goes on")
    }

    @Test func `a full queue is tried again`() {
        var session = MultipathSession(MultipathConfiguration(to: IPFamily.v6.target), at: origin)
        guard case .send(let probe) = session.next(at: origin) else {
            Issue.record("nothing to send")
            return
        }
        #expect(session.notSent(probe, .queueFull, at: origin) == nil)
        guard case .wait(let until?) = session.next(at: origin), case .send(let again) = session.next(at: until) else {
            Issue.record("not tried again")
            return
        }
        #expect(again == probe && until > origin)
    }

    @Test func `interrupted, a search ends at once with what it knows`() {
        var session = MultipathSession(MultipathConfiguration(to: IPFamily.v4.target), at: origin)
        guard case .send(let probe) = session.next(at: origin) else {
            Issue.record("nothing to send")
            return
        }
        session.sent(probe, at: origin, wallClock: nil)
        _ = session.received(
            TraceAnswer(token: probe.token, from: IPFamily.v4.router, .timeExceeded), at: Arrival(now: origin + .ms(1)))
        session.interrupt()
        guard case .finished = session.next(at: origin + .ms(1)) else {
            Issue.record("not finished")
            return
        }
        #expect(session.graph.vertices.count == 2 && !session.graph.isComplete)
    }
}
