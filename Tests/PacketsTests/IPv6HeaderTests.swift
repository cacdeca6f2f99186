import Addresses
import Packets
import Testing

@Suite struct IPv6HeaderTests {
    /// scapy: `IPv6(src="2001:db8:1::1", dst="2001:db8::9", tc=0xb8, fl=0xfedcb, hlim=33, nh=59)/b"abc"`
    let packet = bytes(
        "6b8fedcb00033b2120010db800010000000000000000000120010db8000000000000000000000009616263")
    let header = IPv6Header(
        source: v6(1, 1), destination: v6(0, 9), nextHeader: .noNextHeader, hopLimit: 33, trafficClass: 0xb8,
        flowLabel: 0xfedcb)

    @Test("every field is read from where RFC 8200 puts it")
    func fields() throws {
        #expect(try IPv6Header(of: packet) == header)
    }

    @Test("serializing writes what scapy writes")
    func serializing() {
        #expect(header.packet(payload: [0x61, 0x62, 0x63]) == packet)
    }

    @Test("captured packets come out as they went in", arguments: CapturedIPv6.all)
    func capturedRoundTrip(_ packet: [UInt8]) throws {
        let header = try IPv6Header(of: packet)
        #expect(header.packet(payload: packet.after(40)) == packet)
    }

    @Test("padding of the link layer doesn't count as payload")
    func trailingBytes() throws {
        let padded = packet + [0, 0]
        let header = try IPv6Header(of: padded)
        #expect(header.payloadLength == 3)
        #expect(header.payloadLength(available: padded.count) == 3)
    }

    @Test("a packet cut short has the payload that is there")
    func truncated() throws {
        let header = try IPv6Header(of: CapturedIPv6.packetTooBigHead)
        #expect(header.payloadLength == 1240)
        #expect(header.payloadLength(available: 96) == 56)
    }

    @Test("flow label bits that don't fit are dropped and touch nothing else")
    func wideFlowLabel() {
        var wide = header
        wide.flowLabel |= 0xFFF0_0000
        #expect(wide.packet(payload: [0x61, 0x62, 0x63]) == packet)
    }

    @Test("39 bytes are no header")
    func tooShort() {
        let short = Array(packet.prefix(39))
        let error = parseError { () throws(ParseError) in _ = try IPv6Header(of: short) }
        #expect(error == ParseError(.ipv6, .truncated(needed: 40, available: 39), at: 39))
    }

    @Test("an IPv4 packet is no IPv6 packet")
    func wrongVersion() {
        let error = parseError { () throws(ParseError) in _ = try IPv6Header(of: CapturedIPv4.echoReply) }
        #expect(error == ParseError(.ipv6, .wrongVersion(4), at: 0))
    }
}

@Suite struct IPv6ExtensionChainTests {
    /// scapy: `IPv6ExtHdrHopByHop(options=[RouterAlert()])/IPv6ExtHdrDestOpt(options=[PadN(optdata=b"\0"*12)])/
    /// IPv6ExtHdrRouting(addresses=["2001:db8:7::7"])/IPv6ExtHdrFragment(id=0xdeadbeef, m=1, nh=17)/UDP()`
    let chain = bytes(
        """
        3c000502000001002b01010c0000000000000000000000002c0200010000000020010db80007000000000000000000071100
        0001deadbeef80e8829a000928d578
        """)

    @Test("all four kinds of headers are walked over")
    func wholeChain() {
        let end = IPv6ExtensionChain(of: chain, nextHeader: .hopByHopOptions)
        #expect(end.protocolNumber == .udp)
        #expect(end.length == 56)
        #expect(end.identification == 0xdead_beef)
    }

    @Test("a chain cut short ends at the last whole header", arguments: [(55, 48), (47, 24), (23, 8), (7, 0)])
    func cutChain(available: Int, length: Int) {
        let cut = Array(chain.prefix(available))
        #expect(IPv6ExtensionChain(of: cut, nextHeader: .hopByHopOptions).length == length)
    }

    @Test("what follows a later fragment's header is no header")
    func laterFragment() {
        // Two fragment headers, the first of them with an offset of one.
        let bytes = bytes("2c00000800000001 1100000000000002")
        let end = IPv6ExtensionChain(of: bytes, nextHeader: .fragment)
        #expect(end.protocolNumber == .fragment)
        #expect(end.fragmentOffset == 1)
        #expect(end.length == 8)
    }

    @Test("a chain without end is given up")
    func endlessChain() {
        let bytes = [UInt8](repeating: 0, count: 65_535)
        #expect(IPv6ExtensionChain(of: bytes, nextHeader: .hopByHopOptions).length == 128)
    }
}
