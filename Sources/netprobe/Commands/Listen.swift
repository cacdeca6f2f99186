import Glibc
import Privileges
import ProbingIO
import Sockets

/// One `netprobe listen`, from its arguments to its exit status.
enum Listen {
    static func run(_ request: ListenRequest, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        let report = ConversationReport(request.display)
        do { return try run(request, privileges, report) } catch { return try report.status(after: error) }
    }

    private static func run(
        _ request: ListenRequest, _ privileges: consuming ParkedPrivileges, _ report: ConversationReport
    ) throws -> ExitStatus {
        let endpoint = request.endpoint
        let signals = try SignalDescriptor.forConversation()
        // Ports below 1024 and files want what is given away next; names are looked up after that.
        var early: Socket?
        if !endpoint.needsLookUp {
            early = try privileges.raising(.netBindService) { () throws(SocketError) in try endpoint.listener() }
        }
        let file = early == nil ? nil : SocketFile(of: endpoint)
        report.given("\(try privileges.giveAway(.connections(removingFiles: file != nil)))")
        defer { file?.remove(report) }
        let listener = try early.take() ?? endpoint.listener()
        try report.listening(at: endpoint.address ?? (try? listener.localAddress()))
        if endpoint.isConnectionless { return try takeDatagrams(listener, request, signals, report) }
        let acceptor = try Acceptor(listener, report)
        guard let service = request.service else { return try talk(acceptor, request, signals, report) }
        var server = EchoServer(service, endpoint, acceptor, keepsOpen: request.keepsOpen, report)
        let end = try server.run(signals, timeout: request.timeout)
        return try status(of: end, request, hasServed: request.keepsOpen && server.count > 0)
    }

    private static func takeDatagrams(
        _ socket: consuming Socket, _ request: ListenRequest, _ signals: borrowing SignalDescriptor,
        _ report: ConversationReport
    ) throws -> ExitStatus {
        guard let service = request.service else {
            let rules = Relay.Rules(endsWithPeer: true, closesOutput: true)
            var relay = Relay(socket, request.endpoint, peer: nil, rules, report)
            let end = try relay.run(signals, timeout: request.timeout)
            return try status(of: end, request, hasServed: relay.traffic.hasReceived)
        }
        var server = EchoDatagrams(service, socket, report)
        let end = try server.run(signals, timeout: request.timeout)
        return try status(of: end, request, hasServed: server.traffic.hasReceived)
    }

    /// Lets standard input and output talk to one connection, or one after the other.
    private static func talk(
        _ acceptor: consuming Acceptor, _ request: ListenRequest, _ signals: borrowing SignalDescriptor,
        _ report: ConversationReport
    ) throws -> ExitStatus {
        var acceptor: Acceptor? = acceptor
        // Who sits at a terminal says nothing more to a peer that ended; a file or a pipe still goes to the last byte.
        let rules = Relay.Rules(
            endsWithPeer: request.keepsOpen || StandardStreams.inputIsTerminal, closesOutput: !request.keepsOpen)
        var inputHasEnded = false
        var hasServed = false
        while true {
            guard let connection = try acceptor?.next(signals, timeout: request.timeout) else {
                return try status(of: acceptor?.end ?? .finished, request, hasServed: hasServed)
            }
            hasServed = request.keepsOpen
            // Whoever comes now is refused, and does not wait in vain.
            if !request.keepsOpen { acceptor = nil }
            let peer = connection.peer ?? .unix(.unnamed)
            var relay = Relay(
                connection.takeSocket(), request.endpoint, peer: peer, inputHasEnded: inputHasEnded, rules, report)
            let end = try relay.run(signals, timeout: request.timeout)
            inputHasEnded = relay.inputHasEnded
            try report.closed(peer, relay.traffic)
            guard request.keepsOpen else { return try status(of: end, request, hasServed: false) }
            switch end {
            case .interrupted, .inputFailed: return try status(of: end, request, hasServed: true)
            case .failed(let error, let peer): try report.failed(ConversationFailure(error, with: peer))
            case .silent: try report.failed(.silence(request.timeout, peer))
            case .finished: continue
            }
        }
    }

    /// - Parameter hasServed: whether silence is as good an end as any.
    private static func status(
        of end: ConversationEnd, _ request: ListenRequest, hasServed: Bool
    ) throws(ConversationFailure) -> ExitStatus {
        switch end {
        case .finished, .interrupted: return .answered
        case .silent:
            if hasServed { return .answered }
            throw .silence(request.timeout, nil)
        case .failed(let error, let peer): throw ConversationFailure(error, with: peer)
        case .inputFailed(let errno): throw ConversationFailure("standard input: \(errno)", status: .error)
        }
    }
}

/// The file that a Unix socket was bound to, to be removed at the end.
struct SocketFile {
    private let path: String

    init?(of endpoint: Endpoint) {
        guard case .address(.unix(.path(let path))) = endpoint.name else { return nil }
        self.path = String(decoding: path.bytes, as: UTF8.self)
    }

    func remove(_ report: ConversationReport) {
        guard unlink(path) != 0, errno != ENOENT else { return }
        let reason = String(cString: strerror(errno))
        try? report.failed(ConversationFailure("\(path.forTerminal) stays behind: \(reason)", status: .error))
    }
}

extension Socket.Connection {
    /// The connection's socket alone.
    fileprivate consuming func takeSocket() -> Socket { socket }
}
