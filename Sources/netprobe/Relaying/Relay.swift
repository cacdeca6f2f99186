import Probing
import ProbingIO
import Sockets
import SystemPackage

/// How a conversation came to its end.
enum ConversationEnd {
    /// Both ends had nothing more to say.
    case finished
    /// A signal asked for it.
    case interrupted
    /// Nothing came or went for as long as may be.
    case silent
    /// With whom, where somebody was there.
    case failed(SocketError, SocketAddress?)
    /// Standard input could not be read.
    case inputFailed(Errno)
}

/// Copies standard input to a peer, and what the peer sends to standard output.
struct Relay: ~Copyable {
    /// What to do at the end of a stream.
    struct Rules {
        /// The peer's end is the end, however much standard input has to say.
        var endsWithPeer: Bool
        /// Nobody else writes to standard output after this.
        var closesOutput: Bool
    }

    private let socket: Socket
    private let endpoint: Endpoint
    private let rules: Rules
    private let report: ConversationReport
    /// Whom to send to; `nil` while nobody is known.
    private var peer: SocketAddress?
    private let isConnected: Bool
    private(set) var traffic = Traffic()
    /// Whether standard input has come to its end.
    private(set) var inputHasEnded: Bool

    private var outgoing: ByteQueue
    private var incoming: ByteQueue
    private var peerHasEnded = false
    private var failure: SocketError?
    private var lastActivity = Clock.now
    private var polls = PollSet()

    private static var inputIndex: Int { 0 }
    private static var outputIndex: Int { 1 }
    private static var socketIndex: Int { 2 }
    private static var signalIndex: Int { 3 }

    /// - Parameter peer: the other end of a connection; `nil` for a socket that takes datagrams from anyone, and
    ///   answers the sender of the last one.
    init(
        _ socket: consuming Socket, _ endpoint: Endpoint, peer: SocketAddress?, inputHasEnded: Bool = false,
        _ rules: Rules,
        _ report: ConversationReport
    ) {
        self.socket = socket
        self.endpoint = endpoint
        self.peer = peer
        isConnected = peer != nil
        self.inputHasEnded = inputHasEnded
        self.rules = rules
        self.report = report
        outgoing = ByteQueue(capacity: endpoint.largestSend)
        // What does not fit of a message is lost; none is longer than the send buffer that it came from.
        incoming = ByteQueue(capacity: endpoint.keepsMessages ? 1 << 18 : 1 << 16)
    }

    /// Copies until the end, or until nothing came or went for `timeout`.
    mutating func run(_ signals: borrowing SignalDescriptor, timeout: Duration?) throws -> ConversationEnd {
        for descriptor in [
            StandardStreams.input, StandardStreams.output, socket.fileDescriptor, signals.fileDescriptor,
        ] {
            _ = polls.add(descriptor, for: .readable)
        }
        if inputHasEnded { endSending() }
        defer { if isConnected { socket.endConnection() } }
        while true {
            if let end { return end }
            let left = timeout.map { lastActivity + $0 - Clock.now }
            if let left, left <= .zero { return .silent }
            prepareToWait()
            guard try polls.wait(timeout: left) > 0 else { continue }
            if !polls.ready(at: Self.signalIndex).isEmpty, signals.asksForEnd { return .interrupted }
            do throws(Errno) { try readInput() } catch { return .inputFailed(error) }
            try exchange()
            try writeOutput()
        }
    }

    private var end: ConversationEnd? {
        guard peerHasEnded, incoming.isEmpty else { return nil }
        if let failure { return .failed(failure, peer) }
        return outgoing.isEmpty && (inputHasEnded || rules.endsWithPeer) ? .finished : nil
    }

    private mutating func prepareToWait() {
        let takesInput = !inputHasEnded && outgoing.isEmpty && peer != nil
        polls.set(takesInput ? .readable : [], at: Self.inputIndex)
        polls.set(incoming.isEmpty ? [] : .writable, at: Self.outputIndex)
        // That the connection has ended is reported whatever is asked for: not while the output has to catch up.
        var events: PollSet.Events = []
        if incoming.isEmpty { events.insert(peerHasEnded ? .urgent : .readable) }
        if !outgoing.isEmpty { events.insert(.writable) }
        polls.set(events, at: Self.socketIndex)
    }

    // MARK: - Standard input and output

    private mutating func readInput() throws(Errno) {
        guard !polls.ready(at: Self.inputIndex).isEmpty else { return }
        try outgoing.fill { bytes throws(Errno) in
            try StandardStreams.read(into: &bytes, upTo: endpoint.largestSend)
        }
        lastActivity = Clock.now
        if outgoing.isEmpty { endSending() }
    }

    private mutating func writeOutput() throws(OutputError) {
        guard !polls.ready(at: Self.outputIndex).isEmpty else { return }
        incoming.removeFirst(try StandardStreams.write(incoming.contents))
        lastActivity = Clock.now
    }

    // MARK: - The peer

    private mutating func exchange() throws(OutputError) {
        let ready = polls.ready(at: Self.socketIndex)
        guard !ready.isEmpty else { return }
        let hasEnded = !ready.isDisjoint(with: [.error, .hangUp])
        if !outgoing.isEmpty {
            if hasEnded || ready.contains(.writable) { send() }
        } else if peerHasEnded, hasEnded {
            // It will hear nothing more, either.
            inputHasEnded = true
        }
        if incoming.isEmpty, !peerHasEnded, hasEnded || ready.contains(.readable) { try receive() }
    }

    private mutating func send() {
        do throws(SocketError) {
            let count =
                if let peer, !isConnected {
                    try socket.send(outgoing.contents, to: peer, flags: .dontWait)
                } else {
                    try socket.send(outgoing.contents, flags: .dontWait)
                }
            outgoing.removeFirst(count)
            traffic.sent += UInt64(count)
            lastActivity = Clock.now
        } catch {
            guard error.errno != .wouldBlock else { return }
            stopSending(error)
            // What the peer has sent before it went is still to be read.
            if endpoint.isConnectionless { peerHasEnded = true }
        }
    }

    private mutating func receive() throws(OutputError) {
        var source: SocketAddress?
        do throws(SocketError) {
            try incoming.fill { bytes throws(SocketError) in
                if isConnected {
                    return try socket.receive(into: &bytes, flags: .dontWait)
                }
                let received = try socket.receiveFrom(into: &bytes)
                source = received?.source
                return received?.count
            }
        } catch {
            guard error.errno != .wouldBlock else { return }
            stopSending(error)
            peerHasEnded = true
            return
        }
        lastActivity = Clock.now
        if let source, source != .unix(.unnamed), source != peer {
            peer = source
            try report.datagrams(from: source)
        }
        if incoming.isEmpty {
            peerHasEnded = true
            if !endpoint.closesByHalves { inputHasEnded = true }
            if rules.closesOutput { StandardStreams.closeOutput() }
        } else {
            traffic.received += UInt64(incoming.contents.count)
            traffic.hasReceived = true
            // A message without bytes has nothing to write.
            if incoming.contents.isEmpty { incoming.removeAll() }
        }
    }

    private mutating func stopSending(_ error: SocketError) {
        failure = failure ?? error
        inputHasEnded = true
        outgoing.removeAll()
    }

    /// Standard input has ended.
    private mutating func endSending() {
        inputHasEnded = true
        guard endpoint.closesByHalves else { return }
        // Where the peer is gone there is no end to tell it of.
        try? socket.shutdown(.send)
    }
}

extension SignalDescriptor {
    /// Whether a signal has come that ends a program.
    var asksForEnd: Bool {
        while let signal = next() {
            if signal == .interrupt || signal == .terminate { return true }
        }
        return false
    }
}
