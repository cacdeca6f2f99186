import CLinux
import Glibc
public import SystemPackage

/// Signals that a program wants to hear of in its event loop instead of being interrupted by them.
/// The corresponding C function is `signalfd`.
public struct SignalDescriptor: ~Copyable {
    /// A signal that a probing program reacts to.
    public enum Signal: Int32, CaseIterable, Sendable {
        /// `SIGINT`, Control-C: end and say what was found.
        case interrupt = 2
        /// `SIGTERM`: the same.
        case terminate = 15
        /// `SIGQUIT`, Control-\: say what was found so far.
        case quit = 3
        /// `SIGWINCH`: the terminal has another size.
        case windowChanged = 28
    }

    /// Readable when a signal has come.
    public let fileDescriptor: FileDescriptor

    /// Blocks the signals for this process and opens a descriptor that tells of them. Also has writes to a closed pipe
    /// fail with `EPIPE` instead of ending the program.
    public init() throws(Errno) {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in Signal.allCases { sigaddset(&set, signal.rawValue) }
        sigprocmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
        let descriptor = signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        fileDescriptor = FileDescriptor(rawValue: descriptor)
    }

    deinit { _ = close(fileDescriptor.rawValue) }

    /// The next signal that has come, `nil` when there is none.
    public func next() -> Signal? {
        var information = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        guard read(fileDescriptor.rawValue, &information, size) == size else { return nil }
        return Signal(rawValue: Int32(bitPattern: information.ssi_signo))
    }
}
