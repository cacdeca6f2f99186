import Addresses
import Packets
import Testing

/// UDP and UDP-Lite.
@Suite struct UDPTests {
    private let ends = PseudoHeader.v4(source: v4(198, 18, 0, 1), destination: v4(198, 18, 0, 2))

    @Test("a length that is less than the header's is refused, with its place")
    func shortLength() {
        let error = parseError { () throws(ParseError) in _ = try UDPHeader(of: bytes("9c40 0007 0007 0000")) }
        #expect(error == ParseError(.udp, .badLength(7), at: 4))
    }

    @Test("a length and a checksum that are set are written, and read again")
    func overriding() throws {
        let header = UDPHeader(sourcePort: 1, destinationPort: 2, messageLength: 9, checksum: 0xBAD0)
        let written = header.bytes(payload: [1, 2], in: nil)
        #expect(written == bytes("0001 0002 0009 bad0 0102"))
        #expect(try UDPHeader(of: written) == header)
    }

    @Test("a coverage from 1 to 7 is refused, and one beyond the end if all of the datagram is there")
    func coverage() throws {
        for coverage: UInt8 in 1...7 {
            let error = parseError { () throws(ParseError) in
                _ = try UDPLiteHeader(of: [0, 1, 0, 2, 0, coverage, 0, 0])
            }
            #expect(error == ParseError(.udpLite, .badLength(Int(coverage)), at: 4))
        }
        let beyond = bytes("0001 0002 0009 ffff")
        let error = parseError { () throws(ParseError) in _ = try UDPLiteHeader(of: beyond, in: ends) }
        #expect(error == ParseError(.udpLite, .badLength(9), at: 4))
        #expect(try UDPLiteHeader(of: beyond).checksumCoverage == 9)
    }

    @Test("what the checksum doesn't cover may change on its way")
    func uncovered() throws {
        let header = UDPLiteHeader(sourcePort: 40_000, destinationPort: 5_001, checksumCoverage: 9)
        var datagram = header.bytes(payload: [1, 2, 3], in: ends)
        datagram[10] = 0xFF
        #expect(try UDPLiteHeader(of: datagram, in: ends) == header)
        datagram[8] = 0xFF
        let error = parseError { () throws(ParseError) in _ = try UDPLiteHeader(of: datagram, in: ends) }
        #expect(error?.offset == 6)
    }

    @Test("UDP-Lite without a checksum is wrong, and the error says the right one")
    func zero() {
        var datagram = UDPLiteHeader(sourcePort: 1, destinationPort: 2).bytes(payload: [1, 2, 3], in: ends)
        let right = UInt16(datagram[6]) << 8 | UInt16(datagram[7])
        datagram[6] = 0
        datagram[7] = 0
        let error = parseError { () throws(ParseError) in _ = try UDPLiteHeader(of: datagram, in: ends) }
        #expect(error == ParseError(.udpLite, .badChecksum(expected: right, found: 0), at: 6))
    }
}
