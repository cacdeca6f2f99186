import Addresses
public import Probing
import Sockets
import SystemPackage

/// Runs a sweep over real sockets, on the calling thread: what there is to send goes in batches, and after each of them
/// what has arrived is taken in.
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
    /// Probes that wait to leave together.
    private var pending = 0
    /// Nanoseconds that one of them takes to leave, as the last have.
    private var sendingTime: Int64 = 0
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
    public init(
        _ session: consuming Observer.Session, format: SweepProbeFormat, over sockets: consuming SweepSockets,
        signals: consuming SignalDescriptor, observer: Observer
    ) {
        (now, wallClockOffset) = Clock.both()
        lastWait = now
        lastDropReport = now
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
        try observer.awoke(at: now, &session)
        while true {
            if isOutputLeft {
                try wait(until: nil)
                // Who interrupts twice does not want the rest.
                if isOutputLeft, interruptions < 2 { continue }
            } else if now.nanoseconds - lastWait.nanoseconds > Self.waitInterval {
                try wait(until: now)
                continue
            }
            if pending == 0 { now = Clock.now }
            switch session.next(at: now + .nanoseconds(Int64(pending) * sendingTime)) {
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
        readClocks()
        lastWait = now
        var end = end
        if observer.wakeUp.map({ $0 <= now }) ?? false {
            try observer.awoke(at: now, &session)
            end = now
        }
        isOutputLeft = try observer.willWait(&session)
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

    // MARK: - Sending

    private mutating func add(_ probe: SweepProbe) throws(Observer.Failure) {
        guard let socket = sockets.socket(for: probe.destination.family) else {
            return try notSent(probe, .addressFamilyNotSupported)
        }
        do throws(SocketError) {
            try socket.append(probe)
        } catch {
            return try notSent(probe, error.errno)
        }
        pending += 1
        if socket.batch.isFull {
            _ = try flush()
            try receive()
        }
    }

    /// Sends what is pending; returns whether there was something.
    private mutating func flush() throws(Observer.Failure) -> Bool {
        guard pending > 0 else { return false }
        let start = Clock.now
        for socket in sockets.all where socket.batch.count > 0 { try send(socket) }
        now = Clock.now
        sendingTime = min((now.nanoseconds - start.nanoseconds) / Int64(pending), 100_000)
        pending = 0
        return true
    }

    private mutating func send(_ socket: SweepSocket) throws(Observer.Failure) {
        let start = Clock.now
        defer { socket.removeAll() }
        var sent = 0
        var attempts = 0
        while sent < socket.batch.count {
            let failure: Errno?
            do throws(SocketError) {
                sent += try socket.sender.send(socket.batch, from: sent, flags: .dontWait)
                attempts = 0
                continue
            } catch {
                failure = error.errno
            }
            attempts += 1
            switch failure {
            case .wouldBlock?, .noBufferSpace?, .noMemory?:
                // What takes longer than a second is more than a full queue.
                if attempts < 1000 {
                    try makeRoom(socket)
                    continue
                }
            default:
                // A send call also delivers errors about earlier probes; once they have been read, this one can go.
                if socket.kind == .datagram, attempts < 8, try receiveErrors(from: socket) > 0 { continue }
            }
            try notSent(socket.probes[sent], failure)
            sent += 1
            attempts = 0
        }
        // One after the other, each in about the same time.
        let each = (Clock.now.nanoseconds - start.nanoseconds) / Int64(sent)
        for (index, probe) in socket.probes.enumerated() {
            session.departed(probe, at: start + .nanoseconds(Int64(index) * each))
        }
    }

    private mutating func notSent(_ probe: SweepProbe, _ errno: Errno?) throws(Observer.Failure) {
        let event = session.notSent(probe, errno: (errno ?? .invalidArgument).rawValue, at: now)
        if let event { try observer.observed(event, &session) }
    }

    /// Waits a little for the device to take what it has; meanwhile replies are taken in.
    private mutating func makeRoom(_ socket: SweepSocket) throws(Observer.Failure) {
        try receive()
        var polls = PollSet()
        _ = polls.add(socket.sender.fileDescriptor, for: .readable)
        _ = try? polls.wait(timeout: .milliseconds(1))
    }

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
