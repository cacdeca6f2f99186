import Addresses
import Packets
import TestSupport
import Testing

@Suite struct SCTPTests {
    private let header = bytes("9c40 1389 8765 4321 0000 0000")

    private func chunks(_ hexadecimal: String) throws(ParseError) -> [SCTPChunk] {
        try SCTPPacket(of: header + bytes(hexadecimal), verifyingChecksum: false).chunks
    }

    @Test(
        "CRC32c is that of RFC 3720",
        arguments: [
            // RFC 3720 appendix B.4, whose checksums are printed lowest byte first.
            ([UInt8](repeating: 0, count: 32), 0x8A91_36AA), ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
            ([UInt8](0..<32), 0x46DD_794E), (Array([UInt8](0..<32).reversed()), 0x113F_DB5C),
            // The check value that every catalogue of polynomials names: of "123456789".
            (Array("123456789".utf8), 0xE306_9283), ([], 0),
        ] as [([UInt8], UInt32)])
    func crc(_ input: [UInt8], _ expected: UInt32) {
        #expect(CRC32C.of(input) == expected)
    }

    @Test("CRC32c in pieces is that of the whole")
    func pieces() {
        var generator = SplitMix64(seed: 30)
        for _ in 0..<200 {
            let input = generator.bytes(generator.below(100))
            let cut = generator.below(input.count + 1)
            var sum = CRC32C()
            sum.add(input.span.bytes.extracting(first: cut))
            sum.add(input.span.bytes.extracting(droppingFirst: cut))
            #expect(sum.value == CRC32C.of(input))
        }
    }

    @Test("a wrong checksum is refused, and both are told")
    func wrongChecksum() throws {
        let packet = SCTPPacket(
            sourcePort: 1, destinationPort: 2, verificationTag: 3, chunks: [SCTPChunk(.cookieAcknowledgment)])
        var written = packet.bytes(in: nil)
        #expect(try SCTPPacket(of: written) == packet)
        let right = [8, 9, 10, 11].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(written[$1]) }
        written.replaceSubrange(8..<12, with: [0xEF, 0xBE, 0xAD, 0xDE])
        let error = parseError { () throws(ParseError) in _ = try SCTPPacket(of: written) }
        #expect(error == ParseError(.sctp, .badCRC(expected: right, found: 0xDEAD_BEEF), at: 8))
        #expect(try SCTPPacket(of: written, verifyingChecksum: false).checksum == 0xDEAD_BEEF)
    }

    @Test("eleven bytes are no packet")
    func short() {
        let error = parseError { () throws(ParseError) in _ = try SCTPPacket(of: Array(header.prefix(11))) }
        #expect(error == ParseError(.sctp, .truncated(needed: 12, available: 11), at: 11))
    }

    @Test(
        "a chunk whose length is impossible is kept with all that follows",
        arguments: [
            "0b00 0003", "0b00 0008", "0b00 0000 0b00 0004", "0b", "0b00 00", "0a00 0005 01",
        ])
    func malformed(_ rest: String) throws {
        #expect(
            try chunks("0b00 0004" + rest) == [SCTPChunk(.cookieAcknowledgment), SCTPChunk(.malformed(bytes(rest)))])
    }

    @Test("a chunk of another length than its type has is an unknown one")
    func otherLength() throws {
        #expect(try chunks("0b00 0008 0102 0304") == [SCTPChunk(.unknown(type: 11, value: [1, 2, 3, 4]))])
        #expect(try chunks("0700 0004") == [SCTPChunk(.unknown(type: 7, value: []))])
        #expect(try chunks("0100 0008 0102 0304") == [SCTPChunk(.unknown(type: 1, value: [1, 2, 3, 4]))])
    }

    @Test("the counts of a SACK are not believed")
    func counts() throws {
        let value = bytes("0000 0001 0000 0002 ffff ffff")
        #expect(try chunks("0300 0010 0000 0001 0000 0002 ffff ffff") == [SCTPChunk(.unknown(type: 3, value: value))])
    }

    @Test("the last parameter may have its padding inside the chunk or behind it")
    func padding() throws {
        let body = SCTPChunk.Body.heartbeat([.heartbeatInformation([1, 2, 3, 4, 5])])
        #expect(try chunks("0400 000d 0001 0009 0102 0304 0500 0000") == [SCTPChunk(body)])
        #expect(try chunks("0400 0010 0001 0009 0102 0304 0500 0000") == [SCTPChunk(body, chunkLength: 16)])
    }

    @Test("a parameter whose length is impossible is kept with all that follows")
    func malformedParameter() throws {
        let read = try chunks("0400 000c 8000 0004 0001 0009")
        #expect(read == [SCTPChunk(.heartbeat([.ecnCapable, .malformed([0, 1, 0, 9])]))])
    }
}
