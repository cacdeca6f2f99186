import Addresses
import Probing
import Testing

struct CountingTests {
    @Test("replies and what is lost are counted for either family", arguments: IPFamily.allCases)
    func loss(_ family: IPFamily) {
        let simulation = Simulation(
            .pinging(family) { $0.count = 4 }, over: EchoNetwork(roundTrip: .ms(30), losing: 2...2))
        #expect(simulation.session.counts == Counts(transmitted: 4, received: 3))
        #expect(simulation.session.statistics.loss == 0.25)
        #expect(simulation.replies.map(\.sequence) == [1, 3, 4])
    }

    @Test("nothing sent is nothing lost")
    func nothingSent() {
        #expect(PingSession(.pinging(), at: origin).statistics.loss == 0)
    }

    @Test("a further reply to the same request is a duplicate, and not received twice", arguments: IPFamily.allCases)
    func duplicates(_ family: IPFamily) {
        let network = EchoNetwork { _ in [.init(delay: .ms(10)), .init(delay: .ms(11)), .init(delay: .ms(12))] }
        let simulation = Simulation(.pinging(family), over: network, until: .ms(100))
        #expect(simulation.replies.map(\.isDuplicate) == [false, true, true])
        #expect(simulation.session.counts == Counts(transmitted: 1, received: 1, duplicates: 2))
        #expect(simulation.session.statistics.roundTrips.count == 3)
    }

    @Test("a reply after that to a later request is out of order")
    func reordering() {
        // They arrive in the order 2, 3, 1, 5, 4: the first and the fourth come after a later one.
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.count) = (.fixed(.ms(100)), 5) },
            over: EchoNetwork(roundTrips: [.ms(250), .ms(10), .ms(10), .ms(150), .ms(10)]))
        #expect(simulation.replies.map(\.sequence) == [2, 3, 1, 5, 4])
        #expect(simulation.session.counts.reordered == 2)
    }

    @Test("a duplicate is never out of order")
    func duplicateOutOfOrder() {
        let network = EchoNetwork { sequence in
            sequence == 1 ? [.init(delay: .ms(10)), .init(delay: .ms(1500))] : [.init(delay: .ms(10))]
        }
        let simulation = Simulation(.pinging(), over: network, until: .ms(1600))
        #expect(simulation.session.counts == Counts(transmitted: 2, received: 2, duplicates: 1))
    }

    @Test("the pipe is the most requests from the one answered to the last one sent")
    func pipe() {
        let slow = Simulation(
            .pinging { ($0.pacing, $0.count) = (.fixed(.ms(10)), 20) }, over: EchoNetwork(roundTrip: .ms(45)))
        #expect(slow.session.statistics.pipe == 5)
        let fast = Simulation(.pinging { $0.count = 3 }, over: EchoNetwork(roundTrip: .ms(45)))
        #expect(fast.session.statistics.pipe == 1)
    }

    @Test("requests under way are those after the latest that was answered")
    func inFlight() {
        var session = PingSession(.pinging(), at: origin)
        for _ in 0..<5 { session.sent(at: origin) }
        #expect(session.inFlight == 5)
        _ = session.received(Message.echoReply(.v4, 3), from: IPFamily.v4.target, at: origin + .ms(1))
        #expect(session.inFlight == 2)
        _ = session.received(Message.echoReply(.v4, 2), from: IPFamily.v4.target, at: origin + .ms(2))
        #expect(session.inFlight == 2)
    }

    @Test("an outage lasts from the first lost request to the next answered one")
    func outage() {
        let network = EchoNetwork { sequence in
            [3, 6, 7, 8].contains(sequence) ? [] : [.init(delay: .ms(10))]
        }
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.timeout, $0.count) = (.fixed(.ms(100)), .ms(50), 10) }, over: network)
        #expect(simulation.session.statistics.longestOutage == .ms(300))
    }

    @Test("an outage that has not ended lasts to the end of the session")
    func outageToTheEnd() {
        let simulation = Simulation(
            .pinging { $0.deadline = .ms(4500) }, over: EchoNetwork(roundTrip: .ms(10), losing: 3...1000))
        #expect(simulation.session.statistics.longestOutage == .ms(2500))
    }

    @Test("an outage is seen however late, when nothing ever times out")
    func outageWithoutTimeout() {
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.timeout, $0.count) = (.fixed(.ms(1)), nil, 70_000) },
            over: EchoNetwork(roundTrip: .ms(0.5), losing: 11...14))
        #expect(simulation.session.statistics.longestOutage == .ms(4))
    }

    @Test("when all is answered there is no outage")
    func noOutage() {
        let simulation = Simulation(.pinging { $0.count = 5 }, over: EchoNetwork(roundTrip: .ms(10)))
        #expect(simulation.session.statistics.longestOutage == .zero)
    }
}
