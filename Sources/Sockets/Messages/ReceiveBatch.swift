import CLinux
import Glibc
import SystemPackage

/// Room for messages that one `recvmmsg(2)` call receives: their bytes, senders and ancillary data. It is allocated
/// once and used again for each call.
public struct ReceiveBatch: ~Copyable {
    /// How many messages one call can receive.
    public let capacity: Int
    /// How many messages the last call received.
    public private(set) var count = 0

    private let messageSize: Int
    private let controlSize: Int
    private let headers: UnsafeMutableBufferPointer<mmsghdr>
    private let vectors: UnsafeMutableBufferPointer<iovec>
    private let names: UnsafeMutableBufferPointer<sockaddr_storage>
    private let bytes: UnsafeMutableRawBufferPointer
    private let controls: UnsafeMutableRawBufferPointer

    /// - Parameters:
    ///   - capacity: the number of messages, at least 1.
    ///   - messageSize: the bytes kept of each; what is longer is cut and flagged `truncated`.
    ///   - controlSize: the bytes kept of each message's ancillary data.
    public init(capacity: Int, messageSize: Int, controlSize: Int = 256) {
        precondition(capacity > 0 && messageSize > 0 && controlSize >= 0, "a batch has room for at least one message")
        let controlSize = (controlSize + 7) & ~7
        self.capacity = capacity
        self.messageSize = messageSize
        self.controlSize = controlSize
        headers = .allocate(capacity: capacity)
        vectors = .allocate(capacity: capacity)
        names = .allocate(capacity: capacity)
        bytes = .allocate(byteCount: capacity * messageSize, alignment: 16)
        controls = .allocate(byteCount: capacity * controlSize, alignment: 16)
        // The kernel leaves gaps between control messages, and these bytes are lent as a whole.
        controls.initializeMemory(as: UInt8.self, repeating: 0)
        headers.initialize(repeating: mmsghdr())
        vectors.initialize(repeating: iovec())
        for index in 0..<capacity {
            vectors[index] = iovec(iov_base: bytes.baseAddress.map { $0 + index * messageSize }, iov_len: messageSize)
            headers[index].msg_hdr.msg_name = UnsafeMutableRawPointer(names.baseAddress.map { $0 + index })
            headers[index].msg_hdr.msg_iov = vectors.baseAddress.map { $0 + index }
            headers[index].msg_hdr.msg_iovlen = 1
            headers[index].msg_hdr.msg_control = controls.baseAddress.map { $0 + index * controlSize }
            offerRoom(at: index)
        }
    }

    deinit {
        headers.deallocate()
        vectors.deallocate()
        names.deallocate()
        bytes.deallocate()
        controls.deallocate()
    }

    /// The message at `index`, which is less than `count`; it can be used until the next call.
    public subscript(index: Int) -> ReceivedMessage {
        @_lifetime(borrow self)
        get {
            precondition(index >= 0 && index < count, "no message was received at this index")
            let header = headers[index].msg_hdr
            // The pointers are into this batch's memory, which lives as long as the borrow, and the kernel reports
            // lengths within what it was given.
            let received = RawSpan(
                _unsafeStart: bytes.baseAddress.unsafelyUnwrapped + index * messageSize,
                byteCount: min(Int(headers[index].msg_len), messageSize))
            let control = RawSpan(
                _unsafeStart: controls.baseAddress.unsafelyUnwrapped + index * controlSize,
                byteCount: min(header.msg_controllen, controlSize))
            let source = header.msg_name.flatMap { SocketAddress(loading: $0, length: header.msg_namelen) }
            let message = ReceivedMessage(
                bytes: received, controlMessages: ControlMessages(control), source: source,
                flags: MessageFlags(rawValue: header.msg_flags))
            return _overrideLifetime(message, borrowing: self)
        }
    }

    /// Says how much room a message's sender and ancillary data have.
    private func offerRoom(at index: Int) {
        headers[index].msg_hdr.msg_namelen = socklen_t(SocketAddress.storageSize)
        headers[index].msg_hdr.msg_controllen = controlSize
    }

    fileprivate mutating func receive(from descriptor: Int32, flags: MessageFlags) -> Int {
        // The kernel has written over what the last call used.
        for index in 0..<count { offerRoom(at: index) }
        // One message comes faster by itself: with more, the kernel looks for the next one too.
        guard capacity > 1 else {
            let result = recvmsg(descriptor, &headers[0].msg_hdr, flags.rawValue)
            headers[0].msg_len = UInt32(clamping: result)
            count = result < 0 ? 0 : 1
            return result < 0 ? -1 : 1
        }
        // The kernel takes no more than 1024 messages (`UIO_MAXIOV`), however large the batch is.
        let result = Int(recvmmsg(descriptor, headers.baseAddress, UInt32(clamping: capacity), flags.rawValue, nil))
        count = max(0, result)
        return result
    }
}

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

extension Socket {
    /// Receives as many messages as there are, up to the batch's capacity; returns how many. With `dontWait`, and from
    /// the error queue, for which nobody can wait, the answer is 0 when there are none; with no flags at all the call waits
    /// for a full batch. The corresponding C function is `recvmmsg`.
    /// - Throws: a pending error of the socket, such as `EHOSTUNREACH` after an ICMP error; reading it clears it.
    public func receive(into batch: inout ReceiveBatch, flags: MessageFlags = .waitForOne) throws(SocketError) -> Int {
        let waits = flags.isDisjoint(with: [.dontWait, .errorQueue])
        do throws(SocketError) {
            return try perform(.receive, waitingFor: .readable, flags: waits ? [] : .dontWait) {
                batch.receive(from: fileDescriptor.rawValue, flags: flags)
            }
        } catch {
            if !waits, error.errno == .wouldBlock { return 0 }
            throw error
        }
    }
}
