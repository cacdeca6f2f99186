public import Addresses
public import Probing
public import Sockets

/// Who takes part in the conversation on a link: a session, and who is told of it.
public protocol MembershipActivity {
    /// Why it can't go on, such as an output that can't be written.
    associatedtype Failure: Error

    /// What to do now.
    mutating func next(at now: MonotonicTime) throws(Failure) -> MembershipStep
    /// A packet has gone, or could not.
    mutating func sent(_ failure: SocketError?, at now: MonotonicTime) throws(Failure)
    /// Something was heard.
    mutating func received(_ packet: [UInt8], isOwn: Bool, at now: MonotonicTime) throws(Failure)
    /// The program is about to wait: what was held back should be shown now.
    mutating func willWait() throws(Failure)
    /// The user has had enough.
    mutating func interrupt()
}

/// What an activity wants.
public enum MembershipStep: Sendable {
    /// Send these bytes, a whole packet, there.
    case send([UInt8], to: IPAddress)
    /// Wait for something to be heard, or for this moment; `nil` for as long as it takes.
    case wait(until: MonotonicTime?)
    /// It is over.
    case finished
}

/// Runs an activity over the sockets of a link, on the calling thread.
public struct MembershipRunner<Activity: MembershipActivity>: ~Copyable {
    /// The activity, with what it has found.
    public private(set) var activity: Activity
    private let socket: MembershipSocket
    private let signals: SignalDescriptor
    private var polls = PollSet()
    private var batch = ReceiveBatch(capacity: 32, messageSize: 65_536, controlSize: 0)

    /// Runs `activity` over `socket`.
    public init(
        _ activity: Activity, over socket: consuming MembershipSocket, signals: consuming SignalDescriptor
    ) {
        self.activity = activity
        _ = polls.add(socket.capture.fileDescriptor, for: .readable)
        _ = polls.add(signals.fileDescriptor, for: .readable)
        self.socket = socket
        self.signals = signals
    }

    /// Runs it to its end.
    public mutating func run() throws(Activity.Failure) {
        while true {
            switch try activity.next(at: Clock.now) {
            case .send(let bytes, let destination):
                var failure: SocketError?
                do throws(SocketError) { try socket.send(bytes, to: destination) } catch { failure = error }
                try activity.sent(failure, at: Clock.now)
            case .wait(let end):
                try activity.willWait()
                try wait(until: end)
            case .finished: return
            }
        }
    }

    private mutating func wait(until end: MonotonicTime?) throws(Activity.Failure) {
        // The only failure that ppoll has for these descriptors is a want of kernel memory, which passes.
        let ready = (try? polls.wait(timeout: end.map { max(.zero, $0 - Clock.now) })) ?? 0
        guard ready > 0 else { return }
        while let signal = signals.next() {
            if signal == .interrupt || signal == .terminate { activity.interrupt() }
        }
        // An interface that goes down is told once, and may come back.
        guard polls.ready(at: 0) != [], let count = try? socket.capture.receive(into: &batch, flags: .dontWait) else {
            return
        }
        let now = Clock.now
        for index in 0..<count {
            guard let source = batch[index].source, source.holds(socket.family) else { continue }
            // What is sent through the loopback interface comes twice.
            if source.isOutgoing, socket.link.isLoopback { continue }
            let packet = batch[index].bytes.withUnsafeBytes { Array($0) }
            try activity.received(packet, isOwn: source.isOutgoing || socket.link.isLoopback, at: now)
        }
    }
}
