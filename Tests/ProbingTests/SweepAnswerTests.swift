import Addresses
import Testing

@testable import Probing

/// What a session believes of what comes in.
struct SweepAnswerTests {
    typealias Network = SweepNetwork<SweepSession>
    static let methods: [SweepMethod] = [.echo, .timestamp, .tcp(port: 443), .udp(port: 53)]

    func quick(_ retries: Int = 0) -> SweepConfiguration {
        var configuration = SweepConfiguration(.alive(retries: retries))
        configuration.interval = .zero
        return configuration
    }

    @Test(arguments: methods)
    func everyMethodIsAnswered(method: SweepMethod) {
        var targets = sweepTargets(300)
        if method != .timestamp { targets += (1...300).map { .v6(IPv6Address(rawValue: 0xFD00 << 112 | UInt128($0))) } }
        var network = Network(quick(), targets, method: method)
        network.run()
        #expect(network.session.totals.alive == targets.count)
        for case (_, .reply(let reply)) in network.log {
            #expect(reply.address == targets[reply.number ?? 0] && reply.roundTrip == .milliseconds(10))
        }
    }

    @Test(arguments: methods, [0, 8, 12, 24, 56])
    func whoDoesNotKnowTheKeyIsNotBelieved(method: SweepMethod, payloadLength: Int) {
        var network = Network(quick(), sweepTargets(200), method: method, payloadLength: payloadLength)
        network.answers = { _ in [] }
        var stale = SweepProbeFormat(method, key: SipHash(key: (3, 4)))
        stale.payloadLength = payloadLength
        for number in 0..<200 {
            guard case .send(let probe) = network.session.next(at: network.now) else { continue }
            #expect(probe.number == number)
            network.receive(Network.reply(to: probe, stale), from: probe.destination)
        }
        #expect(network.session.totals.alive == 0 && network.log.isEmpty)
    }

    @Test(arguments: methods)
    func theProofOfOneAddressIsNoneOfAnother(method: SweepMethod) {
        let targets = sweepTargets(2)
        var network = Network(quick(), targets, method: method, payloadLength: 8)
        for _ in 0..<2 {
            guard case .send(let probe) = network.session.next(at: network.now) else { continue }
            let other = targets[1 - probe.number]
            network.receive(Network.reply(to: probe, network.format), from: other)
        }
        #expect(network.session.totals.received == 0)
    }

    @Test func aWrongNumberIsNotBelieved() {
        for change in [(16, UInt8(0xFF)), (19, 1), (20, 7), (23, 9), (8, 1), (15, 1), (5, 1), (7, 1)] {
            var network = Network(quick(), sweepTargets(2))
            network.answers = { $0.number == 0 ? [] : [] }
            guard case .send(let probe) = network.session.next(at: network.now) else { continue }
            var bytes = Network.reply(to: probe, network.format)
            bytes[change.0] ^= change.1
            Network.mendChecksum(&bytes, isIPv4: true, network.format)
            network.receive(bytes, from: probe.destination)
            #expect(network.session.totals.alive == 0, "byte \(change.0)")
        }
    }

    /// It would make a round trip of hours, or one before the session.
    @Test func aWrongTimeIsNotBelieved() {
        var network = Network(quick(), sweepTargets(1))
        guard case .send(let probe) = network.session.next(at: network.now) else { return }
        var bytes = Network.reply(to: probe, network.format)
        for index in 24..<32 { bytes[index] = 0xFF }
        Network.mendChecksum(&bytes, isIPv4: true, network.format)
        network.now = network.now + .milliseconds(20)
        network.receive(bytes, from: probe.destination)
        #expect(network.story == ["20.0 reply 0 0 20.0"])
    }

    @Test func damagedMessagesAreNoAnswers() {
        var network = Network(quick(), sweepTargets(1))
        guard case .send(let probe) = network.session.next(at: network.now) else { return }
        let bytes = Network.reply(to: probe, network.format)
        for length in 0..<8 { network.receive(Array(bytes.prefix(length)), from: probe.destination) }
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x40
            network.receive(damaged, from: probe.destination)
        }
        #expect(network.session.totals.received == 0)
    }

    @Test func duplicatesAreTold() {
        var network = Network(quick(), sweepTargets(1))
        network.answers = { _ in [.init(after: .milliseconds(5)), .init(after: .milliseconds(6))] }
        network.run(until: MonotonicTime(nanoseconds: 1_100_000_000))
        // An alive target ends the session; the duplicate comes while another is asked.
        var two = Network(quick(), sweepTargets(2))
        two.answers = { $0.number == 0 ? [.init(after: .milliseconds(5)), .init(after: .milliseconds(6))] : [] }
        two.run()
        #expect(two.story.prefix(2) == ["5.0 reply 0 0 5.0", "6.0 duplicate 0 0"])
        #expect(two.session.totals.alive == 1 && two.session.totals.duplicates == 1)
    }

    @Test(arguments: [false, true])
    func anotherAddressMayAnswerUnlessItIsChecked(checks: Bool) {
        var configuration = quick()
        configuration.checksSource = checks
        let other = IPAddress.v4(IPv4Address(rawValue: 0x0A00_0009))
        var network = Network(configuration, sweepTargets(1))
        network.answers = { _ in [.init(after: .milliseconds(5), from: other)] }
        network.run()
        #expect(network.session.totals.alive == (checks ? 0 : 1))
        for case (_, .reply(let reply)) in network.log { #expect(reply.source == other && reply.address != other) }
    }

    @Test(arguments: [56, 0])
    func oneAddressMayBeSeveralTargets(payloadLength: Int) {
        let target = sweepTargets(1)[0]
        var network = Network(quick(), [target, target, target], payloadLength: payloadLength)
        network.run()
        #expect(network.session.totals.alive == 3 && network.session.totals.duplicates == 0)
    }

    @Test(arguments: methods, [8, 64])
    func errorsAreKnownByWhatTheyQuote(method: SweepMethod, quoted: Int) {
        var network = Network(quick(), sweepTargets(50), method: method)
        let router = IPAddress.v4(IPv4Address(rawValue: 0x0A00_0001))
        var errors: [Int] = []
        for _ in 0..<50 {
            guard case .send(let probe) = network.session.next(at: network.now) else { continue }
            let bytes = Network.error(type: 3, code: 1, quoting: probe, network.format, bytes: quoted)
            guard let answer = network.format.answer(toICMP: bytes.span.bytes, from: router),
                case .error(let error) = network.session.received(answer, at: Arrival(now: network.now))
            else { continue }
            #expect(error.address == probe.destination && error.source == router && error.error.code == 1)
            errors.append(error.number ?? -1)
        }
        #expect(errors == Array(0..<50))
        #expect(network.session.totals.errors == 50 && network.session.totals.alive == 0)
    }

    @Test func aPortThatIsClosedEndsTheTarget() {
        var network = Network(quick(3), sweepTargets(2), method: .udp(port: 9))
        network.answers = { _ in [] }
        guard case .send(let probe) = network.session.next(at: network.now) else { return }
        let bytes = Network.error(type: 3, code: 3, quoting: probe, network.format, bytes: 8)
        let answer = network.format.answer(toICMP: bytes.span.bytes, from: probe.destination)
        let arrival = Arrival(now: network.now)
        guard let answer, case .reply(let reply) = network.session.received(answer, at: arrival) else {
            Issue.record("no reply")
            return
        }
        #expect(reply.isClosed && reply.isFirst)
        network.run()
        #expect(network.session.totals.closed == 1 && network.session.totals.alive == 0)
        #expect(network.sent.allSatisfy { $0.number == 1 })
    }

    @Test func whatCanNotBeSentIsToldOnce() {
        var network = Network(quick(), sweepTargets(1))
        guard case .send(let probe) = network.session.next(at: network.now) else { return }
        let event = network.session.notSent(probe, errno: 101, at: network.now)
        if case .notSent(0, probe.destination, 0, 101)? = event {} else { Issue.record("\(String(describing: event))") }
        #expect(network.session.notSent(probe, errno: 101, at: network.now) == nil)
        network.run()
        #expect(network.story == ["0.0 unreachable 0"])
    }

    @Test func aCountGoesOnAfterWhatCanNotBeSent() {
        var configuration = SweepConfiguration(.count(3))
        configuration.period = .milliseconds(100)
        var network = Network(configuration, sweepTargets(1))
        guard case .send(let probe) = network.session.next(at: network.now) else { return }
        #expect(network.session.notSent(probe, errno: 101, at: network.now) != nil)
        network.run()
        let counts = network.session[0].counts
        #expect(counts.sent == 3 && counts.received == 2)
    }

    /// When each of those left that leave together is an estimate; that a reply came by then is not.
    @Test func whatCameBeforeItsProbeWasExpectedToLeaveTookNoTime() {
        let sent = MonotonicTime(nanoseconds: 5_000_000_000)
        let arrival = Arrival(now: sent + .milliseconds(300), wallClock: 900_300_000_000, kernel: 899_999_990_000)
        #expect(Departure.estimated(sent).roundTrip(until: arrival) == (0, .kernelReceive))
        // Where it is known, the wall clock must have been set.
        #expect(Departure(sent: sent).roundTrip(until: arrival) == (300_000_000, .userSpace))
        let hourAgo = Arrival(now: arrival.now, wallClock: arrival.wallClock + 3_600_000_000_000, kernel: arrival.kernel)
        #expect(Departure.estimated(sent).roundTrip(until: hourAgo) == (300_000_000, .userSpace))
    }
}
