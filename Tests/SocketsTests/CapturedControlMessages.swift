/// Ancillary data captured from Linux 6.18 on x86-64 with recvmsg(2), in a network namespace with loopback alone.
enum CapturedControlMessages {
    /// From the error queue of a UDP socket after a datagram with a record-route option went to 127.0.0.8 port 1:
    /// SCM_TIMESTAMPING, IP_TTL 64, IP_RETOPTS of 12 bytes, IP_RECVERR (ICMP 3/3 from 127.0.0.8).
    static let ipv4PortUnreachable = bytes(
        """
        400000000000000001000000250000001329036b000000002517ab3200000000
        0000000000000000000000000000000000000000000000000000000000000000
        1400000000000000000000000200000040000000000000001c00000000000000
        0000000007000000070b0c7f0000017f00000800000000003000000000000000
        000000000b0000006f0000000203030000000000000000000200 00007f000008
        0000000000000000
        """)

    /// From the error queue of the same socket: the datagram left, as SCM_TIMESTAMPING and IP_RECVERR with origin 4.
    static let ipv4Transmitted = bytes(
        """
        400000000000000001000000250000001329036b000000005fccaa3200000000
        0000000000000000000000000000000000000000000000000000000000000000
        3000000000000000000000000b0000002a000000040000000000000000000000
        00000000000000000000000000000000
        """)

    /// From the error queue of a UDP socket after a datagram went to ::1 port 1: SCM_TIMESTAMPING, IPV6_HOPLIMIT 64,
    /// IPV6_RECVERR (ICMPv6 1/4 from ::1).
    static let ipv6PortUnreachable = bytes(
        """
        400000000000000001000000250000001329036b00000000fe54b13200000000
        0000000000000000000000000000000000000000000000000000000000000000
        1400000000000000290000003400000040000000000000003c00000000000000
        29000000190000006f0000000301040000000000000000000a00000000000000
        0000000000000000000000000000000100000000 00000000
        """)

    static let all = [ipv4PortUnreachable, ipv4Transmitted, ipv6PortUnreachable]

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
