import CLinux
import Glibc
import SystemPackage

/// Messages that one `sendmmsg(2)` call sends. The room for them is allocated once and used again for each call.
public struct SendBatch: ~Copyable {
    /// How many messages there is room for.
    public var capacity: Int { room.capacity }
    /// How many messages wait to be sent.
    public private(set) var count = 0

    private let room: MessageRoom

    /// - Parameters:
    ///   - capacity: the number of messages, at least 1.
    ///   - messageSize: the bytes that the longest takes.
    ///   - controlSize: the bytes that the ancillary data of one message takes: the sum of their `size`.
    public init(capacity: Int, messageSize: Int, controlSize: Int = 0) {
        room = MessageRoom(capacity: capacity, messageSize: messageSize, controlSize: controlSize)
    }

    /// Whether every slot is taken.
    public var isFull: Bool { count == capacity }

    /// Adds a message whose bytes `body` writes; the batch must not be full.
    /// - Parameters:
    ///   - address: where it goes; `nil` for the peer of a connected socket.
    ///   - controlMessages: what goes with it; the batch must have room for it.
    /// - Throws: what `body` throws; the batch is then as it was.
    public mutating func append<E: Error>(
        to address: SocketAddress?, with controlMessages: [OutgoingControlMessage] = [],
        _ body: (inout OutputRawSpan) throws(E) -> Void
    ) throws(E) {
        precondition(count < capacity, "the batch is full")
        let slot = room.bytes(at: count)
        var output = OutputRawSpan(buffer: slot, initializedCount: 0)
        try body(&output)
        room.vectors[count].iov_len = output.finalize(for: slot)
        room.headers[count].msg_hdr.msg_namelen =
            switch (address, room.headers[count].msg_hdr.msg_name) {
            case (let address?, let name?): address.store(to: name)
            default: 0
            }
        room.headers[count].msg_hdr.msg_controllen =
            controlMessages.isEmpty ? 0 : OutgoingControlMessage.store(controlMessages, to: room.control(at: count))
        count += 1
    }

    /// Forgets all messages, sent or not.
    public mutating func removeAll() { count = 0 }

    fileprivate borrowing func send(through descriptor: Int32, from first: Int, flags: MessageFlags) -> Int {
        let flags = flags.withoutSignal
        let header = room.headers[first].msg_hdr
        // One message goes faster by itself.
        guard count - first > 1 || header.msg_controllen > 0 else {
            let name = header.msg_namelen > 0 ? header.msg_name?.assumingMemoryBound(to: sockaddr.self) : nil
            let result = sendto(
                descriptor, room.vectors[first].iov_base, room.vectors[first].iov_len, flags, name, header.msg_namelen)
            return result < 0 ? -1 : 1
        }
        return Int(
            sendmmsg(descriptor, room.headers.baseAddress.map { $0 + first }, UInt32(clamping: count - first), flags))
    }

    /// Sends the first message by `sendmsg(2)`; returns how many of its bytes went.
    borrowing func sendFirst(through descriptor: Int32, flags: MessageFlags) -> Int {
        withUnsafePointer(to: room.headers[0].msg_hdr) { sendmsg(descriptor, $0, flags.withoutSignal) }
    }

    /// Where the message at `index` goes.
    fileprivate borrowing func address(at index: Int) -> SocketAddress? {
        let header = room.headers[index].msg_hdr
        return header.msg_name.flatMap { SocketAddress(loading: $0, length: header.msg_namelen) }
    }
}

extension Socket {
    /// Sends the messages of a batch from index `first` on; returns how many went, at least one. Fewer than all went
    /// where one could not be sent: to go on from there tells why. The kernel takes 1024 at once (`UIO_MAXIOV`).
    /// The corresponding C function is `sendmmsg`.
    /// - Throws: when not even the message at `first` could be sent: `EMSGSIZE`, `ENOBUFS`, `EAGAIN`, `EPERM` from a
    ///   firewall, or a pending error of the socket.
    public func send(_ batch: borrowing SendBatch, from first: Int = 0, flags: MessageFlags = []) throws(SocketError)
        -> Int
    {
        precondition(first >= 0 && first < batch.count, "there is nothing to send")
        return try perform(.send, batch.address(at: first), waitingFor: .writable, flags: flags) {
            batch.send(through: fileDescriptor.rawValue, from: first, flags: flags)
        }
    }
}
