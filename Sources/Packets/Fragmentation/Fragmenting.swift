import Addresses

/// How packets are cut that are sent in fragments on purpose.
public struct Fragmenting: Hashable, Sendable {
    /// In which order the pieces leave.
    public enum Order: String, CaseIterable, Sendable {
        /// As they are cut.
        case forward
        /// The last piece first.
        case reverse
        /// The second piece of each pair before the first.
        case swapped
    }

    /// As many bytes as a piece may have, IP header included.
    public var maximumTransmissionUnit: Int
    /// Bytes by which a piece goes on into the next: a multiple of eight.
    public var overlap: Int
    /// In which order they leave.
    public var order: Order

    /// Pieces of at most so many bytes.
    public init(maximumTransmissionUnit: Int, overlap: Int = 0, order: Order = .forward) {
        (self.maximumTransmissionUnit, self.overlap, self.order) = (maximumTransmissionUnit, overlap, order)
    }

    /// A packet in pieces, in the order in which they are to leave; as it is if it fits.
    ///
    /// - Parameters:
    ///   - packet: from its IP header on.
    ///   - identification: what the pieces of an IPv6 packet share.
    /// - Throws: when it is no packet of IP, must not be cut, or can't be.
    public func pieces(of packet: [UInt8], identification: UInt32) throws(FragmentationError) -> [[UInt8]] {
        let bytes = packet.span.bytes
        var pieces: [[UInt8]]
        if packet.first.map({ $0 >> 4 }) == 6, let whole = try? IPv6Packet(parsing: bytes, verifyingChecksums: false) {
            let cut = try whole.fragments(
                maximumTransmissionUnit: maximumTransmissionUnit, identification: identification)
            pieces = cut.map { piece in serialized { piece.serialize(into: &$0) } }
        } else if let whole = try? IPv4Packet(parsing: bytes, verifyingChecksums: false) {
            let cut = try whole.fragments(maximumTransmissionUnit: maximumTransmissionUnit)
            pieces = cut.map { piece in serialized { piece.serialize(into: &$0) } }
        } else {
            throw .notAPacket
        }
        if overlap > 0 { overlap(&pieces) }
        switch order {
        case .forward: return pieces
        case .reverse: return pieces.reversed()
        case .swapped:
            for index in stride(from: 0, to: pieces.count - 1, by: 2) { pieces.swapAt(index, index + 1) }
            return pieces
        }
    }

    /// Lets each piece but the last have the beginning of the next.
    private func overlap(_ pieces: inout [[UInt8]]) {
        for index in pieces.indices.dropLast() {
            let next = PacketLayout(pieces[index + 1])
            guard let header = next.headers.last(where: { [.ipv4, .ipv6, .fragment].contains($0.kind) }) else { continue }
            pieces[index] += pieces[index + 1][header.end...].prefix(overlap)
            pieces[index].completeLength()
        }
    }
}

extension [UInt8] {
    /// Writes the length of a packet into its IP header.
    fileprivate mutating func completeLength() {
        if first.map({ $0 >> 4 }) == 6 {
            setBits(at: 32, 16, to: UInt128(count - 40))
        } else {
            let headerLength = Swift.min(count, Int(self[0] & 0x0F) * 4)
            setBits(at: 16, 16, to: UInt128(count))
            setBits(at: 80, 16, to: 0)
            setBits(at: 80, 16, to: UInt128(InternetChecksum.of(span.bytes.extracting(first: headerLength))))
        }
    }
}
