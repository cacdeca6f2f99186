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
    private var lastSignalCheck: MonotonicTime

    private static var socketIndex: Int { 0 }

    public init(
        _ configuration: PingConfiguration, over transport: consuming EchoTransport,
        signals: consuming SignalDescriptor,
        observer: Observer
    ) {
        let now = Clock.now
        session = PingSession(configuration, at: now)
        lastSignalCheck = now
        // Of a reply longer than its request, no more is kept than what shows that it is.
        replies = ReceiveBatch(capacity: 64, messageSize: session.requestLength + IPv4Header.maximumLength + 64)
        _ = polls.add(transport.socket.fileDescriptor, for: .readable)
        _ = polls.add(signals.fileDescriptor, for: .readable)
        self.transport = transport
        self.signals = signals
        self.observer = observer
    }

    /// Runs the session to its end.
    public mutating func run() throws(Observer.Failure) {
        while true {
            let now = Clock.now
            if now - lastSignalCheck > .milliseconds(20) { try wait(until: now) }
            switch session.next(at: now) {
            case .send: try send()
            case .report(let event): try observer.observed(event, session)
            case .finished: return
            case .wait(let until):
                // With a fast peer the reply is there already.
                if try receive() == 0 { try wait(until: until) }
            }
        }
    }

    // MARK: - Waiting

    private mutating func wait(until end: MonotonicTime?) throws(Observer.Failure) {
        let now = Clock.now
        lastSignalCheck = now
        if end.map({ $0 > now }) ?? true { try observer.willWait(session) }
        // The only failure that ppoll has for these descriptors is a want of kernel memory, which passes.
        let ready = (try? polls.wait(timeout: end.map { $0 - now })) ?? 0
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
        if events.contains(.readable) { _ = try receive() }
    }

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
        if let event = session.notSent(failure, at: Clock.now) { try observer.observed(event, session) }
    }

    /// Sends the next request; returns why it could not be sent.
    private mutating func transmit(_ sequence: UInt64) -> SendFailure? {
        let now = Clock.now
        do throws(SendFailure) {
            let packets = try transport.send(session, timeOfDay: Clock.wallClock)
            session.sent(at: now)
            numbers.sent(sequence, packets: packets)
            return nil
        } catch {
            return error
        }
    }

    /// Has the kernel count its transmit timestamps from 0 again: whether a failed call counted is not known.
    private mutating func restartNumbers() {
        try? transport.socket.setOption(.timestamping, to: [])
        try? transport.socket.setOption(.timestamping, to: .echo)
        numbers.restart()
    }

    // MARK: - Receiving

    /// Takes in what waits on the socket; returns how many messages.
    private mutating func receive() throws(Observer.Failure) -> Int {
        guard let count = try? transport.socket.receive(into: &replies, flags: .dontWait) else {
            // An error about a request is pending; its details are in the error queue.
            _ = try receiveErrors()
            return 1
        }
        guard count > 0 else { return 0 }
        let now = Clock.now
        let wallClock = Clock.wallClock
        // The transmit timestamps of what is answered here are in the error queue by now.
        if !session.configuration.userSpaceTiming { _ = try receiveErrors() }
        for index in 0..<count {
            try observe(session.received(replies, at: index, over: transport.kind, now: now, wallClock: wallClock))
        }
        return count
    }

    /// Takes in the error queue: transmit timestamps, and ICMP errors, of which it returns whether there was one.
    private mutating func receiveErrors() throws(Observer.Failure) -> Bool {
        var foundError = false
        while let count = try? transport.socket.receive(into: &errors, flags: [.errorQueue, .dontWait]), count > 0 {
            for index in 0..<count {
                switch ErrorQueueEntry(errors[index], kind: transport.kind) {
                case .transmitted(let number, let wallClock):
                    guard let sequence = numbers.sequence(of: number) else { continue }
                    session.kernelSent(sequence: sequence, at: wallClock)
                case .icmp(let error, let source, let destination, let quote):
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

    private mutating func observe(_ event: PingEvent) throws(Observer.Failure) {
        if case .ignored = event { return }
        try observer.observed(event, session)
    }
}
