import Addresses
import Packets
import Testing

@Suite struct DCCPTests {
    private let ends = PseudoHeader.v4(source: v4(198, 18, 0, 1), destination: v4(198, 18, 0, 2))

    @Test("a data offset of less than the type needs is refused, and one beyond the end")
    func dataOffset() {
        let request = bytes("9c40 1389 0400 0000 0100 0000 0000 0001 7072 6f62")
        let short = parseError { () throws(ParseError) in _ = try DCCPHeader(of: request) }
        #expect(short == ParseError(.dccp, .badHeaderLength(16), at: 4))
        var long = request
        long[4] = 6
        let error = parseError { () throws(ParseError) in _ = try DCCPHeader(of: long) }
        #expect(error == ParseError(.dccp, .truncated(needed: 24, available: 20), at: 20))
    }

    @Test("a checksum over more words than there are is refused if all of the packet is there")
    func coverage() throws {
        let header = DCCPHeader(
            sourcePort: 1, destinationPort: 2, sequenceNumber: 3, .data, checksumCoverage: 3)
        let packet = header.bytes(payload: [1, 2, 3, 4, 5, 6, 7], in: ends)
        let error = parseError { () throws(ParseError) in _ = try DCCPHeader(of: packet, in: ends) }
        #expect(error == ParseError(.dccp, .badLength(24), at: 5))
        #expect(try DCCPHeader(of: packet).checksumCoverage == 3)
    }

    @Test("what the checksum doesn't cover may change on its way")
    func uncovered() throws {
        let header = DCCPHeader(sourcePort: 1, destinationPort: 2, sequenceNumber: 3, .data, checksumCoverage: 2)
        var packet = header.bytes(payload: [1, 2, 3, 4, 5], in: ends)
        packet[20] = 0xFF
        #expect(try DCCPHeader(of: packet, in: ends) == header)
        packet[19] = 0xFF
        #expect(parseError { () throws(ParseError) in _ = try DCCPHeader(of: packet, in: ends) }?.offset == 6)
    }

    @Test("numbers that have more bits than their field are cut, and touch nothing else")
    func bits() throws {
        let header = DCCPHeader(
            sourcePort: 1, destinationPort: 2, sequenceNumber: .max, .acknowledgment(acknowledgmentNumber: .max),
            hasExtendedSequenceNumbers: false, congestionControlValue: 0xFF, checksumCoverage: 0xF0)
        let written = header.bytes(in: nil)
        #expect(written == bytes("0001 0002 04f0 0000 06ff ffff 00ff ffff"))
    }

    @Test("a reserved type is read as a header of options")
    func reserved() throws {
        let header = try DCCPHeader(of: bytes("0001 0002 0500 0000 1500 0000 0000 0003 0102 0304"))
        #expect(header.body == .reserved(type: 10))
        #expect(header.options == [1, 2, 3, 4])
    }
}
