import Probing
public import Sockets
import SystemPackage

/// Runs a capture over real sockets, on the calling thread.
public struct CaptureRunner<Observer: CaptureObserver>: ~Copyable {
    /// What ended a capture.
    public enum End: Hashable, Sendable {
        /// There are as many packets as were asked for.
        case count
        /// It took as long as was asked for.
        case duration
        /// `SIGINT` or `SIGTERM`.
        case interrupted
        /// A socket can't be read any more, such as after its interface went down.
        case failed(SocketError)
    }

    /// Who is told.
    public var observer: Observer
    /// What has been counted; the kernel's part is asked for when the capture ends.
    public private(set) var statistics = CaptureStatistics()

    private let captures: CaptureSockets
    private let reading: CaptureReading
    private let signals: SignalDescriptor
    private let count: UInt64
    private let end: MonotonicTime?
    private var batch = ReceiveBatch(capacity: 64, messageSize: Self.messageSize)
    /// Packets read from each socket.
    private var taken: [UInt64]

    /// Longer than any frame, and no multiple of the cache's ways: what is at the start of each message would push that
    /// of the others out.
    private static var messageSize: Int { 262_144 + 704 }

    /// - Parameters:
    ///   - sockets: what they hear must have been said.
    ///   - count: packets after which it ends.
    ///   - duration: how long it takes at most.
    public init(
        _ sockets: CaptureSockets, count: UInt64?, duration: Duration?, signals: consuming SignalDescriptor,
        observer: Observer
    ) {
        captures = sockets
        reading = CaptureReading(interfaceNames: sockets.interfaceNames)
        self.count = count ?? .max
        end = duration.map { Clock.now + $0 }
        self.signals = signals
        self.observer = observer
        taken = sockets.sockets.map { _ in 0 }
    }

    /// Captures until something ends it.
    public mutating func run() throws(Observer.Failure) -> End {
        var waiting = PollSet()
        _ = waiting.add(signals.fileDescriptor, for: .readable)
        for capture in captures.sockets { _ = waiting.add(capture.socket.fileDescriptor, for: .readable) }
        while true {
            if try takeSignals() { return finish(.interrupted) }
            if let end, Clock.now >= end { return finish(.duration) }
            var hasSomething = false
            for index in captures.sockets.indices {
                do throws(SocketError) {
                    guard try captures.sockets[index].socket.receive(into: &batch, flags: .dontWait) > 0 else { continue }
                } catch {
                    return finish(.failed(error))
                }
                hasSomething = true
                try take(from: index)
                if statistics.captured >= count { return finish(.count) }
            }
            guard !hasSomething else { continue }
            try observer.willWait()
            do throws(SocketError) {
                _ = try waiting.wait(timeout: end.map { $0 - Clock.now })
            } catch {
                return finish(.failed(error))
            }
        }
    }

    private mutating func take(from socket: Int) throws(Observer.Failure) {
        let capture = captures.sockets[socket]
        taken[socket] += UInt64(batch.count)
        for index in 0..<batch.count {
            guard let (packet, destination) = reading.packet(batch[index], from: capture) else { continue }
            statistics.captured += 1
            try observer.captured(packet, for: destination)
            if statistics.captured >= count { return }
        }
    }

    /// - Returns: whether the user has enough.
    private mutating func takeSignals() throws(Observer.Failure) -> Bool {
        while let signal = signals.next() {
            switch signal {
            case .interrupt, .terminate: return true
            case .quit:
                countInKernel()
                try observer.statusRequested(statistics)
            case .windowChanged: continue
            }
        }
        return false
    }

    private mutating func finish(_ end: End) -> End {
        countInKernel()
        return end
    }

    private mutating func countInKernel() {
        (statistics.received, statistics.dropped) = (0, 0)
        for (index, capture) in captures.sockets.enumerated() {
            let counts = capture.counts(captured: taken[index])
            statistics.received += counts.received
            statistics.dropped += counts.dropped
        }
    }
}
