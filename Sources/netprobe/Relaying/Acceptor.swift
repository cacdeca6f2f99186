import Probing
import ProbingIO
import Sockets
import SystemPackage

/// Accepts connections, and lives on where one can't be.
struct Acceptor: ~Copyable {
    private let listener: Socket
    private let report: ConversationReport
    /// When to try again after there was no descriptor for a connection.
    private var pauseEnd: MonotonicTime?
    private var isExhausted = false
    /// Why there was no connection.
    private(set) var end = ConversationEnd.silent

    init(_ listener: consuming Socket, _ report: ConversationReport) throws(SocketError) {
        var listener = listener
        try listener.setTimeout(.zero)
        self.listener = listener
        self.report = report
    }

    var fileDescriptor: FileDescriptor { listener.fileDescriptor }

    /// How long to leave the listener alone; `nil` where it can be waited for.
    var pause: Duration? {
        guard let pauseEnd, pauseEnd > Clock.now else { return nil }
        return pauseEnd - Clock.now
    }

    /// The next connection that waits, `nil` where none does or can be accepted.
    mutating func accept() throws -> Socket.Connection? {
        do {
            let connection = try listener.accept()
            isExhausted = false
            try report.accepted(from: connection.peer, at: try? connection.socket.localAddress())
            return connection
        } catch let error as SocketError {
            switch error.errno {
            case .tooManyOpenFiles?, .tooManyOpenFilesInSystem?, .noMemory?, .noBufferSpace?:
                // The connection waits until there is room: others have to end before.
                pauseEnd = Clock.now + .milliseconds(100)
                if !isExhausted { try report.failed(ConversationFailure(error)) }
                isExhausted = true
            // The connection was gone before it could be accepted.
            case .wouldBlock?, .connectionAbort?, .connectionReset?, .protocolError?: break
            default: throw error
            }
            return nil
        }
    }

    /// Waits for a connection; `nil` where a signal came or the time was over before, which `end` tells.
    mutating func next(_ signals: borrowing SignalDescriptor, timeout: Duration?) throws -> Socket.Connection? {
        let start = Clock.now
        var polls = PollSet()
        let listenerIndex = polls.add(fileDescriptor, for: .readable)
        let signalIndex = polls.add(signals.fileDescriptor, for: .readable)
        while true {
            let left = timeout.map { start + $0 - Clock.now }
            if let left, left <= .zero {
                end = .silent
                return nil
            }
            polls.set(pause == nil ? .readable : [], at: listenerIndex)
            _ = try polls.wait(timeout: [left, pause].compactMap { $0 }.min())
            if !polls.ready(at: signalIndex).isEmpty, signals.asksForEnd {
                end = .interrupted
                return nil
            }
            if !polls.ready(at: listenerIndex).isEmpty, let connection = try accept() { return connection }
        }
    }
}
