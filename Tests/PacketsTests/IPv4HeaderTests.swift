import Addresses
import Packets
import Testing

@Suite struct IPv4HeaderTests {
    /// scapy: `IP(src="198.18.1.1", dst="203.0.113.9", tos=0xb9, id=0xabcd, flags="DF", ttl=17, proto=17)/
    /// b"\x11\x22\x33"`
    let packet = bytes("45b90017abcd40001111ba32c6120101cb007109112233")
    let header = IPv4Header(
        source: v4(198, 18, 1, 1), destination: v4(203, 0, 113, 9), protocolNumber: .udp, timeToLive: 17,
        differentiatedServices: 0xb9, identification: 0xabcd, flags: .dontFragment)

    @Test("every field is read from where RFC 791 puts it")
    func fields() throws {
        #expect(try IPv4Header(of: packet) == header)
    }

    @Test("serializing writes what scapy writes")
    func serializing() {
        #expect(header.packet(payload: [0x11, 0x22, 0x33]) == packet)
    }

    @Test("the code point and the congestion bits are the two parts of one byte")
    func differentiatedServices() {
        #expect(DifferentiatedServices(dscp: 46, ecn: 1) == 0xb9)
        #expect((header.differentiatedServices.dscp, header.differentiatedServices.ecn) == (46, 1))
    }

    /// scapy: `IP(src="198.18.1.1", dst="203.0.113.9", flags="MF", frag=185, id=7, proto=17)/(b"\0"*8)`
    @Test("flags and fragment offset share sixteen bits")
    func fragment() throws {
        let fragment = bytes("4500001c000720b9401156f4c6120101cb0071090000000000000000")
        let header = try IPv4Header(of: fragment)
        #expect(header.flags == .moreFragments)
        #expect(header.fragmentOffset == 185)
    }

    @Test("captured packets come out as they went in", arguments: CapturedIPv4.all)
    func capturedRoundTrip(_ packet: [UInt8]) throws {
        let header = try IPv4Header(of: packet)
        #expect(header.packet(payload: packet.after(header.length)) == packet)
    }

    @Test("the kernel's checksum is the right one")
    func rightChecksum() throws {
        #expect(try IPv4Header(of: CapturedIPv4.recordRouteReply).checksum == nil)
    }

    @Test("a wrong checksum survives the round trip")
    func wrongChecksum() throws {
        var wrong = header
        wrong.checksum = 0xBEEF
        #expect(try IPv4Header(of: wrong.packet()) == wrong)
    }

    @Test("the checksum 0xFFFF is odd where 0x0000 belongs, although receivers accept it")
    func otherZero() throws {
        var header = IPv4Header(
            source: v4(0, 0, 0, 0), destination: v4(0, 0, 0, 0), protocolNumber: .icmp, timeToLive: 0)
        // 0x4500 + 20 + 1 + identification = 0xFFFF
        header.identification = 0xFFFF - 0x4500 - 20 - 1
        header.checksum = 0xFFFF
        #expect(try IPv4Header(of: header.packet()).checksum == 0xFFFF)
        header.checksum = 0x0000
        #expect(try IPv4Header(of: header.packet()).checksum == nil)
    }

    @Test("padding of the link layer doesn't count as payload")
    func trailingBytes() throws {
        let padded = packet + [UInt8](repeating: 0, count: 23)
        let header = try IPv4Header(of: padded)
        #expect(header.totalLength == 23)
        #expect(header.payloadLength(available: padded.count) == 3)
    }

    @Test("a packet cut short has the payload that is there")
    func truncated() throws {
        let header = try IPv4Header(of: CapturedIPv4.fragmentationNeededHead)
        #expect(header.totalLength == 576)
        #expect(header.payloadLength(available: 56) == 36)
    }

    @Test("the header's length counts padding that no option needs")
    func paddedOptions() throws {
        var padded = header
        padded.internetHeaderLength = 7
        #expect(padded.length == 28)
        #expect(try IPv4Header(parsing: padded.packet(payload: [1]).span.bytes) == padded)
    }

    @Test("a header may claim to be shorter than it is")
    func shortClaim() {
        var lying = header
        lying.options = [.routerAlert(0)]
        lying.internetHeaderLength = 5
        #expect(lying.packet().first == 0x45)
        #expect(lying.packet().count == 24)
    }

    @Test("more options than fit into a header stop nothing")
    func tooManyOptions() {
        var long = header
        long.options = [.recordRoute(RouteRecord(emptySlots: 9)), .routerAlert(0)]
        #expect(long.packet().first == 0x4F)
        #expect(long.packet().count == long.length)
    }

    @Test("a payload that sixteen bits can't count is written as 65,535 bytes", arguments: [65_516, .max])
    func hugePayload(_ length: Int) {
        let packet = serialized { header.serialize(into: &$0, payloadLength: length) }
        #expect(Array(packet[2..<4]) == [0xFF, 0xFF])
    }

    @Test(
        "a header that can't be is refused, with the place",
        arguments: [
            ("", ParseError.Reason.truncated(needed: 20, available: 0), 0),
            ("45b90017abcd40001111ba32c6120101cb0071", .truncated(needed: 20, available: 19), 19),
            ("65b90017abcd40001111ba32c6120101cb007109", .wrongVersion(6), 0),
            ("44b90017abcd40001111ba32c6120101cb007109", .badHeaderLength(16), 0),
            ("46b90018abcd40001111ba32c6120101cb007109", .truncated(needed: 24, available: 20), 20),
            ("45b90013abcd40001111ba32c6120101cb007109", .badLength(19), 2),
            ("46b90018abcd40001111ba32c6120101cb00710901070303", .badOption(type: 7), 21),
        ])
    func refused(packet: String, reason: ParseError.Reason, offset: Int) {
        let packet = bytes(packet)
        let error = parseError { () throws(ParseError) in _ = try IPv4Header(of: packet) }
        #expect(error == ParseError(.ipv4, reason, at: offset))
    }
}
