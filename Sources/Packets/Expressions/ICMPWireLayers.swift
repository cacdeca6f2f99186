extension WireLayer {
    private static func message(
        _ name: String, _ header: Header, _ type: UInt8, _ fields: [WireField], length: Int = 8, tail: Tail? = nil
    ) -> WireLayer {
        let isGeneric = !name.contains(".")
        let others = common.filter { field in !fields.contains { $0.name == field.name } }
        var template = [UInt8](repeating: 0, count: length)
        template[0] = type
        return WireLayer(
            name: name, header: header, template: template, fields: others + fields, tail: tail,
            tellingLength: isGeneric ? 0 : 1)
    }

    private static let common = [
        WireField("type", 0, 8), WireField("code", 8, 8), WireField("checksum", 16, 16, .number(), .computed),
    ]

    private static func coded(_ names: [(name: String, value: UInt64)]) -> WireField {
        WireField("code", 8, 8, .number(names))
    }

    private static let numbered = [
        WireField("id", 32, 16, .number(), .drawn()), WireField("seq", 48, 16, .number(), .counted),
    ]
    private static let extended = [
        WireField("id", 32, 16, .number(), .drawn()), WireField("seq", 48, 8, .number(), .counted),
    ]

    /// ICMP (RFC 792, 950, 1191, 1256, 1393, 4884, 8335). Behind an error stands the packet that it quotes.
    static let icmpLayers: [WireLayer] = [
        message("icmp", .icmp, 8, [WireField("rest", 32, 32)]),
        message("icmp.echo", .icmp, 8, numbered),
        message("icmp.echoreply", .icmp, 0, numbered),
        message(
            "icmp.unreachable", .icmp, 3,
            [
                coded([
                    ("net", 0), ("host", 1), ("protocol", 2), ("port", 3), ("needfrag", 4), ("srcfail", 5),
                    ("net-unknown", 6), ("host-unknown", 7), ("isolated", 8), ("net-prohib", 9), ("host-prohib", 10),
                    ("net-tos", 11), ("host-tos", 12), ("filter-prohib", 13), ("host-precedence", 14), ("cutoff", 15),
                ]), WireField("length", 40, 8), WireField("mtu", 48, 16),
            ]),
        message("icmp.quench", .icmp, 4, []),
        message(
            "icmp.redirect", .icmp, 5,
            [coded([("net", 0), ("host", 1), ("net-tos", 2), ("host-tos", 3)]), WireField("gateway", 32, 32, .ipv4)]),
        message(
            "icmp.routeradvert", .icmp, 9,
            [
                WireField("count", 32, 8), WireField("size", 40, 8), WireField("lifetime", 48, 16),
                WireField("router", 64, 32, .ipv4), WireField("preference", 96, 32),
            ], length: 16
        ).with([(4, 1), (5, 2)]),
        message("icmp.routersolicit", .icmp, 10, []),
        message(
            "icmp.timeexceeded", .icmp, 11, [coded([("transit", 0), ("reassembly", 1)]), WireField("length", 40, 8)]),
        message(
            "icmp.paramproblem", .icmp, 12,
            [
                coded([("pointer", 0), ("missing-option", 1), ("length", 2)]), WireField("pointer", 32, 8),
                WireField("length", 40, 8),
            ]),
        message("icmp.timestamp", .icmp, 13, numbered + times, length: 20),
        message("icmp.timestampreply", .icmp, 14, numbered + times, length: 20),
        message("icmp.mask", .icmp, 17, numbered + [WireField("mask", 64, 32, .ipv4)], length: 12),
        message("icmp.maskreply", .icmp, 18, numbered + [WireField("mask", 64, 32, .ipv4)], length: 12),
        message(
            "icmp.traceroute", .icmp, 30,
            [
                WireField("id", 32, 16), WireField("outhops", 64, 16), WireField("returnhops", 80, 16),
                WireField("speed", 96, 32), WireField("mtu", 128, 32),
            ], length: 20),
        message("icmp.extendedecho", .icmp, 42, extended + [WireField("local", 63, 1)]),
        message(
            "icmp.extendedechoreply", .icmp, 43,
            extended + [
                WireField("state", 56, 3), WireField("active", 61, 1), WireField("ipv4", 62, 1),
                WireField("ipv6", 63, 1),
            ]),
    ]

    private static let times = [
        WireField("originate", 64, 32), WireField("receive", 96, 32), WireField("transmit", 128, 32),
    ]

    /// ICMPv6 (RFC 4443) and neighbour discovery (RFC 4861), whose options are the bytes that follow.
    static let icmpv6Layers: [WireLayer] = [
        message("icmpv6", .icmpv6, 128, [WireField("rest", 32, 32)]),
        message("icmpv6.echo", .icmpv6, 128, numbered),
        message("icmpv6.echoreply", .icmpv6, 129, numbered),
        message(
            "icmpv6.unreachable", .icmpv6, 1,
            [
                coded([
                    ("noroute", 0), ("prohib", 1), ("scope", 2), ("addr", 3), ("port", 4), ("policy", 5), ("reject", 6),
                ]), WireField("length", 32, 8),
            ]),
        message("icmpv6.toobig", .icmpv6, 2, [WireField("mtu", 32, 32)]),
        message(
            "icmpv6.timeexceeded", .icmpv6, 3,
            [coded([("transit", 0), ("reassembly", 1)]), WireField("length", 32, 8)]),
        message(
            "icmpv6.paramproblem", .icmpv6, 4,
            [coded([("field", 0), ("next-header", 1), ("option", 2)]), WireField("pointer", 32, 32)]),
        message("icmpv6.routersolicit", .icmpv6, 133, []),
        message(
            "icmpv6.routeradvert", .icmpv6, 134,
            [
                WireField("hlim", 32, 8), WireField("managed", 40, 1), WireField("other", 41, 1),
                WireField("preference", 43, 2), WireField("lifetime", 48, 16), WireField("reachable", 64, 32),
                WireField("retransmit", 96, 32),
            ], length: 16),
        message("icmpv6.neighborsolicit", .icmpv6, 135, [WireField("target", 64, 128, .ipv6)], length: 24),
        message(
            "icmpv6.neighboradvert", .icmpv6, 136,
            [
                WireField("router", 32, 1), WireField("solicited", 33, 1), WireField("override", 34, 1),
                WireField("target", 64, 128, .ipv6),
            ], length: 24),
        message(
            "icmpv6.redirect", .icmpv6, 137,
            [WireField("target", 64, 128, .ipv6), WireField("destination", 192, 128, .ipv6)], length: 40),
        message("icmpv6.extendedecho", .icmpv6, 160, extended + [WireField("local", 63, 1)]),
        message(
            "icmpv6.extendedechoreply", .icmpv6, 161,
            extended + [
                WireField("state", 56, 3), WireField("active", 61, 1), WireField("ipv4", 62, 1),
                WireField("ipv6", 63, 1),
            ]),
    ]

    // MARK: - Multicast

    private static let response = WireField("max", 8, 8)
    private static let group = WireField("group", 32, 32, .ipv4)

    /// IGMP of all versions (RFC 1112, 2236, 9776).
    static let igmpLayers: [WireLayer] = [
        message("igmp", .igmp, 0x11, [response, group]),
        message(
            "igmp.query", .igmp, 0x11,
            [response, group]
                + querying(at: 64)
                + [WireField("count", 80, 16, .number(), .computed)], length: 12, tail: .ipv4Sources
        ).with([(1, 100), (8, 2), (9, 125)]),
        message("igmp.queryv2", .igmp, 0x11, [response, group]).with([(1, 100)]),
        message("igmp.queryv1", .igmp, 0x11, [group]),
        message("igmp.reportv1", .igmp, 0x12, [group]),
        message("igmp.reportv2", .igmp, 0x16, [response, group]),
        message("igmp.leave", .igmp, 0x17, [response, group]),
        message(
            "igmp.report", .igmp, 0x22,
            [WireField("flags", 32, 16), WireField("count", 48, 16, .number(), .computed)], tail: .ipv4Records),
    ]

    private static func querying(at bit: Int) -> [WireField] {
        [WireField("s", bit + 4, 1), WireField("qrv", bit + 5, 3), WireField("qqic", bit + 8, 8)]
    }

    private static let delay = WireField("max", 32, 16)
    private static let group6 = WireField("group", 64, 128, .ipv6)

    /// Multicast listener discovery (RFC 2710, 9777).
    static let mldLayers: [WireLayer] = [
        message(
            "icmpv6.mldquery", .icmpv6, 130,
            [delay, group6] + querying(at: 192) + [WireField("count", 208, 16, .number(), .computed)], length: 28,
            tail: .ipv6Sources
        ).with([(4, 0x27), (5, 0x10), (24, 2), (25, 125)]),
        message("icmpv6.mldqueryv1", .icmpv6, 130, [delay, group6], length: 24).with([(4, 0x27), (5, 0x10)]),
        message("icmpv6.mldreportv1", .icmpv6, 131, [delay, group6], length: 24),
        message("icmpv6.mlddone", .icmpv6, 132, [delay, group6], length: 24),
        message(
            "icmpv6.mldreport", .icmpv6, 143,
            [WireField("flags", 32, 16), WireField("count", 48, 16, .number(), .computed)], tail: .ipv6Records),
    ]

    /// The same layer with other bytes in its template.
    private func with(_ bytes: [(Int, UInt8)]) -> WireLayer {
        var template = template
        for (index, byte) in bytes { template[index] = byte }
        return WireLayer(
            name: name, header: header, template: template, fields: fields, tail: tail, tellingLength: tellingLength)
    }
}
