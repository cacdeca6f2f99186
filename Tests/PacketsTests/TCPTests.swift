import Addresses
import Packets
import Testing

@Suite struct TCPTests {
    private let ends = PseudoHeader.v4(source: v4(198, 18, 0, 1), destination: v4(198, 18, 0, 2))

    private func header(options: [UInt8]) throws(ParseError) -> TCPHeader {
        let words = UInt8(5 + options.count / 4)
        let fixed = bytes("9c40 0050 0000 0001 0000 0000") + [words << 4, 2] + bytes("2000 0000 0000")
        return try TCPHeader(of: fixed + options)
    }

    @Test("a data offset of less than five words is refused, and one beyond the end")
    func dataOffset() {
        let fixed = bytes("9c40 0050 0000 0001 0000 0000")
        let short = parseError { () throws(ParseError) in _ = try TCPHeader(of: fixed + bytes("4002 2000 0000 0000")) }
        #expect(short == ParseError(.tcp, .badHeaderLength(16), at: 12))
        let long = parseError { () throws(ParseError) in _ = try TCPHeader(of: fixed + bytes("6002 2000 0000 0000")) }
        #expect(long == ParseError(.tcp, .truncated(needed: 24, available: 20), at: 20))
    }

    @Test("a data offset that is set is written, and read again with the zeros that it stands for")
    func overriding() throws {
        let header = TCPHeader(
            sourcePort: 1, destinationPort: 2, sequenceNumber: 3, flags: .syn, options: [.noOperation], dataOffset: 8)
        let written = header.bytes(in: ends)
        #expect(written.count == 32)
        #expect(try TCPHeader(of: written, in: ends) == header)
    }

    @Test("a data offset that is too small makes options payload")
    func tooSmall() throws {
        let header = TCPHeader(
            sourcePort: 1, destinationPort: 2, sequenceNumber: 3, flags: .syn, options: [.maximumSegmentSize(1460)],
            dataOffset: 5)
        let read = try TCPHeader(of: header.bytes(in: ends), in: ends)
        #expect(read.options.isEmpty && read.length == 20)
    }

    @Test("an option whose length is impossible ends the list, and its bytes are kept")
    func malformed() throws {
        #expect(try header(options: bytes("01fe 0001")).options == [.noOperation, .malformed([0xFE, 0, 1])])
        #expect(try header(options: bytes("0220 05b4")).options == [.malformed([2, 0x20, 5, 0xB4])])
        #expect(try header(options: bytes("0101 0102")).options.last == .malformed([2]))
    }

    @Test("an option of another length than its kind has is an unknown one")
    func otherLength() throws {
        #expect(try header(options: bytes("0203 0501")).options == [.unknown(kind: 2, data: [5]), .noOperation])
        let sack = try header(options: bytes("0506 0000 0001 0101")).options
        #expect(sack.first == .unknown(kind: 5, data: [0, 0, 0, 1]))
        let oddCookie = try header(options: bytes("2207 0102 0304 0501")).options
        #expect(oddCookie.first == .unknown(kind: 34, data: [1, 2, 3, 4, 5]))
    }

    @Test("what stands behind the end of the list is kept unless it is zeros")
    func end() throws {
        #expect(try header(options: bytes("0100 0000")).options == [.noOperation])
        let written = try header(options: bytes("0100 beef"))
        #expect(written.options == [.noOperation, .end([0xBE, 0xEF])])
        #expect(written.bytes(in: nil).after(20) == bytes("0100 beef"))
    }

    @Test("an experimental cookie is one only with the number of fast open")
    func experiment() throws {
        #expect(try header(options: bytes("fe04 f989")).options == [.fastOpenCookie([], isExperimental: true)])
        #expect(try header(options: bytes("fe04 f98a")).options == [.unknown(kind: 254, data: [0xF9, 0x8A])])
    }

    @Test("a quote of eight bytes has the ports, and no more")
    func quote() throws {
        let quoted = IPv4Header(
            source: v4(198, 18, 0, 1), destination: v4(198, 18, 0, 2), protocolNumber: .tcp, totalLength: 60)
        let packet = quoted.packet(payload: bytes("9c40 0050 0000 0001"))
        let read = try IPv4Packet(parsing: packet.span.bytes)
        #expect(read.description.hasPrefix("IP 198.18.0.1.40000 > 198.18.0.2.80: [TCP: needs 20 bytes, has 8"))
        let layer = read.layers(of: packet.span.bytes).last
        #expect(layer?.fields.map(\.name) == ["Source port", "Destination port"])
        #expect(layer?.fields.map(\.bytes) == [20..<22, 22..<24])
    }

    @Test("more options than a header can hold are written behind the largest data offset")
    func tooMany() {
        let header = TCPHeader(
            sourcePort: 1, destinationPort: 2, sequenceNumber: 3, flags: .syn,
            options: Array(repeating: .timestamps(value: 1, echoReply: 2), count: 5))
        let written = header.bytes(in: ends)
        #expect(written.count == header.length && header.length == 72)
        #expect(written[12] >> 4 == 15)
    }
}
