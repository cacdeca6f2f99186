import Addresses
import PacketSamples
import Packets
import Testing

@Suite struct TunnelTests {
    private let ends = IPv4Header(source: v4(198, 18, 0, 1), destination: v4(198, 18, 0, 2))
    private let inner = IPv4Packet(
        IPv4Header(source: v4(203, 0, 113, 1), destination: v4(203, 0, 113, 2)),
        payload: .other(.noNextHeader, [1, 2, 3]))

    @Test("packets in packets are opened eight deep, and what is deeper is bytes")
    func depth() throws {
        let header = IPv4Packet(ends, payload: .other(.ipv4, []))
        var packet = inner
        for _ in 0..<3_000 { packet = IPv4Packet(header.header, payload: .other(.ipv4, LinkPacket.ipv4(packet).bytes)) }
        var payload = try IPv4Packet(of: LinkPacket.ipv4(packet).bytes).payload
        var depth = 0
        while case .ipv4(let nested) = payload {
            payload = nested.payload
            depth += 1
        }
        #expect(depth == 8)
        #expect(payload.protocolNumber == .ipv4)
        #expect(payload.error == nil)
    }

    @Test("so are frames in GRE in packets in frames, by whatever they nest")
    func mixedDepth() throws {
        var frame = EthernetFrame(destination: .broadcast, source: .broadcast, payload: .ipv4(inner))
        for _ in 0..<1_000 {
            let bytes = LinkPacket.ipv4(IPv4Packet(ends, payload: .gre(GREPacket(payload: .ethernet(frame))))).bytes
            frame.payload = .other(.ipv4, bytes)
        }
        let bytes = LinkPacket.ethernet(frame).bytes
        let read = try LinkPacket(parsing: bytes.span.bytes, linkType: .ethernet)
        #expect(read.bytes == bytes)
        #expect(!read.layers(of: bytes.span.bytes).isEmpty)
    }

    @Test("a GRE checksum that is wrong is malformed where it counts, and kept where it doesn't")
    func checksum() throws {
        let header = GREHeader(hasChecksum: true, checksum: 0x1234)
        let packet = IPv4Packet(ends, payload: .gre(GREPacket(header, payload: .ipv4(inner))))
        let written = LinkPacket.ipv4(packet).bytes
        #expect(try IPv4Packet(of: written, verifyingChecksums: false) == packet)
        let expected = try #require(try IPv4Packet(of: written).error)
        guard case .badChecksum(_, 0x1234) = expected.reason else {
            Issue.record("\(expected)")
            return
        }
        #expect(expected.layer == .gre)
        #expect(expected.offset == 24)
    }

    @Test(
        "a GRE header cut short is refused, with the place",
        arguments: [("000000", 4, 3), ("a000080000000000000000", 12, 11), ("1000080000", 8, 5)])
    func cut(bytes hexadecimal: String, needed: Int, available: Int) throws {
        let body = bytes(hexadecimal)
        let read = try IPv4Packet(of: IPv4Header.packet(ends, of: .gre, body))
        let error = ParseError(.gre, .truncated(needed: needed, available: available), at: 20 + available)
        #expect(read.payload == .malformed(.gre, body, error))
    }

    @Test(
        "GRE of another version or with a source route is bytes", arguments: ["3081880b00040007", "4000080000000000"])
    func otherVersions(_ hexadecimal: String) throws {
        let body = bytes(hexadecimal)
        #expect(try IPv4Packet(of: IPv4Header.packet(ends, of: .gre, body)).payload == .other(.gre, body))
    }

    @Test("labels without a bottom are refused, with the place")
    func labels() throws {
        let written = bytes("020000000002 020000000001 8847 00010040 0002")
        let read = try LinkPacket(parsing: written.span.bytes, linkType: .ethernet)
        #expect(read.error == ParseError(.mpls, .truncated(needed: 8, available: 6), at: 20))
    }
}

extension IPv4Header {
    fileprivate static func packet(_ header: IPv4Header, of number: IPProtocol, _ body: [UInt8]) -> [UInt8] {
        LinkPacket.ipv4(IPv4Packet(header, payload: .other(number, body))).bytes
    }
}
