import CLinux
import Glibc

// The options of tcp(7), level IPPROTO_TCP.
extension SocketOption {
    private static func tcp(_ number: Int32, _ name: String) -> Self {
        .init(level: Int32(IPPROTO_TCP), number: number, name: name)
    }
}

extension SocketOption where Value == Bool {
    /// `TCP_NODELAY`: small segments are sent at once, without Nagle's algorithm (RFC 896).
    public static var tcpNoDelay: Self { tcp(TCP_NODELAY, "TCP_NODELAY") }
    /// `TCP_CORK`: only full segments are sent, for 200 ms at most; what is left goes when this is cleared.
    public static var tcpCork: Self { tcp(TCP_CORK, "TCP_CORK") }
    /// `TCP_QUICKACK`: segments are acknowledged at once; the kernel goes back to delayed acknowledgements by itself.
    public static var tcpQuickAcknowledgement: Self { tcp(TCP_QUICKACK, "TCP_QUICKACK") }
    /// `TCP_FASTOPEN_CONNECT`: `connect` returns at once, and the first bytes sent go with the SYN (RFC 7413).
    public static var tcpFastOpenConnect: Self { tcp(TCP_FASTOPEN_CONNECT, "TCP_FASTOPEN_CONNECT") }
}

extension SocketOption where Value == Int32 {
    /// `TCP_KEEPIDLE`: how long a connection with `keepAlive` is idle before the first probe, 1 to 32767 s.
    public static var tcpKeepAliveIdleSeconds: Self { tcp(TCP_KEEPIDLE, "TCP_KEEPIDLE") }
    /// `TCP_KEEPINTVL`: the time between two keep-alive probes, 1 to 32767 s.
    public static var tcpKeepAliveIntervalSeconds: Self { tcp(TCP_KEEPINTVL, "TCP_KEEPINTVL") }
    /// `TCP_KEEPCNT`: after how many keep-alive probes without an answer the connection is given up, 1 to 127.
    public static var tcpKeepAliveCount: Self { tcp(TCP_KEEPCNT, "TCP_KEEPCNT") }
    /// `TCP_USER_TIMEOUT`: how long sent data may stay unacknowledged before the connection is given up (RFC 5482);
    /// 0 for the system's.
    public static var tcpUserTimeoutMilliseconds: Self { tcp(TCP_USER_TIMEOUT, "TCP_USER_TIMEOUT") }
    /// `TCP_MAXSEG`: the maximum segment size, in bytes; to be set before the connection.
    public static var tcpMaximumSegmentSize: Self { tcp(TCP_MAXSEG, "TCP_MAXSEG") }
    /// `TCP_SYNCNT`: how many SYNs are sent again before `connect` gives up, 1 to 127.
    public static var tcpSynRetries: Self { tcp(TCP_SYNCNT, "TCP_SYNCNT") }
    /// `TCP_LINGER2`: how long a closed connection waits for the peer's FIN.
    public static var tcpFinWaitSeconds: Self { tcp(TCP_LINGER2, "TCP_LINGER2") }
    /// `TCP_DEFER_ACCEPT`: a listener's `accept` returns connections when data has come, or after so many seconds; the
    /// kernel rounds up to what its retransmissions take.
    public static var tcpDeferAcceptSeconds: Self { tcp(TCP_DEFER_ACCEPT, "TCP_DEFER_ACCEPT") }
    /// `TCP_WINDOW_CLAMP`: the bound of the advertised window, in bytes.
    public static var tcpWindowClamp: Self { tcp(TCP_WINDOW_CLAMP, "TCP_WINDOW_CLAMP") }
    /// `TCP_NOTSENT_LOWAT`: above how many unsent bytes a connection is not writable.
    public static var tcpUnsentLowWater: Self { tcp(TCP_NOTSENT_LOWAT, "TCP_NOTSENT_LOWAT") }
    /// `TCP_FASTOPEN`: how many connections of a listener may wait that came with data in the SYN (RFC 7413).
    public static var tcpFastOpenBacklog: Self { tcp(TCP_FASTOPEN, "TCP_FASTOPEN") }
}

extension SocketOption where Value == String {
    /// `TCP_CONGESTION`: the name of the congestion control: "cubic", "reno".
    public static var tcpCongestionControl: Self { tcp(TCP_CONGESTION, "TCP_CONGESTION") }
}

/// How a connection is doing: the beginning of `struct tcp_info`.
public struct TCPInformation: Hashable, SocketOptionValue {
    /// The state of a connection, RFC 9293 §3.3.2.
    public enum State: UInt8, Sendable {
        case established = 1
        case synSent, synReceived, finWait1, finWait2, timeWait, closed, closeWait, lastAck, listen, closing
    }

    /// The state; `nil` for one that RFC 9293 does not have.
    public let state: State?
    /// The smoothed round-trip time (RFC 6298).
    public let smoothedRoundTripTime: Duration
    /// The variation of the round-trip time (RFC 6298).
    public let roundTripTimeVariation: Duration
    /// The retransmission time-out.
    public let retransmissionTimeout: Duration
    /// How many times in a row the oldest segment was sent again.
    public let retransmissions: UInt8
    /// How many segments were sent again since the connection began.
    public let totalRetransmissions: UInt32
    /// How many segments are sent and not acknowledged.
    public let unacknowledgedSegments: UInt32
    /// The congestion window, in segments.
    public let congestionWindow: UInt32
    /// The maximum size of the segments sent, in bytes.
    public let sendSegmentSize: UInt32
    /// The size of the segments received, in bytes, by the kernel's estimate.
    public let receiveSegmentSize: UInt32
    /// The path MTU, in bytes.
    public let pathMTU: UInt32

    public static var optionRoom: Int { MemoryLayout<tcp_info>.size }

    public init?(optionBytes bytes: [UInt8]) {
        guard bytes.count == Self.optionRoom else { return nil }
        var information = tcp_info()
        withUnsafeMutableBytes(of: &information) { $0.copyBytes(from: bytes) }
        state = State(rawValue: information.tcpi_state)
        smoothedRoundTripTime = .microseconds(Int64(information.tcpi_rtt))
        roundTripTimeVariation = .microseconds(Int64(information.tcpi_rttvar))
        retransmissionTimeout = .microseconds(Int64(information.tcpi_rto))
        retransmissions = information.tcpi_retransmits
        totalRetransmissions = information.tcpi_total_retrans
        unacknowledgedSegments = information.tcpi_unacked
        congestionWindow = information.tcpi_snd_cwnd
        sendSegmentSize = information.tcpi_snd_mss
        receiveSegmentSize = information.tcpi_rcv_mss
        pathMTU = information.tcpi_pmtu
    }

    public func optionBytes() throws(SocketError) -> [UInt8] {
        throw .invalidArgument("value", "can't be set; TCP_INFO is only read")
    }
}

extension SocketOption where Value == TCPInformation {
    /// `TCP_INFO`. It can be read only.
    public static var tcpInformation: Self { tcp(TCP_INFO, "TCP_INFO") }
}
