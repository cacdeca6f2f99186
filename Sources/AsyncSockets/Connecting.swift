public import Sockets
import SystemPackage

extension AsyncSocket {
    /// Connects to a peer, and waits as long as the time-out allows. The corresponding C function is `connect`;
    /// Python's `socket.connect` and `loop.sock_connect`.
    /// - Throws: as `Socket.connect(to:)`; `cancelled`. A connection that timed out or was cancelled may still come: to
    ///   connect to the same address again goes on with it.
    public func connect(to address: SocketAddress) async throws(SocketError) {
        var isUnderWay = false
        try await perform(.connect, address, waitingFor: .writable) { socket throws(SocketError) in
            if isUnderWay {
                let error = socket.pendingError()
                guard error == Errno(rawValue: 0) else { throw .failed(.connect, address, error) }
            }
            // Made again, the call says whether the connection is there: a wait may end before it is.
            switch socket.connectErrno(to: address) {
            case Errno(rawValue: 0): return
            case .socketIsConnected where isUnderWay: return
            case let error:
                isUnderWay = error == .nowInProgress || error == .alreadyInProcess
                throw .failed(.connect, address, error)
            }
        }
    }

    /// Waits for a connection, as long as the time-out allows; returns it, and where it comes from: `nil` where the
    /// family tells nothing. The connection has the default time-out. The corresponding C function is `accept4`;
    /// Python's `socket.accept` and `loop.sock_accept`.
    /// - Throws: as `Socket.accept()`; `cancelled`. After `EMFILE` the connection still waits to be accepted.
    public func accept() async throws(SocketError) -> (socket: AsyncSocket, peer: SocketAddress?) {
        try await perform(.accept, waitingFor: .readable) { listener throws(SocketError) in
            let connection = try listener.accept()
            let peer = connection.peer
            return (AsyncSocket(connection.socket), peer)
        }
    }

    /// The connections as they come, without an end: each is what `accept()` returns. What that throws ends the loop;
    /// after `EMFILE` another loop goes on.
    public var connections: some AsyncSequence<(socket: AsyncSocket, peer: SocketAddress?), SocketError> & Sendable {
        Calls { () async throws(SocketError) in try await self.accept() }
    }

    /// The local address. The corresponding C function is `getsockname`.
    public func localAddress() throws(SocketError) -> SocketAddress {
        try withSocket(.localAddress) { socket throws(SocketError) in try socket.localAddress() }
    }

    /// The peer's address. The corresponding C function is `getpeername`.
    /// - Throws: `ENOTCONN` where there is no peer.
    public func peerAddress() throws(SocketError) -> SocketAddress {
        try withSocket(.peerAddress) { socket throws(SocketError) in try socket.peerAddress() }
    }

    /// Ends a direction of a connection; those who wait to receive come to the end of the stream. The corresponding C
    /// function is `shutdown`.
    /// - Throws: `ENOTCONN`.
    public func shutdown(_ direction: Socket.Direction) throws(SocketError) {
        try withSocket(.shutdown) { socket throws(SocketError) in try socket.shutdown(direction) }
    }
}
