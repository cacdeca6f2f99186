public import Sockets

// Receiving.
extension AsyncSocket {
    /// Receives up to `count` bytes: what is there of a stream, or one message; `nil` at the end of the stream, which
    /// an empty message is told apart from. The corresponding C function is `recv`; Python's `loop.sock_recv`.
    /// - Throws: as `Socket.receive(upTo:flags:)`; `cancelled`, and then nothing was taken from the socket.
    public func receive(upTo count: Int, flags: MessageFlags = []) async throws(SocketError) -> [UInt8]? {
        guard !waitsForAll(flags) else { return try await receiveAll(count, flags) }
        return try await perform(.receive, waitingFor: .readable, flags: flags) { socket throws(SocketError) in
            try socket.receive(upTo: count, flags: flags)
        }
    }

    /// Receives into the beginning of `buffer`; returns how many bytes came, `nil` at the end of the stream. With
    /// `MSG_TRUNC` it is how long the message was. The corresponding C function is `recv`; Python's
    /// `loop.sock_recv_into`.
    /// - Throws: `invalidArgument` for a buffer without room, and as `receive(upTo:flags:)`.
    public func receive(into buffer: inout [UInt8], flags: MessageFlags = []) async throws(SocketError) -> Int? {
        guard !waitsForAll(flags) else {
            try Socket.checkRoom("buffer", buffer.count)
            guard let bytes = try await receiveAll(buffer.count, flags) else { return nil }
            buffer.replaceSubrange(..<bytes.count, with: bytes)
            return bytes.count
        }
        return try await perform(.receive, waitingFor: .readable, flags: flags) { socket throws(SocketError) in
            try socket.receive(into: &buffer, flags: flags)
        }
    }

    /// Receives up to `count` bytes, and who sent them; `nil` at the end of a stream. The corresponding C function is
    /// `recvfrom`; Python's `loop.sock_recvfrom`.
    /// - Throws: as `receive(upTo:flags:)`.
    public func receiveFrom(upTo count: Int, flags: MessageFlags = []) async throws(SocketError) -> ReceivedDatagram? {
        try await perform(.receive, waitingFor: .readable, flags: flags) { socket throws(SocketError) in
            try socket.receiveFrom(upTo: count, flags: flags)
        }
    }

    /// The datagrams as they come, each cut to `count` bytes: what `receiveFrom(upTo:flags:)` returns, until the end of
    /// a connection. What that throws ends the loop; a pending error such as `ECONNREFUSED` is then read, and another
    /// loop goes on.
    public func datagrams(upTo count: Int) -> some AsyncSequence<ReceivedDatagram, SocketError> & Sendable {
        Calls { () async throws(SocketError) in try await self.receiveFrom(upTo: count) }
    }
}

// Sending.
extension AsyncSocket {
    /// Sends as much as there is room for, or one message; returns how many bytes went. The corresponding C function is
    /// `send`, with `MSG_NOSIGNAL`.
    /// - Throws: as `Socket.send(_:flags:)`; `cancelled`, and then nothing was sent.
    public func send(_ bytes: some Collection<UInt8>, flags: MessageFlags = []) async throws(SocketError) -> Int {
        try await perform(.send, waitingFor: .writable, flags: flags) { socket throws(SocketError) in
            try socket.send(bytes, flags: flags)
        }
    }

    /// Sends a message to an address. The corresponding C function is `sendto`; Python's `loop.sock_sendto`.
    /// - Throws: as `Socket.send(_:to:flags:)`; `cancelled`.
    public func send(
        _ bytes: some Collection<UInt8>, to address: SocketAddress, flags: MessageFlags = []
    ) async throws(SocketError) -> Int {
        try await perform(.send, address, waitingFor: .writable, flags: flags) { socket throws(SocketError) in
            try socket.send(bytes, to: address, flags: flags)
        }
    }

    /// Sends everything, within one time-out. What several tasks send at once on a stream gets mixed. Python's
    /// `loop.sock_sendall`.
    /// - Throws: what `send(_:flags:)` throws, with how many bytes went before.
    public func sendAll(_ bytes: some Collection<UInt8>, flags: MessageFlags = []) async throws(PartialSendError) {
        let bytes = [UInt8](bytes)
        let deadline = Deadline(after: timeout)
        var sent = 0
        // An empty message is one too.
        repeat {
            do throws(SocketError) {
                sent += try await perform(.send, waitingFor: .writable, until: deadline, flags: flags) {
                    socket throws(SocketError) in
                    try socket.send(bytes[sent...], flags: flags)
                }
            } catch {
                throw PartialSendError(bytesSent: sent, cause: error)
            }
        } while sent < bytes.count
    }
}

// `MSG_WAITALL`.
extension AsyncSocket {
    private func waitsForAll(_ flags: MessageFlags) -> Bool {
        guard flags.contains(.waitAll), !flags.contains(.peek) else { return false }
        return (try? withSocket { $0.type == .stream }) ?? false
    }

    /// Receives until there are `count` bytes, the stream ends, something fails or the time-out is over; `nil` where it
    /// was at its end before.
    private func receiveAll(_ count: Int, _ flags: MessageFlags) async throws(SocketError) -> [UInt8]? {
        let deadline = Deadline(after: timeout)
        var received: [UInt8] = []
        repeat {
            do throws(SocketError) {
                let rest = count - received.count
                let bytes = try await perform(.receive, waitingFor: .readable, until: deadline, flags: flags) {
                    socket throws(SocketError) in
                    try socket.receive(upTo: rest, flags: flags.subtracting(.waitAll))
                }
                guard let bytes else { return received.isEmpty ? nil : received }
                received += bytes
            } catch {
                // What came is not lost with what went wrong after it.
                guard !received.isEmpty else { throw error }
                break
            }
        } while received.count < count
        return received
    }
}
