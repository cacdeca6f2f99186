import Probing
import Sockets
import SystemPackage

/// Probes that leave together, by one call. It belongs to one thread at a time.
final class SweepLoad: @unchecked Sendable {
    /// A probe that could not be sent.
    struct Failure {
        let index: Int
        let errno: Errno?
    }

    /// What they leave by.
    private let sender: SharedSocket
    /// A send call also fails for the errors about earlier probes, where there is an error queue.
    private let hasErrorQueue: Bool
    private var batch: SendBatch
    private(set) var probes: [SweepProbe] = []
    private(set) var failures: [Failure] = []

    /// How many have left, or never will, and how often the next has been tried.
    private var doneCount = 0
    private var attempts = 0
    /// Nanoseconds of the monotonic clock at which the first was about to leave, and when all had left.
    private var start: Int64 = 0
    private var end: Int64 = 0

    /// How many probes are in one.
    static var capacity: Int { 32 }
    /// What is refused for want of room is tried so often, a millisecond apart: what takes longer than a second is more
    /// than a full queue.
    private static var mostAttempts: Int { 1000 }
    /// Errors about earlier probes that one call may have to deliver.
    private static var mostErrors: Int { 8 }

    init(for sender: SharedSocket, hasErrorQueue: Bool, packetLength: Int) {
        self.sender = sender
        self.hasErrorQueue = hasErrorQueue
        batch = SendBatch(capacity: Self.capacity, messageSize: packetLength)
        probes.reserveCapacity(Self.capacity)
    }

    var isFull: Bool { batch.isFull }

    func append(_ probe: SweepProbe, to address: SocketAddress, _ body: (inout OutputRawSpan) -> Void) {
        batch.append(to: address, body)
        probes.append(probe)
    }

    func removeAll() {
        batch.removeAll()
        probes.removeAll(keepingCapacity: true)
        failures.removeAll(keepingCapacity: true)
        (doneCount, attempts) = (0, 0)
    }

    // MARK: - Sending

    /// Sends what is left, and notes what can't be sent; returns whether that is all. If not, there was no room for it,
    /// and there may be some a moment later.
    func send() -> Bool {
        if doneCount == 0, attempts == 0 { start = Clock.now.nanoseconds }
        while doneCount < batch.count {
            do throws(SocketError) {
                doneCount += try sender.socket.send(batch, from: doneCount, flags: .dontWait)
                attempts = 0
                continue
            } catch {
                attempts += 1
                switch error.errno {
                case .wouldBlock?, .noBufferSpace?, .noMemory?:
                    // Where there has been no room for a second, those that follow do not wait as long again.
                    if attempts < Self.mostAttempts { return false }
                default:
                    if hasErrorQueue, attempts < Self.mostErrors { continue }
                    attempts = 0
                }
                failures.append(Failure(index: doneCount, errno: error.errno))
            }
            doneCount += 1
        }
        end = Clock.now.nanoseconds
        return true
    }

    // MARK: - When

    /// When the first probe was expected to leave.
    var expected: MonotonicTime { probes.first?.sent ?? MonotonicTime(nanoseconds: .max) }

    /// Nanoseconds that each took to leave: they go one after the other, each in about the same time.
    var timeOfEach: Int64 { (end - start) / Int64(max(1, probes.count)) }

    /// When a probe left.
    func departure(of index: Int) -> MonotonicTime {
        MonotonicTime(nanoseconds: start + Int64(index) * timeOfEach)
    }
}
