import CLinux
import Glibc
public import SystemPackage

/// Room for messages that one `recvmmsg(2)` call receives: their bytes, senders and ancillary data. It is allocated
/// once and used again for each call.
public struct ReceiveBatch: ~Copyable {
    /// How many messages one call can receive.
    public var capacity: Int { room.capacity }
    /// How many messages the last call received.
    public private(set) var count = 0

    /// Whether the last call may have brought descriptors, which are this batch's until they are taken.
    private var mayHoldDescriptors = false
    private let room: MessageRoom

    /// - Parameters:
    ///   - capacity: the number of messages, at least 1.
    ///   - messageSize: the bytes kept of each; what is longer is cut and flagged `truncated`.
    ///   - controlSize: the bytes kept of each message's ancillary data.
    public init(capacity: Int, messageSize: Int, controlSize: Int = 256) {
        room = MessageRoom(capacity: capacity, messageSize: messageSize, controlSize: controlSize)
        for index in 0..<capacity { offerRoom(at: index) }
    }

    deinit { closeDescriptors() }

    /// The message at `index`, which is less than `count`; it can be used until the next call.
    public subscript(index: Int) -> ReceivedMessage {
        @_lifetime(borrow self)
        get {
            precondition(index >= 0 && index < count, "no message was received at this index")
            let header = room.headers[index].msg_hdr
            // The pointers are into this batch's memory, which lives as long as the borrow, and the kernel reports
            // lengths within what it was given; an address may be said to be longer than its room.
            let bytes = UnsafeRawBufferPointer(room.bytes(at: index, count: Int(room.headers[index].msg_len)))
            let control = UnsafeRawBufferPointer(room.control(at: index, count: header.msg_controllen))
            let name = UnsafeRawBufferPointer(
                start: header.msg_name, count: min(Int(header.msg_namelen), SocketAddress.storageSize))
            let message = ReceivedMessage(
                bytes: RawSpan(_unsafeBytes: bytes), controlMessages: ControlMessages(RawSpan(_unsafeBytes: control)),
                name: RawSpan(_unsafeBytes: name),
                flags: MessageFlags(rawValue: header.msg_flags & ~Int32(MSG_CMSG_CLOEXEC)))
            return _overrideLifetime(message, borrowing: self)
        }
    }

    /// Hands over the descriptors that came with the message at `index`, to be closed by the caller. Those that nobody
    /// takes are closed before the next call, and at the end of the batch.
    public mutating func takeDescriptors(at index: Int) -> [FileDescriptor] {
        precondition(index >= 0 && index < count, "no message was received at this index")
        return mayHoldDescriptors ? descriptors(at: index) : []
    }

    private func descriptors(at index: Int) -> [FileDescriptor] {
        ReceivedDescriptors.take(from: room.control(at: index, count: room.headers[index].msg_hdr.msg_controllen))
    }

    private func closeDescriptors() {
        guard mayHoldDescriptors else { return }
        for index in 0..<count {
            for descriptor in descriptors(at: index) { _ = Glibc.close(descriptor.rawValue) }
        }
    }

    /// Says how much room a message's sender and ancillary data have.
    private func offerRoom(at index: Int) {
        room.headers[index].msg_hdr.msg_namelen = socklen_t(SocketAddress.storageSize)
        room.headers[index].msg_hdr.msg_controllen = room.controlSize
    }

    fileprivate mutating func receive(from descriptor: Int32, _ family: SocketFamily, flags: MessageFlags) -> Int {
        closeDescriptors()
        // Packet sockets refuse flags that they have no use for.
        let flags = family == .packet ? flags.rawValue : flags.closingOnExec
        defer { mayHoldDescriptors = family == .unix && room.controlSize > 0 }
        // The kernel has written over what the last call used.
        for index in 0..<count { offerRoom(at: index) }
        // One message comes faster by itself: with more, the kernel looks for the next one too.
        guard capacity > 1 else {
            let result = recvmsg(descriptor, &room.headers[0].msg_hdr, flags & ~MessageFlags.waitForOne.rawValue)
            room.headers[0].msg_len = UInt32(clamping: result)
            count = result < 0 ? 0 : 1
            return result < 0 ? -1 : 1
        }
        // The kernel takes no more than 1024 messages (`UIO_MAXIOV`), however large the batch is.
        let result = Int(recvmmsg(descriptor, room.headers.baseAddress, UInt32(clamping: capacity), flags, nil))
        count = max(0, result)
        return result
    }
}

extension Socket {
    /// Receives as many messages as there are, up to the batch's capacity; returns how many. With `dontWait`, and from
    /// the error queue, for which nobody can wait, the answer is 0 when there are none; with no flags at all the call
    /// waits for a full batch. The corresponding C function is `recvmmsg`.
    /// - Throws: a pending error of the socket, such as `EHOSTUNREACH` after an ICMP error; reading it clears it.
    public func receive(into batch: inout ReceiveBatch, flags: MessageFlags = .waitForOne) throws(SocketError) -> Int {
        let waits = flags.isDisjoint(with: [.dontWait, .errorQueue])
        do throws(SocketError) {
            return try perform(.receive, waitingFor: .readable, flags: waits ? [] : .dontWait) {
                batch.receive(from: fileDescriptor.rawValue, family, flags: flags)
            }
        } catch {
            if !waits, error.errno == .wouldBlock { return 0 }
            throw error
        }
    }
}
