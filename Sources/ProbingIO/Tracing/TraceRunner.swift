import Addresses
import Packets
public import Probing
import Sockets
import SystemPackage

/// Runs a fleet of sessions over real sockets, on the calling thread.
public struct TraceRunner<Observer: TraceObserver>: ~Copyable {
    public typealias Session = Observer.Session

    /// The sessions, with what they have found out.
    public internal(set) var fleet: TraceFleet<Session>
    /// Who is told.
    public var observer: Observer

    var sockets: TraceSockets
    private let signals: SignalDescriptor
    private let scopeID: UInt32
    private var polls = PollSet()
    /// The state of the sockets that `polls` is made for.
    private var polled: Int?
    private var batch: SendBatch
    var answers = ReceiveBatch(capacity: 32, messageSize: Int(UInt16.max))
    var errors = ReceiveBatch(capacity: 32, messageSize: 1600, controlSize: 512)
    /// Only with one target are the kernel's transmit timestamps worth what they cost.
    let hasTransmitTimestamps: Bool
    /// What the first link takes, as the kernel has just said of a probe that was longer.
    var linkMTU: Int?
    private var sentInARow = 0
    var now: MonotonicTime
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
            if polls.ready(at: index + 1) != [] { try receive(from: receiver) }
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

    mutating func readClocks() {
        (now, wallClockOffset) = Clock.both()
    }

    var wallClock: Int64 { now.nanoseconds + wallClockOffset }

    // MARK: - Sending

    private mutating func send(_ probe: TraceProbe, _ target: Int) throws(Observer.Failure) {
        sentInARow += 1
        linkMTU = nil
        var failure = transmit(probe, target)
        // A send call also delivers errors about earlier probes; once they have been read, this one can go. It is not
        // tried for ever: others may come meanwhile.
        var attempts = 1
        while failure != nil, sockets.kind == .datagram, attempts < 8, try receiveErrors() > 0 {
            failure = transmit(probe, target)
            attempts += 1
        }
        if case .tooLarge = failure {
            if let sender = sockets.sender { _ = try receiveErrors(from: sender) }
            failure = .tooLarge(mtu: linkMTU)
            if let linkMTU, sockets.kind == .raw, !fleet.format(of: target).dontFragment {
                failure = transmit(probe, target, inFragmentsOf: linkMTU)
            }
        }
        guard let failure else { return fleet.sent(target: target, probe, at: now, wallClock: wallClock) }
        if hasTransmitTimestamps { try restartNumbers() }
        let event = fleet.notSent(target: target, probe, failure, at: now)
        if let event { try observer.observed(event, target: target, fleet) }
    }

    private mutating func transmit(_ probe: TraceProbe, _ target: Int) -> SendFailure? {
        let format = fleet.format(of: target)
        batch.removeAll()
        do throws(SocketError) {
            switch sockets.kind {
            case .raw:
                batch.append(to: firstHop(of: format)) { format.write(probe, into: &$0) }
                try transmit(for: probe, by: sockets.sender)
            case .datagram:
                let socket = try sockets.datagramSocket(for: probe.flow, format)
                try socket.setHopLimit(probe.hopLimit)
                let port = format.ports(of: probe.flow)?.destination ?? 0
                let destination = SocketAddress(format.destination, port: port, scopeID: scopeID)
                batch.append(to: destination) { format.writePayload(of: probe, into: &$0) }
                try transmit(for: probe, by: socket)
            case .connect:
                let port = format.ports(of: probe.flow)?.destination ?? 0
                let destination = SocketAddress(format.destination, port: port, scopeID: scopeID)
                try sockets.connect(probe, format, target: target, to: destination)
            }
            return nil
        } catch {
            // The port that is kept to is free when the connection before is over.
            let isTaken = sockets.kind == .connect && format.keepsSourcePort && error.errno == .addressNotAvailable
            return isTaken ? .bufferFull : SendFailure(error)
        }
    }

    private func firstHop(of format: TraceProbeFormat) -> SocketAddress {
        SocketAddress(format.gateways.first ?? format.destination, scopeID: scopeID)
    }

    private func transmit(for probe: TraceProbe, by socket: TraceSocket?, isRest: Bool = false) throws(SocketError) {
        _ = try socket?.socket.send(batch, flags: .dontWait)
        if hasTransmitTimestamps { socket?.numbers.sent(isRest ? 0 : UInt64(probe.token), packets: 1) }
    }

    /// Sends a probe that is longer than the first link takes. The kernel does that only with packets of its own.
    private mutating func transmit(
        _ probe: TraceProbe, _ target: Int, inFragmentsOf maximumTransmissionUnit: Int
    ) -> SendFailure? {
        let format = fleet.format(of: target)
        let fragments = format.fragments(of: probe, maximumTransmissionUnit: maximumTransmissionUnit)
        guard !fragments.isEmpty else { return .tooLarge(mtu: maximumTransmissionUnit) }
        for (number, fragment) in fragments.enumerated() {
            batch.removeAll()
            batch.append(to: firstHop(of: format)) { output in
                for byte in fragment { output.append(byte) }
            }
            do throws(SocketError) {
                try transmit(for: probe, by: sockets.sender, isRest: number > 0)
            } catch {
                return SendFailure(error)
            }
        }
        return nil
    }

    /// Has the kernel count its transmit timestamps from 0 again: whether a failed call counted is not known.
    private mutating func restartNumbers() throws(Observer.Failure) {
        if let sender = sockets.sender { _ = try receiveErrors(from: sender) }
        sockets.setTimestamping(transmit: false)
        sockets.setTimestamping(transmit: true)
        sockets.sender?.numbers.restart()
        for receiver in sockets.receivers { receiver.numbers.restart() }
    }
}

extension TraceProbeFormat {
    /// A probe as whole packets that a link takes (RFC 791 section 3.2, RFC 8200 section 4.5); none where it can't be
    /// cut for so narrow a link.
    fileprivate func fragments(of probe: TraceProbe, maximumTransmissionUnit: Int) -> [[UInt8]] {
        let whole = serialized { write(probe, into: &$0) }
        switch destination.family {
        case .v4:
            let packet = try? IPv4Packet(parsing: whole.span.bytes, verifyingChecksums: false)
            let fragments = try? packet?.fragments(maximumTransmissionUnit: maximumTransmissionUnit)
            return (fragments ?? []).map { fragment in serialized { fragment.serialize(into: &$0) } }
        case .v6:
            let packet = try? IPv6Packet(parsing: whole.span.bytes, verifyingChecksums: false)
            let fragments = try? packet?.fragments(
                maximumTransmissionUnit: maximumTransmissionUnit,
                identification: UInt32(key) << 16 | UInt32(probe.token))
            return (fragments ?? []).map { fragment in serialized { fragment.serialize(into: &$0) } }
        }
    }
}

extension SendFailure {
    fileprivate init(_ error: SocketError) {
        self =
            switch error.errno {
            case .noBufferSpace, .noMemory: .queueFull
            case .wouldBlock: .bufferFull
            case .messageTooLong: .tooLarge(mtu: nil)
            case let errno: .refused(errno: (errno ?? .invalidArgument).rawValue)
            }
    }
}
