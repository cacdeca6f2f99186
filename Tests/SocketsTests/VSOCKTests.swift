import Sockets
import SystemPackage
import Testing

/// What VSOCK does in its own way; what it shares with others is in `ConnectionKindTests`.
@Suite(.enabled(if: Machine.hasVSOCKLoopback, "this kernel has no VSOCK within a machine"))
struct VSOCKTests {
    @Test("the kernel chooses a port", arguments: [.stream, .sequencedPacket] as [SocketType])
    func port(type: SocketType) throws {
        let socket = try Socket(.vsock, type)
        try socket.bind(to: .vsock(contextID: 1, port: .max))
        guard case .vsock(contextID: 1, let port) = try socket.localAddress() else {
            Issue.record("\(try socket.localAddress()) is not of this machine")
            return
        }
        #expect(port != .max)
    }

    private static let kinds: [ConnectionKind] = [.vsockStream, .vsockSequencedPacket]

    @Test("a peer that has ended its sending still receives", arguments: kinds)
    func halfClose(kind: ConnectionKind) throws {
        let ends = try Listener(kind).connection()
        try ends.client.sendAll([1])
        try ends.client.shutdown(.send)
        #expect(try ends.server.receive(upTo: 100) == [1])
        #expect(try ends.server.receive(upTo: 100) == nil)
        try ends.server.sendAll([2, 3])
        #expect(try ends.client.receive(upTo: 100) == [2, 3])
    }

    @Test("an empty message is passed over", arguments: kinds)
    func empty(kind: ConnectionKind) throws {
        let ends = try Listener(kind).connection()
        #expect(try ends.client.send([]) == 0)
        try ends.client.sendAll([1])
        #expect(try ends.server.receive(upTo: 100) == [1])
    }

    @Test("a message of SOCK_SEQPACKET that is longer than the buffer loses its rest, and tells its length if asked")
    func truncated() throws {
        let ends = try Listener(.vsockSequencedPacket).connection()
        for message in [[1, 2, 3, 4], [5, 6, 7], [8]] as [[UInt8]] { try ends.client.sendAll(message) }
        #expect(try ends.server.receive(upTo: 2) == [1, 2])
        var room: [UInt8] = [0, 0]
        #expect(try ends.server.receive(into: &room, flags: .truncated) == 3)
        #expect(try ends.server.receive(upTo: 2) == [8])
    }
}
