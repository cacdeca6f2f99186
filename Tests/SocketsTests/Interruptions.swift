import Glibc
import Synchronization

/// How many signals have been caught.
private let caught = Atomic<Int>(0)

/// Interrupts the system calls of the thread that made it, every millisecond, with a signal whose handler only counts.
final class Interruptions: Sendable {
    private let victim: UInt
    private let isOver = Atomic<Bool>(false)
    private let afterTwenty: @Sendable () -> Void

    /// How many signals have been caught since the process started.
    static var count: Int { caught.load(ordering: .sequentiallyConsistent) }

    private init(afterTwenty: @escaping @Sendable () -> Void) {
        victim = pthread_self()
        self.afterTwenty = afterTwenty
    }

    /// Runs `body` under interruptions; once twenty were caught, or in ten seconds, `afterTwenty` runs on another
    /// thread.
    static func during<R>(_ body: () throws -> R, afterTwenty: @escaping @Sendable () -> Void = {}) throws -> R {
        // Without SA_RESTART the kernel gives up the call with EINTR.
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in caught.add(1, ordering: .sequentiallyConsistent) }
        _ = count
        sigaction(SIGUSR1, &action, nil)
        // The threads that tests run on block signals.
        var signals = sigset_t()
        var before = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGUSR1)
        pthread_sigmask(SIG_UNBLOCK, &signals, &before)

        let interruptions = Interruptions(afterTwenty: afterTwenty)
        var thread = pthread_t()
        let argument = Unmanaged.passUnretained(interruptions).toOpaque()
        pthread_create(&thread, nil, { Interruptions.run($0) }, argument)
        defer {
            interruptions.isOver.store(true, ordering: .sequentiallyConsistent)
            pthread_join(thread, nil)
            pthread_sigmask(SIG_SETMASK, &before, nil)
        }
        return try body()
    }

    private static func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        let interruptions = Unmanaged<Interruptions>.fromOpaque(argument).takeUnretainedValue()
        let end = count + 20
        var rounds = 0
        var isWaiting = true
        while !interruptions.isOver.load(ordering: .sequentiallyConsistent) {
            pthread_kill(interruptions.victim, SIGUSR1)
            poll(nil, 0, 1)
            rounds += 1
            if isWaiting && (count >= end || rounds == 10_000) {
                isWaiting = false
                interruptions.afterTwenty()
            }
        }
        return nil
    }
}
