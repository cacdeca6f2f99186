import Addresses
public import Probing
import Sockets
import SystemPackage

/// Runs a sweep over real sockets: what there is to send goes in batches, and after each of them what has arrived is
/// taken in. All of it is done by the calling thread, but for the sending where that is asked for.
public struct SweepRunner<Observer: SweepObserver>: ~Copyable {
    /// The session, with what it has found out.
    public internal(set) var session: Observer.Session
    /// Who is told.
    public var observer: Observer

    let sockets: SweepSockets
    private let signals: SignalDescriptor
    var answers: ReceiveBatch
    var errors = ReceiveBatch(capacity: 32, messageSize: 1600, controlSize: 512)
    /// The time when the runner last looked at the clock.
    var now: MonotonicTime
    /// By how much the wall clock was ahead of the monotonic one at the last wait, in nanoseconds.
    private var wallClockOffset: Int64
    private var lastWait: MonotonicTime
    /// Sends, where a thread of its own does that.
    var sender: SweepSender?
    private let sendsApart: Bool
    /// Probes that wait to leave together.
    var pending = 0
    /// Nanoseconds that one of them takes to leave, as the last have.
    var sendingTime: Int64 = 0
    /// When the last probe was expected to leave that the session has made.
    var lastExpected = MonotonicTime(nanoseconds: 0)
    /// Answers to probes of which it is not yet known when they left, in the order in which they came.
    var early: [EarlyAnswer] = []
    /// Its reader has no room for what the observer shows.
    private var isOutputLeft = false
    private var interruptions = 0
    /// Somebody has ended it before its time.
    public var wasInterrupted: Bool { interruptions > 0 }
    private var reportedDrops: UInt64 = 0
    private var lastDropReport: MonotonicTime

    /// However busy it is, the program looks at everything else so often, in nanoseconds.
    private static var waitInterval: Int64 { 2_000_000 }
    /// Nanoseconds between reports of lost replies.
    private static var dropReportInterval: Int64 { 1_000_000_000 }

    /// - Parameters:
    ///   - session: with or without targets yet.
    ///   - format: that of the session's probes.
    ///   - sendsApart: probes are sent by a thread of its own where there are a raw socket and two processors, so that
    ///     nothing keeps it from that: for sessions that send as fast as it goes. The thread begins and ends within
    ///     ``run()``.
    public init(
        _ session: consuming Observer.Session, format: SweepProbeFormat, over sockets: consuming SweepSockets,
        signals: consuming SignalDescriptor, observer: Observer, sendsApart: Bool = false
    ) {
        (now, wallClockOffset) = Clock.both()
        lastWait = now
        lastDropReport = now
        self.sendsApart = sendsApart
        self.session = session
        self.observer = observer
        // Errors may quote more than a probe.
        answers = ReceiveBatch(capacity: 64, messageSize: max(format.maximumPacketLength + 64, 2048))
        self.sockets = sockets
        self.signals = signals
    }

    /// Runs the session to its end.
    public mutating func run() throws(Observer.Failure) {
        readClocks()
        // Pending errors of datagram sockets are for who receives.
        if sendsApart, sockets.kind == .raw, SweepSender.isOfUse { sender = SweepSender() }
        defer { sender = nil }
        try observer.awoke(at: now, &session)
        while true {
            if isOutputLeft {
                try wait(until: nil)
                // Who interrupts twice does not want the rest.
                if isOutputLeft, interruptions < 2 { continue }
            }
            let departure = nextDeparture()
            // Before a session is told a time, it is told what came until then: this process may have had to wait for a
            // processor, and what came meanwhile came in time.
            if !isOutputLeft, now.nanoseconds - lastWait.nanoseconds > Self.waitInterval {
                try wait(until: now)
                if isOutputLeft { continue }
            }
            switch session.next(at: departure) {
            case .send(let probe): try add(probe)
            case .report(let event): try observer.observed(event, &session)
            case .wait(let end): if try !flush() { try wait(until: end) }
            case .finished:
                if try !flush() { return try reportDrops() }
            }
        }
    }

    // MARK: - Waiting

    private mutating func wait(until end: MonotonicTime?) throws(Observer.Failure) {
        try settle()
        readClocks()
        var end = end
        if observer.wakeUp.map({ $0 <= now }) ?? false {
            try observer.awoke(at: now, &session)
            end = now
        }
        let wasOutputLeft = isOutputLeft
        isOutputLeft = try observer.willWait(&session)
        // There may be something to do that had to wait for the output.
        if wasOutputLeft, !isOutputLeft { end = now }
        if now.nanoseconds - lastDropReport.nanoseconds > Self.dropReportInterval { try reportDrops() }

        var polls = PollSet()
        _ = polls.add(signals.fileDescriptor, for: .readable)
        let firstSocket = 1
        for socket in sockets.all {
            for receiver in socket.receivers { _ = polls.add(receiver.socket.fileDescriptor, for: .readable) }
        }
        let background = observer.background.map { polls.add($0, for: .readable) }
        let output = isOutputLeft ? polls.add(observer.outputDescriptor, for: .writable) : nil
        // With no room for what it says, nothing is done but to receive.
        let wakeUp = [isOutputLeft ? nil : end, observer.wakeUp].compactMap { $0 }.min()
        // The only failure that ppoll has for these descriptors is a want of kernel memory, which passes.
        let ready = (try? polls.wait(timeout: wakeUp.map { max($0 - now, .zero) })) ?? 0
        readClocks()
        lastWait = now

        let isCalled = background.contains { polls.ready(at: $0) != [] }
        if isCalled || observer.wakeUp.map({ $0 <= now }) ?? false { try observer.awoke(at: now, &session) }
        guard ready > 0 else { return }
        while let signal = signals.next() {
            switch signal {
            case .interrupt, .terminate:
                interruptions += 1
                session.interrupt()
            case .quit: try observer.wasAsked(at: now, &session)
            case .windowChanged: continue
            }
        }
        if let output, polls.ready(at: output) != [] { isOutputLeft = try observer.willWait(&session) }
        var index = firstSocket
        for socket in sockets.all {
            for receiver in socket.receivers {
                let events = polls.ready(at: index)
                if events.contains(.error) { _ = try receiveErrors(from: socket) }
                if events.contains(.readable) { try receive(from: socket, receiver) }
                index += 1
            }
        }
    }

    private mutating func readClocks() {
        (now, wallClockOffset) = Clock.both()
        for socket in sockets.all { socket.setWallClockOffset(wallClockOffset) }
    }

    var wallClock: Int64 { now.nanoseconds + wallClockOffset }

    // MARK: - What is lost

    /// Tells how many replies the kernel has dropped because its buffers were full, if there are more than before.
    private mutating func reportDrops() throws(Observer.Failure) {
        lastDropReport = now
        var total: UInt64 = 0
        for socket in sockets.all {
            for receiver in socket.receivers {
                if let use = try? receiver.socket.option(.memoryUse) { receiver.drops = use.drops }
                total += UInt64(receiver.drops)
            }
        }
        guard total > reportedDrops else { return }
        reportedDrops = total
        try observer.observed(.repliesDropped(total: total), &session)
    }
}
