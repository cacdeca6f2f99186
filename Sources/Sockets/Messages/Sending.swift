import CLinux
import Glibc
public import SystemPackage

/// A send that ended before everything was sent.
public struct PartialSendError: Error, Hashable, Sendable, CustomStringConvertible {
    /// How many bytes the kernel took before.
    public let bytesSent: Int
    /// Why no more went.
    public let cause: SocketError

    /// An error after so many bytes.
    public init(bytesSent: Int, cause: SocketError) {
        self.bytesSent = bytesSent
        self.cause = cause
    }

    /// The cause, and how much had gone.
    public var description: String { bytesSent == 0 ? "\(cause)" : "\(cause), after \(bytesSent) bytes" }
}

extension Socket {
    /// Sends as much as there is room for, or one message; returns how many bytes went. The corresponding C function is
    /// `send`, with `MSG_NOSIGNAL`; Python's `socket.send`.
    /// - Throws: `EPIPE` and `ECONNRESET` where the peer is gone, `EMSGSIZE`, `ENOTCONN`, `EDESTADDRREQ`; `timedOut`.
    public func send(_ bytes: RawSpan, flags: MessageFlags = []) throws(SocketError) -> Int {
        try bytes.withUnsafeBytes { buffer throws(SocketError) in
            try perform(.send, waitingFor: .writable, flags: flags) {
                Glibc.send(fileDescriptor.rawValue, buffer.baseAddress, buffer.count, flags.withoutSignal)
            }
        }
    }

    /// Sends as `send(_:flags:)` does, from any collection of bytes: an array, a slice, a string's `utf8`.
    public func send(_ bytes: some Collection<UInt8>, flags: MessageFlags = []) throws(SocketError) -> Int {
        try withSpan(of: bytes) { span throws(SocketError) in try send(span, flags: flags) }
    }

    /// Sends a message to an address. The corresponding C function is `sendto`; Python's `socket.sendto`.
    /// - Throws: `EISCONN` for a stream, `EAFNOSUPPORT` or `EINVAL` for an address of another family, and as
    ///   `send(_:flags:)`.
    public func send(
        _ bytes: RawSpan, to address: SocketAddress, flags: MessageFlags = []
    ) throws(SocketError) -> Int {
        try bytes.withUnsafeBytes { buffer throws(SocketError) in
            try perform(.send, address, waitingFor: .writable, flags: flags) {
                address.withSockaddr {
                    sendto(fileDescriptor.rawValue, buffer.baseAddress, buffer.count, flags.withoutSignal, $0, $1)
                }
            }
        }
    }

    /// Sends a message to an address, from any collection of bytes.
    public func send(
        _ bytes: some Collection<UInt8>, to address: SocketAddress, flags: MessageFlags = []
    ) throws(SocketError) -> Int {
        try withSpan(of: bytes) { span throws(SocketError) in try send(span, to: address, flags: flags) }
    }

    /// Sends everything, within one time-out. Python's `socket.sendall`.
    /// - Throws: what `send(_:flags:)` throws, with how many bytes went before.
    public func sendAll(_ bytes: RawSpan, flags: MessageFlags = []) throws(PartialSendError) {
        let deadline = Deadline(after: timeout)
        var sent = 0
        // An empty message is one too.
        repeat {
            do throws(SocketError) {
                sent += try bytes.withUnsafeBytes { buffer throws(SocketError) in
                    let rest = UnsafeRawBufferPointer(rebasing: buffer.dropFirst(sent))
                    return try perform(.send, waitingFor: .writable, until: deadline, flags: flags) {
                        Glibc.send(fileDescriptor.rawValue, rest.baseAddress, rest.count, flags.withoutSignal)
                    }
                }
            } catch {
                throw PartialSendError(bytesSent: sent, cause: error)
            }
        } while sent < bytes.byteCount
    }

    /// Sends everything, from any collection of bytes.
    public func sendAll(_ bytes: some Collection<UInt8>, flags: MessageFlags = []) throws(PartialSendError) {
        try withSpan(of: bytes) { span throws(PartialSendError) in try sendAll(span, flags: flags) }
    }

    /// Sends a file's bytes from `offset` on, without copying them through the program, within one time-out; returns
    /// how many went: fewer than `count` at the end of the file. The file's own position stays. The corresponding C
    /// function is `sendfile`; Python's `socket.sendfile`.
    /// - Parameter count: the most to send; `nil` for the rest of the file.
    /// - Throws: `invalidArgument` for a negative offset or count; `EINVAL` for a file that can't be mapped, such as a
    ///   pipe, and as `sendAll(_:flags:)`.
    public func sendFile(
        _ file: FileDescriptor, from offset: Int = 0, count: Int? = nil
    ) throws(PartialSendError) -> Int {
        for (name, number) in [("offset", offset), ("count", count ?? 0)] where number < 0 {
            throw PartialSendError(bytesSent: 0, cause: .invalidArgument(name, "is \(number); it is at least 0"))
        }
        let deadline = Deadline(after: timeout)
        var sent = 0
        do throws(SocketError) {
            while count.map({ sent < $0 }) ?? true {
                var position = off_t(offset + sent)
                let wanted = min(count.map { $0 - sent } ?? .max, 0x7FFF_F000)
                let result = try perform(.sendFile, waitingFor: .writable, until: deadline, flags: []) {
                    Self.withoutPipeSignal { sendfile(fileDescriptor.rawValue, file.rawValue, &position, wanted) }
                }
                if result == 0 { break }
                sent += result
            }
        } catch {
            throw PartialSendError(bytesSent: sent, cause: error)
        }
        return sent
    }

    /// Calls `body` with SIGPIPE kept from this thread: `sendfile` takes no flag against it.
    private static func withoutPipeSignal(_ body: () -> Int) -> Int {
        var pipe = sigset_t()
        var before = sigset_t()
        var pending = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        sigpending(&pending)
        pthread_sigmask(SIG_BLOCK, &pipe, &before)
        let result = body()
        let error = errno
        // One that was pending before is not ours to take.
        if result < 0, error == EPIPE, sigismember(&pending, SIGPIPE) == 0 {
            var now = timespec()
            while sigtimedwait(&pipe, nil, &now) < 0, errno == EINTR {}
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
        errno = error
        return result
    }
}

/// Calls `body` with the bytes of a collection, which are copied only where they do not lie in one piece.
private func withSpan<R, E: Error>(
    of bytes: some Collection<UInt8>, _ body: (RawSpan) throws(E) -> R
) throws(E) -> R {
    let result = bytes.withContiguousStorageIfAvailable { buffer in
        Result<R, E> { () throws(E) in try body(buffer.span.bytes) }
    }
    if let result { return try result.get() }
    return try body(Array(bytes).span.bytes)
}

extension MessageFlags {
    /// The flags of a send: a peer that is gone is an error to tell of, not a signal that ends the process.
    var withoutSignal: Int32 { rawValue | Int32(MSG_NOSIGNAL) }
}
