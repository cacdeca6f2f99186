import CLinux
import Glibc
public import SystemPackage

/// What `recvmsg(2)` received: bytes with their sender and ancillary data. Descriptors that came with them are its own,
/// and closed at its end unless they were taken.
public struct Message: ~Copyable, Sendable {
    /// The bytes; of a message that was longer than the room for it, its beginning.
    public let bytes: [UInt8]
    /// The sender; `nil` where it has no address, or on a connection. On the error queue the destination of what the
    /// error is about.
    public let source: SocketAddress?
    /// What the kernel says of the message, such as `truncated`.
    public let flags: MessageFlags
    /// What came with it, in the kernel's order.
    public let controlMessages: [ControlMessage]
    /// The ancillary data as the kernel laid it out, which `controlMessages` may point into.
    public let controlBytes: [UInt8]
    private var descriptors: [FileDescriptor]

    init(_ batch: inout ReceiveBatch) {
        do {
            let message = batch[0]
            bytes = message.bytes.withUnsafeBytes { Array($0) }
            source = message.source
            flags = message.flags
            controlMessages = message.controlMessages.all
            controlBytes = message.controlMessages.bytes.withUnsafeBytes { Array($0) }
        }
        descriptors = batch.takeDescriptors(at: 0)
    }

    deinit {
        for descriptor in descriptors { _ = Glibc.close(descriptor.rawValue) }
    }

    /// Hands over the descriptors that came with the message, to be closed by the caller.
    public mutating func takeDescriptors() -> [FileDescriptor] {
        defer { descriptors = [] }
        return descriptors
    }
}

extension Socket {
    /// Receives up to `count` bytes with their ancillary data; `nil` at the end of a stream. Many messages come faster
    /// by a `ReceiveBatch`. The corresponding C function is `recvmsg`; Python's `socket.recvmsg`.
    /// - Parameter controlSize: the bytes kept of the ancillary data; what does not fit is lost, and flagged
    ///   `controlTruncated`.
    /// - Throws: `invalidArgument` for a count below 1 or a negative `controlSize`, and as `receive(upTo:flags:)`.
    public func receiveMessage(
        upTo count: Int, controlSize: Int = 1024, flags: MessageFlags = []
    ) throws(SocketError) -> Message? {
        try Self.checkRoom("count", count)
        guard controlSize >= 0 else { throw .invalidArgument("controlSize", "is \(controlSize); it can't be negative") }
        var batch = ReceiveBatch(capacity: 1, messageSize: count, controlSize: controlSize)
        guard try receive(into: &batch, flags: flags) == 1 else { throw .failed(.receive, nil, .wouldBlock) }
        let message = Message(&batch)
        if message.bytes.isEmpty, message.controlMessages.isEmpty, isAtEnd(flags) { return nil }
        return message
    }

    /// Sends a message with ancillary data; returns how many bytes went, which on a stream may be fewer than all: the
    /// ancillary data then went with them. The corresponding C function is `sendmsg`; Python's `socket.sendmsg`.
    /// - Parameter address: where it goes; `nil` for the peer of a connected socket.
    /// - Throws: `invalidArgument` for no bytes on a stream, which carries ancillary data only beside some; `EPERM` for
    ///   the credentials of others, `EBADF` for a descriptor that is not open, `ETOOMANYREFS`, and as `send(_:flags:)`.
    public func sendMessage(
        _ bytes: some Collection<UInt8>, with controlMessages: [OutgoingControlMessage],
        to address: SocketAddress? = nil,
        flags: MessageFlags = []
    ) throws(SocketError) -> Int {
        guard type != .stream || !bytes.isEmpty else {
            throw .invalidArgument("bytes", "are none; a stream carries ancillary data beside at least 1")
        }
        let controlSize = controlMessages.reduce(0) { $0 + $1.size }
        var batch = SendBatch(capacity: 1, messageSize: max(1, bytes.count), controlSize: controlSize)
        batch.append(to: address, with: controlMessages) { output in
            for byte in bytes { output.append(byte) }
        }
        return try perform(.send, address, waitingFor: .writable, flags: flags) {
            batch.sendFirst(through: fileDescriptor.rawValue, flags: flags)
        }
    }
}
