import CLinux
import Glibc
import Probing
import Sockets

/// A thread that sends what it is given, while its owner makes more, takes in what comes back, and sends what there is
/// no room for here: so both of two processors always have something to do. The corresponding C functions are those of pthreads(7).
final class SweepSender: @unchecked Sendable {
    /// What has been handed over and not been taken back, in order. This and what follows is behind the mutex.
    private var loads: [SweepLoad] = []
    /// How many of them have been begun, and how many are done.
    private var begunCount = 0
    private var doneCount = 0
    private var isEnding = false
    private var isIdle = false
    /// The owner waits until all is done.
    private var isAwaited = false

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let work = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let progress = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var thread: pthread_t?

    /// How many probes are under way, and when the first of them was expected to leave. For the owner alone.
    private(set) var probeCount = 0
    private var earliest: MonotonicTime?

    /// So many loads may be under way.
    static var capacity: Int { 16 }

    /// On one processor it would only be in the way.
    static var isOfUse: Bool {
        var processors = cpu_set_t()
        guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &processors) == 0 else { return false }
        return withUnsafeBytes(of: processors) { $0.reduce(0) { $0 + $1.nonzeroBitCount } } > 1
    }

    /// - Returns: `nil` where no thread can be had.
    init?() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(work, nil)
        pthread_cond_init(progress, nil)
        var thread = pthread_t()
        // Safe: the thread ends before its sender does.
        let result = pthread_create(
            &thread, nil,
            { sender in
                guard let sender else { return nil }
                Unmanaged<SweepSender>.fromOpaque(sender).takeUnretainedValue().run()
                return nil
            }, Unmanaged.passUnretained(self).toOpaque())
        guard result == 0 else { return nil }
        self.thread = thread
    }

    deinit {
        if let thread {
            locked { isEnding = true }
            pthread_cond_signal(work)
            pthread_join(thread, nil)
        }
        for condition in [work, progress] {
            pthread_cond_destroy(condition)
            condition.deallocate()
        }
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    // MARK: - For the owner

    /// Hands over a load; there must be room for it.
    func send(_ load: SweepLoad) {
        probeCount += load.probes.count
        earliest = min(earliest ?? load.expected, load.expected)
        let wakes = locked {
            loads.append(load)
            return isIdle
        }
        if wakes { pthread_cond_signal(work) }
    }

    /// Whether as many loads are under way as may be.
    var isFull: Bool { locked { loads.count >= Self.capacity } }

    /// The loads that are done, which are the owner's again.
    func takeDone() -> [SweepLoad] {
        let done = locked {
            let done = Array(loads[..<doneCount])
            loads.removeFirst(doneCount)
            begunCount -= doneCount
            doneCount = 0
            earliest = loads.lazy.map(\.expected).min()
            return done
        }
        for load in done { probeCount -= load.probes.count }
        return done
    }

    /// Whether all probes have been taken back that were expected to leave until a time. TCP probes say it in units of
    /// 1024 ns.
    func hasSent(allBefore time: MonotonicTime) -> Bool {
        earliest.map { time.nanoseconds | 1023 < $0.nanoseconds } ?? true
    }

    /// Waits until everything is done that was handed over.
    func waitForAll() {
        pthread_mutex_lock(mutex)
        isAwaited = true
        while doneCount < loads.count { pthread_cond_wait(progress, mutex) }
        isAwaited = false
        pthread_mutex_unlock(mutex)
    }

    // MARK: - The thread

    private func run() {
        while let load = next() {
            while !load.send() {
                var nothing = PollSet()
                _ = try? nothing.wait(timeout: .milliseconds(1))
            }
            let wakes = locked {
                doneCount += 1
                return isAwaited && doneCount == loads.count
            }
            if wakes { pthread_cond_signal(progress) }
        }
    }

    private func next() -> SweepLoad? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isIdle = true
        while begunCount == loads.count, !isEnding { pthread_cond_wait(work, mutex) }
        isIdle = false
        guard !isEnding else { return nil }
        begunCount += 1
        return loads[begunCount - 1]
    }
}
