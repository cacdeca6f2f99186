import Addresses

/// What follows the first block of a multicast traceroute of version 2 (RFC 8487 section 3.2).
public enum Mtrace2Block: Hashable, Sendable {
    /// Type 4: what a router says of itself.
    case standardResponse(Mtrace2ResponseBlock)
    /// Type 5: what a router says beyond that. Type 1 in it: how many standard response blocks it has sent back.
    case augmentedResponse(type: UInt16, value: [UInt8])
    /// Type 6: what routers are asked beyond that. One that doesn't know the query hands on a transitive one, and ends
    /// the trace at any other.
    case extendedQuery(type: UInt16, value: [UInt8], isTransitive: Bool)
    /// Any other type, with all that follows its length.
    case unknown(type: UInt8, value: [UInt8])

    /// Bytes of the block. An unknown one needs a byte behind its length, and gets one.
    public var length: Int {
        switch self {
        case .standardResponse(let response): response.length
        case .augmentedResponse(_, let value), .extendedQuery(_, let value, _): 6 + value.count
        case .unknown(_, let value): 3 + max(1, value.count)
        }
    }

    /// The block's type number.
    public var type: UInt8 {
        switch self {
        case .standardResponse: 4
        case .augmentedResponse: 5
        case .extendedQuery: 6
        case .unknown(let type, _): type
        }
    }
}

/// What one router writes into a multicast traceroute of version 2 (RFC 8487 sections 3.2.4 and 3.2.5).
public struct Mtrace2ResponseBlock: Hashable, Sendable {
    /// A packet count that the router doesn't know.
    public static let unknownCount = UInt64.max

    /// Where the router stands.
    public enum Place: Hashable, Sendable {
        /// In IPv4: its interfaces towards the source and towards the receiver, the next router towards the source, and
        /// the time to live that a packet needs to leave by the outgoing interface.
        case v4(incoming: IPv4Address, outgoing: IPv4Address, upstream: IPv4Address, forwardingTTL: UInt8)
        /// In IPv6: the two interfaces' indexes, the address of the one towards the source, and that of the next router
        /// there.
        case v6(incomingID: UInt32, outgoingID: UInt32, local: IPv6Address, remote: IPv6Address)
    }

    /// When the query came: the middle 32 bits of an NTP timestamp, seconds times 65,536.
    public var queryArrivalTime: UInt32
    /// Where the router stands.
    public var place: Place
    /// Multicast packets that the incoming interface has received.
    public var inputPackets: UInt64
    /// Multicast packets that the outgoing interface has sent.
    public var outputPackets: UInt64
    /// Packets of the source to the group that have been forwarded.
    public var forwardedPackets: UInt64
    /// By what the router routes to the source, as in the MIB's IANAipRouteProtocol.
    public var routingProtocol: UInt16
    /// By what the router routes the group, as in the MIB's IANAipMRouteProtocol.
    public var multicastRoutingProtocol: UInt16
    /// S: the count of forwarded packets is that of the source's whole network.
    public var countsNetwork: Bool
    /// Bits of the source's prefix; if only the group counts, 127 in IPv4 and 255 in IPv6. In IPv4 the highest bit is
    /// dropped.
    public var sourcePrefixLength: UInt8
    /// What the router did with the trace.
    public var forwardingCode: MtraceForwardingCode

    /// A block, by default with no counts and no error.
    public init(
        queryArrivalTime: UInt32, place: Place, inputPackets: UInt64 = unknownCount,
        outputPackets: UInt64 = unknownCount, forwardedPackets: UInt64 = unknownCount, routingProtocol: UInt16 = 0,
        multicastRoutingProtocol: UInt16 = 0, countsNetwork: Bool = false, sourcePrefixLength: UInt8,
        forwardingCode: MtraceForwardingCode = .noError
    ) {
        self.queryArrivalTime = queryArrivalTime
        self.place = place
        self.inputPackets = inputPackets
        self.outputPackets = outputPackets
        self.forwardedPackets = forwardedPackets
        self.routingProtocol = routingProtocol
        self.multicastRoutingProtocol = multicastRoutingProtocol
        self.countsNetwork = countsNetwork
        self.sourcePrefixLength = sourcePrefixLength
        self.forwardingCode = forwardingCode
    }

    /// Bytes of the block, which tell the family: 52 or 80.
    public var length: Int { countsOffset + 32 }

    /// Where what both families have alike begins.
    var countsOffset: Int {
        switch place {
        case .v4: 20
        case .v6: 48
        }
    }
}

extension Mtrace2Block {
    /// `nil` if the type is known and the length not one of its own.
    init?(parsing block: RawSpan) {
        let type = block.uint8(at: 0)
        switch type {
        case 4:
            guard let response = Mtrace2ResponseBlock(parsing: block) else { return nil }
            self = .standardResponse(response)
        case 5, 6:
            guard block.byteCount >= 6 else { return nil }
            let value = block.extracting(droppingFirst: 6).array
            self =
                type == 5
                ? .augmentedResponse(type: block.uint16(at: 4), value: value)
                : .extendedQuery(
                    type: block.uint16(at: 4), value: value, isTransitive: block.uint8(at: 3) & 1 != 0)
        default: self = .unknown(type: type, value: block.extracting(droppingFirst: 3).array)
        }
    }

    /// A length that sixteen bits can't hold is written as 65,535.
    func serialize(into output: inout OutputRawSpan) {
        switch self {
        case .standardResponse(let response): response.serialize(into: &output)
        case .augmentedResponse(let inner, let value):
            output.append(mtrace2Type: type, length: length, 0)
            output.append(bigEndian: inner)
            output.append(contentsOf: value.span.bytes)
        case .extendedQuery(let inner, let value, let isTransitive):
            output.append(mtrace2Type: type, length: length, isTransitive ? 1 : 0)
            output.append(bigEndian: inner)
            output.append(contentsOf: value.span.bytes)
        case .unknown(_, let value):
            output.append(mtrace2Type: type, length: length, value.first ?? 0)
            output.append(contentsOf: value.span.bytes.extracting(droppingFirst: min(1, value.count)))
        }
    }
}

extension Mtrace2ResponseBlock {
    fileprivate init?(parsing block: RawSpan) {
        let place: Place
        switch block.byteCount {
        case 52:
            place = .v4(
                incoming: block.address(at: 8), outgoing: block.address(at: 12), upstream: block.address(at: 16),
                forwardingTTL: block.uint8(at: 48))
        case 80:
            place = .v6(
                incomingID: block.uint32(at: 8), outgoingID: block.uint32(at: 12), local: block.address(at: 16),
                remote: block.address(at: 32))
        default: return nil
        }
        let counts = block.byteCount - 32
        let lastRow = block.uint32(at: counts + 28)
        let prefixLength = UInt8(truncatingIfNeeded: lastRow >> 8)
        let isV4 = block.byteCount == 52
        self.init(
            queryArrivalTime: block.uint32(at: 4), place: place, inputPackets: block.uint64(at: counts),
            outputPackets: block.uint64(at: counts + 8), forwardedPackets: block.uint64(at: counts + 16),
            routingProtocol: block.uint16(at: counts + 24), multicastRoutingProtocol: block.uint16(at: counts + 26),
            countsNetwork: lastRow & (isV4 ? 0x8000 : 0x1_0000) != 0,
            sourcePrefixLength: isV4 ? prefixLength & 0x7F : prefixLength,
            forwardingCode: MtraceForwardingCode(rawValue: UInt8(truncatingIfNeeded: lastRow)))
    }

    fileprivate func serialize(into output: inout OutputRawSpan) {
        output.append(mtrace2Type: 4, length: length, 0)
        output.append(bigEndian: queryArrivalTime)
        let ends = UInt32(sourcePrefixLength) << 8 | UInt32(forwardingCode.rawValue)
        let lastRow: UInt32
        switch place {
        case .v4(let incoming, let outgoing, let upstream, let ttl):
            for address in [incoming, outgoing, upstream] { output.append(address) }
            lastRow = UInt32(ttl) << 24 | ends & 0x7FFF | (countsNetwork ? 0x8000 : 0)
        case .v6(let incomingID, let outgoingID, let local, let remote):
            for identifier in [incomingID, outgoingID] { output.append(bigEndian: identifier) }
            for address in [local, remote] { output.append(address) }
            lastRow = ends | (countsNetwork ? 0x1_0000 : 0)
        }
        for count in [inputPackets, outputPackets, forwardedPackets] { output.append(bigEndian: count) }
        output.append(bigEndian: row(routingProtocol, multicastRoutingProtocol))
        output.append(bigEndian: lastRow)
    }
}
