import Addresses
import Packets
import Probing
import SimulatedNetworks
import Testing

@Suite("Simulated networks: forwarding") struct ForwardingTests {
    @Test("each router answers the probe whose hops end at it, one link later each", arguments: IPFamily.allCases)
    func chain(family: IPFamily) throws {
        var network = try SimulatedNetwork(named: "chain")
        for (index, name) in ["r1", "r2", "r3"].enumerated() {
            let answers = network.answers(to: udp(), family, hops: UInt8(index + 1))
            let answer = try #require(answers.first)
            #expect(answers.count == 1 && answer.isSound && answer.payload.isTimeExceeded)
            #expect(answer.source == network.address(of: name, family))
            #expect(answer.time == .milliseconds(2 * (index + 1)))
            #expect(answer.hopLimit == 64 - UInt8(index))
            #expect(answer.payload.quote?.timeToLive == 1)
            #expect(answer.payload.quote?.ports?.source == 40000)
        }
    }

    @Test("arrivals come out by their moments, and no earlier", arguments: IPFamily.allCases)
    func order(family: IPFamily) throws {
        var network = try SimulatedNetwork(named: "chain")
        for hops in [3, 1, 2] as [UInt8] {
            network.send(packet(udp(), to: network.address(of: "host", family), hops: hops), at: origin)
        }
        #expect(network.nextArrival == origin + .milliseconds(2))
        #expect(network.receive(until: origin + .milliseconds(1)).isEmpty)
        let times = network.receive(until: origin + .milliseconds(4)).map(\.at)
        #expect(times == [origin + .milliseconds(2), origin + .milliseconds(4)])
        #expect(network.nextArrival == origin + .milliseconds(6))
    }

    @Test("a flow keeps its way through a balancer, and flows spread evenly", arguments: IPFamily.allCases)
    func flows(family: IPFamily) throws {
        var network = try SimulatedNetwork(parsing: "path prober r1 a host\npath r1 b host\npath r1 c host")
        var counts: [IPAddress: Int] = [:]
        for source in 1...900 as ClosedRange<UInt16> {
            let first = network.answers(to: udp(from: source), family, hops: 2).map(\.source)
            let second = network.answers(to: udp(from: source, bytes: 20), family, hops: 2).map(\.source)
            #expect(first.count == 1 && first == second)
            counts[first[0], default: 0] += 1
        }
        #expect(counts.count == 3 && counts.values.allSatisfy { (240...360).contains($0) })
    }

    @Test("two balancers in a row choose independently of each other")
    func independence() throws {
        var network = try SimulatedNetwork(
            parsing: "path prober r1 a c e host\npath r1 b c f host\n")
        var ways: Set<[IPAddress]> = []
        for source in 1...64 as ClosedRange<UInt16> {
            let way = [2, 4].flatMap { network.answers(to: udp(from: source), .v4, hops: $0).map(\.source) }
            ways.insert(way)
        }
        #expect(ways.count == 4)
    }

    @Test("a balancer by packets takes the next hops by turns, one by destinations always the same")
    func otherBalancers() throws {
        var network = try SimulatedNetwork(parsing: "path prober r1 a host\npath r1 b host\nr1 balances packets")
        let sources = (0..<4).flatMap { _ in network.answers(to: udp(), .v4, hops: 2).map(\.source) }
        #expect(Set(sources).count == 2 && sources[0] == sources[2] && sources[1] == sources[3])
        network = try SimulatedNetwork(parsing: "path prober r1 a host\npath r1 b host\nr1 balances destinations")
        let others = (1...20).flatMap { port in
            network.answers(to: udp(from: port), .v4, hops: 2).map(\.source)
        }
        #expect(others.count == 20 && Set(others).count == 1)
    }

    @Test("the IPv6 flow label is part of a flow")
    func flowLabel() throws {
        var network = try SimulatedNetwork(parsing: "path prober r1 a host\npath r1 b host")
        let host = network.address(of: "host", .v6)
        for label in 1...20 as ClosedRange<UInt32> {
            network.send(packet(udp(), to: host, hops: 2, flowLabel: label), at: origin)
        }
        #expect(Set(network.receiveAll().map(\.source)).count == 2)
    }

    @Test("a route changes at its time")
    func routeChange() throws {
        var network = try SimulatedNetwork(parsing: "path prober r1 a host\nat 2s path r1 b host")
        let early = network.answers(to: udp(), .v4, hops: 2).map(\.source)
        let late = network.answers(to: udp(), .v4, hops: 2, at: .seconds(2)).map(\.source)
        #expect(early == [network.address(of: "a", .v4)])
        #expect(late == [network.address(of: "b", .v4)])
    }

    @Test("a packet in a loop ends where its hops end", arguments: IPFamily.allCases)
    func loop(family: IPFamily) throws {
        var network = try SimulatedNetwork(parsing: "path prober r1 r2 r3 r2\npath nowhere host")
        let sources = (1...5).flatMap { network.answers(to: udp(), family, hops: $0).map(\.source) }
        #expect(sources == ["r1", "r2", "r3", "r2", "r3"].map { network.address(of: $0, family) })
    }

    @Test("a hidden router is no hop, and one that forwards a last hop makes the next appear twice")
    func hopLimits() throws {
        var network = try SimulatedNetwork(parsing: "path prober r1 r2 r3 host\nr1 forwards hidden\nr2 forwards zero")
        let answers = (1...3).flatMap { network.answers(to: udp(), .v4, hops: $0) }
        let (r3, host) = (network.address(of: "r3", .v4), network.address(of: "host", .v4))
        #expect(answers.map(\.source) == [r3, r3, host])
        #expect(answers.map(\.payload.quote?.timeToLive) == [0, 1, 1])
    }

    @Test("a link loses about as many packets as it says, and only in its direction")
    func loss() throws {
        var network = try SimulatedNetwork(parsing: "path prober r1 r2 host\nlink r1 r2 loss 25%")
        let there = (1...400).reduce(0) { count, _ in count + network.answers(to: udp(), .v4, hops: 2).count }
        let near = (1...400).reduce(0) { count, _ in count + network.answers(to: udp(), .v4, hops: 1).count }
        #expect((260...340).contains(there))
        #expect(near == 400)
    }

    @Test("a link takes what fits, and the router tells the MTU of what does not", arguments: IPFamily.allCases)
    func mtu(family: IPFamily) throws {
        var network = try SimulatedNetwork(parsing: "path prober r1 r2 host\nlink r1 r2 mtu 1400")
        let head = family == .v4 ? 28 : 48
        func answer(_ length: Int, _ flags: IPv4Header.Flags = .dontFragment) -> Arrived? {
            network.answers(to: udp(bytes: length - head), family, flags: flags).first
        }
        #expect(answer(1400)?.source == network.address(of: "host", family))
        let tooBig = try #require(answer(1401))
        #expect(tooBig.source == network.address(of: "r1", family))
        switch tooBig.payload {
        case .icmp(let message, _, _):
            #expect(message.body == .destinationUnreachable(.fragmentationNeeded, nextHopMTU: 1400))
        case .icmpv6(let message, _, _): #expect(message.body == .packetTooBig(mtu: 1400))
        default: Issue.record("no ICMP")
        }
        #expect(answer(1401, [])?.source == network.address(of: family == .v4 ? "host" : "r1", family))
    }

    @Test("a link may tell another MTU, or nothing", arguments: IPFamily.allCases)
    func untruthfulMTU(family: IPFamily) throws {
        var network = try SimulatedNetwork(
            parsing: "path prober r1 r2 host\nlink r1 r2 mtu 1400 tells 0\nlink r2 host mtu 1300 hole")
        func answers(_ bytes: Int) -> [Arrived] {
            network.answers(to: udp(bytes: bytes), family, flags: .dontFragment)
        }
        switch answers(1390).first?.payload {
        case .icmp(let message, _, _): #expect(message.body == .destinationUnreachable(.fragmentationNeeded))
        case .icmpv6(let message, _, _): #expect(message.body == .packetTooBig(mtu: 0))
        default: Issue.record("no ICMP")
        }
        #expect(answers(1290).isEmpty)
        #expect(answers(1200).count == 1)
    }

    @Test("what is no sound packet is kept apart, and nobody answers it")
    func malformed() throws {
        var network = try SimulatedNetwork(named: "chain")
        var wrong = packet(udp(), to: network.address(of: "host", .v4))
        wrong[27] ^= 1
        network.send(wrong, at: origin)
        network.send([0x45], at: origin)
        network.send([], at: origin)
        #expect(network.malformed.count == 3 && network.sentCount == 3 && network.nextArrival == nil)
    }
}
