import CLinux
import Glibc

// The options of socket(7), level SOL_SOCKET.
extension SocketOption {
    private static func socket(_ number: Int32, _ name: String) -> Self {
        .init(level: SOL_SOCKET, number: number, name: name)
    }
}

extension SocketOption where Value == Bool {
    /// `SO_REUSEADDR`: binds to an address in whose connections some still linger; a multicast datagram socket shares
    /// it.
    public static var reuseAddress: Self { socket(SO_REUSEADDR, "SO_REUSEADDR") }
    /// `SO_REUSEPORT`: several sockets of one user bind to the same address, and the kernel shares out what comes. All
    /// of them must have it set before.
    public static var reusePort: Self { socket(SO_REUSEPORT, "SO_REUSEPORT") }
    /// `SO_KEEPALIVE`: probes an idle connection; see the timers of tcp(7).
    public static var keepAlive: Self { socket(SO_KEEPALIVE, "SO_KEEPALIVE") }
    /// `SO_BROADCAST`: allows sending to broadcast addresses.
    public static var broadcast: Self { socket(SO_BROADCAST, "SO_BROADCAST") }
    /// `SO_OOBINLINE`: urgent data stays in the stream.
    public static var urgentInline: Self { socket(SO_OOBINLINE, "SO_OOBINLINE") }
    /// `SO_DEBUG`.
    public static var debug: Self { socket(SO_DEBUG, "SO_DEBUG") }
    /// `SO_DONTROUTE`: only to hosts on attached networks.
    public static var dontRoute: Self { socket(SO_DONTROUTE, "SO_DONTROUTE") }
    /// `SO_RXQ_OVFL`: messages carry the number of those that the receive buffer had no room for.
    public static var receiveDropCount: Self { socket(SO_RXQ_OVFL, "SO_RXQ_OVFL") }
    /// `SO_TIMESTAMPNS`: messages carry the time when they arrived, in nanoseconds.
    public static var receiveTimestamps: Self { socket(SO_TIMESTAMPNS, "SO_TIMESTAMPNS") }
    /// `SO_ZEROCOPY`: allows `MSG_ZEROCOPY`.
    public static var zeroCopy: Self { socket(SO_ZEROCOPY, "SO_ZEROCOPY") }
    /// `SO_PREFER_BUSY_POLL`: the device's interrupts stay off while the socket is polled.
    public static var preferBusyPoll: Self { socket(SO_PREFER_BUSY_POLL, "SO_PREFER_BUSY_POLL") }
    /// `SO_ACCEPTCONN`: whether the socket listens. It can be read only.
    public static var isListening: Self { socket(SO_ACCEPTCONN, "SO_ACCEPTCONN") }
    /// `SO_LOCK_FILTER`: the attached filter can no longer be changed or detached, and this can't be taken back
    /// (`EPERM`).
    public static var filterLocked: Self { socket(SO_LOCK_FILTER, "SO_LOCK_FILTER") }
}

extension SocketOption where Value == Int32 {
    /// `SO_SNDBUF`: bytes of the send buffer; the kernel doubles the number, and bounds it by `wmem_max`.
    public static var sendBufferSize: Self { socket(SO_SNDBUF, "SO_SNDBUF") }
    /// `SO_RCVBUF`: bytes of the receive buffer; the kernel doubles the number, and bounds it by `rmem_max`.
    public static var receiveBufferSize: Self { socket(SO_RCVBUF, "SO_RCVBUF") }
    /// `SO_SNDBUFFORCE`: `sendBufferSize` without the bound. It can be set only, and needs `CAP_NET_ADMIN`.
    public static var sendBufferSizeUnbounded: Self { socket(SO_SNDBUFFORCE, "SO_SNDBUFFORCE") }
    /// `SO_RCVBUFFORCE`: `receiveBufferSize` without the bound. It can be set only, and needs `CAP_NET_ADMIN`.
    public static var receiveBufferSizeUnbounded: Self { socket(SO_RCVBUFFORCE, "SO_RCVBUFFORCE") }
    /// `SO_RCVLOWAT`: how many bytes there must be for a stream to be readable.
    public static var receiveLowWater: Self { socket(SO_RCVLOWAT, "SO_RCVLOWAT") }
    /// `SO_PRIORITY`: the queueing priority of what is sent; above 6 it needs `CAP_NET_ADMIN`.
    public static var priority: Self { socket(SO_PRIORITY, "SO_PRIORITY") }
    /// `SO_PEEK_OFF`: where in the receive queue `MSG_PEEK` looks, in bytes; -1 for its beginning, always.
    public static var peekOffset: Self { socket(SO_PEEK_OFF, "SO_PEEK_OFF") }
    /// `SO_BUSY_POLL`: how many microseconds a receive polls the device before it sleeps. More than
    /// `net.core.busy_read` needs `CAP_NET_ADMIN`.
    public static var busyPollMicroseconds: Self { socket(SO_BUSY_POLL, "SO_BUSY_POLL") }
    /// `SO_BUSY_POLL_BUDGET`: how many packets a busy poll takes at most. It can be set only, and more than the
    /// default of 8 needs `CAP_NET_ADMIN`.
    public static var busyPollBudget: Self { socket(SO_BUSY_POLL_BUDGET, "SO_BUSY_POLL_BUDGET") }
    /// `SO_INCOMING_CPU`: the processor whose packets the socket prefers to get, among those that share a port.
    public static var incomingProcessor: Self { socket(SO_INCOMING_CPU, "SO_INCOMING_CPU") }
}

extension SocketOption where Value == UInt32 {
    /// `SO_MARK`: the mark that packets carry for policy routing and firewalls. Needs `CAP_NET_ADMIN` or, since
    /// Linux 5.17, `CAP_NET_RAW`.
    public static var mark: Self { socket(SO_MARK, "SO_MARK") }
}

extension SocketOption where Value == UInt64 {
    /// `SO_MAX_PACING_RATE`: how many bytes a second are sent at most; all ones for no bound.
    public static var maximumPacingRate: Self { socket(SO_MAX_PACING_RATE, "SO_MAX_PACING_RATE") }
    /// `SO_COOKIE`: the kernel's number for the socket, which no other one will have. It can be read only.
    public static var cookie: Self { socket(SO_COOKIE, "SO_COOKIE") }
}

extension SocketProtocol: SocketOptionValue {}

extension SocketOption where Value == SocketProtocol {
    /// `SO_PROTOCOL`: the protocol that the socket was opened with, or the one that the kernel chose. It can be read
    /// only. Python's `socket.proto`.
    public static var proto: Self { socket(SO_PROTOCOL, "SO_PROTOCOL") }
}

/// What becomes of a stream that is closed before all of it was sent: `struct linger`.
public enum Linger: Hashable, SocketOptionValue {
    /// `close` returns at once, and the kernel sends the rest.
    case off
    /// `close` waits until the rest is acknowledged, so many seconds at most. With 0 the connection is reset, and what
    /// was not sent is lost.
    case on(seconds: Int32)

    public static var optionRoom: Int { MemoryLayout<linger>.size }

    public init?(optionBytes bytes: [UInt8]) {
        guard let value = bytes.loaded(as: linger.self) else { return nil }
        self = value.l_onoff == 0 ? .off : .on(seconds: value.l_linger)
    }

    public func optionBytes() throws(SocketError) -> [UInt8] {
        switch self {
        case .off: return [UInt8](layingOut: linger())
        case .on(let seconds):
            guard seconds >= 0 else { throw .invalidArgument("seconds", "is \(seconds); it is at least 0") }
            return [UInt8](layingOut: linger(l_onoff: 1, l_linger: seconds))
        }
    }
}

extension SocketOption where Value == Linger {
    /// `SO_LINGER`.
    public static var linger: Self { socket(SO_LINGER, "SO_LINGER") }
}
