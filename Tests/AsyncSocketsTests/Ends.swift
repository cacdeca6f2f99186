import Addresses
import Dispatch
import Sockets
import SystemPackage
import TestSupport

@testable import AsyncSockets

/// Sockets to test with.
enum Ends {
    /// Two that are connected to each other.
    static func pair(_ type: SocketType = .stream) throws -> (AsyncSocket, AsyncSocket) {
        let pair = try Socket.pair(.unix, type)
        let first = AsyncSocket(pair.first)
        return (first, AsyncSocket(pair.second))
    }

    /// One that listens on a free port of loopback.
    static func listener(backlog: Int = 128) throws -> AsyncSocket {
        let socket = try Socket(.ipv4, .stream)
        try socket.bind(to: SocketAddress(.v4(.loopback)))
        try socket.listen(backlog: backlog)
        return AsyncSocket(socket)
    }

    /// A datagram socket on a free port of loopback.
    static func datagramSocket() throws -> AsyncSocket {
        let socket = try Socket(.ipv4, .datagram)
        try socket.bind(to: SocketAddress(.v4(.loopback)))
        return AsyncSocket(socket)
    }

    static func client(of port: UInt16) async throws -> AsyncSocket {
        let socket = AsyncSocket(try Socket(.ipv4, .stream))
        try await socket.connect(to: SocketAddress(.v4(.loopback), port: port))
        return socket
    }

    /// The two ends of a TCP connection.
    static func connection() async throws -> (client: AsyncSocket, server: AsyncSocket) {
        let listener = try listener()
        let client = try await client(of: try listener.localAddress().port ?? 0)
        return (client, try await listener.accept().socket)
    }
}

extension AsyncSocket {
    /// Returns when this many tasks wait for the socket, or the test is out of time.
    func hasWaiters(_ count: Int) async {
        while state.withLock({ $0.waiters.count }) != count, !Task.isCancelled { await Task.yield() }
    }

    /// Returns when calls have found twice that they would block, or the test is out of time.
    func hasTriedTwice() async {
        while state.withLock({ $0.waiterCount }) < 2, !Task.isCancelled { await Task.yield() }
    }

    /// Everything up to the end of the stream.
    func receiveToEnd() async throws -> [UInt8] {
        var all: [UInt8] = []
        while let bytes = try await receive(upTo: 65_536) { all += bytes }
        return all
    }

    /// Sends until there is no room.
    func fill() throws {
        try withSocket { socket throws(SocketError) in
            let bytes = [UInt8](repeating: 0, count: 4096)
            do throws(SocketError) {
                while true { _ = try socket.send(bytes) }
            } catch {
                guard error.errno == .wouldBlock else { throw error }
            }
        }
    }
}

extension PythonPeer {
    /// The next line that the script prints, which no thread of the concurrency runtime waits for.
    func nextLine() async -> String {
        await withUnsafeContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: self.line()) }
        }
    }

    /// The port on the next line.
    func nextPort() async -> UInt16 { UInt16(await nextLine()) ?? 0 }
}
