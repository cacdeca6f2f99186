import Addresses
import Packets
import Probing
import TestSupport

/// Routers that balance load, between the prober and a destination: each knows its next hops, and picks one by the flow
/// or for every packet anew.
struct MultipathNetwork {
    struct Node {
        /// Whether it answers.
        var isSilent = false
        /// Whether it picks a next hop for every packet.
        var isPerPacket = false
        var next: [Int] = []
        /// Bounds the answers that it gives; `nil` for no bound.
        var mostAnswers: Int?
        /// How many answers it gives in a second, and as many at once; `nil` for no limit.
        var answersPerSecond: Double?
        fileprivate var credit = (answers: 0.0, at: MonotonicTime(nanoseconds: 0))
    }

    /// The node that probes come to first is 0, the source itself; the last one is the destination.
    var nodes: [Node] = [Node()]
    /// The chance that a probe or its answer gets lost.
    var loss = 0.0
    /// The round trip to the source itself, and what each hop adds to it.
    var (wait, delay) = (Duration.zero, Duration.ms(1))
    var random: SplitMix64
    private let salt: UInt64

    init(seed: UInt64 = 1) {
        random = SplitMix64(seed: seed)
        salt = random.next()
    }

    /// A network of hops of so many routers, each with edges to the next hop as `edges` says; behind them the
    /// destination.
    init(widths: [Int], seed: UInt64 = 1, edges: (_ hop: Int, _ from: Int, _ to: Int) -> Bool) {
        self.init(seed: seed)
        var before = [0]
        for (hop, width) in (widths + [1]).enumerated() {
            let here = (0..<width).map { _ in add() }
            for (i, from) in before.enumerated() {
                for (j, to) in here.enumerated() where edges(hop, i, j) { link(from, to) }
            }
            before = here
        }
    }

    /// A network of hops of so many routers, in which the edges spread as evenly as they can and do not cross.
    init(uniform widths: [Int], seed: UInt64 = 1) {
        let all = [1] + widths + [1]
        self.init(widths: widths, seed: seed) { hop, from, to in
            let (before, here) = (all[hop], all[hop + 1])
            return before >= here ? from * here / before == to : to * before / here == from
        }
    }

    mutating func add(isSilent: Bool = false) -> Int {
        nodes.append(Node(isSilent: isSilent))
        return nodes.count - 1
    }

    mutating func link(_ from: Int, _ to: Int) { nodes[from].next.append(to) }

    var destination: Int { nodes.count - 1 }
    func address(_ node: Int) -> IPAddress { .v4(IPv4Address(rawValue: 0xC612_0000 + UInt32(node))) }

    /// What becomes of a probe: its answer, and after which time it arrives; `nil` where none comes.
    mutating func send(_ probe: TraceProbe, at now: MonotonicTime = origin) -> (TraceAnswer, Duration)? {
        var node = 0
        var hops = 0
        while hops < Int(probe.hopLimit), node != destination {
            let next = nodes[node].next
            guard !next.isEmpty else { return nil }
            let choice =
                nodes[node].isPerPacket
                ? random.next() : Self.hash(UInt64(probe.flow) << 32 | UInt64(node), salt)
            node = next[Int(choice % UInt64(next.count))]
            hops += 1
        }
        if loss > 0, Double.random(in: 0..<1, using: &random) < loss { return nil }
        guard !nodes[node].isSilent else { return nil }
        if let most = nodes[node].mostAnswers {
            guard most > 0 else { return nil }
            nodes[node].mostAnswers = most - 1
        }
        guard nodes[node].mayAnswer(at: now) else { return nil }
        let meaning: TraceAnswer.Meaning = node == destination ? .reply(.echo) : .timeExceeded
        return (TraceAnswer(token: probe.token, from: address(node), meaning), wait + delay * hops)
    }

    private static func hash(_ value: UInt64, _ salt: UInt64) -> UInt64 {
        var mixer = SplitMix64(seed: value &* 0x9e37_79b9_7f4a_7c15 ^ salt)
        return mixer.next() >> 16
    }

    /// Every edge that a probe may take, as hop and addresses; nothing is silent.
    var edges: Set<SeenEdge> {
        var edges: Set<SeenEdge> = []
        var layer: Set<Int> = [0]
        var hop: UInt8 = 0
        while !layer.isEmpty {
            hop += 1
            for node in layer {
                for next in nodes[node].next {
                    edges.insert(
                        SeenEdge(hop: hop, from: node == 0 ? nil : address(node), to: address(next)))
                }
            }
            layer = Set(layer.flatMap { nodes[$0].next })
        }
        return edges
    }
}

extension MultipathNetwork.Node {
    fileprivate mutating func mayAnswer(at now: MonotonicTime) -> Bool {
        guard let answersPerSecond else { return true }
        let passed = Double(now.nanoseconds - credit.at.nanoseconds) / 1e9
        credit = (min(answersPerSecond, credit.answers + passed * answersPerSecond), now)
        guard credit.answers >= 1 else { return false }
        credit.answers -= 1
        return true
    }
}

/// An edge between two that answer, or from the source, which has no address.
struct SeenEdge: Hashable {
    var hop: UInt8
    var from: IPAddress?
    var to: IPAddress?
}

extension PathGraph {
    /// The edges as hops and addresses.
    var seenEdges: Set<SeenEdge> {
        Set(
            edges.map {
                SeenEdge(hop: vertices[$0.to].hop, from: vertices[$0.from].address, to: vertices[$0.to].address)
            })
    }

    /// How many vertices there are at each hop, behind the source.
    var widths: [Int] { hops.dropFirst().map(\.count) }
}

/// What a search came to.
struct MultipathOutcome {
    var session: MultipathSession
    var graph: PathGraph { session.graph }
    var events: [MultipathEvent] = []
    /// All probes in their order.
    var probes: [TraceProbe] = []
    /// From beginning to end.
    var duration = Duration.zero
    /// Whether it came to its end by itself.
    var hasFinished = false
}

/// Runs a search against a network, or whatever answers, in virtual time.
/// - Parameters:
///   - interval: at least so long between two probes.
///   - steps: after so many steps it is given up.
///   - answer: the answers to a probe, and after which time they arrive.
func search(
    _ configuration: MultipathConfiguration, interval: Duration = .zero, steps: Int = 200_000,
    answer: (TraceProbe, MonotonicTime) -> [(TraceAnswer, Duration)]
) -> MultipathOutcome {
    var configuration = configuration
    configuration.sendInterval = interval
    var now = origin
    var outcome = MultipathOutcome(session: MultipathSession(configuration, at: now))
    var arrivals: [(at: MonotonicTime, answer: TraceAnswer)] = []
    for _ in 0..<steps {
        switch outcome.session.next(at: now) {
        case .send(let probe):
            outcome.probes.append(probe)
            outcome.session.sent(probe, at: now, wallClock: nil)
            for (answer, delay) in answer(probe, now) { arrivals.append((now + delay, answer)) }
        case .report(let event): outcome.events.append(event)
        case .finished:
            outcome.duration = now - origin
            outcome.hasFinished = true
            return outcome
        case .wait(let until):
            let arrival = arrivals.lazy.map(\.at).min()
            guard let moment = arrival.map({ min($0, until ?? $0) }) ?? until else { return outcome }
            now = max(now, moment)
            let due = arrivals.filter { $0.at <= now }
            arrivals.removeAll { $0.at <= now }
            for (at, answer) in due {
                if let event = outcome.session.received(answer, at: Arrival(now: at)) { outcome.events.append(event) }
            }
        }
    }
    return outcome
}

/// Runs a search in a network.
func search(
    _ network: MultipathNetwork, interval: Duration = .zero, _ change: (inout MultipathConfiguration) -> Void = { _ in }
) -> MultipathOutcome {
    var network = network
    var configuration = MultipathConfiguration(to: network.address(network.destination))
    change(&configuration)
    return search(configuration, interval: interval) { network.send($0, at: $1).map { [$0] } ?? [] }
}
