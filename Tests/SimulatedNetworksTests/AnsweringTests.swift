import Addresses
import Packets
import SimulatedNetworks
import Testing

@Suite("Simulated networks: answers") struct AnsweringTests {
    @Test("a silent node answers nothing, or not the packets it is silent to")
    func silence() throws {
        var network = try SimulatedNetwork(parsing: "path prober r1 r2 host\nr1 silent\nr2 silent udp/53 icmp")
        #expect(network.answers(to: udp(), .v4, hops: 1).isEmpty)
        #expect(network.answers(to: udp(), .v4, hops: 2).count == 1)
        #expect(network.answers(to: udp(53), .v4, hops: 2).isEmpty)
        #expect(network.answers(to: echo(.v6), .v6, hops: 2).isEmpty)
    }

    @Test("a rate limit lets a burst through, then so many a second")
    func rateLimit() throws {
        var network = try SimulatedNetwork(parsing: "path prober r1 host\nr1 limits 10/s burst 3")
        func count(at time: Duration, _ probes: Int) -> Int {
            (0..<probes).reduce(0) { sum, _ in
                sum + network.answers(to: udp(), .v4, hops: 1, at: time).count
            }
        }
        #expect(count(at: .zero, 5) == 3)
        #expect(count(at: .milliseconds(100), 5) == 1)
        #expect(count(at: .milliseconds(150), 5) == 0)
        #expect(count(at: .milliseconds(200), 5) == 1)
        #expect(count(at: .seconds(60), 5) == 3)
    }

    @Test("answers come late, twice or never, every so many")
    func habits() throws {
        var network = try SimulatedNetwork(
            parsing: """
                path prober r1 host
                r1 answers after 30ms every 2
                r1 answers twice every 3
                r1 answers never every 5
                """)
        let answers = (0..<6).map { _ in network.answers(to: udp(), .v4, hops: 1).map(\.time) }
        #expect(answers.map(\.count) == [1, 1, 2, 1, 0, 2])
        #expect(answers[0] == [.milliseconds(2)] && answers[1] == [.milliseconds(32)])
    }

    @Test("a quote is as long as the router makes it, extension headers not counted", arguments: IPFamily.allCases)
    func quoteLength(family: IPFamily) throws {
        let head = family == .v4 ? 20 : 40
        for (words, count) in [("", 1000), ("r1 quotes 8", 8), ("r1 quotes 28", 28), ("r1 quotes 0", 0)] {
            var network = try SimulatedNetwork(parsing: "path prober r1 host\n\(words)")
            let answer = try #require(network.answers(to: udp(bytes: 992), family, hops: 1).first)
            let ordinary = family == .v4 ? 548 : 1040
            #expect(answer.payload.icmp?.payload.count == min(head + count, ordinary))
        }
    }

    @Test("a quote may have another hop limit and type of service than the packet had", arguments: IPFamily.allCases)
    func quoteFields(family: IPFamily) throws {
        var network = try SimulatedNetwork(
            parsing: "path prober r1 r2 host\nr1 quotes ttl 9\nr1 quotes tos 0x28\nr1 marks 0xb8")
        let first = try #require(network.answers(to: udp(), family, hops: 1).first?.payload.quote)
        #expect(first.timeToLive == 9 && first.differentiatedServices == 0x28)
        let second = try #require(network.answers(to: udp(), family, hops: 2).first?.payload.quote)
        #expect(second.timeToLive == 1 && second.differentiatedServices == 0xB8)
    }

    @Test("labels and interfaces are told behind the quote, counted or not", arguments: IPFamily.allCases)
    func extensions(family: IPFamily) throws {
        let text = """
            path prober r1 host
            r1 mpls 16004/5/1 17
            r1 interface incoming index 3 name eth0 address 198.18.7.7 mtu 1500
            """
        var interface = ICMPInterfaceInformation(role: .incoming, index: 3)
        (interface.name, interface.address, interface.mtu) = ("eth0", IPAddress("198.18.7.7"), 1500)
        let labels = [
            MPLSLabel(label: 16004, trafficClass: 5, isBottomOfStack: false, timeToLive: 1),
            MPLSLabel(label: 17, isBottomOfStack: true, timeToLive: 1),
        ]
        for words in ["", "\nr1 uncounted", "\nr1 quotes 8"] {
            var network = try SimulatedNetwork(parsing: text + words)
            let answer = try #require(network.answers(to: udp(), family, hops: 1).first)
            #expect(answer.isSound)
            #expect(answer.payload.icmp?.extensions == [.mplsLabelStack(labels), .interfaceInformation(interface)])
        }
    }

    @Test("answers may come back over more hops, later, from another hop limit")
    func wayBack() throws {
        var network = try SimulatedNetwork(
            parsing: "path prober r1 r2 host\nr2 returns over 9 taking 40ms\nr2 starts 255\nhost starts 128")
        let answer = try #require(network.answers(to: udp(), .v4, hops: 2).first)
        #expect(answer.hopLimit == 247 && answer.time == .milliseconds(42))
        #expect(network.answers(to: udp(), .v4).first?.hopLimit == 126)
    }

    @Test("a filter drops, or rejects with its reason; others pass", arguments: IPFamily.allCases)
    func filters(family: IPFamily) throws {
        var network = try SimulatedNetwork(
            parsing: "path prober r1 host\nr1 drops udp/33435\nr1 rejects prohibited udp/33434 tcp")
        #expect(network.answers(to: udp(33435), family).isEmpty)
        let rejected = try #require(network.answers(to: udp(33434), family).first)
        #expect(rejected.source == network.address(of: "r1", family))
        #expect(rejected.payload.icmp.map { [$0.type, $0.code] } == (family == .v4 ? [3, 13] : [1, 1]))
        #expect(network.answers(to: udp(33434), family, hops: 1).first?.payload.isTimeExceeded == true)
        #expect(network.answers(to: echo(family), family).first?.source == network.address(of: "host", family))
    }

    @Test("a router without a route says so", arguments: IPFamily.allCases)
    func noRoute(family: IPFamily) throws {
        var network = try SimulatedNetwork(parsing: "path prober r1 r2\npath nowhere host")
        let answer = try #require(network.answers(to: udp(), family).first)
        #expect(answer.source == network.address(of: "r2", family))
        #expect(answer.payload.icmp.map { [$0.type, $0.code] } == (family == .v4 ? [3, 0] : [1, 0]))
    }

    @Test("a forged answer quotes the packet with other ports and payload, and the true one comes, too")
    func forgery() throws {
        var network = try SimulatedNetwork(parsing: "path prober r1 host\nr1 forges after 1us")
        let answers = network.answers(to: udp(), .v4, hops: 2)
        #expect(answers.map(\.source) == [SimulatedNetwork.forger(.v4), network.address(of: "host", .v4)])
        let forged = try #require(answers.first?.payload.quote)
        #expect(forged.identification != 77 && forged.destination == network.address(of: "host", .v4))
        #expect(forged.ports?.destination == 33434 && forged.ports?.source != 40000)
    }
}
