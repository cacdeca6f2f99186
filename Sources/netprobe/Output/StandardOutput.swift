import Glibc
import Synchronization
import SystemPackage

/// Standard output, or a file for results, could not be written.
struct OutputError: Error, CustomStringConvertible {
    let errno: Errno
    /// The name of the file; `nil` for standard output.
    var file: String?
    /// Nobody reads any more, which is no fault: `netprobe ping … | head -1`.
    var isClosedPipe: Bool { errno == .brokenPipe && file == nil }
    var description: String { "\(file?.forTerminal ?? "write error"): \(errno)" }
}

/// Standard output, gathered and written before the program waits, so that a line is out as soon as it is known.
struct StandardOutput {
    private static let limit = 1 << 15
    private var buffer: [UInt8] = []
    /// Whether lines for which the reader has no room are kept: then nothing waits for him but ``flush()``.
    var keepsWhatHasNoRoom = false
    /// Whether someone reads it who may stop to.
    private let hasReader = Self.isPipeOrSocket
    private let isOnTerminal = Self.isTerminal

    /// Whether people look at it.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// The terminal's columns and rows, `nil` when it is none.
    static var terminalSize: (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    mutating func write(_ text: String) throws(OutputError) {
        try write { $0 += text.utf8 }
    }

    /// Writes what `append` appends to the UTF-8 that is gathered: for very many lines, without a string for each.
    @inline(__always)
    mutating func write(_ append: (inout [UInt8]) -> Void) throws(OutputError) {
        append(&buffer)
        guard buffer.count >= Self.limit else { return }
        if keepsWhatHasNoRoom { _ = try flushWhatHasRoom() } else { try flush() }
    }

    /// Writes what was gathered as far as its reader has room for it, without waiting for him.
    /// - Returns: whether something is left.
    mutating func flushWhatHasRoom() throws(OutputError) -> Bool {
        guard hasReader else {
            try flush()
            return false
        }
        var start = 0
        while start < buffer.count, Reader.hasRoom(STDOUT_FILENO) {
            let end = min(buffer.count, start + Int(PIPE_BUF))
            let written = buffer[start..<end].withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if written > 0 {
                start += written
            } else if errno == EAGAIN {
                break
            } else if errno != EINTR {
                buffer.removeAll()
                throw OutputError(errno: Errno(rawValue: errno))
            }
        }
        buffer.removeFirst(start)
        return !buffer.isEmpty
    }

    /// Writes what was gathered. What can't be written is dropped, so that an error is reported once.
    mutating func flush() throws(OutputError) {
        guard !buffer.isEmpty else { return }
        defer { buffer.removeAll(keepingCapacity: true) }
        if isOnTerminal { StatusLine.erase() }
        var start = 0
        while start < buffer.count {
            var end = buffer.count
            if hasReader {
                Reader.waitForRoom(STDOUT_FILENO)
                // Where there is room at all, this much does not have to wait.
                end = min(end, start + Int(PIPE_BUF))
            }
            let written = buffer[start..<end].withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if written >= 0 {
                start += written
                continue
            }
            switch Errno(rawValue: errno) {
            case .interrupted: continue
            case .wouldBlock: Reader.waitForRoom(STDOUT_FILENO)
            case let error: throw OutputError(errno: error)
            }
        }
    }

    static var isPipeOrSocket: Bool { Reader.isThere(STDOUT_FILENO) }
}

/// Standard error: what is not a result.
enum StandardError {
    private static let hasReader = Reader.isThere(STDERR_FILENO)

    static func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes all of it, or as much as can be written.
    static func write(_ text: [UInt8]) {
        if !text.isEmpty { StatusLine.erase() }
        var rest = text[...]
        while !rest.isEmpty {
            if hasReader { Reader.waitForRoom(STDERR_FILENO) }
            let part = hasReader ? rest.prefix(Int(PIPE_BUF)) : rest
            let written = part.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if written > 0 {
                rest.removeFirst(written)
            } else if written < 0, errno == EAGAIN {
                Reader.waitForRoom(STDERR_FILENO)
            } else if written == 0 || errno != EINTR {
                return
            }
        }
    }
}

/// A line on the terminal of standard error that says how things stand. Whatever is written there takes it away.
enum StatusLine {
    private static let shown = Atomic(false)

    static var isShown: Bool { shown.load(ordering: .relaxed) }

    /// Shows a text instead of what is shown.
    static func show(_ text: String) {
        shown.store(false, ordering: .relaxed)
        StandardError.write(clearing + text)
        shown.store(true, ordering: .relaxed)
    }

    static func erase() {
        guard shown.exchange(false, ordering: .relaxed) else { return }
        StandardError.write(clearing)
    }

    private static let clearing = "\r\u{1B}[K"
}

/// Who reads what is written to a descriptor, and may stop to. Where he has room at all, `PIPE_BUF` bytes do not have to
/// wait.
private enum Reader {
    /// Whether it is a pipe or a socket.
    static func isThere(_ descriptor: CInt) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
    }

    static func hasRoom(_ descriptor: CInt) -> Bool {
        var descriptor = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&descriptor, 1, 0) > 0
    }

    /// Waits for the reader, if need be. Meanwhile an interruption ends the program like any other: the event loop
    /// would not hear of it, and what it would still say could not be written.
    static func waitForRoom(_ descriptor: CInt) {
        guard !hasRoom(descriptor) else { return }
        var descriptor = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        var interruptions = sigset_t()
        var blocked = sigset_t()
        sigemptyset(&interruptions)
        sigaddset(&interruptions, SIGINT)
        sigaddset(&interruptions, SIGTERM)
        sigprocmask(SIG_UNBLOCK, &interruptions, &blocked)
        while poll(&descriptor, 1, -1) < 0, errno == EINTR {}
        sigprocmask(SIG_SETMASK, &blocked, nil)
    }
}
