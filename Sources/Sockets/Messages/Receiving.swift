import CLinux
import Glibc
import SystemPackage

/// What `recvfrom(2)` received.
public struct ReceivedDatagram: Hashable, Sendable {
    /// The bytes; of a message that was longer than the room for it, its beginning.
    public let bytes: [UInt8]
    /// The sender; `nil` where it has no address, or on a connection.
    public let source: SocketAddress?

    /// Bytes from a sender.
    public init(bytes: [UInt8], source: SocketAddress?) {
        self.bytes = bytes
        self.source = source
    }
}

extension Socket {
    /// Receives up to `count` bytes: what is there of a stream, or one message; `nil` at the end of the stream, which
    /// an empty message is told apart from. The corresponding C function is `recv`; Python's `socket.recv`.
    /// - Throws: `invalidArgument` for a count below 1; `ECONNRESET`, `ENOTCONN`, a pending error; `timedOut`.
    public func receive(upTo count: Int, flags: MessageFlags = []) throws(SocketError) -> [UInt8]? {
        try Self.checkRoom("count", count)
        return try Self.bytes(upTo: count) { buffer throws(SocketError) in try receive(buffer, flags) }
    }

    /// Receives into the beginning of `buffer`; returns how many bytes came, `nil` at the end of the stream. With
    /// `MSG_TRUNC` it is how long the message was. The corresponding C function is `recv`; Python's `socket.recv_into`.
    /// - Throws: `invalidArgument` for a buffer without room, and as `receive(upTo:flags:)`.
    public func receive(into buffer: inout MutableRawSpan, flags: MessageFlags = []) throws(SocketError) -> Int? {
        try Self.checkRoom("buffer", buffer.byteCount)
        return try Self.withBytes(of: &buffer) { bytes throws(SocketError) in try receive(bytes, flags) }
    }

    /// Receives into the beginning of `buffer`, as `receive(into:flags:)` does.
    public func receive(into buffer: inout [UInt8], flags: MessageFlags = []) throws(SocketError) -> Int? {
        try Self.checkRoom("buffer", buffer.count)
        let result = buffer.withUnsafeMutableBytes { bytes in
            Result { () throws(SocketError) in try receive(bytes, flags) }
        }
        return try result.get()
    }

    /// Receives up to `count` bytes, and who sent them; `nil` at the end of a stream. The corresponding C function is
    /// `recvfrom`; Python's `socket.recvfrom`.
    /// - Throws: as `receive(upTo:flags:)`.
    public func receiveFrom(upTo count: Int, flags: MessageFlags = []) throws(SocketError) -> ReceivedDatagram? {
        try Self.checkRoom("count", count)
        var source: SocketAddress?
        let bytes = try Self.bytes(upTo: count) { buffer throws(SocketError) in
            try receive(buffer, flags, from: &source)
        }
        return bytes.map { ReceivedDatagram(bytes: $0, source: source) }
    }

    /// Receives into the beginning of `buffer`; returns how many bytes came and who sent them, `nil` at the end of a
    /// stream. The corresponding C function is `recvfrom`; Python's `socket.recvfrom_into`.
    /// - Throws: as `receive(into:flags:)`.
    public func receiveFrom(
        into buffer: inout MutableRawSpan, flags: MessageFlags = []
    ) throws(SocketError) -> (count: Int, source: SocketAddress?)? {
        try Self.checkRoom("buffer", buffer.byteCount)
        var source: SocketAddress?
        let count = try Self.withBytes(of: &buffer) { bytes throws(SocketError) in
            try receive(bytes, flags, from: &source)
        }
        return count.map { ($0, source) }
    }

    // MARK: - With C's buffers

    private func receive(_ buffer: UnsafeMutableRawBufferPointer, _ flags: MessageFlags) throws(SocketError) -> Int? {
        if type == .stream, flags.contains(.waitAll), !flags.contains(.peek) { return try receiveAll(buffer, flags) }
        let count = try perform(.receive, waitingFor: flags.readiness, flags: flags) {
            recv(fileDescriptor.rawValue, buffer.baseAddress, buffer.count, flags.rawValue)
        }
        return count == 0 && isAtEnd(flags) ? nil : count
    }

    private func receive(
        _ buffer: UnsafeMutableRawBufferPointer, _ flags: MessageFlags, from source: inout SocketAddress?
    ) throws(SocketError) -> Int? {
        var sender: SocketAddress?
        let count = try perform(.receive, waitingFor: flags.readiness, flags: flags) {
            let (result, address) = SocketAddress.filled {
                CallResult(recvfrom(fileDescriptor.rawValue, buffer.baseAddress, buffer.count, flags.rawValue, $0, $1))
            }
            sender = address
            return result.value
        }
        source = sender
        return count == 0 && isAtEnd(flags) ? nil : count
    }

    /// Receives until the buffer is full, the stream ends, something fails or the time-out is over: the kernel alone
    /// gives up at the first signal, and does not wait at all on a descriptor that does not block.
    private func receiveAll(_ buffer: UnsafeMutableRawBufferPointer, _ flags: MessageFlags) throws(SocketError) -> Int?
    {
        let deadline = Deadline(after: timeout)
        var received = 0
        while received < buffer.count {
            // What came is told before what went wrong after it: an error that is read is gone.
            if received > 0 {
                guard isBlocking, !flags.contains(.dontWait), case .ready = wait(for: .readable, until: deadline),
                    !hasErrorOnly
                else { break }
            }
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer.dropFirst(received))
            do throws(SocketError) {
                let count = try perform(.receive, waitingFor: .readable, until: deadline, flags: flags) {
                    recv(fileDescriptor.rawValue, rest.baseAddress, rest.count, flags.rawValue)
                }
                if count == 0 { return received == 0 ? nil : received }
                received += count
            } catch {
                if received == 0 { throw error }
                break
            }
        }
        return received
    }

    private var hasErrorOnly: Bool {
        var entry = pollfd(fd: fileDescriptor.rawValue, events: 0, revents: 0)
        return Glibc.poll(&entry, 1, 0) == 1 && entry.revents & Int16(POLLERR) != 0 && !hasMoreToRead
    }

    /// Whether nothing received means the end of the stream, and not an empty message.
    func isAtEnd(_ flags: MessageFlags) -> Bool {
        switch type {
        case .stream: return !flags.contains(.errorQueue)
        case .sequencedPacket: return hasPeerClosed && !hasMoreToRead
        default: return false
        }
    }

    private var hasPeerClosed: Bool {
        var entry = pollfd(fd: fileDescriptor.rawValue, events: Int16(POLLRDHUP), revents: 0)
        return Glibc.poll(&entry, 1, 0) == 1 && entry.revents & (Int16(POLLRDHUP) | Int16(POLLHUP)) != 0
    }

    private var hasMoreToRead: Bool {
        var count: Int32 = 0
        return ioctl(fileDescriptor.rawValue, UInt(FIONREAD), &count) == 0 && count > 0
    }

    // MARK: - Room

    package static func checkRoom(_ name: String, _ count: Int) throws(SocketError) {
        guard count > 0 else {
            throw .invalidArgument(name, "is \(count); it takes room for at least 1 byte to receive")
        }
    }

    /// An array of what `body` writes into room for `count` bytes; `nil` where it returns that.
    private static func bytes(
        upTo count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(SocketError) -> Int?
    ) throws(SocketError) -> [UInt8]? {
        var result = Result<Int?, SocketError>.success(nil)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            result = Result { () throws(SocketError) in try body(UnsafeMutableRawBufferPointer(buffer)) }
            // With MSG_TRUNC the kernel tells of more than it wrote.
            if case .success(let received?) = result { initializedCount = min(count, received) }
        }
        return try result.get() == nil ? nil : bytes
    }

    /// Calls `body` with the span's bytes, which it initializes none of: they are.
    private static func withBytes<R>(
        of span: inout MutableRawSpan, _ body: (UnsafeMutableRawBufferPointer) throws(SocketError) -> R
    ) throws(SocketError) -> R {
        try span.withUnsafeMutableBytes(body)
    }
}

extension MessageFlags {
    /// What to wait for before receiving with these flags.
    var readiness: PollSet.Events { contains(.outOfBand) ? .urgent : .readable }
}
