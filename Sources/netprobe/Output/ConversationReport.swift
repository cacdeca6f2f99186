import Probing
import ProbingIO
import Sockets

/// What a connect or listen shows besides the data.
struct ConversationDisplay {
    /// What errors begin with.
    var programName: String
    var verbose: Bool
    var json: Bool
    /// Standard output carries no data.
    var outputIsFree: Bool
}

/// Says what happens to connections: in words on standard error, or as JSON, on standard output where that has no data.
struct ConversationReport {
    private let display: ConversationDisplay

    init(_ display: ConversationDisplay) { self.display = display }

    /// What became of the privileges.
    func given(_ description: String) { if display.verbose, !display.json { complain(description) } }

    func listening(at address: SocketAddress?) throws(OutputError) {
        try say("listening", "listening on \(address.text)") { $0.add("address", address.text) }
    }

    /// One of several addresses did not do.
    func attemptFailed(_ failure: ConversationFailure) throws(OutputError) {
        try say("attempt_failed", "\(failure)") { $0.add("message", "\(failure)") }
    }

    func connected(to peer: SocketAddress?, from local: SocketAddress?) throws(OutputError) {
        try say("connected", "connected to \(peer.text) from \(local.text)") { object in
            object.add("peer", peer.text)
            object.add("local", local.text)
        }
    }

    func accepted(from peer: SocketAddress?, at local: SocketAddress?) throws(OutputError) {
        try say("accepted", "connection from \(peer.text) to \(local.text)") { object in
            object.add("peer", peer.text)
            object.add("local", local.text)
        }
    }

    /// Datagrams come from someone else than those before.
    func datagrams(from peer: SocketAddress?) throws(OutputError) {
        try say("datagrams", "datagrams from \(peer.text)") { $0.add("peer", peer.text) }
    }

    func closed(_ peer: SocketAddress?, _ traffic: Traffic) throws(OutputError) {
        try say("closed", "\(peer.text): \(traffic.sent) bytes sent, \(traffic.received) received") { object in
            object.add("peer", peer.text)
            object.add("sent", traffic.sent)
            object.add("received", traffic.received)
            object.add("duration", Clock.now - traffic.start)
        }
    }

    /// Says what ended the command, where it is something to say of the conversation, and gives the exit status for it.
    func status(after error: any Error) throws -> ExitStatus {
        let failure: ConversationFailure
        switch error {
        case let error as SocketError: failure = ConversationFailure(error)
        case let error as ConversationFailure: failure = error
        default: throw error
        }
        try failed(failure)
        return failure.status
    }

    func failed(_ failure: ConversationFailure) throws(OutputError) {
        try say("error", "\(failure)", isError: true) { $0.add("message", "\(failure)") }
    }

    private func say(
        _ type: String, _ text: String, isError: Bool = false, _ fill: (inout JSONObject) -> Void
    ) throws(OutputError) {
        guard display.json else {
            if display.verbose || isError { complain(text) }
            return
        }
        var object = JSONObject()
        object.add("schema", "netprobe.conversation/1")
        object.add("type", type)
        object.add("time", Duration.nanoseconds(Clock.wallClock))
        fill(&object)
        guard display.outputIsFree else { return StandardError.write(object.line) }
        var output = StandardOutput()
        try output.write(object.line)
        try output.flush()
    }

    private func complain(_ text: String) { StandardError.write("\(display.programName): \(text)\n") }
}

/// How much went over a connection.
struct Traffic {
    var sent: UInt64 = 0
    var received: UInt64 = 0
    /// Whether anything was received, were it a message without bytes.
    var hasReceived = false
    let start = Clock.now
}

extension SocketAddress? {
    /// The address for people, to whom an IPv4 peer of an IPv6 socket is one of IPv4.
    var text: String {
        guard let self else { return "unknown" }
        if case .ipv6(let address, let port, _, _) = self, let mapped = address.ipv4Mapped {
            return "\(SocketAddress.ipv4(mapped, port: port))"
        }
        return "\(self)".forTerminal
    }
}
