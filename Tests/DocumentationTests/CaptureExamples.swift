import Packets
import Testing

/// The examples of the page on captures, as they stand there.
@Suite struct CaptureExamples {
    @Test("what the first example writes, the second reads")
    func captures() throws {
        let interface = CaptureInterface(.raw, name: "eth0")
        var encoder = CaptureEncoder(.pcapng, interface: interface, application: "netprobe")
        var file = encoder.header
        func note(_ packet: [UInt8], at nanoseconds: Int64, _ comment: String) throws {
            let time = CaptureTime(nanosecondsSince1970: Int128(nanoseconds))
            try encoder.append(CapturedPacket(packet, at: time, on: interface, comments: [comment]), to: &file)
        }

        func count(_ pieces: [[UInt8]], where isCounted: (CapturedPacket) -> Bool) throws(ParseError) -> Int {
            var decoder = CaptureDecoder()
            var count = 0
            for piece in pieces {
                decoder.append(piece.span.bytes)
                while let packet = try decoder.next() {
                    if isCounted(packet) { count += 1 }
                }
            }
            try decoder.finish()
            return count
        }

        try note([0x45, 0], at: 1_732_318_194_000_000_001, "sent")
        try note([0x45, 0], at: 1_732_318_194_000_100_000, "received")
        let pieces = [Array(file.prefix(99)), Array(file.dropFirst(99))]
        #expect(try count(pieces) { _ in true } == 2)
        #expect(try count(pieces) { $0.comments == ["sent"] } == 1)
    }
}
