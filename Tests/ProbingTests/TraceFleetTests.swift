import Addresses
import Probing
import TestSupport
import Testing

/// A fleet of traces over a simulated network, in virtual time.
private struct FleetSimulation {
    private(set) var fleet: TraceFleet<TraceSession>
    private(set) var sent: [(target: Int, at: Duration)] = []
    private(set) var reports: [(target: Int, at: Duration)] = []
    private(set) var end: Duration?
    private var now = origin
    private var deliveries = Deliveries()

    /// Runs a fleet to its end. Whoever runs it wakes up so much too late whenever it waits.
    init(_ fleet: TraceFleet<TraceSession>, lateness: Duration = .zero, over path: SimulatedPath) {
        self.fleet = fleet
        var steps = 0
        while end == nil, steps < 2_000_000 {
            steps += 1
            step(lateness, path)
        }
    }

    private mutating func step(_ lateness: Duration, _ path: SimulatedPath) {
        switch fleet.next(at: now) {
        case .send(let target, let probe):
            sent.append((target, now - origin))
            fleet.sent(target: target, probe, at: now, wallClock: nil)
            for delivery in path(TracedProbe(probe, index: 0, round: 1), now - origin) {
                deliveries.insert(delivery.answer, for: target, at: now + delivery.after)
            }
        case .wait(let until):
            if let next = deliveries.first, until.map({ next <= $0 }) ?? true {
                now = max(now, next)
                guard let (target, answer) = deliveries.removeFirst() else { return }
                _ = fleet.received(target: target, answer, at: Arrival(now: now))
            } else if let until {
                now = until + lateness
            }
        case .report(let target, _): reports.append((target, now - origin))
        case .finished: end = now - origin
        }
    }
}

/// Answers on their way, in buckets of moments.
private struct Deliveries {
    private var moments: [MonotonicTime: [(Int, TraceAnswer)]] = [:]
    private var sorted: [MonotonicTime] = []

    var first: MonotonicTime? { sorted.last }

    mutating func insert(_ answer: TraceAnswer, for target: Int, at moment: MonotonicTime) {
        if moments[moment] == nil {
            var (low, high) = (0, sorted.count)
            while low < high {
                let middle = (low + high) / 2
                if sorted[middle] > moment { low = middle + 1 } else { high = middle }
            }
            sorted.insert(moment, at: low)
        }
        moments[moment, default: []].append((target, answer))
    }

    mutating func removeFirst() -> (Int, TraceAnswer)? {
        guard let moment = sorted.last else { return nil }
        let next = moments[moment]?.removeLast()
        if moments[moment]?.isEmpty ?? true {
            moments[moment] = nil
            sorted.removeLast()
        }
        return next
    }
}

struct TraceFleetTests {
    private func address(_ number: Int) -> IPAddress { .v4(IPv4Address(rawValue: 0xC612_0000 + UInt32(number))) }

    private func fleet(
        _ count: Int, rate: Double? = nil, staggeredBy stagger: Duration = .zero,
        _ change: (inout TraceConfiguration) -> Void = { _ in }
    ) -> TraceFleet<TraceSession> {
        var fleet = TraceFleet<TraceSession>(rate: rate, at: origin)
        for number in 0..<count {
            let format = TraceProbeFormat(.icmp, from: IPFamily.v4.router, to: address(number), key: UInt16(number))
            let start = origin + stagger * number
            fleet.add(TraceSession(.tracing(change), at: start), format, at: start)
        }
        return fleet
    }

    @Test(
        "probes of all targets leave on the grid of the rate, and no slot is left out",
        arguments: [Duration.zero, .ms(3)])
    func rate(_ lateness: Duration) {
        let simulation = FleetSimulation(fleet(100, rate: 10_000), lateness: lateness, over: chain(13))
        #expect(simulation.sent.count >= 3900)
        for (slot, send) in simulation.sent.prefix(1000).enumerated() {
            let late = send.at - .nanoseconds(slot * 100_000)
            #expect(late >= .zero && late <= lateness + .ms(0.1))
        }
    }

    @Test("very many targets take as long as the rate allows, within a tenth")
    func duration() {
        let simulation = FleetSimulation(fleet(1000, rate: 10_000), over: chain(13, perHop: .ms(1)))
        let allowed = Double(simulation.sent.count) / 10_000
        #expect(simulation.end.map { $0 <= .seconds(allowed * 1.1) } == true)
        #expect((0..<1000).allSatisfy { simulation.fleet[$0].destinationHop == 13 })
    }

    @Test("whoever comes very late does not make up for all that was missed")
    func stall() {
        var fleet = fleet(1, rate: 1000) { $0.simultaneousProbes = 1000 }
        var now = origin
        var counts: [Int] = []
        for _ in 0..<2 {
            var count = 0
            while case .send(let target, let probe) = fleet.next(at: now) {
                fleet.sent(target: target, probe, at: now, wallClock: nil)
                count += 1
            }
            counts.append(count)
            now = now + .seconds(1)
        }
        #expect(counts == [1, 21])
    }

    @Test(
        "without a rate, or with one that makes no sense, nothing is held up",
        arguments: [nil, 0, -1, .nan] as [Double?])
    func noRate(_ rate: Double?) {
        let simulation = FleetSimulation(fleet(10, rate: rate), over: chain(3))
        #expect(simulation.end == .ms(24))
    }

    @Test("a rate of next to nothing is survived", arguments: [Double.leastNonzeroMagnitude, 1e-9])
    func tinyRate(_ rate: Double) {
        let simulation = FleetSimulation(fleet(1, rate: rate) { $0.maximumHops = 1 }, over: chain(1))
        #expect(simulation.sent.first?.at == .zero)
    }

    @Test("targets take turns")
    func turns() {
        let simulation = FleetSimulation(fleet(5, rate: 1000), over: chain(30))
        #expect(simulation.sent.prefix(10).map(\.target) == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4])
    }

    @Test("targets begin when they are to")
    func staggered() {
        let simulation = FleetSimulation(fleet(4, staggeredBy: .ms(100)) { $0.probesPerHop = 1 }, over: chain(2))
        for target in 0..<4 {
            #expect(simulation.sent.first { $0.target == target }?.at == .ms(100) * target)
        }
        #expect(simulation.end == .ms(316))
    }

    @Test("what happens by the passing of time is reported, to each target at its time")
    func reports() {
        let simulation = FleetSimulation(
            fleet(3, staggeredBy: .ms(100)) { ($0.maximumHops, $0.probesPerHop) = (1, 1) }, over: silence)
        #expect(simulation.reports.map(\.target) == [0, 0, 1, 1, 2, 2])
        #expect(simulation.reports.map(\.at) == [5000, 5000, 5100, 5100, 5200, 5200].map { .ms($0) })
    }

    @Test("targets are found by their destination, all that have the same one too")
    func sameDestination() {
        var fleet = fleet(3)
        let again = TraceProbeFormat(.icmp, from: IPFamily.v4.router, to: address(1), key: 99)
        #expect(fleet.add(TraceSession(.tracing(), at: origin), again, at: origin) == 3)
        #expect(fleet.target(to: address(0)) == 0)
        #expect(fleet.target(to: address(1)) == 3)
        #expect(fleet.target(before: 3) == 1)
        #expect(fleet.target(before: 1) == nil)
        #expect(fleet.target(to: address(7)) == nil)
        #expect(fleet.count == 4)
    }

    @Test("interrupted, a fleet is finished at once, even if its turn is far away")
    func interrupted() {
        var fleet = fleet(3, rate: 0.001)
        guard case .send(let target, let probe) = fleet.next(at: origin) else { return }
        fleet.sent(target: target, probe, at: origin, wallClock: nil)
        guard case .wait(let until?) = fleet.next(at: origin) else {
            Issue.record("not waiting")
            return
        }
        #expect(until - origin == .seconds(1000))
        fleet.interrupt()
        guard case .finished = fleet.next(at: origin) else {
            Issue.record("not finished")
            return
        }
    }

    @Test("a fleet of nobody is finished")
    func empty() {
        var fleet = fleet(0)
        guard case .finished = fleet.next(at: origin) else {
            Issue.record("not finished")
            return
        }
    }
}
