import Addresses
import Probing
import Testing

/// A session that runs over a simulated network in virtual time, and what came of it. Times are since the session's
/// start.
struct Simulation {
    struct Happening {
        var time: Duration
        var event: PingEvent
        /// The request that it is really about, where the network knows.
        var sequence: UInt64?
    }

    private(set) var session: PingSession
    private(set) var happenings: [Happening] = []
    /// When each request went out.
    private(set) var sent: [Duration] = []
    /// When it was tried in vain.
    private(set) var notSent: [Duration] = []
    /// When the session ended.
    private(set) var end: Duration?

    private var network: EchoNetwork
    private var now: MonotonicTime
    private let lateness: Duration
    private let failure: (Duration) -> SendFailure?

    /// Runs a session to its end, or until nothing more would ever happen, or until the limit.
    /// - Parameters:
    ///   - lateness: by how much every wake-up by the clock comes late.
    ///   - failure: why nothing can be sent at this time.
    init(
        _ configuration: PingConfiguration, over network: EchoNetwork, lateness: Duration = .zero,
        until limit: Duration = .seconds(86_400), failure: @escaping (Duration) -> SendFailure? = { _ in nil }
    ) {
        session = PingSession(configuration, at: origin)
        self.network = network
        self.lateness = lateness
        self.failure = failure
        now = origin
        run(until: limit)
    }

    private var time: Duration { now - origin }

    private mutating func run(until limit: Duration) {
        var idleSteps = 0
        while time <= limit {
            idleSteps += 1
            guard idleSteps < 10_000 else {
                Issue.record("time stands still at \(time)")
                return
            }
            switch session.next(at: now) {
            case .send: send()
            case .report(let event): note(event)
            case .finished:
                end = time
                return
            case .wait(let until):
                let wakeUp = [until.map { $0 + lateness }, network.nextArrival].compactMap { $0 }.min()
                guard let wakeUp else { return }
                if wakeUp > now { idleSteps = 0 }
                now = max(now, wakeUp)
                while let delivery = network.deliver(at: now) { receive(delivery) }
            }
        }
    }

    private mutating func send() {
        if let failure = failure(time) {
            notSent.append(time)
            if let event = session.notSent(failure, at: now) { note(event) }
        } else {
            sent.append(time)
            let request = session.request(timeOfDay: wallClock(at: now))
            network.carry(
                request, sequence: session.nextSequence, at: now, session.configuration.destination.family)
            session.sent(at: now, wallClock: wallClock(at: now))
        }
    }

    private mutating func receive(_ delivery: EchoNetwork.Delivery) {
        let target = session.configuration.destination
        switch delivery.content {
        case .reply: note(session.received(delivery.bytes, from: target, at: now), delivery.sequence)
        case .error(let error, let source):
            note(
                session.receivedError(error, from: source, about: target, quoting: delivery.bytes), delivery.sequence)
        }
    }

    private mutating func note(_ event: PingEvent, _ sequence: UInt64? = nil) {
        happenings.append(Happening(time: time, event: event, sequence: sequence))
    }
}

extension Simulation {
    var replies: [PingReply] { happenings.compactMap(\.event.reply) }

    /// The requests of which something was said, and when.
    func times(of request: (PingEvent) -> UInt64?) -> [UInt64: Duration] {
        let pairs = happenings.compactMap { happening in request(happening.event).map { ($0, happening.time) } }
        return Dictionary(pairs) { first, _ in first }
    }
}
