import Addresses
import Probing
import TestSupport
import Testing

@Suite("65,536 requests can be told apart")
struct SequenceWrapTests {
    private func session(_ family: IPFamily, sent: Int, timeout: Duration? = .seconds(10)) -> PingSession {
        let configuration = PingConfiguration.pinging(family) {
            ($0.pacing, $0.preload, $0.timeout) = (.flood, .max, timeout)
            $0.payload = PingPayload(count: 0)
        }
        var session = PingSession(configuration, at: origin)
        for number in 0..<sent { session.sent(at: origin + .microseconds(number)) }
        return session
    }

    @Test("with 65,536 under way every reply is attributed to its request, in any order", arguments: IPFamily.allCases)
    func allUnderWay(_ family: IPFamily) throws {
        var session = session(family, sent: 65_536)
        var random = SplitMix64(seed: 5)
        let now = origin + .seconds(1)
        for sequence in (1...65_536).shuffled(using: &random) {
            let message = Message.echoReply(family, UInt16(truncatingIfNeeded: sequence), payload: [])
            let reply = try #require(session.received(message, from: family.target, at: now).reply)
            #expect(reply.sequence == UInt64(sequence))
            #expect(reply.roundTrip == .seconds(1) - .microseconds(sequence - 1))
        }
        #expect(session.counts.received == 65_536)
        #expect(session.counts.duplicates == 0)
    }

    @Test("request 65,536 carries the number 0, and the one after it 1", arguments: IPFamily.allCases)
    func numbersOnTheWire(_ family: IPFamily) {
        #expect(session(family, sent: 65_535).request()[6..<8] == [0, 0])
        #expect(session(family, sent: 65_536).request()[6..<8] == [0, 1])
    }

    @Test("a request whose number is needed again times out first", arguments: [.seconds(10), nil] as [Duration?])
    func reused(_ timeout: Duration?) {
        var session = session(.v4, sent: 65_536, timeout: timeout)
        let now = origin + .seconds(1)
        #expect(session.next(at: now).event?.timedOut == 1)
        #expect(session.next(at: now).isSend)
        session.sent(at: now)
        #expect(session.next(at: now).event?.timedOut == 2)
    }

    @Test("a request whose number was used again without asking is over, and the next oldest one times out")
    func reusedWithoutAsking() {
        var session = session(.v4, sent: 65_537)
        #expect(session.next(at: origin + .seconds(1)).event?.timedOut == 2)
    }

    @Test("a request that was answered gives its number away silently")
    func reusedAnswered() {
        var session = session(.v4, sent: 65_536)
        let now = origin + .seconds(1)
        _ = session.received(Message.echoReply(.v4, 1, payload: []), from: IPFamily.v4.target, at: now)
        #expect(session.next(at: now).isSend)
    }

    @Test("a number that was used again belongs to the later request")
    func latest() throws {
        var session = session(.v4, sent: 65_537)
        let reply = session.received(
            Message.echoReply(.v4, 1, payload: []), from: IPFamily.v4.target, at: origin + .seconds(1)
        ).reply
        #expect(try #require(reply).sequence == 65_537)
        #expect(session.inFlight == 0)
    }

    @Test(
        "200,000 requests through loss, duplication and reordering are all accounted for", arguments: IPFamily.allCases)
    func weather(_ family: IPFamily) {
        var random = SplitMix64(seed: 6)
        var (lost, doubled): (UInt64, UInt64) = (0, 0)
        let network = EchoNetwork { _ in
            var answers: [EchoNetwork.Answer] = []
            let fate = Int.random(in: 0..<100, using: &random)
            if fate < 10 { lost += 1 }
            if fate >= 95 { doubled += 1 }
            for _ in 0..<(fate < 10 ? 0 : fate < 95 ? 1 : 2) {
                answers.append(.init(delay: .microseconds(Int.random(in: 1000...50_000, using: &random))))
            }
            return answers
        }
        let simulation = Simulation(
            .pinging(family) {
                ($0.pacing, $0.count, $0.timeout) = (.fixed(.ms(0.1)), 200_000, .ms(60))
                $0.payload = PingPayload(count: 0)
            }, over: network)
        let misattributed = simulation.happenings.filter { happening in
            happening.sequence != nil && happening.event.reply?.sequence != happening.sequence
        }
        #expect(misattributed.isEmpty)
        let statistics = simulation.session.statistics
        #expect(statistics.received + lost == 200_000)
        #expect(statistics.duplicates == doubled)
        #expect(statistics.late == 0 && statistics.corrupted == 0 && statistics.errors == 0)
    }
}
