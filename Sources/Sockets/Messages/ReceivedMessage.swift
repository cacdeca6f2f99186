import Glibc

/// One message in a `ReceiveBatch`.
public struct ReceivedMessage: ~Escapable {
    /// The bytes received, at most what the batch keeps of a message.
    public let bytes: RawSpan
    /// The ancillary data that came with it.
    public let controlMessages: ControlMessages
    /// What the kernel says of the message, such as `truncated`.
    public let flags: MessageFlags
    /// The sender as the C structure.
    private let name: RawSpan

    @_lifetime(copy bytes, copy controlMessages, copy name)
    init(bytes: RawSpan, controlMessages: ControlMessages, name: RawSpan, flags: MessageFlags) {
        self.bytes = bytes
        self.controlMessages = controlMessages
        self.name = name
        self.flags = flags
    }

    /// The sender; on the error queue the destination of what the error is about. It is read anew each time.
    public var source: SocketAddress? {
        // Safe: it is read within what the span covers.
        name.withUnsafeBytes { name in
            name.baseAddress.flatMap { SocketAddress(loading: $0, length: socklen_t(name.count)) }
        }
    }
}
