import CLinux
import Glibc
import SystemPackage

/// When a call must have come to its end, on the monotonic clock.
package struct Deadline: Sendable {
    /// Nanoseconds of `CLOCK_MONOTONIC`; `nil` for never.
    package let nanoseconds: Int64?

    package init(after timeout: Duration?) {
        guard let timeout else {
            nanoseconds = nil
            return
        }
        let (seconds, attoseconds) = timeout.components
        // What does not fit, three centuries, is never.
        let (span, tooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (moment, tooLate) = Self.now.addingReportingOverflow(span)
        let (end, tooLateByLess) = moment.addingReportingOverflow(attoseconds / 1_000_000_000)
        nanoseconds = tooLong || tooLate || tooLateByLess ? nil : end
    }

    /// The nanoseconds left, none after the deadline; `nil` for no end.
    package var remaining: Int64? { nanoseconds.map { max(0, $0 - Self.now) } }

    /// Nanoseconds of `CLOCK_MONOTONIC`.
    package static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// What a wait ended with.
enum WaitResult {
    /// The call can be made.
    case ready
    /// An error is pending, or in the error queue, and nothing else: the call tells, or would block.
    case error
    /// The deadline has passed.
    case timedOut
    case failed(Errno)
}

extension Socket {
    /// Makes `call`, again after each signal, and where it would block waits for `events` until the time-out is over;
    /// returns what it returned.
    /// - Throws: `EAGAIN` where the call would block and nothing allows it to wait.
    @inline(__always)
    func perform(
        _ operation: SocketOperation, _ address: @autoclosure () -> SocketAddress? = nil,
        waitingFor events: PollSet.Events, flags: MessageFlags = [], _ call: () -> Int
    ) throws(SocketError) -> Int {
        let result = CallResult(call())
        guard result.value < 0 else { return result.value }
        return try performAgain(
            operation, address(), after: result.errno, waitingFor: events, until: Deadline(after: timeout), flags, call)
    }

    /// The same, within a deadline that was set before.
    func perform(
        _ operation: SocketOperation, waitingFor events: PollSet.Events, until deadline: Deadline, flags: MessageFlags,
        _ call: () -> Int
    ) throws(SocketError) -> Int {
        let result = CallResult(call())
        guard result.value < 0 else { return result.value }
        return try performAgain(operation, nil, after: result.errno, waitingFor: events, until: deadline, flags, call)
    }

    @inline(never)
    private func performAgain(
        _ operation: SocketOperation, _ address: SocketAddress?, after errno: Errno, waitingFor events: PollSet.Events,
        until deadline: Deadline, _ flags: MessageFlags, _ call: () -> Int
    ) throws(SocketError) -> Int {
        var errno = errno
        var hadError = false
        while true {
            switch errno {
            case .interrupted:
                break
            case .wouldBlock:
                // Without a time-out the descriptor blocks, and it was the flags or a bound such as SO_RCVTIMEO.
                guard let timeout, timeout > .zero, !flags.contains(.dontWait) else {
                    throw .failed(operation, address, errno)
                }
                switch wait(for: events, until: deadline, afterError: hadError) {
                case .ready: hadError = false
                case .error: hadError = true
                case .timedOut: throw .timedOut(operation, address)
                case .failed(let errno): throw .failed(.poll, address, errno)
                }
            default:
                throw .failed(operation, address, errno)
            }
            let result = CallResult(call())
            guard result.value < 0 else { return result.value }
            errno = result.errno
        }
    }

    /// Waits until the socket is ready for `events` or has an error; signals do not end the wait.
    /// - Parameter afterError: the wait before this ended with an error, and yet the call would have blocked.
    func wait(for events: PollSet.Events, until deadline: Deadline, afterError: Bool = false) -> WaitResult {
        // An error queue that nobody reads reports an error for ever: then look every millisecond.
        if afterError {
            guard deadline.remaining != 0 else { return .timedOut }
            Self.sleep(until: deadline, atMostNanoseconds: 1_000_000)
        }
        var entry = pollfd(fd: fileDescriptor.rawValue, events: events.rawValue, revents: 0)
        while true {
            let remaining = deadline.remaining
            let result = Self.poll(&entry, nanoseconds: remaining)
            if result.value > 0 { return entry.revents & events.rawValue == 0 ? .error : .ready }
            if result.value == 0 { if remaining == 0 { return .timedOut } else { continue } }
            if result.errno != .interrupted { return .failed(result.errno) }
        }
    }

    /// Sleeps a while, or until a signal comes.
    static func sleep(until deadline: Deadline, atMostNanoseconds most: Int64) {
        _ = poll(nil, nanoseconds: min(most, deadline.remaining ?? most))
    }

    private static func poll(_ entry: UnsafeMutablePointer<pollfd>?, nanoseconds: Int64?) -> CallResult {
        let count = nfds_t(entry == nil ? 0 : 1)
        guard let nanoseconds else { return CallResult(ppoll(entry, count, nil, nil)) }
        var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        return CallResult(ppoll(entry, count, &time, nil))
    }
}
