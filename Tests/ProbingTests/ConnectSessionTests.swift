import Probing
import Testing

/// Attempts in virtual time: `answer` says of each what comes of it, and after how long; `nil` for nothing ever.
private func run(
    _ configuration: ConnectConfiguration, lookUp: Duration = .zero,
    _ answer: (UInt64) -> (outcome: ConnectOutcome, after: Duration)?
) -> (session: ConnectSession, begins: [Duration], reports: [ConnectReport]) {
    var session = ConnectSession(configuration, at: origin)
    var now = origin
    var begins: [Duration] = []
    var reports: [ConnectReport] = []
    var arrival: (outcome: ConnectOutcome, at: MonotonicTime)?
    for _ in 0..<10_000 {
        switch session.next(at: now) {
        case .begin(let sequence):
            begins.append(now - origin)
            session.began(at: now)
            now = now + lookUp
            session.called(at: now, lookUp: lookUp == .zero ? nil : lookUp)
            arrival = answer(sequence).map { ($0.outcome, now + $0.after) }
        case .timedOut(let report):
            reports.append(report)
            arrival = nil
        case .wait(let until):
            guard let next = [until, arrival?.at].compactMap({ $0 }).min() else { return (session, begins, reports) }
            now = max(now, next)
            if let due = arrival, due.at <= now {
                arrival = nil
                let report =
                    due.outcome == .connected
                    ? session.answered(at: now, close: .ms(0.5)) : session.failed(due.outcome, at: now)
                if let report { reports.append(report) }
            }
        case .finished: return (session, begins, reports)
        }
    }
    Issue.record("it never ends")
    return (session, begins, reports)
}

extension ConnectConfiguration {
    fileprivate init(count: UInt64, interval: Duration = .seconds(1), timeout: Duration? = .seconds(5)) {
        self.init()
        (self.count, self.interval, self.timeout) = (count, interval, timeout)
    }
}

struct ConnectSessionTests {
    @Test("an attempt begins at every point of the grid of the interval")
    func grid() {
        let result = run(ConnectConfiguration(count: 4, interval: .ms(200))) { _ in (.connected, .ms(30)) }
        #expect(result.begins == [.zero, .ms(200), .ms(400), .ms(600)])
    }

    @Test("one that takes longer than the interval holds up the next, which then keeps to the grid")
    func slow() {
        let result = run(ConnectConfiguration(count: 4)) { $0 == 2 ? (.connected, .ms(1300)) : (.connected, .ms(10)) }
        #expect(result.begins == [.zero, .seconds(1), .ms(2300), .seconds(3)])
    }

    @Test("the time is that from the call to the answer, without the look-up")
    func times() {
        let result = run(ConnectConfiguration(count: 1), lookUp: .ms(70)) { _ in (.connected, .ms(30)) }
        #expect(result.reports.map(\.lookUp) == [.ms(70)])
        #expect(result.reports.map(\.roundTrip) == [.ms(30)])
        #expect(result.reports.map(\.close) == [.ms(0.5)])
    }

    @Test("the time-out counts from the call, and ends the attempt")
    func timeout() {
        let result = run(ConnectConfiguration(count: 2, timeout: .seconds(3)), lookUp: .ms(500)) { _ in nil }
        #expect(result.reports.map(\.outcome) == [.timedOut, .timedOut])
        #expect(result.reports.map(\.roundTrip) == [.seconds(3), .seconds(3)])
        #expect(result.begins == [.zero, .ms(3500)])
    }

    @Test("an answer just before the time-out is one")
    func justInTime() {
        let result = run(ConnectConfiguration(count: 1, timeout: .seconds(3))) { _ in (.connected, .ms(2999)) }
        #expect(result.reports.map(\.outcome) == [.connected])
    }

    @Test("a refusal is an answer: it has a time and is no loss, but no success")
    func refused() {
        let result = run(ConnectConfiguration(count: 3)) { _ in (.refused, .ms(20)) }
        #expect(result.session.statistics.refused == 3)
        #expect(result.session.statistics.loss == 0)
        #expect(result.session.statistics.roundTrips.average == .ms(20))
        #expect(!result.session.succeeded)
    }

    @Test("errors and time-outs are losses, and have no part in the times")
    func losses() {
        let answers: [(outcome: ConnectOutcome, after: Duration)?] = [
            (.connected, .ms(10)), (.failed(errno: 113), .ms(700)), nil, (.unresolved(code: -2), .zero),
        ]
        let result = run(ConnectConfiguration(count: 4)) { answers[Int($0) - 1] }
        #expect(result.session.statistics.connected == 1)
        #expect(result.session.statistics.errors == 2)
        #expect(result.session.statistics.loss == 0.75)
        #expect(result.session.statistics.roundTrips.count == 1)
        #expect(result.session.statistics.roundTrips.maximum == .ms(10))
    }

    @Test("it has succeeded when every attempt was answered", arguments: [false, true])
    func success(everyTime: Bool) {
        let result = run(ConnectConfiguration(count: 2)) { $0 == 1 || everyTime ? (.connected, .ms(1)) : nil }
        #expect(result.session.succeeded == everyTime)
    }

    @Test("an interruption ends it, and an attempt under way does not count")
    func interruption() {
        var session = ConnectSession(ConnectConfiguration(count: 5), at: origin)
        session.began(at: origin)
        session.called(at: origin, lookUp: nil)
        session.interrupt()
        #expect(session.next(at: origin) == .finished)
        #expect(session.statistics.attempts == 0 && !session.succeeded)
    }

    @Test("without a pause what can't be done is tried a hundred times a second, and no more")
    func errorsWithoutPause() {
        let result = run(ConnectConfiguration(count: 3, interval: .zero)) { _ in (.failed(errno: 101), .zero) }
        #expect(result.begins == [.zero, .ms(10), .ms(20)])
    }

    @Test("without a time-out it waits for ever")
    func forEver() {
        var session = ConnectSession(ConnectConfiguration(count: 1, timeout: nil), at: origin)
        session.began(at: origin)
        session.called(at: origin, lookUp: nil)
        #expect(session.next(at: origin + .seconds(100_000)) == .wait(until: nil))
    }

    @Test("what is told at a wrong time is not heard")
    func outOfTurn() {
        var session = ConnectSession(ConnectConfiguration(count: 1), at: origin)
        #expect(session.answered(at: origin, close: .zero) == nil)
        #expect(session.failed(.refused, at: origin) == nil)
        session.began(at: origin)
        #expect(session.answered(at: origin, close: .zero) == nil)
        #expect(session.statistics.attempts == 0)
    }
}
