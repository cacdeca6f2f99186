import Addresses
import Probing
import Testing

struct TimeoutTests {
    @Test("a request times out to the nanosecond")
    func exactly() {
        let timeout = Duration.nanoseconds(300_000_001)
        var session = PingSession(.pinging { $0.timeout = timeout }, at: origin)
        session.sent(at: origin)
        #expect(session.next(at: origin + (timeout - .nanoseconds(1))).wait == timeout)
        #expect(session.next(at: origin + timeout).event?.timedOut == 1)
    }

    @Test("every lost request times out by itself, and no other")
    func everyRequest() {
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.timeout, $0.count) = (.fixed(.ms(100)), .ms(250), 5) },
            over: EchoNetwork(roundTrips: [nil, .ms(20), nil, nil, .ms(20)]))
        #expect(simulation.times(of: \.timedOut) == [1: .ms(250), 3: .ms(450)])
        // The session ends before the fourth: the linger after the last request is one interval.
        #expect(simulation.end == .ms(500))
    }

    @Test("requests that time out at the same moment are reported one by one, the oldest first")
    func together() {
        var session = PingSession(.pinging { ($0.preload, $0.timeout) = (3, .ms(100)) }, at: origin)
        for _ in 0..<3 { session.sent(at: origin) }
        let reported = (0..<3).map { _ in session.next(at: origin + .ms(100)).event?.timedOut }
        #expect(reported == [1, 2, 3])
    }

    @Test("without a time-out nothing times out")
    func never() {
        let simulation = Simulation(
            .pinging { $0.timeout = nil }, over: .silent, until: .seconds(10_000))
        #expect(simulation.sent.count == 10_001)
        #expect(simulation.happenings.isEmpty)
    }

    @Test("a reply after the time-out is flagged, and counts as received")
    func late() throws {
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.timeout, $0.count) = (.fixed(.ms(200)), .ms(100), 2) },
            over: EchoNetwork(roundTrips: [.ms(150), .ms(50)]))
        #expect(simulation.times(of: \.timedOut) == [1: .ms(100)])
        #expect(simulation.replies.map(\.isLate) == [true, false])
        #expect(simulation.session.counts == Counts(transmitted: 2, received: 2, late: 1))
        #expect(simulation.session.statistics.loss == 0)
    }

    @Test("a second late reply is a duplicate and not late again")
    func lateDuplicate() {
        let network = EchoNetwork { _ in [.init(delay: .ms(150)), .init(delay: .ms(160))] }
        let simulation = Simulation(.pinging { $0.timeout = .ms(100) }, over: network, until: .ms(500))
        #expect(simulation.replies.map(\.isDuplicate) == [false, true])
        #expect(simulation.session.counts == Counts(transmitted: 1, received: 1, duplicates: 1, late: 1))
    }

    @Test("a request without an answer is reported once, when the next one goes")
    func noAnswerYet() {
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.reportsOutstanding, $0.count) = (.fixed(.ms(100)), true, 4) },
            over: EchoNetwork(roundTrips: [.ms(150), .ms(20), nil, .ms(20)]))
        #expect(simulation.times(of: \.noAnswerYet) == [1: .ms(100), 3: .ms(300)])
        #expect(simulation.happenings.compactMap(\.event.noAnswerYet) == [1, 3])
    }

    @Test("a request that has timed out before the next one goes has no answer yet either")
    func noAnswerYetAfterTimeout() {
        let simulation = Simulation(
            .pinging { ($0.reportsOutstanding, $0.timeout, $0.count) = (true, .ms(100), 2) }, over: .silent)
        #expect(simulation.times(of: \.noAnswerYet) == [1: .seconds(1)])
    }

    @Test("a request that came back as an error is not reported as without an answer")
    func noAnswerYetAfterError() {
        let network = EchoNetwork { _ in
            [.init(delay: .ms(10), content: .error(unreachable(.v4), from: IPFamily.v4.router))]
        }
        let simulation = Simulation(
            .pinging { ($0.reportsOutstanding, $0.count) = (true, 2) }, over: network)
        #expect(simulation.happenings.compactMap(\.event.noAnswerYet) == [])
    }
}
