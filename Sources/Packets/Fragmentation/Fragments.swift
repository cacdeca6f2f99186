/// Cutting packets.
extension IPv4Packet {
    /// The packet in pieces (RFC 791 section 3.2), or in one if it fits.
    ///
    /// Options without the copied flag are in the first piece alone. A fragment may be cut again. Checksums and lengths
    /// are those of the whole packet in what the pieces carry, and the right ones in their headers.
    /// - Parameters:
    ///   - maximumTransmissionUnit: as many bytes as a piece may have, header included.
    /// - Throws: when the packet must not be cut, or can't be.
    public func fragments(maximumTransmissionUnit: Int) throws(FragmentationError) -> [IPv4Packet] {
        guard length > maximumTransmissionUnit else { return [self] }
        guard !header.flags.contains(.dontFragment) else { throw .forbidden }
        let body = serialized(capacity: payload.length) {
            payload.serialize(into: &$0, in: header.pseudoHeader(payloadLength: payload.length))
        }
        guard Int(header.fragmentOffset) * 8 + body.count <= Int(UInt16.max) - header.length else { throw .tooLong }

        var piece = header
        piece.protocolNumber = nil
        piece.totalLength = nil
        // The first keeps what padding the header has beyond its options.
        piece.internetHeaderLength = UInt8(min(header.length / 4, 15))
        piece.checksum = nil
        var fragments: [IPv4Packet] = []
        var start = 0
        repeat {
            let end = try Fragments.end(
                from: start, of: body.count, overhead: piece.length, maximumTransmissionUnit: maximumTransmissionUnit)
            if end < body.count {
                piece.flags.insert(.moreFragments)
            } else {
                piece.flags = header.flags
            }
            piece.fragmentOffset = header.fragmentOffset + UInt16(start / 8)
            let content = IPPayload.other(header.protocolNumber ?? payload.protocolNumber, Array(body[start..<end]))
            fragments.append(IPv4Packet(piece, payload: content).reread)
            piece.options.removeAll { !$0.isCopied }
            piece.internetHeaderLength = nil
            start = end
        } while start < body.count
        return fragments
    }

    /// The packet as a receiver sees it: the first fragment's payload has a header of its own.
    private var reread: IPv4Packet {
        let bytes = serialized(capacity: length) { serialize(into: &$0) }
        return (try? IPv4Packet(parsing: bytes.span.bytes, verifyingChecksums: false)) ?? self
    }
}

extension IPv6Packet {
    /// The packet in pieces with fragment headers (RFC 8200 section 4.5), or as it is if it fits.
    ///
    /// Each piece has the extension headers that routers look at; the others are cut with the payload.
    /// - Parameters:
    ///   - maximumTransmissionUnit: as many bytes as a piece may have, headers included.
    ///   - identification: what the pieces share, and no other packet between the two ends of late.
    /// - Throws: when the packet is a fragment already, or can't be cut.
    public func fragments(
        maximumTransmissionUnit: Int, identification: UInt32
    ) throws(FragmentationError) -> [IPv6Packet] {
        guard length > maximumTransmissionUnit else { return [self] }
        guard !extensions.contains(where: { $0.protocolNumber == .fragment }) else { throw .isFragment }
        guard extensions.jumboPayloadLength == nil, length <= IPv6Header.length + Int(UInt16.max) else {
            throw .tooLong
        }

        let routed = extensions.lastIndex { $0.protocolNumber == .routing }
        let perFragment = (routed ?? extensions.lastIndex { $0.protocolNumber == .hopByHopOptions }).map { $0 + 1 } ?? 0
        var piece = self
        piece.header.payloadLength = nil
        piece.extensions = Array(extensions.prefix(perFragment))
        let following = extensions.dropFirst(perFragment).first?.protocolNumber ?? payload.protocolNumber
        let next = piece.takeNextHeader() ?? following
        let body = serialized(capacity: length) { serialize(into: &$0) }
            .dropFirst(IPv6Header.length + piece.extensions.length)

        let overhead = IPv6Header.length + piece.extensions.length + Fragments.headerLength
        var fragments: [IPv6Packet] = []
        var start = 0
        repeat {
            let end = try Fragments.end(
                from: start, of: body.count, overhead: overhead, maximumTransmissionUnit: maximumTransmissionUnit)
            let header = IPv6ExtensionHeader(
                .fragment(
                    offset: UInt16(start / 8), moreFragments: end < body.count, identification: identification))
            var fragment = piece
            fragment.extensions.append(header)
            fragment.payload = .other(next, Array(body.dropFirst(start).prefix(end - start)))
            fragments.append(fragment.reread)
            start = end
        } while start < body.count
        return fragments
    }

    /// What the last header says follows it, if it says so on purpose; it says so no more.
    private mutating func takeNextHeader() -> IPProtocol? {
        if extensions.isEmpty {
            defer { header.nextHeader = nil }
            return header.nextHeader
        }
        defer { extensions[extensions.count - 1].nextHeader = nil }
        return extensions[extensions.count - 1].nextHeader
    }

    /// The packet as a receiver sees it: the first fragment's payload has headers of its own.
    private var reread: IPv6Packet {
        let bytes = serialized(capacity: length) { serialize(into: &$0) }
        return (try? IPv6Packet(parsing: bytes.span.bytes, verifyingChecksums: false)) ?? self
    }
}

private enum Fragments {
    /// Bytes of the IPv6 fragment header.
    static let headerLength = 8

    /// Where a piece ends that begins at `start`: at the end of all, or at a multiple of eight.
    static func end(
        from start: Int, of count: Int, overhead: Int, maximumTransmissionUnit: Int
    ) throws(FragmentationError) -> Int {
        let room = max(0, maximumTransmissionUnit) - overhead
        if count - start <= room { return count }
        guard room >= 8 else { throw .maximumTransmissionUnitTooSmall(minimum: overhead + 8) }
        return start + room / 8 * 8
    }
}
