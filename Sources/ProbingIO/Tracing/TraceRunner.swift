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

    private let sockets: TraceSockets
    private let signals: SignalDescriptor
    private let scopeID: UInt32
    private var polls = PollSet()
    private var batch: SendBatch
    private var answers = ReceiveBatch(capacity: 32, messageSize: 1600)
    private var timestamps = ReceiveBatch(capacity: 32, messageSize: 64)
    private var numbers = TransmitNumbers()
    /// Only with one target are the kernel's transmit timestamps worth what they cost.
    private let hasTransmitTimestamps: Bool
    private var background: FileDescriptor?
    private var sentInARow = 0
    private var now: MonotonicTime
    /// By how much the wall clock was ahead of the monotonic one at the last wait, in nanoseconds.
    private var wallClockOffset: Int64

    private static var signalsIndex: Int { 0 }
    private static var icmpIndex: Int { 1 }
    private static var segmentsIndex: Int { 2 }
    private static var backgroundIndex: Int { 3 }
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
        batch = SendBatch(capacity: 1, messageSize: Int(UInt16.max))
        _ = polls.add(signals.fileDescriptor, for: .readable)
        _ = polls.add(sockets.icmp.fileDescriptor, for: .readable)
        _ = polls.add(sockets.segments.fileDescriptor, for: .readable)
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
        if background == nil, let descriptor = observer.background {
            background = descriptor
            _ = polls.add(descriptor, for: .readable)
        }
        let wakeUp = [end, observer.wakeUp].compactMap { $0 }.min()
        // The only failure that ppoll has for these descriptors is a want of kernel memory, which passes.
        let ready = (try? polls.wait(timeout: wakeUp.map { max($0 - now, .zero) })) ?? 0
        readClocks()
        if let moment = observer.wakeUp, moment <= now { try observer.awoke(at: now, fleet) }
        guard ready > 0 else { return }
        while let signal = signals.next() {
            if signal == .interrupt || signal == .terminate { fleet.interrupt() }
        }
        if polls.ready(at: Self.icmpIndex).contains(.readable) { try receive(isICMP: true) }
        if polls.ready(at: Self.segmentsIndex).contains(.readable) { try receive(isICMP: false) }
        if background != nil, polls.ready(at: Self.backgroundIndex).contains(.readable) {
            try observer.awoke(at: now, fleet)
        }
    }

    private mutating func readClocks() {
        (now, wallClockOffset) = Clock.both()
    }

    private var wallClock: Int64 { now.nanoseconds + wallClockOffset }

    // MARK: - Sending

    private mutating func send(_ probe: TraceProbe, _ target: Int) throws(Observer.Failure) {
        sentInARow += 1
        let format = fleet[target].format
        batch.removeAll()
        batch.append(to: SocketAddress(format.gateways.first ?? format.destination, scopeID: scopeID)) {
            format.write(probe, into: &$0)
        }
        do throws(SocketError) {
            _ = try sockets.sender.send(batch, flags: .dontWait)
        } catch {
            if hasTransmitTimestamps { restartNumbers() }
            let event = fleet.notSent(target: target, probe, SendFailure(error), at: now)
            if let event { try observer.observed(event, target: target, fleet) }
            return
        }
        if hasTransmitTimestamps { numbers.sent(UInt64(probe.token), packets: 1) }
        fleet.sent(target: target, probe, at: now, wallClock: wallClock)
    }

    /// Has the kernel count its transmit timestamps from 0 again: whether a failed call counted is not known.
    private mutating func restartNumbers() {
        readTransmitTimestamps()
        sockets.setTimestamping(transmit: false)
        sockets.setTimestamping(transmit: true)
        numbers.restart()
    }

    private mutating func readTransmitTimestamps() {
        var isEmpty = false
        while !isEmpty,
            let count = try? sockets.sender.receive(into: &timestamps, flags: [.errorQueue, .dontWait])
        {
            isEmpty = count < timestamps.capacity
            for index in 0..<count {
                guard let (number, time) = timestamps[index].transmitted, let token = numbers.sequence(of: number) else {
                    continue
                }
                fleet.kernelSent(target: 0, token: UInt16(truncatingIfNeeded: token), at: time)
            }
        }
    }

    // MARK: - Receiving

    private mutating func receive(isICMP: Bool) throws(Observer.Failure) {
        var isEmpty = false
        while !isEmpty {
            guard let count = try? sockets.receive(into: &answers, isICMP: isICMP), count > 0 else { return }
            isEmpty = count < answers.capacity
            readClocks()
            if hasTransmitTimestamps { readTransmitTimestamps() }
            for index in 0..<count { try receive(at: index, isICMP: isICMP) }
        }
    }

    private mutating func receive(at index: Int, isICMP: Bool) throws(Observer.Failure) {
        var arrival = Arrival(now: now, wallClock: wallClock)
        guard let (target, answer) = answer(at: index, isICMP: isICMP, &arrival) else { return }
        let event = fleet.received(target: target, answer, at: arrival)
        if let event { try observer.observed(event, target: target, fleet) }
    }

    /// What the message at `index` answers, if anything.
    private func answer(at index: Int, isICMP: Bool, _ arrival: inout Arrival) -> (target: Int, TraceAnswer)? {
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
        if case .v4 = source {
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

extension ReceivedMessage {
    /// The number and the time of a transmit timestamp.
    fileprivate var transmitted: (number: UInt32, wallClock: Int64)? {
        var controlMessages = controlMessages
        var number: UInt32?
        var time: Int64 = 0
        while let control = controlMessages.next() {
            switch control {
            case .extendedError(let error) where error.origin == .timestamping: number = error.data
            case .timestamps(let software, _): time = software
            default: continue
            }
        }
        return number.flatMap { time == 0 ? nil : ($0, time) }
    }
}

extension TraceSockets {
    /// A kernel that can't take timestamps leaves the timing to user space.
    func setTimestamping(transmit: Bool) {
        let transmitting: Timestamping = [.transmitSoftware, .software, .packetNumbers, .timestampOnly]
        try? sender.setOption(.timestamping, to: transmit ? transmitting : [])
        try? icmp.setOption(.timestamping, to: [.receiveSoftware, .software])
        try? segments.setOption(.timestamping, to: [.receiveSoftware, .software])
    }

    func receive(into batch: inout ReceiveBatch, isICMP: Bool) throws(SocketError) -> Int {
        isICMP
            ? try icmp.receive(into: &batch, flags: .dontWait) : try segments.receive(into: &batch, flags: .dontWait)
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
