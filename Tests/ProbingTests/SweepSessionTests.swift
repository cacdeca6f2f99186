import Addresses
import Testing

@testable import Probing

/// Sessions with a record of each target, in virtual time.
struct SweepSessionTests {
    typealias Network = SweepNetwork<SweepSession>

    func alive(retries: Int = 3, interval: Duration = .milliseconds(10)) -> SweepConfiguration {
        var configuration = SweepConfiguration(.alive(retries: retries))
        configuration.interval = interval
        return configuration
    }

    func count(_ count: Int, period: Duration = .seconds(1), timeout: Duration = .seconds(1)) -> SweepConfiguration {
        var configuration = SweepConfiguration(.count(count))
        configuration.period = period
        configuration.timeout = timeout
        return configuration
    }

    // MARK: - Who is alive

    @Test func retriesFollowTheBackoffToTheMillisecond() {
        var network = Network(alive(), sweepTargets(1))
        network.answers = { _ in [] }
        network.run()
        #expect(
            network.story == [
                "500.0 timeout 0 0", "1250.0 timeout 0 0", "2375.0 timeout 0 0", "4062.5 timeout 0 0",
                "4062.5 unreachable 0",
            ])
        #expect(network.sent.map(\.index) == [0, 1, 2, 3])
        #expect(network.session[0].counts.sent == 4)
        #expect(network.session.totals.timeouts == 4)
    }

    @Test func whoAnswersTheSecondTryIsAlive() {
        var network = Network(alive(), sweepTargets(1))
        network.answers = { $0.index == 1 ? [.init(after: .milliseconds(30))] : [] }
        network.run()
        #expect(network.story == ["500.0 timeout 0 0", "530.0 reply 0 0 30.0"])
        #expect(network.session.totals.alive == 1 && network.session[0].counts.sent == 2)
    }

    /// The time-out has grown meanwhile.
    @Test(arguments: [56, 0])
    func anAnswerToTheFirstTryThatComesDuringTheSecondCounts(payloadLength: Int) {
        var network = Network(alive(), sweepTargets(1), payloadLength: payloadLength)
        network.answers = { $0.index == 0 ? [.init(after: .milliseconds(600))] : [] }
        network.run()
        #expect(network.story.first == "500.0 timeout 0 0")
        // Which of the tries it was, only a payload or the record of what is still waited for can tell.
        if payloadLength > 0 { #expect(network.story == ["500.0 timeout 0 0", "600.0 reply 0 0 600.0"]) }
    }

    @Test func whatComesLaterThanTheTimeoutIsDiscarded() {
        var network = Network(alive(retries: 0), sweepTargets(1))
        network.answers = { _ in [.init(after: .milliseconds(501))] }
        network.run(until: MonotonicTime(nanoseconds: 3_000_000_000))
        #expect(network.story == ["500.0 timeout 0 0", "500.0 unreachable 0"])
    }

    @Test func betweenAnyTwoProbesIsTheInterval() {
        var network = Network(alive(retries: 1, interval: .milliseconds(7)), sweepTargets(200))
        network.answers = { $0.number % 3 == 0 ? [] : [.init(after: .milliseconds(40))] }
        network.run()
        let times = network.sent.map(\.sent.nanoseconds)
        #expect(times.count == 267)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= 7_000_000 })
        #expect(network.session.totals.alive == 133)
    }

    @Test func theGoalEndsTheSession() {
        var configuration = alive()
        configuration.goal = 3
        var network = Network(configuration, sweepTargets(100))
        network.run()
        #expect(network.session.totals.alive == 3)
        #expect(network.sent.count < 10)
    }

    @Test func anInterruptionTellsOfAllWhoHaveNotAnswered() {
        var network = Network(alive(), sweepTargets(5))
        network.answers = { $0.number == 0 ? [.init(after: .milliseconds(1))] : [] }
        network.run(until: MonotonicTime(nanoseconds: 1_025_000_000))
        network.session.interrupt()
        network.run()
        #expect(network.story == ["1.0 reply 0 0 1.0"] + (1..<5).map { "25.0 unreachable \($0)" })
    }

    // MARK: - Counting

    @Test func probesAreSentByThePeriod() {
        var network = Network(count(4), sweepTargets(3))
        network.answers = { $0.index == 2 ? [] : [.init(after: .milliseconds(5))] }
        network.run()
        let start: Int64 = 1_000_000_000
        for number in 0..<3 {
            let times = network.sent.filter { $0.number == number }.map { $0.sent.nanoseconds - start }
            #expect(times == (0..<4).map { Int64($0) * 1_000_000_000 + Int64(number) * 10_000_000 })
            let counts = network.session[number].counts
            #expect(counts.sent == 4 && counts.received == 3 && counts.average == 5_000_000)
        }
        #expect(network.log.count == 12)
        #expect(network.story.contains("3000.0 timeout 0 2"))
    }

    @Test func everyRoundTripIsKept() {
        var configuration = count(3)
        configuration.keepsRoundTrips = true
        var network = Network(configuration, sweepTargets(2))
        network.answers = { $0.index == $0.number ? [] : [.init(after: .milliseconds(1 + $0.index))] }
        network.run()
        #expect(network.session.roundTrips(of: 0) == [nil, 2_000_000, 3_000_000])
        #expect(network.session.roundTrips(of: 1) == [1_000_000, nil, 3_000_000])
    }

    @Test func intervalsBeginAnew() {
        var configuration = count(3)
        configuration.keepsIntervals = true
        var network = Network(configuration, sweepTargets(1))
        network.run(until: MonotonicTime(nanoseconds: 2_500_000_000))
        #expect(network.session.takeInterval(of: 0, reset: false).received == 2)
        #expect(network.session.takeInterval(of: 0).received == 2)
        network.run()
        #expect(network.session.takeInterval(of: 0).received == 1)
        #expect(network.session[0].counts.received == 3)
    }

    /// More probes of one target are under way than its record has bits.
    @Test(arguments: [56, 0])
    func thePeriodMayBeMuchShorterThanTheTimeout(payloadLength: Int) {
        var network = Network(
            count(300, period: .milliseconds(10), timeout: .seconds(2)), sweepTargets(1), payloadLength: payloadLength)
        network.answers = { $0.index % 2 == 0 ? [.init(after: .milliseconds(1500))] : [] }
        network.run()
        let counts = network.session[0].counts
        #expect(counts.sent == 300 && counts.received == 150)
        #expect(counts.minimum == 1_500_000_000 && counts.maximum == 1_500_000_000)
        #expect(network.session.totals.timeouts == 150 && network.session.totals.duplicates == 0)
    }

    @Test func aLoopGoesOnUntilItIsInterrupted() {
        var configuration = SweepConfiguration(.loop)
        configuration.period = .milliseconds(100)
        var network = Network(configuration, sweepTargets(2))
        network.run(until: MonotonicTime(nanoseconds: 11_000_000_000))
        #expect(network.session[0].counts.received == 100)
        network.session.interrupt()
        let count = network.log.count
        network.run()
        #expect(network.log.count == count)
    }

    /// Sequence numbers have gone round, and every answer is still to its own probe.
    @Test(arguments: [56, 0])
    func aLoopIsLongerThanSequenceNumbers(payloadLength: Int) {
        var configuration = SweepConfiguration(.loop)
        configuration.period = .milliseconds(10)
        configuration.timeout = .milliseconds(500)
        var network = Network(configuration, sweepTargets(1), payloadLength: payloadLength)
        network.answers = { [.init(after: .milliseconds(2 + $0.index % 5))] }
        network.run(until: MonotonicTime(nanoseconds: 701_000_000_000))
        #expect(network.session[0].counts.received >= 69_999)
        var wrong = 0
        for case (_, .reply(let reply)) in network.log
        where reply.roundTrip != .milliseconds(2 + reply.index % 5) { wrong += 1 }
        #expect(wrong == 0)
    }

    // MARK: - Very many

    @Test(arguments: [56, 8, 0])
    func everyReplyIsForItsOwnTarget(payloadLength: Int) {
        let targets = sweepTargets(100_000)
        var network = Network(alive(retries: 0, interval: .zero), targets, payloadLength: payloadLength)
        // All are under way at once, and come back in another order.
        network.answers = { [.init(after: .milliseconds(100) + .microseconds($0.number * 7919 % 100_000))] }
        network.run()
        #expect(network.session.totals.alive == 100_000)
        var wrong = 0
        for case (_, .reply(let reply)) in network.log {
            let number = reply.number ?? 0
            let expected = Duration.milliseconds(100) + .microseconds(number * 7919 % 100_000)
            if reply.address != targets[number] || reply.roundTrip != expected { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    @Test func whatIsDoneWithIsForgotten() {
        var network = Network(alive(retries: 0, interval: .microseconds(10)), [], isComplete: false)
        network.answers = { $0.number % 2 == 0 ? [.init(after: .milliseconds(1))] : [] }
        var most = 0
        var added = 0
        while added < 1_000_000 {
            while network.session.wantsTargets, added < 1_000_000 {
                _ = network.session.add(.v4(IPv4Address(rawValue: UInt32(added))), at: network.now)
                added += 1
            }
            network.run(until: network.now + .milliseconds(20))
            most = max(most, network.session.numbers.count)
        }
        network.session.endTargets()
        network.run()
        #expect(network.session.totals.targets == 1_000_000 && network.session.totals.alive == 500_000)
        #expect(most < 160_000)
    }

    // MARK: - Numbers that make no sense

    @Test func whatIsNotYetToldIsNotForgotten() {
        let (start, end) = (MonotonicTime(nanoseconds: 0), MonotonicTime(nanoseconds: 2_000_000_000))
        var session = SweepSession(alive(retries: 0, interval: .zero), key: SipHash(key: (1, 2)), at: start)
        let targets = sweepTargets(5)
        for target in targets { _ = session.add(target, at: start) }
        while case .send = session.next(at: start) {}
        var told: [IPAddress] = []
        steps: while true {
            switch session.next(at: end) {
            case .report(.unreachable(let number)): told.append(session[number].address)
            // Whoever comes new has the session forget.
            case .report: _ = session.add(.v6(.loopback), at: end)
            case .send: continue
            case .wait, .finished: break steps
            }
        }
        #expect(told == targets)
    }

    @Test func noConfigurationTrapsTheSession() {
        let durations: [Duration] = [.zero, .nanoseconds(1), .seconds(Int64.max), .seconds(-5)]
        let modes: [SweepConfiguration.Mode] = [
            .alive(retries: .max), .alive(retries: -1), .count(.max), .count(0), .loop,
        ]
        for mode in modes {
            for duration in durations {
                var configuration = SweepConfiguration(mode)
                (configuration.timeout, configuration.period, configuration.interval) = (duration, duration, duration)
                configuration.backoff = 1e300
                configuration.keepsRoundTrips = true
                configuration.goal = .max
                var network = Network(configuration, sweepTargets(2))
                for _ in 0..<500 {
                    guard case .send(let probe) = network.session.next(at: network.now) else { continue }
                    network.receive(Network.reply(to: probe, network.format), from: probe.destination)
                }
                network.session.interrupt()
                network.run()
                #expect(network.session.totals.sent <= 500)
            }
        }
    }
}
