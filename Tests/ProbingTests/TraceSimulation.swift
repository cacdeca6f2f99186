import Addresses
import Probing

/// An address for each hop of the simulated paths, 198.18.1.`hop`.
func router(_ hop: Int) -> IPAddress { .v4(IPv4Address(rawValue: 0xC612_0100 | UInt32(hop))) }

/// Where the simulated traces go.
let traceTarget = IPFamily.v4.target

extension TraceConfiguration {
    /// A trace to the destination, changed as the test needs it.
    static func tracing(_ change: (inout TraceConfiguration) -> Void = { _ in }) -> TraceConfiguration {
        var configuration = TraceConfiguration(to: traceTarget)
        change(&configuration)
        return configuration
    }
}

/// An answer on its way back.
struct Delivery {
    var answer: TraceAnswer
    /// From the moment at which the probe left.
    var after: Duration
}

/// What a network does with a probe.
typealias SimulatedPath = (_ probe: TracedProbe, _ sent: Duration) -> [Delivery]

/// What a network does with a probe of which nothing is heard again.
func silence(_: TracedProbe, _: Duration) -> [Delivery] { [] }

/// Routers up to the destination at hop `length`, each hop `perHop` further; those in `silent` never answer.
func chain(_ length: Int, perHop: Duration = .ms(8), silent: Set<Int> = []) -> SimulatedPath {
    { traced, _ in
        let hop = min(Int(traced.probe.hopLimit), length)
        if silent.contains(hop) { return [] }
        return [hop == length ? reply(to: traced, after: perHop * hop) : exceeded(traced, after: perHop * hop)]
    }
}

/// The router at the probe's hop, or another one, says that its hops were used up.
func exceeded(
    _ traced: TracedProbe, by source: IPAddress? = nil, after: Duration,
    _ change: (inout TraceAnswer) -> Void = { _ in }
) -> Delivery {
    let source = source ?? router(Int(traced.probe.hopLimit))
    var answer = TraceAnswer(token: traced.probe.token, from: source, .timeExceeded)
    change(&answer)
    return Delivery(answer: answer, after: after)
}

/// The destination answers the probe.
func reply(to traced: TracedProbe, after: Duration) -> Delivery {
    Delivery(answer: TraceAnswer(token: traced.probe.token, from: traceTarget, .reply(.echo)), after: after)
}

/// A trace over a simulated network, in virtual time.
struct TraceSimulation {
    private(set) var session: TraceSession
    /// Every probe with the moment at which it left.
    private(set) var sent: [(probe: TracedProbe, at: Duration)] = []
    private(set) var events: [(event: TraceEvent, at: Duration)] = []
    /// When the session had nothing left to do.
    private(set) var end: Duration?
    private var now = origin
    private var deliveries: [(at: MonotonicTime, answer: TraceAnswer)] = []

    /// Runs the trace to its end, or interrupts it at this moment.
    init(
        _ configuration: TraceConfiguration = .tracing(), interruptedAt limit: Duration? = nil, over path: SimulatedPath
    ) {
        session = TraceSession(configuration, at: origin)
        var steps = 0
        while end == nil {
            steps += 1
            // A session that never ends is a failure, not an endless test.
            guard steps < 1_000_000 else { return }
            if let limit, now - origin >= limit { session.interrupt() }
            step(limit.map { origin + $0 }, path)
        }
    }

    private mutating func step(_ limit: MonotonicTime?, _ path: SimulatedPath) {
        switch session.next(at: now) {
        case .send(let probe):
            let last = sent.last?.probe
            let isFirst = last?.probe.hopLimit != probe.hopLimit || last?.round != session.round
            let traced = TracedProbe(probe, index: isFirst ? 0 : (last?.index ?? 0) + 1, round: session.round)
            sent.append((traced, now - origin))
            session.sent(probe, at: now, wallClock: wallClock(at: now))
            for delivery in path(traced, now - origin) { deliveries.append((now + delivery.after, delivery.answer)) }
        case .wait(let until):
            let next = deliveries.indices.min { deliveries[$0].at < deliveries[$1].at }
            let moment = [until, next.map { deliveries[$0].at }, limit].compactMap { $0 }.min()
            now = max(now, moment ?? now)
            guard let next, deliveries[next].at <= now else { return }
            let answer = deliveries.remove(at: next).answer
            let arrival = Arrival(now: now, wallClock: wallClock(at: now))
            if let event = session.received(answer, at: arrival) { events.append((event, now - origin)) }
        case .report(let event): events.append((event, now - origin))
        case .finished: end = now - origin
        }
    }

    /// The hop limits of the probes of a round, in the order in which they left.
    func hopLimits(inRound round: UInt64) -> [UInt8] {
        sent.filter { $0.probe.round == round }.map(\.probe.probe.hopLimit)
    }

    /// The hop limits of the probes that were given up that were given up, in order.
    var timedOut: [UInt8] {
        events.compactMap { if case .timedOut(let traced) = $0.event { traced.probe.hopLimit } else { nil } }
    }

    /// The route changes that were reported.
    var routeChanges: [String] {
        events.compactMap {
            if case .routeChanged(let round, let hops) = $0.event { "\(round): \(hops)" } else { nil }
        }
    }
}
