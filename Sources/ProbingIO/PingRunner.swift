import Addresses
import Packets
public import Probing
import Sockets
import SystemPackage

/// Runs a ping session over a real socket, on the calling thread.
public struct PingRunner<Observer: PingObserver>: ~Copyable {
    /// The session, with what it has counted.
    public private(set) var session: PingSession
    /// Who is told.
    public var observer: Observer

    private var transport: EchoTransport
    private let signals: SignalDescriptor
    private var polls = PollSet()
    private var replies: ReceiveBatch
    private var errors = ReceiveBatch(capacity: 8, messageSize: 576, controlSize: 512)
    private var numbers = TransmitNumbers()
    private var ignoredMessages = 0
    private var lastSignalCheck: MonotonicTime
    /// The time when the runner last looked at the clock.
    private var now: MonotonicTime
    /// By how much the wall clock was ahead of the monotonic one at the last wait, in nanoseconds.
    private var wallClockOffset: Int64
    private let timestamps: Timestamping

    private static var socketIndex: Int { 0 }
    /// However busy it is, the program hears of signals so often, in nanoseconds.
    private static var signalCheckInterval: Int64 { 20_000_000 }

    public init(
        _ configuration: PingConfiguration, over transport: consuming EchoTransport,
        signals: consuming SignalDescriptor,
        observer: Observer
    ) {
        (now, wallClockOffset) = Clock.both()
        session = PingSession(configuration, at: now)
        lastSignalCheck = now
        // Of a reply longer than its request, no more is kept than what shows that it is.
        replies = ReceiveBatch(
            capacity: configuration.pacing == .flood ? Int(clamping: min(configuration.preload, 64)) : 64,
            messageSize: session.requestLength + IPv4Header.maximumLength + 64)
        _ = polls.add(transport.socket.fileDescriptor, for: .readable)
        _ = polls.add(signals.fileDescriptor, for: .readable)
        timestamps = .for(configuration)
        self.transport = transport
        self.signals = signals
        self.observer = observer
        // A kernel that can't take timestamps leaves the timing to user space.
        try? self.transport.socket.setOption(.timestamping, to: timestamps)
    }

    /// Runs the session to its end.
    public mutating func run() throws(Observer.Failure) {
        while true {
            if now.nanoseconds - lastSignalCheck.nanoseconds > Self.signalCheckInterval { try wait(until: now) }
            switch session.next(at: now) {
            case .send:
                now = Clock.now
                try send()
                // With all sent that may be under way: from a fast peer the reply is there already.
                if session.inFlight >= session.configuration.preload { try receive() }
            case .report(let event): try observer.observed(event, session)
            case .finished: return
            case .wait(let until): try wait(until: until)
            }
        }
    }

    // MARK: - Waiting

    private mutating func wait(until end: MonotonicTime?) throws(Observer.Failure) {
        readClocks()
        lastSignalCheck = now
        if end.map({ $0 > now }) ?? true { try observer.willWait(session) }
        // The only failure that ppoll has for these descriptors is a want of kernel memory, which passes.
        let ready = (try? polls.wait(timeout: end.map { $0 - now })) ?? 0
        readClocks()
        guard ready > 0 else { return }
        while let signal = signals.next() {
            switch signal {
            case .interrupt, .terminate: session.interrupt()
            case .quit: try observer.statusRequested(session)
            case .windowChanged: try observer.windowChanged(session)
            }
        }
        let events = polls.ready(at: Self.socketIndex)
        if events.contains(.error) { _ = try receiveErrors() }
        if events.contains(.readable) { try receive() }
    }

    private mutating func readClocks() {
        (now, wallClockOffset) = Clock.both()
    }

    /// The wall clock at the time `now`, in nanoseconds since 1970.
    private var wallClock: Int64 { now.nanoseconds + wallClockOffset }

    // MARK: - Sending

    private mutating func send() throws(Observer.Failure) {
        let sequence = session.nextSequence
        guard var failure = transmit(sequence) else { return try observer.sent(sequence: sequence, session) }
        // A send call also delivers errors about earlier requests; once they have been read, this one can go.
        if try receiveErrors() {
            guard let second = transmit(sequence) else { return try observer.sent(sequence: sequence, session) }
            failure = second
        }
        restartNumbers()
        if let event = session.notSent(failure, at: now) { try observer.observed(event, session) }
    }

    /// Sends the next request; returns why it could not be sent.
    private mutating func transmit(_ sequence: UInt64) -> SendFailure? {
        do throws(SendFailure) {
            let packets = try transport.send(session, timeOfDay: wallClock)
            session.sent(at: now, wallClock: wallClock)
            if timestamps.contains(.transmitSoftware) { numbers.sent(sequence, packets: packets) }
            return nil
        } catch {
            return error
        }
    }

    /// Has the kernel count its transmit timestamps from 0 again: whether a failed call counted is not known.
    private mutating func restartNumbers() {
        try? transport.socket.setOption(.timestamping, to: [])
        try? transport.socket.setOption(.timestamping, to: timestamps)
        numbers.restart()
    }

    // MARK: - Receiving

    /// Takes in what waits on the socket.
    private mutating func receive() throws(Observer.Failure) {
        guard let count = try? transport.socket.receive(into: &replies, flags: .dontWait) else {
            // An error about a request is pending; its details are in the error queue.
            _ = try receiveErrors()
            return
        }
        guard count > 0 else { return }
        now = Clock.now
        // The transmit timestamps of what is answered here are in the error queue by now.
        if timestamps.contains(.transmitSoftware) { _ = try receiveErrors() }
        for index in 0..<count {
            try observe(session.received(replies, at: index, over: transport.kind, now: now, wallClock: wallClock))
        }
    }

    /// Takes in the error queue: transmit timestamps, and ICMP errors, of which it returns whether there was one.
    private mutating func receiveErrors() throws(Observer.Failure) -> Bool {
        var foundError = false
        var isEmpty = false
        while !isEmpty, let count = try? transport.socket.receive(into: &errors, flags: [.errorQueue, .dontWait]) {
            isEmpty = count < errors.capacity
            for index in 0..<count {
                switch ErrorQueueEntry(errors[index], kind: transport.kind) {
                case .transmitted(let number, let wallClock):
                    guard let sequence = numbers.sequence(of: number) else { continue }
                    session.kernelSent(sequence: sequence, at: wallClock)
                case .icmp(let error, let source, let destination, let quote, _):
                    foundError = true
                    let event = session.receivedError(
                        error, from: source, about: destination, quoting: quote, of: errors, at: index)
                    if case .pathError(let event) = event, let mtu = event.error.nextHopMTU {
                        transport.learn(mtu: mtu)
                    }
                    try observe(event)
                case .local(let mtu):
                    foundError = true
                    transport.learn(mtu: mtu)
                case nil:
                    continue
                }
            }
        }
        return foundError
    }

    /// Something came that is not ours. Where that happens often, the kernel is to keep it: a filter costs time for
    /// each packet and more to set up, which most runs can do without.
    private mutating func ignored() {
        ignoredMessages += 1
        guard ignoredMessages == 16 else { return }
        // Without the filter it goes on as before, only more slowly.
        try? transport.filterReplies()
    }

    private mutating func observe(_ event: PingEvent) throws(Observer.Failure) {
        if case .ignored = event { return ignored() }
        try observer.observed(event, session)
    }
}

extension Timestamping {
    /// Software timestamps in both directions, but none of sending in a flood: reading the error queue for each would
    /// double its system calls, and the time from the send call on is what ping(8) gives.
    fileprivate static func `for`(_ configuration: PingConfiguration) -> Timestamping {
        if configuration.userSpaceTiming { return [] }
        if configuration.pacing == .flood { return [.receiveSoftware, .software] }
        return [.transmitSoftware, .receiveSoftware, .software, .packetNumbers, .timestampOnly]
    }
}
