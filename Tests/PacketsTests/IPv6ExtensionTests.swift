import Addresses
import PacketSamples
import Packets
import Testing

@Suite struct IPv6ExtensionTests {
    private func packet(
        _ extensions: [IPv6ExtensionHeader], to destination: IPv6Address = v6(2, 2), payload: IPPayload? = nil
    ) -> IPv6Packet {
        let udp = UDPHeader(sourcePort: 40_000, destinationPort: 7)
        return IPv6Packet(
            IPv6Header(source: v6(1, 1), destination: destination), extensions: extensions,
            payload: payload ?? .udp(udp, payload: Array("netprobe".utf8)))
    }

    /// The UDP checksum as it is written.
    private func checksum(_ packet: IPv6Packet) -> [UInt8] {
        Array(LinkPacket.ipv6(packet).bytes.suffix(10).prefix(2))
    }

    /// RFC 2711, RFC 2675 and RFC 6275 say where these options begin; RFC 8200 section 4.2 what is between them.
    @Test("options are padded to where their RFC wants them, and the header to eight bytes")
    func alignment() {
        #expect([IPv6Option.routerAlert(0)].aligned == [.routerAlert(0), .padN([])])
        #expect([IPv6Option.jumboPayload(65_536)].aligned == [.jumboPayload(65_536)])
        #expect([IPv6Option.homeAddress(v6(9, 1))].aligned == [.padN([0, 0]), .homeAddress(v6(9, 1))])
        #expect(
            [IPv6Option.tunnelEncapsulationLimit(4), .routerAlert(0)].aligned
                == [.tunnelEncapsulationLimit(4), .pad1, .routerAlert(0), .padN([0, 0, 0, 0])])
        #expect([IPv6Option]().aligned == [.padN([0, 0, 0, 0])])
    }

    @Test("an unknown option says itself what is to be done with it")
    func actions() {
        #expect(IPv6Option.unknown(type: 0x1E, data: []).unknownAction == .skip)
        #expect(IPv6Option.unknown(type: 0x9E, data: []).unknownAction == .discardAndReport)
        #expect(IPv6Option.unknown(type: 0x3E, data: []).mayChangeOnRoute)
        #expect(IPv6Option.jumboPayload(0).unknownAction == .discardAndReportUnicast)
    }

    @Test("the checksum is over the last stop while the packet has another to go to first")
    func finalDestination() {
        let plain = checksum(packet([]))
        let stops: [(IPv6RoutingHeader, IPv6Address)] = [
            (IPv6RoutingHeader(.source([v6(7, 7), v6(2, 2)]), segmentsLeft: 2), v6(6, 6)),
            (IPv6RoutingHeader(.source([v6(6, 6), v6(7, 7)]), segmentsLeft: 0), v6(2, 2)),
            (IPv6RoutingHeader(.home(v6(2, 2)), segmentsLeft: 1), v6(6, 6)),
            (IPv6RoutingHeader(.segments(.init(segments: [v6(2, 2), v6(7, 7)])), segmentsLeft: 1), v6(7, 7)),
            (IPv6RoutingHeader(.unknown(type: 253, data: [0, 0, 0, 0]), segmentsLeft: 0), v6(2, 2)),
        ]
        for (routing, next) in stops {
            let routed = packet([IPv6ExtensionHeader(.routing(routing))], to: next)
            #expect(checksum(routed) == plain, "\(routing)")
        }
    }

    @Test("where a packet ends that nobody can know, its checksum is neither computed nor verified")
    func unknownRoute() throws {
        let routing = IPv6RoutingHeader(.unknown(type: 253, data: [0, 0, 0, 0]), segmentsLeft: 1)
        let written = LinkPacket.ipv6(packet([IPv6ExtensionHeader(.routing(routing))])).bytes
        #expect(try IPv6Packet(of: written).error == nil)
        #expect(Array(written.suffix(10).prefix(2)) == [0, 0])
    }

    @Test("the checksum is over the home address in place of the source")
    func homeAddress() {
        let options = IPv6ExtensionHeader(.destinationOptions([.homeAddress(v6(1, 1))].aligned))
        var away = packet([options])
        away.header.source = v6(8, 8)
        #expect(checksum(away) == checksum(packet([])))
    }

    @Test("a jumbo payload's length stands in its option, and the header's own is zero")
    func jumbo() throws {
        let payload = IPPayload.other(IPProtocol(rawValue: 253), [UInt8](repeating: 7, count: 70_000))
        let jumbo = packet([IPv6ExtensionHeader(.hopByHopOptions([.jumboPayload(70_008)]))], payload: payload)
        let written = serialized(capacity: jumbo.length) { jumbo.serialize(into: &$0) }
        #expect(Array(written[4..<6]) == [0, 0])
        #expect(try IPv6Packet(of: written) == jumbo)
        let cut = try IPv6Packet(of: Array(written.prefix(1_000)))
        #expect(cut.header.payloadLength == 0)
        #expect(cut.payload.length == 952)
    }

    @Test("a jumbo payload in a packet whose own length says otherwise is not believed")
    func notJumbo() throws {
        var small = packet([IPv6ExtensionHeader(.hopByHopOptions([.jumboPayload(70_000)]))])
        small.header.payloadLength = 24
        let read = try IPv6Packet(of: LinkPacket.ipv6(small).bytes)
        #expect(read == small)
    }

    @Test("a header that breaks its format keeps its bytes, and what follows it is read")
    func malformed() throws {
        let header = bytes("6000000000183c4020010db800010000000000000000000120010db8000200000000000000000002")
        let written = header + bytes("11001e2831323334 9c40000700102da26e657470726f6265")
        let read = try IPv6Packet(of: written, verifyingChecksums: false)
        let error = ParseError(.ipv6, .badOption(type: 0x1E), at: 42)
        let data: [UInt8] = [0x1E, 0x28, 0x31, 0x32, 0x33, 0x34]
        #expect(read.extensions == [IPv6ExtensionHeader(.malformed(.destinationOptions, data, error))])
        #expect(read.error == error)
        #expect(read.payload.length == 16)
        #expect(LinkPacket.ipv6(read).bytes == written)
    }

    @Test(
        "what a header can't be, and where",
        arguments: [
            (0, "3b00050100000000", ParseError.Reason.badOption(type: 5), 42),  // an alert of one byte
            (60, "3b00000000c90000", .badOption(type: 0xC9), 45),  // a home address without room for it
            (60, "3b000000000000c2", .badOption(type: 0xC2), 47),  // no length
            (43, "3b01000100000000aaaaaaaaaaaaaaaa", .badHeaderLength(16), 42),  // half an address
            (43, "3b00020100000000", .badHeaderLength(8), 42),  // no home
            (43, "3b000400ff000000", .badHeaderLength(8), 42),  // 256 segments
        ])
    func refused(next: UInt8, contents: String, reason: ParseError.Reason, offset: Int) throws {
        let contents = bytes(contents)
        let header = IPv6Header(source: v6(1, 1), destination: v6(2, 2), nextHeader: IPProtocol(rawValue: next))
        let written = header.packet(payload: contents)
        let read = try IPv6Packet(of: written)
        #expect(read.extensions.first?.error == ParseError(.ipv6, reason, at: offset))
        #expect(LinkPacket.ipv6(read).bytes == written)
    }

    @Test(
        "a header without an end is the payload, and is refused with the place",
        arguments: [
            (0, "3b01050200000100", ParseError.Reason.truncated(needed: 16, available: 8), 48),
            (44, "3b000001000000", .truncated(needed: 8, available: 7), 47),
            (51, "3b0000000000000100000001", .badHeaderLength(8), 41),
        ])
    func endless(next: UInt8, contents: String, reason: ParseError.Reason, offset: Int) throws {
        let contents = bytes(contents)
        let header = IPv6Header(source: v6(1, 1), destination: v6(2, 2), nextHeader: IPProtocol(rawValue: next))
        let read = try IPv6Packet(of: header.packet(payload: contents))
        let error = ParseError(.ipv6, reason, at: offset)
        #expect(read.payload == .malformed(IPProtocol(rawValue: next), contents, error))
    }
}
