extension WireLayer {
    private static let ports = [
        WireField("sport", 0, 16, .number(), .drawn(from: 32_768)), WireField("dport", 16, 16),
    ]

    /// UDP (RFC 768), UDP-Lite (RFC 3828), TCP (RFC 9293), SCTP (RFC 9260) and DCCP (RFC 4340), whose chunks and rests
    /// are the bytes that follow; and GRE (RFC 2784, 2890).
    static let transportLayers: [WireLayer] = [
        WireLayer(
            name: "udp", header: .udp, template: [0, 0, 0, 0, 0, 0, 0, 0],
            fields: ports + [
                WireField("len", 32, 16, .number(), .computed), WireField("checksum", 48, 16, .number(), .computed),
            ]),
        WireLayer(
            name: "udplite", header: .udpLite, template: [0, 0, 0, 0, 0, 0, 0, 0],
            fields: ports + [WireField("coverage", 32, 16), WireField("checksum", 48, 16, .number(), .computed)]),
        WireLayer(
            name: "tcp", header: .tcp,
            template: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0x02, 0xFA, 0xF0, 0, 0, 0, 0],
            fields: ports + [
                WireField("seq", 32, 32, .number(), .drawn()),
                WireField("ack", 64, 32),
                WireField("offset", 96, 4, .number(), .computed),
                WireField("reserved", 100, 3),
                WireField("flags", 103, 9, .tcpFlags),
                WireField("window", 112, 16),
                WireField("checksum", 128, 16, .number(), .computed),
                WireField("urgent", 144, 16),
            ], tail: .tcpOptions),
        WireLayer(
            name: "sctp", header: .sctp, template: [UInt8](repeating: 0, count: 12),
            fields: ports + [WireField("tag", 32, 32), WireField("checksum", 64, 32, .number(), .computed)]),
        // An INIT: type, flags, length 20, tag, window, streams, first TSN.
        WireLayer(
            name: "sctp.init", header: .sctp,
            template: [UInt8](repeating: 0, count: 12) + [
                1, 0, 0, 20, 0, 0, 0, 1, 0, 1, 0, 0, 0, 10, 0, 10, 0, 0, 0, 1,
            ],
            fields: ports + [
                WireField("tag", 32, 32), WireField("checksum", 64, 32, .number(), .computed),
                WireField("length", 112, 16), WireField("initiatetag", 128, 32, .number(), .drawn(from: 1)),
                WireField("window", 160, 32), WireField("outstreams", 192, 16), WireField("instreams", 208, 16),
                WireField("tsn", 224, 32),
            ]),
        // A request: data offset 5, no coverage of data left out, type 0 with 48-bit sequence numbers, and a service.
        WireLayer(
            name: "dccp.request", header: .dccp,
            template: [0, 0, 0, 0, 5, 0, 0, 0, 0x01, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
            fields: ports + [
                WireField("offset", 32, 8, .number(), .computed), WireField("ccval", 40, 4), WireField("cscov", 44, 4),
                WireField("checksum", 48, 16, .number(), .computed), WireField("type", 67, 4), WireField("seq", 80, 48),
                WireField("service", 128, 32),
            ]),
        WireLayer(
            name: "gre", header: .gre, template: [0, 0, 0, 0],
            fields: [
                WireField("flags", 0, 13), WireField("version", 13, 3),
                WireField("proto", 16, 16, .number(), .computed),
            ]),
        WireLayer(
            name: "gre.key", header: .gre, template: [0x20, 0, 0, 0, 0, 0, 0, 0],
            fields: [
                WireField("flags", 0, 13), WireField("version", 13, 3),
                WireField("proto", 16, 16, .number(), .computed),
                WireField("key", 32, 32),
            ]),
    ]
}
