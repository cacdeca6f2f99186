import Packets

extension Target {
    /// Capture files: as they are, and behind the header of each format.
    static let captures = [
        Target("capture") { capture($0, behind: []) },
        Target("capture-pcap") { capture($0, behind: CaptureEncoder(.pcap, interface: CaptureInterface(.raw)).header) },
        Target("capture-pcapng") {
            capture($0, behind: CaptureEncoder(.pcapng, interface: CaptureInterface(.raw)).header)
        },
    ]

    /// Pieces give what the whole gives, and what has been read and written is read and written alike.
    private static func capture(_ bytes: RawSpan, behind header: [UInt8]) {
        let file = header + array(bytes)
        let (packets, error) = packets(of: file, size: max(file.count, 1))
        let pieces = self.packets(of: file, size: 1 + file.count / 7)
        precondition(pieces.packets == packets && pieces.error == error, "pieces are read otherwise than the whole")
        guard let first = packets.first else { return }
        let written = written(packets, first.interface)
        let again = self.packets(of: written, size: written.count)
        precondition(again.error == nil && again.packets.map(\.bytes) == packets.map(\.bytes), "packets are lost")
        guard let interface = again.packets.first?.interface else { return }
        precondition(self.written(again.packets, interface) == written, "what was read again is written otherwise")
    }

    /// The packets up to the first error, and the error.
    private static func packets(of file: [UInt8], size: Int) -> (packets: [CapturedPacket], error: ParseError?) {
        var decoder = CaptureDecoder()
        var packets: [CapturedPacket] = []
        do throws(ParseError) {
            for start in stride(from: 0, to: file.count, by: size) {
                decoder.append(Array(file[start..<min(file.count, start + size)]).span.bytes)
                while let packet = try decoder.next() { packets.append(packet) }
            }
            try decoder.finish()
            return (packets, nil)
        } catch {
            return (packets, error)
        }
    }

    private static func written(_ packets: [CapturedPacket], _ interface: CaptureInterface) -> [UInt8] {
        var encoder = CaptureEncoder(.pcapng, interface: interface)
        var file = encoder.header
        // pcapng takes packets of every link type.
        for packet in packets { try? encoder.append(packet, to: &file) }
        return file
    }
}
