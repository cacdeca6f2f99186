import Addresses
import Packets
public import Probing
import Sockets
import SystemPackage

/// Runs a fleet of sessions over real sockets, on the calling thread.
public struct TraceRunner<Observer: TraceObserver>: ~Copyable {
    public typealias Session = Observer.Session

    /// The sessions, with what they have found out.
    public private(set) var fleet: TraceFleet<Session>
    /// Who is told.
    public var observer: Observer

    private var sockets: TraceSockets
    private let signals: SignalDescriptor
    private let scopeID: UInt32
    private var polls = PollSet()
    /// The state of the sockets that `polls` is made for.
    private var polled: Int?
    private var batch: SendBatch
    private var answers = ReceiveBatch(capacity: 32, messageSize: 1600)
    private var errors = ReceiveBatch(capacity: 32, messageSize: 1600, controlSize: 512)
    /// Only with one target are the kernel's transmit timestamps worth what they cost.
    private let hasTransmitTimestamps: Bool
    private var sentInARow = 0
    private var now: MonotonicTime
    /// By how much the wall clock was ahead of the monotonic one at the last wait, in nanoseconds.
    private var wallClockOffset: Int64

    /// However much there is to send, what has arrived is looked at after so many probes.
    private static var longestRun: Int { 32 }

    /// - Parameters:
    ///   - scopeID: the interface of a destination that is link-local.
    public init(
        _ fleet: TraceFleet<Session>, over sockets: consuming TraceSockets, scopeID: UInt32 = 0,
        signals: consuming SignalDescriptor, observer: Observer
    ) {
        (now, wallClockOffset) = Clock.both()
        self.fleet = fleet
        self.scopeID = scopeID
        self.observer = observer
        hasTransmitTimestamps = fleet.count == 1
        batch = SendBatch(capacity: 1, messageSize: Int(UInt16.max), controlSize: 64)
        self.sockets = sockets
        self.signals = signals
        self.sockets.setTimestamping(transmit: hasTransmitTimestamps)
    }

    /// Runs the sessions to their end.
    public mutating func run() throws(Observer.Failure) {
        while true {
            if sentInARow >= Self.longestRun { try wait(until: now) }
            switch fleet.next(at: now) {
            case .send(let target, let probe):
                now = Clock.now
                try send(probe, target)
            case .report(let target, let event): try observer.observed(event, target: target, fleet)
            case .finished: return
            case .wait(let until): try wait(until: until)
            }
        }
    }

    /// Waits for what the observer has begun, but no longer than so.
    public mutating func wait(forObserverUntil end: MonotonicTime, while isBusy: (Observer) -> Bool)
        throws(Observer.Failure)
    {
        while isBusy(observer), Clock.now < end { try wait(until: end) }
    }

    // MARK: - Waiting

    private mutating func wait(until end: MonotonicTime?) throws(Observer.Failure) {
        sentInARow = 0
        readClocks()
        if end.map({ $0 > now }) ?? true { try observer.willWait(fleet) }
        if polled != sockets.generation { collectDescriptors() }
        let background = observer.background.map { polls.add($0, for: .readable) }
        defer { if background != nil { polled = nil } }
        let wakeUp = [end, observer.wakeUp].compactMap { $0 }.min()
        // The only failure that ppoll has for these descriptors is a want of kernel memory, which passes.
        let ready = (try? polls.wait(timeout: wakeUp.map { max($0 - now, .zero) })) ?? 0
        readClocks()
        let isCalled = background.map { polls.ready(at: $0).contains(.readable) } ?? false
        if isCalled || observer.wakeUp.map({ $0 <= now }) ?? false { try observer.awoke(at: now, fleet) }
        guard ready > 0 else { return }
        while let signal = signals.next() {
            if signal == .interrupt || signal == .terminate { fleet.interrupt() }
        }
        for (index, receiver) in sockets.receivers.enumerated() {
            let events = polls.ready(at: index + 1)
            guard events != [] else { continue }
            try receive(from: receiver, events)
        }
    }

    private mutating func collectDescriptors() {
        polls = PollSet()
        _ = polls.add(signals.fileDescriptor, for: .readable)
        for receiver in sockets.receivers {
            if case .connection = receiver.role {
                _ = polls.add(receiver.socket.fileDescriptor, for: .writable)
            } else {
                _ = polls.add(receiver.socket.fileDescriptor, for: .readable)
            }
        }
        polled = sockets.generation
    }

    private mutating func readClocks() {
        (now, wallClockOffset) = Clock.both()
    }

    private var wallClock: Int64 { now.nanoseconds + wallClockOffset }

    // MARK: - Sending

    private mutating func send(_ probe: TraceProbe, _ target: Int) throws(Observer.Failure) {
        sentInARow += 1
        // A send call also delivers errors about earlier probes; once they have been read, this one can go.
        var failure = transmit(probe, target)
        if failure != nil, sockets.kind == .datagram {
            for receiver in sockets.receivers { try receiveErrors(from: receiver) }
            failure = transmit(probe, target)
        }
        guard let failure else { return fleet.sent(target: target, probe, at: now, wallClock: wallClock) }
        if hasTransmitTimestamps { try restartNumbers() }
        let event = fleet.notSent(target: target, probe, failure, at: now)
        if let event { try observer.observed(event, target: target, fleet) }
    }

    private mutating func transmit(_ probe: TraceProbe, _ target: Int) -> SendFailure? {
        let format = fleet[target].format
        batch.removeAll()
        do throws(SocketError) {
            switch sockets.kind {
            case .raw:
                batch.append(to: SocketAddress(format.gateways.first ?? format.destination, scopeID: scopeID)) {
                    format.write(probe, into: &$0)
                }
                try transmit(probe, by: sockets.sender)
            case .datagram:
                let socket = try sockets.datagramSocket(for: probe.flow, format)
                let port = format.ports(of: probe.flow)?.destination ?? 0
                let hopLimit: OutgoingControlMessage =
                    sockets.family == .v4
                    ? .ipv4TimeToLive(Int(probe.hopLimit)) : .ipv6HopLimit(Int(probe.hopLimit))
                let destination = SocketAddress(format.destination, port: port, scopeID: scopeID)
                batch.append(to: destination, with: [hopLimit]) { format.writePayload(of: probe, into: &$0) }
                try transmit(probe, by: socket)
            case .connect:
                let port = format.method.port ?? 0
                let destination = SocketAddress(format.destination, port: port, scopeID: scopeID)
                try sockets.connection(for: probe, target: target, to: destination)
            }
            return nil
        } catch {
            return SendFailure(error)
        }
    }

    private func transmit(_ probe: TraceProbe, by socket: TraceSocket?) throws(SocketError) {
        _ = try socket?.socket.send(batch, flags: .dontWait)
        if hasTransmitTimestamps { socket?.numbers.sent(UInt64(probe.token), packets: 1) }
    }

    /// Has the kernel count its transmit timestamps from 0 again: whether a failed call counted is not known.
    private mutating func restartNumbers() throws(Observer.Failure) {
        if let sender = sockets.sender { try receiveErrors(from: sender) }
        sockets.setTimestamping(transmit: false)
        sockets.setTimestamping(transmit: true)
        sockets.sender?.numbers.restart()
        for receiver in sockets.receivers { receiver.numbers.restart() }
    }

    // MARK: - Receiving

    private mutating func receive(from receiver: TraceSocket, _ events: PollSet.Events) throws(Observer.Failure) {
        switch receiver.role {
        case .nothing: return
        case .connection(let probe, let target): try receive(from: receiver, about: probe, target)
        case .datagrams where events.contains(.error):
            try receiveErrors(from: receiver)
            fallthrough
        case .icmp, .segments, .datagrams:
            if events.contains(.readable) { try receiveMessages(from: receiver) }
        }
    }

    private mutating func receiveMessages(from receiver: TraceSocket) throws(Observer.Failure) {
        var isEmpty = false
        while !isEmpty {
            guard let count = try? receiver.socket.receive(into: &answers, flags: .dontWait), count > 0 else { return }
            isEmpty = count < answers.capacity
            readClocks()
            // The transmit timestamps of what is answered here are in the error queue by now.
            if hasTransmitTimestamps { try receiveErrors(from: sockets.sender ?? receiver) }
            for index in 0..<count {
                var arrival = Arrival(now: now, wallClock: wallClock)
                guard let (target, answer) = answer(at: index, by: receiver.role, &arrival) else { continue }
                try received(target: target, answer, at: arrival)
            }
        }
    }

    /// Takes in an error queue: transmit timestamps, and the ICMP errors about datagrams.
    private mutating func receiveErrors(from socket: TraceSocket) throws(Observer.Failure) {
        var isEmpty = false
        while !isEmpty, let count = try? socket.socket.receive(into: &errors, flags: [.errorQueue, .dontWait]) {
            isEmpty = count < errors.capacity
            readClocks()
            for index in 0..<count {
                switch ErrorQueueEntry(errors[index], kind: .datagram) {
                case .transmitted(let number, let time):
                    guard let token = socket.numbers.sequence(of: number) else { continue }
                    fleet.kernelSent(target: 0, token: UInt16(truncatingIfNeeded: token), at: time)
                case .icmp(let error, let offender, let destination, let quote, let time):
                    guard case .datagrams = socket.role else { continue }
                    let kernel = time == 0 ? nil : time
                    let arrival = Arrival(now: now, wallClock: wallClock, kernel: kernel)
                    guard
                        let (target, answer) = answer(
                            to: error, from: offender, about: destination, quoting: quote, at: index)
                    else { continue }
                    try received(target: target, answer, at: arrival)
                case .local, nil: continue
                }
            }
        }
    }

    private func answer(
        to error: ICMPError, from offender: IPAddress, about destination: IPAddress, quoting quote: Range<Int>,
        at index: Int
    ) -> (target: Int, TraceAnswer)? {
        let quote = errors[index].bytes.extracting(quote)
        var target = fleet.count == 1 ? 0 : fleet.target(to: destination)
        while let number = target {
            let answer = fleet[number].format.answer(to: error, from: offender, quoting: quote)
            if let answer { return (number, answer) }
            target = fleet.target(after: number)
        }
        return nil
    }

    /// What has become of a connection: made, refused, or what a router says about it.
    private mutating func receive(
        from receiver: TraceSocket, about probe: TraceProbe, _ target: Int
    ) throws(Observer.Failure) {
        let arrival = Arrival(now: now, wallClock: wallClock)
        var answer: TraceAnswer?
        if let count = try? receiver.socket.receive(into: &errors, flags: [.errorQueue, .dontWait]) {
            for index in 0..<count {
                guard case .icmp(let error, let offender, _, _, _)? = ErrorQueueEntry(errors[index], kind: .datagram),
                    let meaning = error.meaning
                else { continue }
                answer = TraceAnswer(token: probe.token, from: offender, meaning)
            }
        }
        let errno = receiver.socket.pendingError()
        sockets.remove(receiver)
        if answer == nil {
            let flags: TCPHeader.Flags
            switch errno {
            case Errno(rawValue: 0): flags = [.syn, .ack]
            case .connectionRefused: flags = [.rst, .ack]
            // What the kernel itself has given up is left to time out.
            default: return
            }
            answer = TraceAnswer(token: probe.token, from: fleet[target].format.destination, .reply(.tcp(flags)))
        }
        if let answer { try received(target: target, answer, at: arrival) }
    }

    private mutating func received(target: Int, _ answer: TraceAnswer, at arrival: Arrival) throws(Observer.Failure) {
        let event = fleet.received(target: target, answer, at: arrival)
        if let event { try observer.observed(event, target: target, fleet) }
    }

    /// What the message at `index` answers, if anything.
    private func answer(at index: Int, by role: TraceSocket.Role, _ arrival: inout Arrival) -> (target: Int, TraceAnswer)? {
        let message = answers[index]
        guard let source = message.source?.ipAddress else { return nil }
        var hopLimit: UInt8?
        var controlMessages = message.controlMessages
        while let control = controlMessages.next() {
            switch control {
            case .timestamps(let software, _) where software != 0: arrival.kernel = software
            case .hopLimit(let limit): hopLimit = UInt8(clamping: limit)
            default: continue
            }
        }
        var bytes = message.bytes
        let isICMP = role != .segments
        if case .v4 = source, sockets.kind == .raw {
            // A raw IPv4 socket hands over the whole packet.
            guard let header = try? IPv4Header(parsing: bytes) else { return nil }
            hopLimit = header.timeToLive
            bytes = bytes.extracting(header.length..<header.length + header.payloadLength(available: bytes.byteCount))
        }
        var target = fleet.count == 1 ? 0 : self.target(of: bytes, from: source, isICMP: isICMP)
        while let number = target {
            let format = fleet[number].format
            let answer =
                isICMP
                ? format.answer(toICMP: bytes, from: source, hopLimit: hopLimit)
                : format.answer(inSegment: bytes, from: source, hopLimit: hopLimit)
            if let answer { return (number, answer) }
            target = fleet.target(after: number)
        }
        return nil
    }

    /// The first target that a message may be about: an error is about the destination of what it quotes.
    private func target(of bytes: RawSpan, from source: IPAddress, isICMP: Bool) -> Int? {
        guard isICMP, bytes.byteCount > 8, let quote = try? QuotedPacket(parsing: bytes.extracting(8...)) else {
            return fleet.target(to: source)
        }
        return fleet.target(to: quote.destination) ?? fleet.target(to: source)
    }
}

extension SendFailure {
    init(_ error: SocketError) {
        self =
            switch error.errno {
            case .noBufferSpace, .noMemory: .queueFull
            case .wouldBlock: .bufferFull
            case .messageTooLong: .tooLarge(mtu: nil)
            case let errno: .refused(errno: (errno ?? .invalidArgument).rawValue)
            }
    }
}
