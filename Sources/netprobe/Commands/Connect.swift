import Privileges
import Probing
import ProbingIO
import Sockets
import SystemPackage

/// One `netprobe connect`, from its arguments to its exit status.
enum Connect {
    static func run(_ request: ConnectRequest, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        let report = ConversationReport(request.display)
        do { return try run(request, privileges, report) } catch { return try report.status(after: error) }
    }

    private static func run(
        _ request: ConnectRequest, _ privileges: consuming ParkedPrivileges, _ report: ConversationReport
    ) throws -> ExitStatus {
        // The file of a Unix socket may be open to this user alone.
        var socket: Socket?
        if request.endpoint.transport == .unix, request.probe == nil { socket = try connect(request, report) }
        report.given("\(try privileges.giveAway(.connections()))")
        if let probe = request.probe { return try repeatedly(probe, request) }
        return try talk(over: try socket.take() ?? connect(request, report), request, report)
    }

    private static func connect(_ request: ConnectRequest, _ report: ConversationReport) throws -> Socket {
        var problem: OutputError?
        let socket = try request.endpoint.connect(within: request.timeout) { error in
            do throws(OutputError) { try report.attemptFailed(ConversationFailure(error)) } catch { problem = error }
        }
        if let problem { throw problem }
        return socket
    }

    // MARK: - Talking

    private static func talk(
        over socket: consuming Socket, _ request: ConnectRequest, _ report: ConversationReport
    ) throws -> ExitStatus {
        // Not before: a signal during the look-up or the connecting ends the program as it ends any.
        let signals = try SignalDescriptor.forConversation()
        let peer = try socket.peer(of: request.endpoint)
        try report.connected(to: peer, from: try? socket.localAddress())
        var relay = Relay(
            socket, request.endpoint, peer: peer, Relay.Rules(endsWithPeer: false, closesOutput: true), report)
        let end = try relay.run(signals, timeout: request.timeout)
        try report.closed(peer, relay.traffic)
        switch end {
        case .finished, .interrupted: return .answered
        case .failed(let error, let peer): throw ConversationFailure(error, with: peer)
        case .inputFailed(let errno): throw ConversationFailure("standard input: \(errno)", status: .error)
        case .silent:
            // Where the end of the input ends nothing, silence is what does.
            let isEnd = !request.endpoint.closesByHalves && relay.inputHasEnded
            if isEnd, relay.traffic.hasReceived || !request.endpoint.isConnectionless { return .answered }
            throw ConversationFailure.silence(request.timeout, peer, hasSent: isEnd && relay.traffic.sent > 0)
        }
    }

    // MARK: - Probing

    private static func repeatedly(_ probe: ConnectConfiguration, _ request: ConnectRequest) throws -> ExitStatus {
        let signals = try SignalDescriptor.forConversation()
        if request.display.json {
            return try run(
                ConnectRunner(
                    probe, to: request.endpoint, signals: signals, observer: ConnectJSON(request.endpoint)))
        }
        return try run(
            ConnectRunner(
                probe, to: request.endpoint, signals: signals, observer: ConnectText(request.endpoint)))
    }

    private static func run<Report: ConnectReporting>(
        _ runner: consuming ConnectRunner<Report>
    ) throws(OutputError) -> ExitStatus {
        var runner = runner
        try runner.observer.begin()
        try runner.run()
        try runner.observer.end(runner.session)
        return runner.session.succeeded ? .answered : .unanswered
    }
}

extension SignalDescriptor {
    /// The signals, from now on in the event loop only.
    static func forConversation() throws(ConversationFailure) -> SignalDescriptor {
        do throws(Errno) { return try SignalDescriptor() } catch {
            throw ConversationFailure("signalfd: \(error)", status: .error)
        }
    }
}

extension Socket {
    /// The other end of a connected socket. TIPC sockets without connections have only a destination in mind.
    fileprivate func peer(of endpoint: Endpoint) throws -> SocketAddress {
        if let address = endpoint.address { return address }
        return try peerAddress()
    }
}
