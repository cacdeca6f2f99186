import Packets

extension Target {
    /// Packets cut, and put together again.
    static let fragments = [
        Target("fragments-ipv4") { bytes in
            guard let packet = try? IPv4Packet(parsing: bytes, verifyingChecksums: false),
                !packet.header.flags.contains(.moreFragments), packet.header.fragmentOffset == 0
            else { return }
            // What lies about its length is another packet once it has been cut.
            guard packet.header.totalLength == nil, packet.header.checksum == nil,
                let pieces = try? packet.fragments(maximumTransmissionUnit: 68 + bytes.byteCount / 5), pieces.count > 1
            else { return }
            expectWhole(pieces.map { piece in serialized { piece.serialize(into: &$0) } }, packet.length)
        },
        Target("fragments-ipv6") { bytes in
            guard let packet = try? IPv6Packet(parsing: bytes, verifyingChecksums: false),
                packet.header.payloadLength == nil,
                let pieces = try? packet.fragments(
                    maximumTransmissionUnit: 100 + bytes.byteCount / 5, identification: 7), pieces.count > 1
            else { return }
            expectWhole(pieces.map { piece in serialized { piece.serialize(into: &$0) } }, packet.length)
        },
    ]

    /// The last piece completes the packet, in any order: here from the last to the first.
    private static func expectWhole(_ pieces: [[UInt8]], _ length: Int) {
        var reassembly = Reassembly()
        for (index, piece) in pieces.reversed().enumerated() {
            let outcome = reassembly.receive(piece.span.bytes, at: .zero)
            guard index == pieces.count - 1 else {
                precondition(outcome == .waiting, "\(outcome)")
                continue
            }
            guard case .whole(let bytes) = outcome else { fatalError("\(outcome)") }
            precondition(bytes.count == length, "the whole is not as long as it was")
        }
        precondition(reassembly.datagramCount == 0 && reassembly.byteCount == 0, "what is whole still takes memory")
    }
}
