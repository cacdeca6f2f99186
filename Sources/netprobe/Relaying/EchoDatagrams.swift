import Probing
import ProbingIO
import Sockets
import SystemPackage

/// Serves datagrams: the Echo Protocol (RFC 862) or the Discard Protocol (RFC 863).
struct EchoDatagrams: ~Copyable {
    private let socket: Socket
    private let service: EchoServer.Service
    private let report: ConversationReport
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var peer: SocketAddress?
    private(set) var traffic = Traffic()

    init(_ service: EchoServer.Service, _ socket: consuming Socket, _ report: ConversationReport) {
        self.service = service
        self.socket = socket
        self.report = report
    }

    /// Serves until a signal comes, or nothing for `timeout`.
    mutating func run(_ signals: borrowing SignalDescriptor, timeout: Duration?) throws -> ConversationEnd {
        var polls = PollSet()
        let socketIndex = polls.add(socket.fileDescriptor, for: .readable)
        let signalIndex = polls.add(signals.fileDescriptor, for: .readable)
        while true {
            guard try polls.wait(timeout: timeout) > 0 else { return .silent }
            if !polls.ready(at: signalIndex).isEmpty, signals.asksForEnd { return .interrupted }
            if !polls.ready(at: socketIndex).isEmpty { try serve() }
        }
    }

    private mutating func serve() throws {
        let count: Int
        let source: SocketAddress?
        do throws(SocketError) {
            guard let received = try socket.receiveFrom(into: &buffer) else { return }
            (count, source) = received
        } catch {
            if error.errno == .wouldBlock { return }
            throw error
        }
        traffic.received += UInt64(count)
        traffic.hasReceived = true
        if source != peer {
            peer = source
            try report.datagrams(from: source)
        }
        guard service == .echo, let source, source != .unix(.unnamed) else { return }
        do throws(SocketError) {
            traffic.sent += UInt64(try socket.send(buffer[..<count], to: source, flags: .dontWait))
        } catch {
            // Who is gone, or reads too slowly, misses it, and others are served on.
            try report.attemptFailed(ConversationFailure(error))
        }
    }
}

extension Socket {
    /// Receives a datagram that waits into the beginning of an array, and who sent it.
    func receiveFrom(into bytes: inout [UInt8]) throws(SocketError) -> (count: Int, source: SocketAddress?)? {
        var span = bytes.mutableSpan
        var rawBytes = span.mutableBytes
        return try receiveFrom(into: &rawBytes, flags: .dontWait)
    }
}
