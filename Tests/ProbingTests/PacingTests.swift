import Probing
import Testing

struct PacingTests {
    @Test("fixed pacing sends at every point of its grid")
    func grid() {
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.count) = (.fixed(.ms(200)), 5) }, over: EchoNetwork(roundTrip: .ms(30)))
        #expect(simulation.sent == [.ms(0), .ms(200), .ms(400), .ms(600), .ms(800)])
    }

    @Test("a wake-up that comes late moves no later request")
    func lateWakeUps() {
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.count) = (.fixed(.ms(200)), 5) }, over: EchoNetwork(roundTrip: .ms(30)),
            lateness: .ms(70))
        #expect(simulation.sent == [.ms(0), .ms(270), .ms(470), .ms(670), .ms(870)])
    }

    @Test("of requests missed by intervals one is made up for, and the next keeps to the grid", arguments: [3.0, 3.5])
    func missedRequests(_ lateSeconds: Double) {
        var session = PingSession(.pinging(), at: origin)
        session.sent(at: origin)
        let late = origin + .seconds(lateSeconds)
        for _ in 0..<2 {
            #expect(session.next(at: late).isSend)
            session.sent(at: late)
        }
        #expect(session.next(at: late).wait == .seconds(4))
    }

    @Test("of requests missed by intervals as many as the preload are made up for")
    func missedRequestsWithPreload() {
        var session = PingSession(.pinging { ($0.preload, $0.timeout) = (3, nil) }, at: origin)
        for _ in 0..<3 { session.sent(at: origin) }
        let late = origin + .ms(60_500)
        for _ in 0..<4 {
            #expect(session.next(at: late).isSend)
            session.sent(at: late)
        }
        #expect(session.next(at: late).wait == .seconds(61))
    }

    @Test(
        "the preload goes out at once, before any answer",
        arguments: [PingPacing.fixed(.seconds(1)), .adaptive(minimum: .zero)])
    func preload(_ pacing: PingPacing) {
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.preload) = (pacing, 3) }, over: .silent, until: .ms(2500))
        #expect(simulation.sent == [.zero, .zero, .zero, .seconds(1), .seconds(2)])
    }

    @Test("a flood keeps as many requests under way as the preload says")
    func floodWithPreload() {
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.preload, $0.count) = (.flood, 3, 7) }, over: EchoNetwork(roundTrip: .ms(5)))
        #expect(simulation.sent == [.zero, .zero, .zero, .ms(5), .ms(5), .ms(5), .ms(10)])
    }

    @Test("adaptive pacing follows the smoothed round-trip time")
    func adaptive() {
        // Smoothed: 80, then 80 + (160 - 80)/8 = 90, then 90 + (160 - 90)/8 = 98.75 ms.
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.count) = (.adaptive(minimum: .zero), 5) },
            over: EchoNetwork(roundTrips: [.ms(80), .ms(160), .ms(160), .ms(160), .ms(160)]))
        #expect(simulation.sent == [.zero, .ms(80), .ms(160), .ms(250), .ms(348.75)])
    }

    @Test("adaptive pacing is never faster than its minimum")
    func adaptiveMinimum() {
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.count) = (.adaptive(minimum: .ms(20)), 4) },
            over: EchoNetwork(roundTrip: .ms(1)))
        #expect(simulation.sent == [.zero, .ms(20), .ms(40), .ms(60)])
    }

    @Test("until something is answered adaptive pacing sends once a second, or at its minimum if that is longer")
    func adaptiveWithoutAnswers() {
        let configuration = PingConfiguration.pinging { $0.pacing = .adaptive(minimum: .ms(20)) }
        #expect(Simulation(configuration, over: .silent, until: .ms(2500)).sent == [.zero, .seconds(1), .seconds(2)])
        let slow = PingConfiguration.pinging { $0.pacing = .adaptive(minimum: .seconds(5)) }
        #expect(Simulation(slow, over: .silent, until: .seconds(12)).sent == [.zero, .seconds(5), .seconds(10)])
    }

    @Test("adaptive pacing below 10 ms waits for the answer, and 10 ms for one that does not come")
    func adaptiveFast() {
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.count) = (.adaptive(minimum: .zero), 5) },
            over: EchoNetwork(roundTrips: [.ms(4), .ms(4), nil, .ms(4), .ms(4)]))
        #expect(simulation.sent == [.zero, .ms(4), .ms(8), .ms(18), .ms(22)])
    }

    @Test("a flood sends the next request when a reply comes", arguments: [PingPacing.flood, .fixed(.zero)])
    func flood(_ pacing: PingPacing) {
        let simulation = Simulation(
            .pinging { ($0.pacing, $0.count) = (pacing, 4) }, over: EchoNetwork(roundTrip: .ms(0.3)))
        #expect(simulation.sent == [.zero, .ms(0.3), .ms(0.6), .ms(0.9)])
    }

    @Test("a flood without replies sends a hundred requests a second", arguments: [PingPacing.flood, .fixed(.zero)])
    func floodWithoutReplies(_ pacing: PingPacing) {
        let simulation = Simulation(.pinging { $0.pacing = pacing }, over: .silent, until: .ms(999))
        #expect(simulation.sent == (0..<100).map { .milliseconds(10 * $0) })
    }

    @Test(
        "no pace, preload or time-out is too long, too short or too much",
        arguments: [
            PingPacing.fixed(.seconds(Int64.max)), .fixed(.seconds(-1)), .adaptive(minimum: .seconds(Int64.max)),
            .adaptive(minimum: .seconds(-1)),
        ],
        [Duration.seconds(Int64.max), .seconds(Int64.min)])
    func extremes(_ pacing: PingPacing, _ time: Duration) {
        let configuration = PingConfiguration.pinging {
            ($0.pacing, $0.timeout, $0.deadline, $0.preload) = (pacing, time, time, .max)
        }
        var session = PingSession(configuration, at: MonotonicTime(nanoseconds: .max - 5))
        for _ in 0..<3 {
            session.sent(at: MonotonicTime(nanoseconds: .max))
            _ = session.notSent(.queueFull, at: MonotonicTime(nanoseconds: .max))
        }
        while session.next(at: MonotonicTime(nanoseconds: .max)).event != nil {}
        #expect(session.next(at: MonotonicTime(nanoseconds: .max)).isFinished)
    }
}
