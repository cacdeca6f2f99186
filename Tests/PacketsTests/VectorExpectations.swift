import Foundation

/// What is expected of vectors that are wrong on purpose, and where the line is another than tcpdump's.
extension Vector {
    private var key: String { "\(file): \(name)" }

    /// The error in a packet that is wrong on purpose.
    var error: String? { Self.errors[key] }

    private static let errors = [
        "ipv4-fragments.scapy: First fragment too short for a UDP header":
            "UDP: needs 8 bytes, has 4 (at byte 24)",
        "udp.scapy: IPv4, a length shorter than the header":
            "UDP: impossible length of 7 bytes (at byte 24)",
        // RFC 2675 allows the length 0 in a jumbogram, of which a capture has no more than the beginning.
        "ipv6-extensions.scapy: Hop-by-hop: jumbo payload of 65544 octets, the packet cut short":
            "UDP: impossible length of 0 bytes (at byte 52)",
        "ipv4-options.scapy: An option of length 1":
            "IPv4: malformed option of type 30 (at byte 20)",
        "ipv4-options.scapy: An option longer than the header":
            "IPv4: malformed option of type 30 (at byte 20)",
        "ipv6-extensions.scapy: Destination options longer than the packet":
            "IPv6: needs 80 bytes, has 8 (at byte 48)",
        "ipv6-extensions.scapy: Destination options: an option longer than its header":
            "IPv6: malformed option of type 30 (at byte 42)",
        "tcp.scapy: A data offset of less than the header":
            "TCP: impossible header length of 16 bytes (at byte 32)",
        "udplite.scapy: IPv4, a coverage that is not allowed: 4":
            "UDP-Lite: impossible length of 4 bytes (at byte 24)",
        "udplite.scapy: IPv4, a coverage beyond the end":
            "UDP-Lite: impossible length of 64 bytes (at byte 24)",
    ]

    /// tcpdump's line without what is not in ours: bytes that it dumps, what an application says, its own options.
    var expectedLine: String {
        if let line = Self.lines[key] { return line }
        return line.components(separatedBy: " 0x0000: ")[0].components(separatedBy: ": HTTP")[0]
            .replacingOccurrences(of: "md5 shared secret not supplied with -M, can't check - ", with: "md5 ")
    }

    private static let lines = [
        // What is in frames of 802.3 is not looked at.
        "ethernet.captured: IEEE 802.3 with a length and LLC: a spanning tree bridge":
            "5a:b0:ff:23:87:e6 > 01:80:c2:00:00:00, 802.3, length 38",
        "ethernet.scapy: IEEE 802.3 with a length and LLC: a spanning tree bridge":
            "02:00:00:00:00:01 > 01:80:c2:00:00:00, 802.3, length 38",
        "ethernet.scapy: A type for local experiments":
            "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype Unknown (0x88b5), length 22",
        // GRE of other versions is not looked at.
        "gre.scapy: GRE with routing, as RFC 1701 had it":
            "IP 198.18.0.1 > 198.18.0.2: ip-proto-47 40",
        "gre.scapy: GRE of version 1, as PPTP has it":
            "IP 198.18.0.1 > 198.18.0.2: ip-proto-47 20",
        // Node information (RFC 4620) is not looked at; type 200 is for experiments, no mtrace.
        "icmpv6.scapy: Node information query for a name":
            "IP6 2001:db8::1 > 2001:db8::2: ICMP6, unknown icmp6 type (139), length 32",
        "icmpv6.scapy: A type for experiments":
            "IP6 2001:db8::1 > 2001:db8::2: ICMP6, unknown icmp6 type (200), length 14",
        // What tcpdump calls truncated has the error and its place.
        "ipv4-fragments.scapy: First fragment too short for a UDP header":
            "IP 198.18.0.1.40000 > 198.18.0.2.7: [UDP: needs 8 bytes, has 4 (at byte 24)]",
        "ipv6-extensions.scapy: Hop-by-hop: jumbo payload of 65544 octets, the packet cut short":
            "IP6 2001:db8::1 > 2001:db8::2: HBH 40000 > 7: [UDP: impossible length of 0 bytes (at byte 52)]",
        "ipv6-extensions.scapy: Routing, type 4, with a TLV":
            "IP6 2001:db8::1 > 2001:db8:1::fe: RT6 (len=5, type=4, segleft=1, last-entry=1, tag=0, [0]2001:db8:2::2, [1]2001:db8:1::fe) ICMP6, echo request, id 1, seq 1, length 8",
        // tcpdump knows interfaces by the names that they have where it reads.
        "linux-cooked.captured: Any interface, the second header: echo request":
            "if1   In  IP 127.0.0.1 > 127.0.0.1: ICMP echo request, id 28007, seq 1, length 64",
        // tcpdump 4.99.3 takes the user timeout for another number.
        "tcp.captured: Data with an MD5 signature":
            "IP 198.18.1.1.57226 > 198.18.3.2.179: Flags [P.], seq 2278509621:2278509629, ack 1405355867, win 63, options [nop,nop,md5 2f46328bbccee6df715762a2290f0973], length 8",
        "tcp.scapy: Segment with an MD5 signature":
            "IP 198.18.0.1.40000 > 198.18.0.2.179: Flags [P.], seq 1:9, ack 1, win 8192, options [nop,nop,md5 000102030405060708090a0b0c0d0e0f], length 8",
        "tcp.scapy: ACK with a user timeout of 5 minutes":
            "IP 198.18.0.1.40000 > 198.18.0.2.80: Flags [.], ack 1, win 8192, options [uto 0x8005 300], length 0",
        "tcp.scapy: A data offset of less than the header":
            "IP 198.18.0.1.40000 > 198.18.0.2.80: [TCP: impossible header length of 16 bytes (at byte 32)]",
        // tcpdump does not know UDP-Lite.
        "udp.scapy: IPv4, a length shorter than the header":
            "IP 198.18.0.1.40000 > 198.18.0.2.7: [UDP: impossible length of 7 bytes (at byte 24)]",
        "udplite.captured: IPv4, all covered":
            "IP 198.18.1.1.42762 > 198.18.3.2.5004: UDP-Lite, length 8",
        "udplite.captured: IPv4, part of the data covered: coverage 12":
            "IP 198.18.1.1.38337 > 198.18.3.2.5005: UDP-Lite, length 8",
        "udplite.captured: IPv4, probe of traceroute":
            "IP 198.18.1.1.45218 > 198.18.3.2.5001: UDP-Lite, length 32",
        "udplite.captured: IPv6, all covered":
            "IP6 2001:db8:1::1.59889 > 2001:db8:3::2.5004: UDP-Lite, length 8",
        "udplite.scapy: IPv4, all covered: coverage 0":
            "IP 198.18.0.1.40000 > 198.18.0.2.5001: UDP-Lite, length 9",
        "udplite.scapy: IPv4, all covered: coverage is the length":
            "IP 198.18.0.1.40000 > 198.18.0.2.5001: UDP-Lite, length 8",
        "udplite.scapy: IPv4, only the header covered: coverage 8":
            "IP 198.18.0.1.40000 > 198.18.0.2.5001: UDP-Lite, length 9",
        "udplite.scapy: IPv4, part of the data covered: coverage 13":
            "IP 198.18.0.1.40000 > 198.18.0.2.5001: UDP-Lite, length 9",
        "udplite.scapy: IPv4, a coverage that is not allowed: 4":
            "IP 198.18.0.1.40000 > 198.18.0.2.5001: [UDP-Lite: impossible length of 4 bytes (at byte 24)]",
        "udplite.scapy: IPv4, a coverage beyond the end":
            "IP 198.18.0.1.40000 > 198.18.0.2.5001: [UDP-Lite: impossible length of 64 bytes (at byte 24)]",
        "udplite.scapy: IPv6, all covered":
            "IP6 2001:db8::1.40000 > 2001:db8::2.5001: UDP-Lite, length 8",
        "udplite.scapy: IPv6, part of the data covered: coverage 12":
            "IP6 2001:db8::1.40000 > 2001:db8::2.5001: UDP-Lite, length 9",
    ]
}
