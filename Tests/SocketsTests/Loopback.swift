import Addresses
import Sockets
import SystemPackage
import Testing

/// The two loopback networks, for what must hold for both families.
enum Loopback: CaseIterable, Sendable {
    case ipv4, ipv6

    static let available = allCases.filter { $0 == .ipv4 || Machine.hasIPv6 }

    var family: SocketFamily { self == .ipv4 ? .ipv4 : .ipv6 }

    func address(port: UInt16 = 0) -> SocketAddress {
        SocketAddress(self == .ipv4 ? .v4(.loopback) : .v6(.loopback), port: port)
    }

    /// A UDP address where nobody is: tests use no port below 1024, and no IPv4 address but 127.0.0.1.
    var nobody: SocketAddress {
        self == .ipv4 ? .ipv4(IPv4Address(rawValue: 0x7F00_0008), port: 1) : .ipv6(.loopback, port: 1)
    }

    /// Waits until what was sent before is in its receivers' buffers, or dropped, and so is what was answered at once:
    /// loopback keeps the order, and a busy kernel may deliver after the call that sends has returned.
    static func settle() throws {
        for _ in 0..<2 {
            let socket = try ipv4.boundSocket()
            try socket.send([[0]], to: try socket.localAddress())
            try socket.waitUntil(.readable)
        }
    }

    /// A UDP socket that is bound to a free port.
    func boundSocket() throws(SocketError) -> Socket {
        let socket = try Socket(family, .datagram)
        try socket.bind(to: address())
        return socket
    }
}

/// A received message that outlives its batch.
struct BatchMessage: Sendable {
    let bytes: [UInt8]
    let source: SocketAddress?
    let flags: MessageFlags
    let controlMessages: [ControlMessage]
    let ipv4Options: [UInt8]?

    init(_ message: borrowing ReceivedMessage) {
        bytes = message.bytes.withUnsafeBytes { Array($0) }
        source = message.source
        flags = message.flags
        controlMessages = message.controlMessages.all
        let control = message.controlMessages.bytes.withUnsafeBytes { Array($0) }
        ipv4Options =
            controlMessages.lazy.compactMap {
                guard case .ipv4Options(let range) = $0 else { return nil }
                return Array(control[range])
            }.first
    }

    var hopLimit: Int? {
        controlMessages.lazy.compactMap { if case .hopLimit(let limit) = $0 { limit } else { nil } }.first
    }

    /// The kernel's software timestamp.
    var timestamp: Int64? {
        controlMessages.lazy.compactMap {
            if case .timestamps(let time, _) = $0, time != 0 { time } else { nil }
        }.first
    }

    var dropCount: UInt32? {
        controlMessages.lazy.compactMap { if case .dropCount(let count) = $0 { count } else { nil } }.first
    }

    var extendedError: ExtendedError? {
        controlMessages.lazy.compactMap { if case .extendedError(let error) = $0 { error } else { nil } }.first
    }
}

extension ControlMessages {
    /// Every message from here on.
    var all: [ControlMessage] {
        var rest = self
        var messages: [ControlMessage] = []
        while let message = rest.next() { messages.append(message) }
        return messages
    }
}

extension Socket {
    /// The next `count` messages; fails where they do not come within ten seconds.
    func messages(_ count: Int, size: Int = 65_536, flags: MessageFlags = []) throws -> [BatchMessage] {
        var batch = ReceiveBatch(capacity: count, messageSize: size)
        var messages: [BatchMessage] = []
        while messages.count < count {
            try waitUntil(flags.contains(.errorQueue) ? .error : .readable)
            for index in 0..<(try receive(into: &batch, flags: flags.union(.dontWait))) {
                messages.append(BatchMessage(batch[index]))
            }
        }
        return messages
    }

    /// Waits until the socket is ready, ten seconds at most.
    func waitUntil(_ events: PollSet.Events) throws {
        var polls = PollSet()
        let index = polls.add(fileDescriptor, for: events)
        _ = try polls.wait(timeout: .seconds(10))
        let ready = polls.ready(at: index)
        try #require(!ready.isDisjoint(with: events), "nothing came")
    }

    /// Sends these messages with one call, or as many as it takes.
    func send(_ messages: [[UInt8]], to address: SocketAddress) throws(SocketError) {
        var batch = SendBatch(capacity: messages.count, messageSize: max(1, messages.map(\.count).max() ?? 1))
        for message in messages { batch.append(message, to: address) }
        var sent = 0
        while sent < messages.count { sent += try send(batch, from: sent) }
    }
}

extension SendBatch {
    mutating func append(_ message: [UInt8], to address: SocketAddress) {
        append(to: address) { output in
            for byte in message { output.append(byte) }
        }
    }
}

/// What `body` throws.
func socketError(of body: () throws(SocketError) -> Void) -> SocketError? {
    do throws(SocketError) {
        try body()
        return nil
    } catch {
        return error
    }
}
