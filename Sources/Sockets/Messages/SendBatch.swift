import CLinux
import Glibc
import SystemPackage

/// Messages that one `sendmmsg(2)` call sends. The room for them is allocated once and used again for each call.
public struct SendBatch: ~Copyable {
    /// How many messages there is room for.
    public let capacity: Int
    /// How many messages wait to be sent.
    public private(set) var count = 0

    private let messageSize: Int
    private let headers: UnsafeMutableBufferPointer<mmsghdr>
    private let vectors: UnsafeMutableBufferPointer<iovec>
    private let names: UnsafeMutableBufferPointer<sockaddr_storage>
    private let bytes: UnsafeMutableRawBufferPointer

    /// - Parameters:
    ///   - capacity: the number of messages, at least 1.
    ///   - messageSize: the bytes that the longest takes.
    public init(capacity: Int, messageSize: Int) {
        precondition(capacity > 0 && messageSize > 0, "a batch has room for at least one message")
        self.capacity = capacity
        self.messageSize = messageSize
        headers = .allocate(capacity: capacity)
        vectors = .allocate(capacity: capacity)
        names = .allocate(capacity: capacity)
        bytes = .allocate(byteCount: capacity * messageSize, alignment: 16)
        headers.initialize(repeating: mmsghdr())
        vectors.initialize(repeating: iovec())
        for index in 0..<capacity {
            vectors[index].iov_base = bytes.baseAddress.map { $0 + index * messageSize }
            headers[index].msg_hdr.msg_name = UnsafeMutableRawPointer(names.baseAddress.map { $0 + index })
            headers[index].msg_hdr.msg_iov = vectors.baseAddress.map { $0 + index }
            headers[index].msg_hdr.msg_iovlen = 1
        }
    }

    deinit {
        headers.deallocate()
        vectors.deallocate()
        names.deallocate()
        bytes.deallocate()
    }

    /// Whether every slot is taken.
    public var isFull: Bool { count == capacity }

    /// Adds a message to `address` whose bytes `body` writes; the batch must not be full.
    public mutating func append(to address: SocketAddress, _ body: (inout OutputRawSpan) -> Void) {
        precondition(count < capacity, "the batch is full")
        let slot = UnsafeMutableRawBufferPointer(rebasing: bytes[(count * messageSize)..<((count + 1) * messageSize)])
        var output = OutputRawSpan(buffer: slot, initializedCount: 0)
        body(&output)
        vectors[count].iov_len = output.finalize(for: slot)
        if let name = headers[count].msg_hdr.msg_name { headers[count].msg_hdr.msg_namelen = address.store(to: name) }
        count += 1
    }

    /// Forgets all messages, sent or not.
    public mutating func removeAll() { count = 0 }

    fileprivate borrowing func send(through descriptor: Int32, from first: Int, flags: MessageFlags) -> Int {
        let flags = flags.withoutSignal
        // One message goes faster by itself.
        guard count - first > 1 else {
            let header = headers[first].msg_hdr
            let result = sendto(
                descriptor, vectors[first].iov_base, vectors[first].iov_len, flags,
                header.msg_name?.assumingMemoryBound(to: sockaddr.self), header.msg_namelen)
            return result < 0 ? -1 : 1
        }
        return Int(sendmmsg(descriptor, headers.baseAddress.map { $0 + first }, UInt32(clamping: count - first), flags))
    }

    /// Where the message at `index` goes.
    fileprivate borrowing func address(at index: Int) -> SocketAddress? {
        let header = headers[index].msg_hdr
        return header.msg_name.flatMap { SocketAddress(loading: $0, length: header.msg_namelen) }
    }
}

extension Socket {
    /// Sends the messages of a batch from index `first` on; returns how many went, at least one. Fewer than all went where
    /// one could not be sent: to go on from there tells why. The kernel takes 1024 at once (`UIO_MAXIOV`).
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
