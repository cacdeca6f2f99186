/// One message in a `ReceiveBatch`.
public struct ReceivedMessage: ~Escapable {
    /// The bytes received, at most what the batch keeps of a message.
    public let bytes: RawSpan
    /// The ancillary data that came with it.
    public let controlMessages: ControlMessages
    /// The sender; on the error queue the destination of what the error is about.
    public let source: SocketAddress?
    /// What the kernel says of the message, such as `truncated`.
    public let flags: MessageFlags

    @_lifetime(copy bytes, copy controlMessages)
    init(bytes: RawSpan, controlMessages: ControlMessages, source: SocketAddress?, flags: MessageFlags) {
        self.bytes = bytes
        self.controlMessages = controlMessages
        self.source = source
        self.flags = flags
    }
}
