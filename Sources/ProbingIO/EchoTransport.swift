import Addresses
import Packets
import Probing
public import Sockets
import SystemPackage

/// A socket that is set up for echo requests to one destination.
public struct EchoTransport: ~Copyable {
    /// Where requests go.
    public let destination: SocketAddress
    /// The identifier that the requests on this socket carry.
    public let identifier: UInt16
    /// The kind of socket.
    public let kind: EchoSocket.Kind

    let socket: Socket
    private var envelope: IPv4Envelope?
    private var batch: SendBatch
    private let mtu: Int
    /// What an error said that the path takes.
    private var knownMTU: Int?

    /// Sets a socket up.
    /// - Parameters:
    ///   - identifier: the identifier wanted; by default a random one, or the one that the kernel gives.
    ///   - requestLength: the length of the ICMP message in bytes.
    ///   - preload: how many requests may be under way before the first reply, for the size of buffers.
    /// - Throws: what the kernel does not allow.
    public init(
        _ echoSocket: consuming EchoSocket, to destination: SocketAddress, by path: EchoPath, _ options: EchoOptions,
        identifier wanted: UInt16? = nil, requestLength: Int, preload: Int = 1
    ) throws(SocketError) {
        var destination = destination
        if case .ipv6(let address, _, let scopeID, _) = destination, let label = options.flowLabel {
            let leased = try echoSocket.socket.leaseFlowLabel(label, to: address, isShared: true)
            destination = .ipv6(address, port: 0, scopeID: scopeID, flowInformation: leased)
        }
        let identifier = try echoSocket.prepare(for: destination, by: path, options, identifier: wanted)
        try echoSocket.size(forRequestLength: requestLength, preload: preload, options)
        if options.connects { try echoSocket.socket.connect(to: destination) }
        self.init(
            echoSocket, to: destination, by: path, options, preparedWith: identifier, requestLength: requestLength)
    }

    private init(
        _ echoSocket: consuming EchoSocket, to destination: SocketAddress, by path: EchoPath, _ options: EchoOptions,
        preparedWith identifier: UInt16, requestLength: Int
    ) {
        if case (.raw, .v4(let target), .v4(let source)) = (
            echoSocket.kind, destination.ipAddress, path.source.ipAddress
        ) {
            envelope = IPv4Envelope(source: source, destination: target, options: options, mtu: path.mtu)
        }
        self.destination = destination
        self.identifier = identifier
        kind = echoSocket.kind
        mtu = path.mtu
        batch = SendBatch(capacity: 1, messageSize: IPv4Envelope.room(for: requestLength))
        socket = echoSocket.intoSocket()
    }

    /// The flow label that the kernel leased, 0 for none.
    public var flowLabel: UInt32 {
        guard case .ipv6(_, _, _, let flowLabel) = destination else { return 0 }
        return flowLabel
    }

    /// A router has said that packets on the path may have at most so many bytes.
    mutating func learn(mtu: Int) {
        knownMTU = min(knownMTU ?? mtu, mtu)
        envelope?.learn(mtu: mtu)
    }

    /// Sends the session's next request.
    /// - Returns: how many packets went, each of which gets a transmit timestamp of its own.
    mutating func send(_ session: PingSession, timeOfDay: Int64) throws(SendFailure) -> Int {
        batch.removeAll()
        guard let fit = envelope?.fit(of: session.requestLength) else {
            batch.append(to: destination) { session.writeRequest(into: &$0, timeOfDay: timeOfDay) }
            return try transmit()
        }
        let dontFragment = fit == .whole(dontFragment: true)
        guard fit != .tooLarge, let header = envelope?.nextHeader(timeOfDay: timeOfDay, dontFragment: dontFragment)
        else { throw .tooLarge(mtu: envelope?.mtu) }
        if fit == .inFragments { return try sendFragments(of: session, under: header, timeOfDay: timeOfDay) }
        batch.append(to: SocketAddress(.v4(header.destination))) {
            header.serialize(into: &$0, payloadLength: session.requestLength)
            session.writeRequest(into: &$0, timeOfDay: timeOfDay)
        }
        return try transmit()
    }

    private mutating func sendFragments(
        of session: PingSession, under header: IPv4Header, timeOfDay: Int64
    ) throws(SendFailure) -> Int {
        guard let envelope else { return 0 }
        let message = serialized(capacity: session.requestLength) {
            session.writeRequest(into: &$0, timeOfDay: timeOfDay)
        }
        let count = envelope.fragmentCount(of: message.count, under: header)
        var fragments = SendBatch(capacity: count, messageSize: envelope.mtu)
        envelope.appendFragments(of: message.span.bytes, under: header, to: &fragments)
        do throws(SocketError) {
            var sent = 0
            while sent < count { sent += try socket.send(fragments, from: sent, flags: .dontWait) }
            return count
        } catch {
            throw failure(error)
        }
    }

    private func transmit() throws(SendFailure) -> Int {
        do throws(SocketError) {
            return try socket.send(batch, flags: .dontWait)
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: SocketError) -> SendFailure {
        switch error.errno {
        case .noBufferSpace, .noMemory: .queueFull
        case .wouldBlock: .bufferFull
        case .messageTooLong: .tooLarge(mtu: pathMTU)
        case let errno: .refused(errno: (errno ?? .invalidArgument).rawValue)
        }
    }

    /// The path MTU as the kernel knows it by now.
    private var pathMTU: Int {
        guard kind == .raw, let envelope else { return knownMTU ?? mtu }
        return envelope.mtu
    }
}
