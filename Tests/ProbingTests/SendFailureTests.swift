import Addresses
import Probing
import Testing

struct SendFailureTests {
    @Test("when the send buffer is full the same request is tried again 10 ms later, as often as it takes")
    func bufferFull() {
        let simulation = Simulation(
            .pinging { ($0.count, $0.timeout) = (1, .seconds(1)) }, over: EchoNetwork(roundTrip: .ms(5))
        ) { $0 < .seconds(5) ? .bufferFull : nil }
        #expect(simulation.notSent == (0..<500).map { .milliseconds(10 * $0) })
        #expect(simulation.sent == [.seconds(5)])
        #expect(simulation.session.counts == Counts(transmitted: 1, received: 1))
    }

    @Test("a request that had to be tried again moves no later one")
    func gridAfterRetry() {
        let simulation = Simulation(.pinging { $0.count = 3 }, over: EchoNetwork(roundTrip: .ms(5))) {
            $0 < .ms(1015) && $0 > .zero ? .bufferFull : nil
        }
        #expect(simulation.sent == [.zero, .ms(1020), .seconds(2)])
    }

    @Test("when the queue is full a request is tried again after half an interval, until the time-out")
    func queueFull() {
        let simulation = Simulation(
            .pinging { ($0.count, $0.timeout) = (1, .seconds(2)) }, over: .silent
        ) { _ in .queueFull }
        #expect(simulation.notSent == [.zero, .ms(500), .ms(1000), .ms(1500)])
        #expect(simulation.times(of: \.sendFailed) == [1: .ms(1500)])
        #expect(simulation.session.counts == Counts(transmitted: 1, errors: 1))
    }

    @Test("when the queue is full adaptive pacing slows down by a round trip, until the next answer")
    func adaptiveSlowDown() {
        // Two failures in a row: the interval of 40 ms grows to 80 and then to 120 ms.
        var failures = 0
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.count) = (.adaptive(minimum: .zero), 5) },
            over: EchoNetwork(roundTrip: .ms(40))
        ) { time in
            guard time >= .ms(80), failures < 2 else { return nil }
            failures += 1
            return .queueFull
        }
        #expect(simulation.notSent == [.ms(80), .ms(120)])
        #expect(simulation.sent == [.zero, .ms(40), .ms(180), .ms(220), .ms(260)])
    }

    @Test(
        "a request that is refused or too large counts as sent in vain, and the next one goes in its time",
        arguments: [SendFailure.refused(errno: 101), .tooLarge(mtu: 1400), .tooLarge(mtu: nil)])
    func hardError(_ failure: SendFailure) {
        let simulation = Simulation(.pinging { $0.count = 3 }, over: EchoNetwork(roundTrip: .ms(5))) {
            $0 == .seconds(1) ? failure : nil
        }
        #expect(simulation.times(of: \.sendFailed) == [2: .seconds(1)])
        #expect(simulation.sent == [.zero, .seconds(2)])
        #expect(simulation.session.counts == Counts(transmitted: 3, received: 2, errors: 1))
    }

    @Test(
        "requests that can't be sent are not tried faster than a hundred times a second, whatever the pace",
        arguments: [PingPacing.flood, .fixed(.ms(0.1)), .adaptive(minimum: .ms(0.1))])
    func noBusyFailing(_ pacing: PingPacing) {
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.preload) = (pacing, 1000) }, over: .silent, until: .ms(999)
        ) { _ in .refused(errno: 1) }
        #expect(simulation.notSent == (0..<100).map { .milliseconds(10 * $0) })
    }
}
