import Addresses
import Packets
public import Probing
import Sockets
public import SystemPackage

/// Who is told what happens while packets are sent.
public protocol SendObserver {
    /// Why an observer can't go on, such as an output that can't be written.
    associatedtype Failure: Error

    /// Whether it wants to be told of each packet that has left.
    var wantsPackets: Bool { get }
    /// A packet has left, in these pieces; `wallClock` is in nanoseconds since 1970.
    mutating func sent(_ number: UInt64, _ pieces: [[UInt8]], wallClock: Int64) throws(Failure)
    /// A packet could not be sent, and why.
    mutating func notSent(_ number: UInt64, _ errno: Errno) throws(Failure)
    /// An answer came.
    mutating func replied(_ reply: SendReply, wallClock: Int64) throws(Failure)
    /// The program is about to wait: what was held back should be shown now.
    mutating func willWait() throws(Failure)
}

/// Runs a session of packets made by hand over real sockets, on the calling thread.
public struct SendRunner<Observer: SendObserver>: ~Copyable {
    /// The session, with what it has found out.
    public private(set) var session: SendSession
    /// Who is told.
    public var observer: Observer

    /// A packet that is about to leave.
    private struct Pending {
        let number: UInt64
        /// As it is where it leaves as one.
        let packet: [UInt8]
        /// Empty where it leaves as one.
        var fragments: [[UInt8]] = []
        /// Pieces of which it is known what became of them.
        var doneCount = 0
        var hasFailed = false

        var count: Int { max(1, fragments.count) }
    }

    private let sockets: SendSockets
    private let signals: SignalDescriptor
    private let scopeID: UInt32
    private let permits: (([UInt8]) -> Bool)?
    private var batch: SendBatch
    private var pending: [Pending] = []
    private var answers = ReceiveBatch(capacity: 64, messageSize: 65_600)
    private var now: MonotonicTime
    private var wallClockOffset: Int64
    private var lastWait: MonotonicTime

    private static var batchSize: Int { 64 }
    /// However busy it is, signals and answers are looked for so often, in nanoseconds.
    private static var waitInterval: Int64 { 10_000_000 }
    /// Nanoseconds for which it is not worth to sleep.
    private static var shortestSleep: Int64 { 150_000 }
    /// What the device has no room for is tried so often, a millisecond apart.
    private static var mostAttempts: Int { 1000 }

    /// - Parameters:
    ///   - scopeID: the interface of link-local IPv6 destinations, 0 for none.
    ///   - permits: says of each packet whether it may leave; `nil` where all may.
    public init(
        _ configuration: SendConfiguration, over sockets: SendSockets, scopeID: UInt32 = 0,
        signals: consuming SignalDescriptor, observer: Observer, permits: (([UInt8]) -> Bool)? = nil
    ) {
        (now, wallClockOffset) = Clock.both()
        lastWait = now
        session = SendSession(configuration, at: now)
        let length = min(PacketExpression.maximumLength, configuration.expression.length + 256)
        batch = SendBatch(capacity: Self.batchSize, messageSize: length)
        self.sockets = sockets
        self.scopeID = scopeID
        self.permits = permits
        self.signals = signals
        self.observer = observer
    }

    /// Runs the session to its end.
    public mutating func run() throws(Observer.Failure) {
        while true {
            if now.nanoseconds - lastWait.nanoseconds > Self.waitInterval {
                try flush()
                try wait(until: now)
            }
            if pending.isEmpty { now = Clock.now }
            switch session.next(at: now) {
            case .send(let number): try add(number)
            case .wait(let end):
                // A moment as short as that is over before a sleeper wakes up.
                if try !flush(), end.nanoseconds - now.nanoseconds > Self.shortestSleep { try wait(until: end) }
            case .finished: if try !flush() { return try observer.willWait() }
            }
        }
    }

    // MARK: - Sending

    private mutating func add(_ number: UInt64) throws(Observer.Failure) {
        let packet = session.configuration.expression.packet(number: number)
        if let permits, !permits(packet) { return try refused(number, .notPermitted) }
        guard session.configuration.fragmenting == nil else { return try addFragments(of: packet, number) }
        do throws(SocketError) {
            let address = try destination(of: packet)
            batch.append(to: address) { $0.append(contentsOf: packet) }
        } catch {
            return try refused(number, error.errno ?? .noRouteToHost)
        }
        pending.append(Pending(number: number, packet: packet))
        if batch.isFull { try flush() }
    }

    private mutating func addFragments(of packet: [UInt8], _ number: UInt64) throws(Observer.Failure) {
        // The first can be cut, which was tried before anything was opened; others may differ.
        guard let fragments = try? session.packet(number: number) else { return try refused(number, .messageTooLong) }
        var addresses: [SocketAddress] = []
        do throws(SocketError) {
            for fragment in fragments { addresses.append(try destination(of: fragment)) }
        } catch {
            return try refused(number, error.errno ?? .noRouteToHost)
        }
        if fragments.count + batch.count > batch.capacity { try flush() }
        pending.append(Pending(number: number, packet: packet, fragments: fragments))
        for (fragment, address) in zip(fragments, addresses) {
            if batch.isFull { try flush() }
            batch.append(to: address) { $0.append(contentsOf: fragment) }
        }
        if batch.isFull { try flush() }
    }

    private mutating func refused(_ number: UInt64, _ errno: Errno) throws(Observer.Failure) {
        session.notSent(number)
        try observer.notSent(number, errno)
    }

    /// Where the routes are asked for: what the packet itself says.
    private func destination(of piece: [UInt8]) throws(SocketError) -> SocketAddress {
        let bytes = piece.span.bytes
        switch sockets.family {
        case .v4:
            guard bytes.byteCount >= 20 else { return .ipv4(.any, port: 0) }
            let address = IPv4Address(rawValue: bytes.bigEndian(at: 16))
            return try sockets.link?.place(of: address) ?? .ipv4(address, port: 0)
        case .v6:
            guard bytes.byteCount >= 40 else { return .ipv6(.any, port: 0, scopeID: 0) }
            let halves = stride(from: 24, to: 40, by: 4).map { UInt128(bytes.bigEndian(at: $0)) }
            let address = IPv6Address(rawValue: halves.reduce(0) { $0 << 32 | $1 })
            return .ipv6(address, port: 0, scopeID: address.isLinkLocal || address.isMulticast ? scopeID : 0)
        }
    }

    /// Has everything leave that is to leave; returns whether there was something.
    @discardableResult
    private mutating func flush() throws(Observer.Failure) -> Bool {
        guard batch.count > 0 else { return false }
        var (done, attempts) = (0, 0)
        var failures: [Int: Errno] = [:]
        let wallClock = now.nanoseconds + wallClockOffset
        while done < batch.count {
            do throws(SocketError) {
                done += try send(from: done)
                attempts = 0
            } catch {
                attempts += 1
                switch error.errno {
                case .wouldBlock?, .noBufferSpace?, .noMemory?:
                    if attempts < Self.mostAttempts {
                        var nothing = PollSet()
                        _ = nothing.add(signals.fileDescriptor, for: .readable)
                        _ = try? nothing.wait(timeout: .milliseconds(1))
                        continue
                    }
                default: break
                }
                failures[done] = error.errno ?? .invalidArgument
                attempts = 0
                done += 1
            }
        }
        try settle(done, failures, wallClock: wallClock)
        batch.removeAll()
        return true
    }

    private func send(from first: Int) throws(SocketError) -> Int {
        if let link = sockets.link { return try link.socket.send(batch, from: first, flags: .dontWait) }
        return try sockets.sender.socket.send(batch, from: first, flags: .dontWait)
    }

    /// Tells what has become of the pieces in the batch.
    private mutating func settle(_ count: Int, _ failures: [Int: Errno], wallClock: Int64) throws(Observer.Failure) {
        var index = 0
        var whole = 0
        for place in pending.indices {
            let taken = min(pending[place].count - pending[place].doneCount, count - index)
            if let errno = (index..<index + taken).compactMap({ failures[$0] }).first, !pending[place].hasFailed {
                // One that lacks a piece is not sent; nor is the rest of it missed.
                pending[place].hasFailed = true
                try refused(pending[place].number, errno)
            }
            index += taken
            pending[place].doneCount += taken
            guard pending[place].doneCount == pending[place].count else { break }
            whole = place + 1
            if !pending[place].hasFailed { try departed(pending[place], wallClock: wallClock) }
        }
        pending.removeFirst(whole)
    }

    private mutating func departed(_ packet: Pending, wallClock: Int64) throws(Observer.Failure) {
        session.departed(packet.number, packet.packet, at: now, wallClock: wallClock)
        guard observer.wantsPackets else { return }
        let pieces = packet.fragments.isEmpty ? [packet.packet] : packet.fragments
        try observer.sent(packet.number, pieces, wallClock: wallClock)
    }

    // MARK: - Waiting

    private mutating func wait(until end: MonotonicTime) throws(Observer.Failure) {
        (now, wallClockOffset) = Clock.both()
        if end > now { try observer.willWait() }
        var polls = PollSet()
        _ = polls.add(signals.fileDescriptor, for: .readable)
        if let receiver = sockets.receiver?.socket.fileDescriptor { _ = polls.add(receiver, for: .readable) }
        // The only failure that ppoll has for these descriptors is a want of kernel memory, which passes.
        let ready = (try? polls.wait(timeout: max(end - now, .zero))) ?? 0
        (now, wallClockOffset) = Clock.both()
        lastWait = now
        guard ready > 0 else { return }
        while let signal = signals.next() {
            if signal == .interrupt || signal == .terminate { session.interrupt() }
        }
        try receive()
    }

    private mutating func receive() throws(Observer.Failure) {
        // Who sends faster than this can take in does not keep it from everything else.
        for _ in 0..<64 {
            guard let count = try? sockets.receiver?.socket.receive(into: &answers, flags: .dontWait), count > 0 else {
                return
            }
            now = Clock.now
            for index in 0..<count {
                var timestamp: Int64?
                var controlMessages = answers[index].controlMessages
                while let control = controlMessages.next() {
                    if case .timestamp(let time) = control { timestamp = time }
                }
                let wallClock = now.nanoseconds + wallClockOffset
                let arrival = Arrival(now: now, wallClock: wallClock, kernel: timestamp)
                guard let bytes = answers[index].ipPacket, let reply = session.received(bytes, at: arrival) else {
                    continue
                }
                try observer.replied(reply, wallClock: timestamp ?? wallClock)
            }
            if count < answers.capacity { return }
        }
    }
}

extension ReceivedMessage {
    /// The packet without what the link has put behind it.
    fileprivate var ipPacket: [UInt8]? {
        let bytes = self.bytes
        var length = bytes.byteCount
        guard length >= 20 else { return nil }
        switch bytes.unsafeLoad(fromByteOffset: 0, as: UInt8.self) >> 4 {
        case 4: length = min(length, max(20, Int(bytes.bigEndian(at: 0) & 0xFFFF)))
        case 6 where length >= 40: length = min(length, 40 + Int(bytes.bigEndian(at: 4) >> 16))
        default: return nil
        }
        return (0..<length).map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
}

extension RawSpan {
    /// Four bytes as a number, the highest first; they must be there.
    fileprivate func bigEndian(at offset: Int) -> UInt32 {
        UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}

extension OutputRawSpan {
    fileprivate mutating func append(contentsOf bytes: [UInt8]) {
        for byte in bytes { append(byte) }
    }
}
