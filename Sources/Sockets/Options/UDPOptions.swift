import CLinux
import Glibc

// The options of udp(7), level IPPROTO_UDP, and one of SOL_SOCKET that only UDP has.
extension SocketOption {
    private static func udp(_ number: Int32, _ name: String) -> Self {
        .init(level: Int32(IPPROTO_UDP), number: number, name: name)
    }
}

extension SocketOption where Value == Bool {
    /// `UDP_CORK`: what is sent gathers into one datagram, which goes when this is cleared.
    public static var udpCork: Self { udp(UDP_CORK, "UDP_CORK") }
    /// `UDP_GRO`: one receive may bring several datagrams of a flow, with their size in the ancillary data.
    public static var udpReceiveOffload: Self { udp(UDP_GRO, "UDP_GRO") }
    /// `SO_NO_CHECK`: IPv4 datagrams are sent without a checksum.
    public static var udpNoChecksum: Self { .init(level: SOL_SOCKET, number: SO_NO_CHECK, name: "SO_NO_CHECK") }
    /// `UDP_NO_CHECK6_TX`: IPv6 datagrams are sent without a checksum (RFC 6935).
    public static var udpIPv6SendNoChecksum: Self { udp(UDP_NO_CHECK6_TX, "UDP_NO_CHECK6_TX") }
    /// `UDP_NO_CHECK6_RX`: IPv6 datagrams without a checksum are received (RFC 6935).
    public static var udpIPv6ReceiveNoChecksum: Self { udp(UDP_NO_CHECK6_RX, "UDP_NO_CHECK6_RX") }
}

extension SocketOption where Value == Int32 {
    /// `UDP_SEGMENT`: what is sent is cut into datagrams of so many bytes; 0 for not at all.
    public static var udpSegmentSize: Self { udp(UDP_SEGMENT, "UDP_SEGMENT") }
}
