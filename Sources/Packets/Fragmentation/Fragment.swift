import Addresses

/// A fragment of either family, as reassembly sees it.
struct Fragment {
    /// What the fragments of a packet have in common. In IPv6 the protocol doesn't count: it stands in the first alone.
    struct Key: Hashable {
        let source: IPAddress
        let destination: IPAddress
        let protocolNumber: IPProtocol?
        let identification: UInt32
    }

    let key: Key
    /// Where its part begins in the whole, in bytes.
    let offset: Int
    let moreFragments: Bool
    /// The packet's bytes that are its part.
    let part: Range<Int>
    /// The packet's bytes that each fragment has: without the fragment header.
    let headLength: Int
    /// In IPv6, where in those bytes the number stands of what follows, and the number.
    let nextHeader: (place: Int, number: IPProtocol)?

    /// `nil` if the packet is none.
    ///
    /// - Throws: when the packet has no IP header that can be read, or bytes of it are missing.
    init?(of packet: RawSpan) throws(ParseError) {
        try packet.require(1, of: .ip)
        let version = packet.uint8(at: 0) >> 4
        switch version {
        case 4: try self.init(ofIPv4: packet)
        case 6: try self.init(ofIPv6: packet)
        default: throw ParseError(.ip, .wrongVersion(version), at: 0)
        }
    }

    private init?(ofIPv4 packet: RawSpan) throws(ParseError) {
        let header = try IPv4Header(parsing: packet, keepingMalformedOptionsAt: 0)
        guard header.fragmentOffset > 0 || header.flags.contains(.moreFragments) else { return nil }
        let end = header.totalLength.map(Int.init) ?? packet.byteCount
        try packet.require(end, of: .ipv4)
        key = Key(
            source: .v4(header.source), destination: .v4(header.destination), protocolNumber: header.protocolNumber,
            identification: UInt32(header.identification))
        offset = Int(header.fragmentOffset) * 8
        moreFragments = header.flags.contains(.moreFragments)
        part = header.length..<end
        headLength = header.length
        nextHeader = nil
    }

    private init?(ofIPv6 packet: RawSpan) throws(ParseError) {
        let header = try IPv6Header(parsing: packet)
        var number = header.nextHeader ?? .noNextHeader
        var place = 6
        var start = IPv6Header.length
        for _ in 0..<IPv6ExtensionHeader.maximumCount where number != .fragment {
            guard let length = IPv6ExtensionHeader.statedLength(of: number, in: packet, at: start),
                start + length <= packet.byteCount
            else { return nil }
            number = IPProtocol(rawValue: packet.uint8(at: start))
            place = start
            start += length
        }
        guard number == .fragment else { return nil }
        let partStart = start + 8
        let end = header.payloadLength.map { IPv6Header.length + Int($0) } ?? packet.byteCount
        try packet.require(max(end, partStart), of: .ipv6)
        guard partStart <= end else { throw ParseError(.ipv6, .badLength(end - IPv6Header.length), at: 4) }
        key = Key(
            source: .v6(header.source), destination: .v6(header.destination), protocolNumber: nil,
            identification: packet.uint32(at: start + 4))
        offset = Int(packet.uint16(at: start + 2) & 0xFFF8)
        moreFragments = packet.uint16(at: start + 2) & 1 == 1
        part = partStart..<end
        headLength = start
        nextHeader = (place, IPProtocol(rawValue: packet.uint8(at: start)))
    }

    /// The longest part that a whole packet with this fragment's head can have.
    var maximumLength: Int { Int(UInt16.max) - (nextHeader == nil ? headLength : headLength - IPv6Header.length) }

    /// The head of the whole packet.
    ///
    /// - Parameters:
    ///   - packet: the fragment's bytes.
    ///   - length: bytes that will follow, at most ``maximumLength``.
    func head(of packet: RawSpan, before length: Int) -> [UInt8] {
        var head = packet.extracting(first: headLength).array
        func set(_ value: Int, at place: Int) {
            head[place] = UInt8(truncatingIfNeeded: value >> 8)
            head[place + 1] = UInt8(truncatingIfNeeded: value)
        }
        if let nextHeader {
            head[nextHeader.place] = nextHeader.number.rawValue
            set(headLength - IPv6Header.length + length, at: 4)
        } else {
            set(headLength + length, at: 2)
            // The two flags that are not about this remain.
            set(Int(head[6] & 0b1100_0000) << 8, at: 6)
            set(0, at: 10)
            set(Int(InternetChecksum.of(head.span.bytes)), at: 10)
        }
        return head
    }
}
