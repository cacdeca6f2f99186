import Probing
import ProbingIO
import Sockets
import SystemPackage

/// Serves many connections at once: the Echo Protocol (RFC 862) or the Discard Protocol (RFC 863).
struct EchoServer: ~Copyable {
    enum Service { case echo, discard }

    private let service: Service
    private let keepsOpen: Bool
    private let report: ConversationReport
    private var acceptor: Acceptor?
    private var connections: [EchoConnection] = []
    private var buffer: [UInt8]
    private var failure: ConversationEnd?
    private var lastActivity = Clock.now
    /// How many connections have come.
    private(set) var count: UInt64 = 0

    /// - Parameter keepsOpen: whether to go on after the first connection.
    init(
        _ service: Service, _ endpoint: Endpoint, _ acceptor: consuming Acceptor, keepsOpen: Bool,
        _ report: ConversationReport
    ) {
        self.service = service
        self.acceptor = consume acceptor
        self.keepsOpen = keepsOpen
        self.report = report
        buffer = [UInt8](repeating: 0, count: endpoint.keepsMessages ? 1 << 18 : 1 << 16)
    }

    /// Serves until the end, or until nothing came or went for `timeout`.
    mutating func run(_ signals: borrowing SignalDescriptor, timeout: Duration?) throws -> ConversationEnd {
        while true {
            if acceptor == nil, connections.isEmpty { return failure ?? .finished }
            let left = timeout.map { lastActivity + $0 - Clock.now }
            if let left, left <= .zero { return .silent }
            let pause = acceptor?.pause
            var polls = PollSet()
            let signalIndex = polls.add(signals.fileDescriptor, for: .readable)
            for connection in connections { _ = polls.add(connection.socket.fileDescriptor, for: connection.wants) }
            let accepts = pause == nil ? acceptor?.fileDescriptor : nil
            let acceptorIndex = accepts.map { polls.add($0, for: .readable) }
            guard try polls.wait(timeout: [left, pause].compactMap { $0 }.min()) > 0 else { continue }
            if !polls.ready(at: signalIndex).isEmpty, signals.asksForEnd { return .interrupted }
            try serve(polls, after: signalIndex)
            if let acceptorIndex, !polls.ready(at: acceptorIndex).isEmpty { try accept() }
        }
    }

    private mutating func accept() throws {
        guard let connection = try acceptor?.accept() else { return }
        lastActivity = Clock.now
        count += 1
        connections.append(EchoConnection(consume connection))
        if !keepsOpen { acceptor = nil }
    }

    private mutating func serve(_ polls: PollSet, after signalIndex: Int) throws(OutputError) {
        var remaining: [EchoConnection] = []
        for (index, connection) in connections.enumerated() {
            guard !polls.ready(at: signalIndex + 1 + index).isEmpty else {
                remaining.append(connection)
                continue
            }
            lastActivity = Clock.now
            do throws(SocketError) {
                if try !connection.serve(service, with: &buffer) {
                    remaining.append(connection)
                    continue
                }
            } catch {
                if keepsOpen { try report.failed(ConversationFailure(error, with: connection.peer)) }
                failure = .failed(error, connection.peer)
            }
            connection.socket.endConnection()
            try report.closed(connection.peer, connection.traffic)
        }
        connections = remaining
    }
}

/// One of the connections of an echo server.
final class EchoConnection {
    let socket: Socket
    let peer: SocketAddress?
    private(set) var traffic = Traffic()
    /// What could not be sent back yet.
    private var pending: ArraySlice<UInt8>?

    init(_ connection: consuming Socket.Connection) {
        peer = connection.peer
        socket = connection.socket
    }

    /// What it waits for: who sends back takes nothing more before that has gone.
    var wants: PollSet.Events { pending == nil ? .readable : .writable }

    /// Does what can be done at once; returns whether it is over.
    func serve(_ service: EchoServer.Service, with buffer: inout [UInt8]) throws(SocketError) -> Bool {
        do throws(SocketError) {
            if pending == nil {
                guard let count = try socket.receive(into: &buffer, flags: .dontWait) else { return true }
                traffic.received += UInt64(count)
                if service == .discard { return false }
                pending = buffer[..<count]
            }
            guard let bytes = pending else { return false }
            let count = try socket.send(bytes, flags: .dontWait)
            traffic.sent += UInt64(count)
            pending = count < bytes.count ? bytes.dropFirst(count) : nil
        } catch {
            if error.errno != .wouldBlock { throw error }
        }
        return false
    }
}
