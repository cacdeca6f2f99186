import Addresses
import Glibc
import Probing
import Sockets
import SystemPackage
import Testing

@testable import ProbingIO

private let mayOpenRawSockets = (try? Socket(.ipv4, .raw, .icmp).fileDescriptor) != nil

/// Sweeps of this host's own loopback addresses over real sockets.
@Suite(.enabled(if: mayOpenRawSockets))
struct SweepRunnerTests {
    /// Gives a session its targets, and keeps what happens.
    struct Recorder: SweepObserver {
        var targets: [IPAddress]
        var events: [SweepEvent] = []
        var replies: [SweepReply] = []
        /// How long it takes to write an event that is no reply, in microseconds.
        var slowness: UInt32 = 0

        var outputDescriptor: FileDescriptor { .standardOutput }
        var background: [FileDescriptor] { [] }
        var wakeUp: MonotonicTime? { targets.isEmpty ? nil : MonotonicTime(nanoseconds: 0) }

        mutating func observed(_ event: SweepEvent, _ session: inout SweepSession) {
            if case .reply(let reply) = event { return replies.append(reply) }
            events.append(event)
            usleep(slowness)
        }
        mutating func willWait(_ session: inout SweepSession) -> Bool { false }
        mutating func awoke(at now: MonotonicTime, _ session: inout SweepSession) {
            while session.wantsTargets, let target = targets.popLast() { _ = session.add(target, at: now) }
            if targets.isEmpty { session.endTargets() }
        }
        mutating func wasAsked(at now: MonotonicTime, _ session: inout SweepSession) {}
    }

    func sweep(
        _ targets: [IPAddress], _ method: SweepMethod, payloadLength: Int = 56, timeout: Duration = .milliseconds(500),
        sendsApart: Bool = false, slowness: UInt32 = 0
    ) throws -> (Recorder, SweepTotals) {
        let key = SipHash.random()
        var format = SweepProbeFormat(method, key: key)
        format.payloadLength = payloadLength
        let families = Array(Set(targets.map(\.family)))
        let sockets = try SweepSockets(families: families, format: format)
        var configuration = SweepConfiguration(.alive(retries: 0))
        configuration.interval = .zero
        configuration.timeout = timeout
        let session = SweepSession(configuration, key: key, at: Clock.now)
        var runner = SweepRunner(
            session, format: format, over: sockets, signals: try SignalDescriptor(),
            observer: Recorder(targets: targets, slowness: slowness), sendsApart: sendsApart)
        runner.run()
        return (runner.observer, runner.session.totals)
    }

    static func loopback(_ count: UInt32) -> [IPAddress] {
        (1...count).map { .v4(IPv4Address(rawValue: 0x7F00_0000 + $0)) }
    }

    @Test(arguments: [56, 24, 8, 0, 1400], [false, true])
    func everyAddressAnswersItsEcho(payloadLength: Int, sendsApart: Bool) throws {
        let targets = Self.loopback(5000) + [.v6(.loopback)]
        let (recorder, totals) = try sweep(targets, .echo, payloadLength: payloadLength, sendsApart: sendsApart)
        #expect(totals.alive == targets.count)
        #expect(Set(recorder.replies.map(\.address)) == Set(targets))
        #expect(recorder.replies.allSatisfy { $0.source == $0.address && $0.isFirst })
        #expect(recorder.replies.allSatisfy { ($0.roundTrip ?? .zero) < .milliseconds(500) && $0.roundTrip != nil })
    }

    @Test(arguments: [false, true])
    func theOnlyOneOfItsFamilyIsNotKeptWaiting(sendsApart: Bool) throws {
        // The last is asked first.
        let targets = Self.loopback(60_000) + [.v6(.loopback)]
        let (recorder, _) = try sweep(targets, .echo, timeout: .milliseconds(150), sendsApart: sendsApart)
        #expect(recorder.replies.contains { $0.address == .v6(.loopback) })
    }

    @Test(arguments: [false, true])
    func whatCannotBeSentIsToldAndTheRestIsSent(sendsApart: Bool) throws {
        // The kernel refuses broadcasts that were not asked for.
        let broadcast: IPAddress = .v4(IPv4Address(rawValue: 0x7FFF_FFFF))
        let others = Self.loopback(300)
        let targets = Array(others[..<100] + [broadcast] + others[100...] + [broadcast])
        let (recorder, totals) = try sweep(targets, .echo, sendsApart: sendsApart)
        #expect(totals.alive == others.count)
        let refusals = recorder.events.filter {
            if case .notSent(_, broadcast, 0, EACCES) = $0 { true } else { false }
        }
        #expect(refusals.count == 2)
    }

    @Test(arguments: [false, true])
    func whatCameInTimeCountsHoweverLateItIsReceived(sendsApart: Bool) throws {
        // Which is known as soon as they are sent, and takes its time to be told.
        let refused: IPAddress = .v4(IPv4Address(rawValue: 0x7FFF_FFFF))
        let (recorder, totals) = try sweep(
            [refused] + Self.loopback(20), .echo, timeout: .milliseconds(100), sendsApart: sendsApart,
            slowness: 300_000)
        #expect(totals.alive == 20)
        #expect(recorder.events.contains { if case .notSent = $0 { true } else { false } })
    }

    @Test func everyAddressAnswersATimestampRequest() throws {
        let (recorder, totals) = try sweep(Self.loopback(100), .timestamp)
        #expect(totals.alive == 100)
        let times = try #require(recorder.replies.first?.timestamps)
        #expect(times.receive &- times.originate < 1000)
    }

    @Test(arguments: [false, true])
    func portsAreOpenOrClosed(sendsApart: Bool) throws {
        let listener = try Socket(.ipv4, .stream)
        try listener.bind(to: .ipv4(.any, port: 0))
        try listener.listen()
        let port = try #require(try listener.localAddress().port)
        let open = try sweep(Self.loopback(50), .tcp(port: port), sendsApart: sendsApart).0
        #expect(open.replies.count == 50 && open.replies.allSatisfy { !$0.isClosed && $0.roundTrip != nil })
        listener.close()
        let (closed, totals) = try sweep(Self.loopback(50) + [.v6(.loopback)], .tcp(port: port), sendsApart: sendsApart)
        #expect(closed.replies.count == 51 && closed.replies.allSatisfy { $0.isClosed })
        #expect(totals.closed == 51 && totals.alive == 0)
        let (datagrams, _) = try sweep(Self.loopback(50) + [.v6(.loopback)], .udp(port: port), sendsApart: sendsApart)
        #expect(datagrams.replies.count == 51 && datagrams.replies.allSatisfy { $0.isClosed })
    }
}
