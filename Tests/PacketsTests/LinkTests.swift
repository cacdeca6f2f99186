import Addresses
import PacketSamples
import Packets
import Testing

@Suite struct LinkTests {
    private let frame = bytes("020000000002 020000000001 88b5 6e6574")

    private func read(_ bytes: [UInt8], as linkType: LinkType = .ethernet) throws(ParseError) -> LinkPacket {
        try LinkPacket(parsing: bytes.span.bytes, linkType: linkType)
    }

    @Test("behind a raw link the first byte says which IP it is")
    func raw() throws {
        #expect(try read(CapturedIPv4.echoReply, as: .raw).linkType == .ipv4)
        #expect(try read(CapturedIPv6.packetTooBigHead, as: .raw).linkType == .ipv6)
        let error = parseError { () throws(ParseError) in _ = try read([0x50], as: .raw) }
        #expect(error == ParseError(.ip, .wrongVersion(5), at: 0))
    }

    @Test("a link that nobody knows is bytes")
    func unknownLink() throws {
        let packet = try read([1, 2, 3], as: LinkType(rawValue: 147))
        #expect(packet == .other(LinkType(rawValue: 147), [1, 2, 3]))
        #expect(packet.bytes == [1, 2, 3])
    }

    @Test("an EtherType that says something else on purpose is written, and then believed")
    func etherType() throws {
        let other = LinkPayload.other(EtherType(rawValue: 0x88B5), [1])
        let lie = EthernetFrame(destination: .broadcast, source: .broadcast, etherType: .arp, payload: other)
        let error = ParseError(.arp, .truncated(needed: 8, available: 1), at: 15)
        #expect(try read(LinkPacket.ethernet(lie).bytes).error == error)
    }

    @Test("behind a length the rest of the frame is no payload")
    func lengthFrame() throws {
        guard case .ethernet(let read) = try read(bytes("020000000002 020000000001 0002 42420000")) else { return }
        #expect(read.payload == .other(EtherType(rawValue: 2), [0x42, 0x42]))
        #expect(read.trailer == [0, 0])
    }

    @Test("a frame that can't be is refused, with the place")
    func refused() {
        let short = Array(frame.prefix(13))
        var error = parseError { () throws(ParseError) in _ = try read(short) }
        #expect(error == ParseError(.ethernet, .truncated(needed: 14, available: 13), at: 13))
        let tag = bytes("020000000002 020000000001 8100 0064 08")
        error = parseError { () throws(ParseError) in _ = try read(tag) }
        #expect(error == ParseError(.ethernet, .truncated(needed: 18, available: 17), at: 17))
        let tags = Array(frame.prefix(12)) + [[UInt8]](repeating: [0x81, 0, 0, 1], count: 9).flatMap { $0 } + [8, 0]
        error = parseError { () throws(ParseError) in _ = try read(tags) }
        #expect(error == ParseError(.ethernet, .badHeaderLength(46), at: 46))
    }

    @Test("an error's place is counted from the start of the frame, however deep it is")
    func places() throws {
        // UDP of 7 bytes in IPv4 in IPv4.
        let inner = IPv4Packet(
            IPv4Header(source: v4(198, 18, 0, 1), destination: v4(198, 18, 0, 2)),
            payload: .other(.udp, [UInt8](repeating: 0, count: 7)))
        let outer = IPv4Packet(inner.header, payload: .ipv4(inner))
        let frame = EthernetFrame(destination: .broadcast, source: .broadcast, payload: .ipv4(outer))
        let error = try read(LinkPacket.ethernet(frame).bytes).error
        #expect(error == ParseError(.udp, .truncated(needed: 8, available: 7), at: 14 + 20 + 20 + 7))
    }

    @Test("ARP of any kind of addresses is read and written")
    func otherARP() throws {
        let packet = ARPPacket(
            .request, sender: .init(hardwareAddress: [1], protocolAddress: [2, 3]),
            target: .init(hardwareAddress: [4], protocolAddress: [5, 6]), hardwareType: 7,
            protocolType: EtherType(rawValue: 0x88B5))
        let frame = EthernetFrame(destination: .broadcast, source: .broadcast, payload: .arp(packet))
        let written = LinkPacket.ethernet(frame).bytes
        #expect(Array(written.suffix(14)) == bytes("000788b501020001 010203 040506"))
        #expect(try read(written) == .ethernet(frame))
        #expect(packet.sender.macAddress == nil)
    }

    @Test("ARP whose addresses are not there is malformed")
    func cutARP() throws {
        let written = bytes("ffffffffffff 020000000001 0806 0001080006040001 020000000001c6120001")
        #expect(try read(written).error == ParseError(.arp, .truncated(needed: 28, available: 18), at: 32))
    }
}
