/// IPv4 packets, captured by tcpdump 4.99.3 in network namespaces of
/// Linux routers in a row (198.18.1.1 - 198.18.1.2 198.18.2.1 - 198.18.2.2 198.18.3.1 - 198.18.3.2), made by iputils
/// 20221126, traceroute 2.1.2 and scapy 2.5.0. Each begins at the IP header.
enum CapturedIPv4 {
    /// `ping -R` through two routers: eight addresses of nine.
    static let recordRouteReply = bytes(
        """
        4f00007cfc3d00003e01307bc6120302c6120101072720c6120101c6120201c6120301c6120302c6120302c6120202c6
        1201020000000000000000000000a17c286d00014f1f036b000000001db8070000000000101112131415161718191a1b
        1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637
        """)
    /// `ping -T tsandaddr` through two routers: four entries, and two hops without room.
    static let timestampsAndAddressesReply = bytes(
        """
        4e000078fc3e00003e01e593c6120302c612010144242521c612010103a4da98c612010203a4da98c612020203a4da98
        c612030203a4da9800001c5f287000014f1f036b00000000a2d2070000000000101112131415161718191a1b1c1d1e1f
        202122232425262728292a2b2c2d2e2f3031323334353637
        """)
    /// `ping -T tsonly` through two routers: seven entries of nine.
    static let timestampsOnlyReply = bytes(
        """
        4f00007cfc3f00003e016d2bc6120302c61201014428210003a4da9c03a4da9c03a4da9c03a4da9c03a4da9c03a4da9c
        03a4da9c000000000000000000007d4d287300014f1f036b0000000041e1070000000000101112131415161718191a1b
        1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637
        """)
    /// `ping -T tsprespec` with the addresses of both routers.
    static let prespecifiedReply = bytes(
        """
        4a000068fc4000003e014664c6120302c612010144141503c612010203a4da9fc612020203a4da9f0000e73c28760001
        4f1f036b00000000d7ee070000000000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f
        3031323334353637
        """)
    /// `ping -s 24 -Q 0xb8`.
    static let echoRequest = bytes(
        """
        45b80034a556400040010493c6120101c61203020800b0ae287900014f1f036b0000000078fc07000000000010111213
        14151617
        """)
    /// The answer to the one before.
    static let echoReply = bytes(
        """
        45b80034fc4100003e01efa7c6120302c61201010000b8ae287900014f1f036b0000000078fc07000000000010111213
        14151617
        """)
    /// `ping -s 24 -t 2`: from the second router.
    static let timeExceeded = bytes(
        """
        45c00050ed6100003f01fe63c6120202c61201010b00f4ff0000000045000034a55740000101444ac6120101c6120302
        0800b59d287c00014f1f036b00000000730a0800000000001011121314151617
        """)
    /// `ping -s 24` to a prefix with a `prohibit` route.
    static let prohibited = bytes(
        """
        45c00050a2b0000040014915c6120102c6120101030dfcf20000000045000034d5bf40004001d3e2c6120101c6120401
        0800ab5e28850001521f036b000000007a400800000000001011121314151617
        """)
    /// `ping -s 24` to a prefix with an `unreachable` route.
    static let hostUnreachable = bytes(
        """
        45c00050a2b1000040014914c6120102c61201010301fcfe000000004500003470ad4000400137f5c6120101c6120501
        0800f44828880001521f036b0000000031530800000000001011121314151617
        """)
    /// `ping -s 24` to a prefix without a route.
    static let networkUnreachable = bytes(
        """
        45c00050a2b2000040014913c6120102c61201010300fcff00000000450000345312400040015190c6120101c6120901
        0800d234288b0001521f036b0000000053640800000000001011121314151617
        """)
    /// `traceroute -p 33434`: from the first router.
    static let udpTimeExceeded = bytes(
        """
        45c00058a3a100004001481cc6120102c61201010b004360000000004500003c3b0d00000111ee7cc6120101c6120302
        a976829a00289061404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f
        """)
    /// `traceroute -U -p 53`: from the destination.
    static let portUnreachable = bytes(
        """
        45c0005800a700003e01eb16c6120302c61201010303b573000000004500003cea59000001113f30c6120101c6120302
        c1c5003500289061404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f
        """)
    /// `traceroute -g 198.18.1.2`: the probe with its loose source route.
    static let sourceRouteProbe = bytes(
        """
        4800004884020000021104cbc6120101c612010201830b04c6120302c6120302ec8a829a00288e614041424344454647
        48494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f
        """)
    /// The answer to the one before: options outside, and in the quote.
    static let sourceRouteTimeExceeded = bytes(
        """
        47c0006c315000003f01188bc6120202c6120101830708c6120102000b00024c000000004800004884020000011104c8
        c6120101c612030201830b08c6120201c6120302ec8a829a00288e61404142434445464748494a4b4c4d4e4f50515253
        5455565758595a5b5c5d5e5f
        """)
    /// `traceroute -T`: from the first router.
    static let tcpTimeExceeded = bytes(
        """
        45c00058a3a300004001481ac6120102c61201010b008556000000004500003c4e9100000106db03c6120101c6120302
        9e1100503b415fee00000000a00213b077dc0000020404ec0402080aa2c350c40000000001030302
        """)
    /// The kernel's answer to scapy's `ICMP(type=13, id=0x1234, seq=7, ts_ori=0x01020304)`.
    static let timestampReply = bytes(
        """
        4500002800f400003e01ebb9c6120302c61201010e00ebca123400070102030403a4f45503a4f455
        """)
    /// The kernel's answer to scapy's record route of no slots, whose pointer stands behind them.
    static let fullRecordReply = bytes(
        """
        4600002b00f700003e01deb0c6120302c612010107030500000078e40055000162616420706f696e746572
        """)
    /// scapy's `IPOption_Router_Alert()` on an echo request.
    static let routerAlertRequest = bytes(
        """
        4600002c00010000400155a4c6120101c6120302940400000800ab1600560002726f7574657220616c657274
        """)
    /// A first fragment made by scapy, out of time at the first router.
    static let fragmentTimeExceeded = bytes(
        """
        45c00078a3e30000400147bac6120102c61201010b00f4ff000000004500005c424220000101c737c6120101c6120302
        0800e8960057000378787878787878787878787878787878787878787878787878787878787878787878787878787878
        787878787878787878787878787878787878787878787878
        """)
    /// The kernel's answer to scapy's `IP(proto=99)`.
    static let protocolUnreachable = bytes(
        """
        45c00040011200003e01eac3c6120302c612010103027fd20000000045000024000100003e63ec4ec6120101c6120302
        756e6b6e6f776e2070726f746f636f6c
        """)
    /// `ping -s 1400 -M do` towards a link of 1300 bytes: from the second router; the first 56 of 576 bytes.
    static let fragmentationNeededHead = bytes(
        """
        45c00240ed6200003f01fc72c6120202c612010103040eb50000051445000594000040003f01a641c6120101c6120302
        0800cac0287f0001
        """)

    static let all = [
        recordRouteReply, timestampsAndAddressesReply, timestampsOnlyReply, prespecifiedReply, echoRequest,
        echoReply, timeExceeded, prohibited, hostUnreachable, networkUnreachable, udpTimeExceeded, portUnreachable,
        sourceRouteProbe, sourceRouteTimeExceeded, tcpTimeExceeded, timestampReply, fullRecordReply,
        routerAlertRequest, fragmentTimeExceeded, protocolUnreachable, fragmentationNeededHead,
    ]
}
