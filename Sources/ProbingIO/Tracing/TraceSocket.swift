import Probing
import Sockets

/// One socket of a trace, and what comes by it.
final class TraceSocket {
    enum Role: Equatable {
        case nothing
        /// Errors and echo replies.
        case icmp
        /// Packets of the method's own protocol.
        case segments
        /// Answers to the datagrams of a flow: errors through the error queue, and what the destination sends.
        case datagrams(flow: UInt16)
        /// What becomes of a probe.
        case connection(TraceProbe, target: Int)
    }

    let socket: Socket
    let role: Role
    /// Which probes the kernel means by its transmit timestamps.
    var numbers = TransmitNumbers()
    /// Whether it is bound, and set to what the format asks for.
    var isReady = false
    private var hopLimit: UInt8?

    init(_ socket: consuming Socket, _ role: Role) {
        self.socket = socket
        self.role = role
    }

    /// Sets the TTL or hop limit of what is sent next. Ancillary data could say so too, but to ICMPv6 datagram sockets
    /// only since Linux 5.18.
    func setHopLimit(_ limit: UInt8) throws(SocketError) {
        guard limit != hopLimit else { return }
        try socket.setOption(socket.family == .ipv4 ? .ipv4TimeToLive : .ipv6HopLimit, to: Int32(limit))
        hopLimit = limit
    }
}
