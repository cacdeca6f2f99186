import Addresses
import Packets
import Testing

@Suite struct QuotedPacketTests {
    /// What the ICMP error in a captured IPv4 packet quotes.
    private func quote(inIPv4 packet: [UInt8]) throws -> QuotedPacket {
        let bytes = packet.after(try IPv4Header(of: packet).length + 8)
        return try QuotedPacket(of: bytes)
    }

    private func quote(inIPv6 packet: [UInt8]) throws -> QuotedPacket {
        try QuotedPacket(of: packet.after(48))
    }

    @Test("a quoted echo request is known by its ends, its identifier and its sequence number")
    func echoRequest() throws {
        let quote = try quote(inIPv4: CapturedIPv4.timeExceeded)
        #expect(quote.source == .v4(v4(198, 18, 1, 1)))
        #expect(quote.destination == .v4(v4(198, 18, 3, 2)))
        #expect(quote.echoRequest == ICMPEcho(identifier: 0x287c, sequenceNumber: 1))
    }

    @Test("a quote says with which time to live, identification and length the packet got there")
    func ipv4Fields() throws {
        let quote = try quote(inIPv4: CapturedIPv4.timeExceeded)
        #expect(quote.timeToLive == 1)
        #expect(quote.identification == 0xa557)
        #expect(quote.totalLength == 52)
    }

    @Test("a quoted UDP or TCP packet is known by its ports")
    func ports() throws {
        let udp = try quote(inIPv4: CapturedIPv4.udpTimeExceeded)
        #expect(udp.ports ?? (0, 0) == (43_382, 33_434))
        let tcp = try quote(inIPv4: CapturedIPv4.tcpTimeExceeded)
        #expect(tcp.ports ?? (0, 0) == (40_465, 80))
    }

    @Test("options of the quoted packet are skipped")
    func options() throws {
        let quote = try quote(inIPv4: CapturedIPv4.sourceRouteTimeExceeded)
        #expect(quote.transportOffset == 32)
        #expect(quote.ports ?? (0, 0) == (60_554, 33_434))
    }

    @Test("a quote with malformed options is read all the same")
    func malformedOptions() throws {
        let bytes = bytes("46000020000100004001000000000000000000000701ffff 0800f7ff00010002")
        let quote = try QuotedPacket(of: bytes)
        #expect(quote.echoRequest == ICMPEcho(identifier: 1, sequenceNumber: 2))
    }

    @Test("a quote of eight transport bytes is enough")
    func shortestQuote() throws {
        let quote = try quote(inIPv4: CapturedIPv4.fragmentationNeededHead)
        #expect(quote.echoRequest == ICMPEcho(identifier: 0x287f, sequenceNumber: 1))
        #expect(quote.totalLength == 1428)
    }

    @Test("a quote of fewer transport bytes has ports but no echo request", arguments: [4, 7])
    func shortTransport(count: Int) throws {
        var bytes = Array(CapturedIPv4.udpTimeExceeded.after(28).prefix(20 + count))
        #expect(try QuotedPacket(of: bytes).ports ?? (0, 0) == (43_382, 33_434))
        bytes = Array(CapturedIPv4.timeExceeded.after(28).prefix(20 + count))
        #expect(try QuotedPacket(of: bytes).echoRequest == nil)
    }

    /// scapy: `IP(src="198.18.1.1", dst="203.0.113.9", frag=185, id=7, proto=1)/b"\x08\x00\x00\x00\x12\x34\x00\x01"`
    @Test("a later fragment is no echo request, whatever it looks like")
    func laterFragment() throws {
        let bytes = bytes("4500001c000700b940017704c6120101cb0071090800000012340001")
        let quote = try QuotedPacket(of: bytes)
        #expect(quote.fragmentOffset == 185)
        #expect(quote.echoRequest == nil)
    }

    @Test("a quoted echo reply is no echo request")
    func echoReply() throws {
        #expect(try QuotedPacket(of: CapturedIPv4.echoReply).echoRequest == nil)
        #expect(try QuotedPacket(of: CapturedIPv6.echoReply).echoRequest == nil)
    }

    @Test("an ICMP echo request in IPv6 is none")
    func wrongFamily() throws {
        var bytes = CapturedIPv6.echoRequest
        (bytes[6], bytes[40]) = (1, 8)
        #expect(try QuotedPacket(of: bytes).echoRequest == nil)
    }

    @Test("a quoted ICMPv6 echo request is known by its ends, its identifier and its sequence number")
    func echoRequestV6() throws {
        let quote = try quote(inIPv6: CapturedIPv6.packetTooBigHead)
        #expect(quote.source == .v6(v6(1, 1)))
        #expect(quote.destination == .v6(v6(3, 2)))
        #expect(quote.echoRequest == ICMPEcho(identifier: 0x2894, sequenceNumber: 1))
        #expect(quote.totalLength == 1448)
        #expect(quote.timeToLive == 63)
    }

    @Test("extension headers of the quoted packet are skipped")
    func extensionHeaders() throws {
        let quote = try quote(inIPv6: CapturedIPv6.extensionTimeExceeded)
        #expect(quote.protocolNumber == .icmpv6)
        #expect(quote.transportOffset == 56)
        #expect(quote.identification == 0x4243)
        #expect(quote.echoRequest == ICMPEcho(identifier: 0x59, sequenceNumber: 5))
    }

    @Test("an IPv6 quote that ends in its extension headers still says whose it was")
    func cutExtensionHeaders() throws {
        let bytes = Array(CapturedIPv6.extensionTimeExceeded.after(48).prefix(50))
        let quote = try QuotedPacket(of: bytes)
        #expect(quote.protocolNumber == .fragment)
        #expect(quote.transportOffset == 48)
        #expect(quote.transportByteCount == 2)
    }

    @Test(
        "what is no IP header is refused",
        arguments: [
            ("", ParseError.Reason.truncated(needed: 1, available: 0), 0),
            ("5500", .wrongVersion(5), 0),
            ("4400", .badHeaderLength(16), 0),
            ("4500", .truncated(needed: 20, available: 2), 2),
            ("60000000", .truncated(needed: 40, available: 4), 4),
        ])
    func refused(hexadecimal: String, reason: ParseError.Reason, offset: Int) {
        let bytes = bytes(hexadecimal)
        let error = parseError { () throws(ParseError) in _ = try QuotedPacket(of: bytes) }
        #expect(error == ParseError(.quotedPacket, reason, at: offset))
    }
}
