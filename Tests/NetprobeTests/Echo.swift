/// An ICMP echo over a loopback interface, as `ping -s 4` of iputils 20221126 sent it and tcpdump 4.99.3 prints it.
enum Echo {
    static let line = "IP 127.0.0.1 > 127.0.0.1: ICMP echo request, id 16110, seq 1, length 12"
    static let replyLine = "IP 127.0.0.1 > 127.0.0.1: ICMP echo reply, id 16110, seq 1, length 12"
    static let digits = "45000020ee32400040014ea87f0000017f0000010800b70c3eee000100010203"
    static let replyDigits = "45000020ee33000040018ea77f0000017f0000010000bf0c3eee000100010203"
    static let bytes = bytes(digits)
    static let replyBytes = bytes(replyDigits)
    private static let ethernet = bytes("0000000000000000000000000800")
    static let frame = ethernet + bytes

    /// tcpdump 4.99.3 --time-stamp-precision=nano -r of `pcapng`
    static let pcap =
        bytes("4d3cb2a10200040000000000000000000000040001000000") + record("9f90036b6628d03a", frame)
        + record("9f90036bb25fd03a", ethernet + replyBytes)

    private static func record(_ time: String, _ frame: [UInt8]) -> [UInt8] {
        bytes(time + "2e0000002e000000") + frame
    }

    /// dumpcap 4.0.17, and a comment by editcap 4.0.17 -a; without what they say of the machine
    static let pcapng = bytes(
        """
        0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c00000001000000280000000100000000000400020002006c6f0000
        09000100090000000000000028000000060000006400000000000000ea86ea18669e93af2e0000002e0000000000000000000000
        00000000080045000020ee32400040014ea87f0000017f0000010800b70c3eee000100010203000001000c00636c656172201b5b
        324ac29b0000000064000000060000005000000000000000ea86ea18b2d593af2e0000002e000000000000000000000000000000
        080045000020ee33000040018ea77f0000017f0000010000bf0c3eee000100010203000050000000
        """)

    /// What is printed of both captures.
    static let captureLines = ["01:02:23.986720 \(line)", "01:02:23.986734 \(replyLine)"]

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.compactMap(\.hexDigitValue).map(UInt8.init)
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
