extension WireLayer {
    private static let protocols: WireField.Style = .number([
        ("icmp", 1), ("igmp", 2), ("ipv4", 4), ("tcp", 6), ("udp", 17), ("dccp", 33), ("ipv6", 41), ("gre", 47),
        ("esp", 50), ("ah", 51), ("icmpv6", 58), ("none", 59), ("ospf", 89), ("pim", 103), ("vrrp", 112), ("sctp", 132),
        ("udplite", 136),
    ])

    /// The names of RFC 2474, 2597, 3246, 5865 and 8622.
    private static let codePoints: WireField.Style = .number([
        ("cs0", 0), ("cs1", 8), ("cs2", 16), ("cs3", 24), ("cs4", 32), ("cs5", 40), ("cs6", 48), ("cs7", 56), ("le", 1),
        ("af11", 10), ("af12", 12), ("af13", 14), ("af21", 18), ("af22", 20), ("af23", 22), ("af31", 26), ("af32", 28),
        ("af33", 30), ("af41", 34), ("af42", 36), ("af43", 38), ("va", 44), ("ef", 46),
    ])

    /// The names of RFC 3168.
    private static let congestion: WireField.Style = .number([("not-ect", 0), ("ect1", 1), ("ect0", 2), ("ce", 3)])

    /// IPv4 (RFC 791 section 3.1), IPv6 (RFC 8200 section 3) and its extension headers.
    static let internetLayers: [WireLayer] = [
        WireLayer(
            name: "ipv4", header: .ipv4,
            template: [0x45, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            fields: [
                WireField("version", 0, 4),
                WireField("ihl", 4, 4, .number(), .computed),
                WireField("tos", 8, 8),
                WireField("dscp", 8, 6, codePoints),
                WireField("ecn", 14, 2, congestion),
                WireField("len", 16, 16, .number(), .computed),
                WireField("id", 32, 16, .number(), .counted),
                WireField("flags", 48, 3),
                WireField("rf", 48, 1),
                WireField("df", 49, 1),
                WireField("mf", 50, 1),
                WireField("offset", 51, 13),
                WireField("ttl", 64, 8),
                WireField("proto", 72, 8, protocols, .computed),
                WireField("checksum", 80, 16, .number(), .computed),
                WireField("src", 96, 32, .ipv4),
                WireField("dst", 128, 32, .ipv4),
            ],
            tail: .ipv4Options),
        WireLayer(
            name: "ipv6", header: .ipv6,
            template: [0x60, 0, 0, 0, 0, 0, 0, 64] + [UInt8](repeating: 0, count: 32),
            fields: [
                WireField("version", 0, 4),
                WireField("tc", 4, 8),
                WireField("dscp", 4, 6, codePoints),
                WireField("ecn", 10, 2, congestion),
                WireField("flow", 12, 20),
                WireField("len", 32, 16, .number(), .computed),
                WireField("next", 48, 8, protocols, .computed),
                WireField("hlim", 56, 8),
                WireField("src", 64, 128, .ipv6),
                WireField("dst", 192, 128, .ipv6),
            ]),
        WireLayer(
            name: "hopopts", header: .hopByHop, template: [0, 0],
            fields: [
                WireField("next", 0, 8, protocols, .computed),
                WireField("len", 8, 8, .number(), .computed),
            ],
            tail: .ipv6Options),
        WireLayer(
            name: "dstopts", header: .destinationOptions, template: [0, 0],
            fields: [
                WireField("next", 0, 8, protocols, .computed),
                WireField("len", 8, 8, .number(), .computed),
            ],
            tail: .ipv6Options),
        WireLayer(
            name: "frag", header: .fragment, template: [0, 0, 0, 0, 0, 0, 0, 0],
            fields: [
                WireField("next", 0, 8, protocols, .computed),
                WireField("reserved", 8, 8),
                WireField("offset", 16, 13),
                WireField("mf", 31, 1),
                WireField("id", 32, 32, .number(), .counted),
            ]),
    ]
}
