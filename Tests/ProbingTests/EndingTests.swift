import Addresses
import Probing
import Testing

struct EndingTests {
    @Test("with a count the session ends when the last request is answered")
    func count() {
        let simulation = Simulation(.pinging { $0.count = 3 }, over: EchoNetwork(roundTrip: .ms(50)))
        #expect(simulation.end == .ms(2050))
        #expect(simulation.session.counts == Counts(transmitted: 3, received: 3))
    }

    @Test("a count of none ends the session before it sends")
    func countOfNone() {
        var session = PingSession(.pinging { $0.count = 0 }, at: origin)
        #expect(session.next(at: origin).isFinished)
    }

    @Test("an error and an answer to the same request are the end of one request")
    func errorAndAnswer() {
        let network = EchoNetwork { sequence in
            let answer = EchoNetwork.Answer(delay: .ms(20))
            let error = EchoNetwork.Answer(
                delay: .ms(10), content: .error(unreachable(.v4), from: IPFamily.v4.router))
            return sequence == 1 ? [error, answer] : [answer]
        }
        let simulation = Simulation(.pinging { $0.count = 2 }, over: network)
        #expect(simulation.end == .ms(1020))
        #expect(simulation.session.counts == Counts(transmitted: 2, received: 2, errors: 1))
    }

    @Test("after the last request the session waits for two of the longest round trips")
    func linger() {
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.count) = (.fixed(.ms(100)), 3) },
            over: EchoNetwork(roundTrips: [.ms(80), .ms(70), nil]))
        #expect(simulation.end == .ms(200 + 2 * 80))
    }

    @Test("after the last request the session waits for an interval at least")
    func lingerOfAnInterval() {
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.count) = (.fixed(.ms(100)), 3) },
            over: EchoNetwork(roundTrips: [.ms(8), .ms(7), nil]))
        #expect(simulation.end == .ms(200 + 100))
    }

    @Test("after the last request the session waits for the time-out when nothing was answered by then")
    func lingerUnanswered() {
        let configuration = PingConfiguration.pinging {
            ($0.pacing, $0.count, $0.timeout) = (.fixed(.ms(100)), 3, .seconds(3))
        }
        #expect(Simulation(configuration, over: .silent).end == .ms(200 + 3000))
        // An answer that comes later does not shorten it: a request sent with it may come back as late.
        let slow = EchoNetwork(roundTrips: [.ms(500), nil, nil])
        #expect(Simulation(configuration, over: slow).end == .ms(200 + 3000))
    }

    @Test("without a time-out the session waits for the first answer for ever")
    func lingerForEver() {
        var session = PingSession(.pinging { ($0.count, $0.timeout) = (1, nil) }, at: origin)
        session.sent(at: origin)
        #expect(session.next(at: origin).isEndlessWait)
        #expect(session.next(at: origin + .seconds(1_000_000_000)).isEndlessWait)
    }

    @Test("the deadline ends the session whatever was answered, to the nanosecond")
    func deadline() {
        let configuration = PingConfiguration.pinging { $0.deadline = .ms(2500) }
        let simulation = Simulation(configuration, over: EchoNetwork(roundTrip: .ms(50)))
        #expect(simulation.sent == [.zero, .seconds(1), .seconds(2)])
        #expect(simulation.end == .ms(2500))
        var session = PingSession(configuration, at: origin)
        #expect(session.next(at: origin + .nanoseconds(2_499_999_999)).isSend)
        #expect(session.next(at: origin + .nanoseconds(2_500_000_000)).isFinished)
    }

    @Test("with a deadline requests go on until as many as the count are answered")
    func deadlineWithCount() {
        let simulation = Simulation(
            .pinging { ($0.deadline, $0.count) = (.seconds(60), 2) },
            over: EchoNetwork(roundTrip: .ms(50), losing: 1...2))
        #expect(simulation.sent == [.zero, .seconds(1), .seconds(2), .seconds(3)])
        #expect(simulation.end == .ms(3050))
    }

    @Test("with a deadline the first error from the network ends the session")
    func deadlineWithError() {
        let network = EchoNetwork { sequence in
            guard sequence == 2 else { return [.init(delay: .ms(10))] }
            return [.init(delay: .ms(30), content: .error(unreachable(.v4), from: IPFamily.v4.router))]
        }
        let simulation = Simulation(.pinging { $0.deadline = .seconds(60) }, over: network)
        #expect(simulation.end == .ms(1030))
    }

    @Test("with a deadline requests go on although they can't be sent: the network may come up yet")
    func deadlineWithoutNetwork() {
        let simulation = Simulation(
            .pinging { ($0.deadline, $0.count) = (.seconds(60), 1) }, over: EchoNetwork(roundTrip: .ms(10))
        ) { $0 < .seconds(3) ? .refused(errno: 101) : nil }
        #expect(simulation.notSent == [.zero, .seconds(1), .seconds(2)])
        #expect(simulation.end == .ms(3010))
        #expect(simulation.session.succeeded)
    }

    @Test("when no request can be sent a count ends the session with the last of them")
    func countWithoutNetwork() {
        let simulation = Simulation(.pinging { $0.count = 3 }, over: .silent) { _ in .refused(errno: 101) }
        #expect(simulation.end == .seconds(2))
        #expect(simulation.session.counts == Counts(transmitted: 3, errors: 3))
    }

    @Test("an interrupt ends the session at the next step, whatever else is due")
    func interrupt() {
        var session = PingSession(.pinging { $0.timeout = .ms(100) }, at: origin)
        session.sent(at: origin)
        session.interrupt()
        #expect(session.next(at: origin + .seconds(5)).isFinished)
    }

    @Test("a session that has ended stays so")
    func finished() {
        var session = PingSession(.pinging { $0.count = 1 }, at: origin)
        session.sent(at: origin)
        _ = session.received(Message.echoReply(.v4, 1), from: IPFamily.v4.target, at: origin + .ms(1))
        for milliseconds in [1.0, 1000, 1_000_000] {
            #expect(session.next(at: origin + .ms(milliseconds)).isFinished)
        }
    }

    @Test("without a deadline one answer is success")
    func success() {
        let lossy = EchoNetwork(roundTrips: [nil, .ms(10), nil])
        #expect(Simulation(.pinging { $0.count = 3 }, over: lossy).session.succeeded)
        #expect(!Simulation(.pinging { $0.count = 3 }, over: .silent).session.succeeded)
    }

    @Test("with a deadline success is as many answers as the count, or one without a count")
    func successWithDeadline() {
        let lossy = EchoNetwork(roundTrips: [nil, .ms(10), nil])
        let counted = PingConfiguration.pinging { ($0.count, $0.deadline) = (2, .seconds(5)) }
        #expect(!Simulation(counted, over: lossy).session.succeeded)
        #expect(Simulation(.pinging { $0.deadline = .seconds(5) }, over: lossy).session.succeeded)
    }

    @Test("the time of sending is that from the start to the last request")
    func sendingTime() {
        #expect(PingSession(.pinging(), at: origin).sendingTime == .zero)
        let simulation = Simulation(.pinging { $0.count = 4 }, over: EchoNetwork(roundTrip: .ms(50)))
        #expect(simulation.session.sendingTime == .seconds(3))
    }
}
