import Addresses

/// A multicast traceroute of version 1 in an IGMP message (draft-ietf-idmr-traceroute-ipm): it goes from the last hop's
/// router towards the source, each router on the way appends a block, and the last sends it to who asked.
public struct MtraceMessage: Hashable, Sendable {
    /// How many routers may write a block.
    public var hops: UInt8
    /// The group that is traced; unspecified for the way that no group in particular takes.
    public var group: IPv4Address
    /// The source that is traced.
    public var source: IPv4Address
    /// The receiver, behind the last hop.
    public var destination: IPv4Address
    /// To whom the response goes.
    public var responseAddress: IPv4Address
    /// The time to live that the response starts with, if it goes to a group.
    public var responseTTL: UInt8
    /// Tells this trace from others of the same client, 24 bits; higher bits are dropped.
    public var queryID: UInt32
    /// What the routers have written, the last hop's first.
    public var blocks: [MtraceResponseBlock]

    /// A trace, by default one that no router has seen yet.
    public init(
        hops: UInt8 = 32, group: IPv4Address, source: IPv4Address, destination: IPv4Address,
        responseAddress: IPv4Address, responseTTL: UInt8 = 1, queryID: UInt32, blocks: [MtraceResponseBlock] = []
    ) {
        self.hops = hops
        self.group = group
        self.source = source
        self.destination = destination
        self.responseAddress = responseAddress
        self.responseTTL = responseTTL
        self.queryID = queryID
        self.blocks = blocks
    }

    /// Bytes behind the IGMP header.
    public var length: Int { Self.fixedLength + blocks.count * MtraceResponseBlock.length }

    static let fixedLength = 20
    static let queryIDMask: UInt32 = 0xFF_FFFF
}

/// What one router writes into a multicast traceroute of version 1.
public struct MtraceResponseBlock: Hashable, Sendable {
    /// Bytes of a block.
    public static let length = 32
    /// A packet count that the router doesn't know.
    public static let unknownCount = UInt32.max

    /// When the query came: the middle 32 bits of an NTP timestamp, seconds times 65,536.
    public var queryArrivalTime: UInt32
    /// The interface towards the source; unspecified if unknown.
    public var incomingAddress: IPv4Address
    /// The interface towards the receiver; unspecified if unknown.
    public var outgoingAddress: IPv4Address
    /// The next router towards the source; unspecified if there is none or it is unknown.
    public var previousHop: IPv4Address
    /// Multicast packets that the incoming interface has received.
    public var inputPackets: UInt32
    /// Multicast packets that the outgoing interface has sent.
    public var outputPackets: UInt32
    /// Packets of the source to the group that have been forwarded.
    public var forwardedPackets: UInt32
    /// By what the router routes the group.
    public var routingProtocol: MtraceRoutingProtocol
    /// The time to live that a packet needs to leave by the outgoing interface.
    public var forwardingTTL: UInt8
    /// S: the count of forwarded packets is that of the source's whole network.
    public var countsNetwork: Bool
    /// Bits of the source's network mask, 63 if only the group counts; bits above six are dropped.
    public var sourceMask: UInt8
    /// What the router did with the trace.
    public var forwardingCode: MtraceForwardingCode

    /// A block, by default with no counts and no error.
    public init(
        queryArrivalTime: UInt32, incomingAddress: IPv4Address, outgoingAddress: IPv4Address, previousHop: IPv4Address,
        inputPackets: UInt32 = unknownCount, outputPackets: UInt32 = unknownCount,
        forwardedPackets: UInt32 = unknownCount, routingProtocol: MtraceRoutingProtocol = .pim,
        forwardingTTL: UInt8 = 1, countsNetwork: Bool = false, sourceMask: UInt8 = 32,
        forwardingCode: MtraceForwardingCode = .noError
    ) {
        self.queryArrivalTime = queryArrivalTime
        self.incomingAddress = incomingAddress
        self.outgoingAddress = outgoingAddress
        self.previousHop = previousHop
        self.inputPackets = inputPackets
        self.outputPackets = outputPackets
        self.forwardedPackets = forwardedPackets
        self.routingProtocol = routingProtocol
        self.forwardingTTL = forwardingTTL
        self.countsNetwork = countsNetwork
        self.sourceMask = sourceMask
        self.forwardingCode = forwardingCode
    }
}

extension MtraceMessage {
    /// Reads an IGMP message, whole; what is no whole block at its end is left.
    init(parsing message: RawSpan, of layer: ParseError.Layer) throws(ParseError) {
        let firstBlock = IGMPMessage.headerLength + Self.fixedLength
        try message.require(firstBlock, of: layer)
        let lastWord = message.uint32(at: 20)
        let ends = stride(
            from: firstBlock + MtraceResponseBlock.length, through: message.byteCount, by: MtraceResponseBlock.length)
        self.init(
            hops: message.uint8(at: 1), group: message.ipv4Address(at: 4), source: message.ipv4Address(at: 8),
            destination: message.ipv4Address(at: 12), responseAddress: message.ipv4Address(at: 16),
            responseTTL: UInt8(lastWord >> 24), queryID: lastWord & Self.queryIDMask,
            blocks: ends.map { end in
                MtraceResponseBlock(parsing: message.extracting(end - MtraceResponseBlock.length..<end))
            })
    }

    /// Appends all but the IGMP header.
    func serialize(into output: inout OutputRawSpan) {
        for address in [group, source, destination, responseAddress] { output.append(address) }
        output.append(bigEndian: UInt32(responseTTL) << 24 | queryID & Self.queryIDMask)
        for block in blocks { block.serialize(into: &output) }
    }
}

extension MtraceResponseBlock {
    fileprivate init(parsing block: RawSpan) {
        self.init(
            queryArrivalTime: block.uint32(at: 0), incomingAddress: block.ipv4Address(at: 4),
            outgoingAddress: block.ipv4Address(at: 8), previousHop: block.ipv4Address(at: 12),
            inputPackets: block.uint32(at: 16), outputPackets: block.uint32(at: 20),
            forwardedPackets: block.uint32(at: 24),
            routingProtocol: MtraceRoutingProtocol(rawValue: block.uint8(at: 28)), forwardingTTL: block.uint8(at: 29),
            countsNetwork: block.uint8(at: 30) & 0x40 != 0, sourceMask: block.uint8(at: 30) & 0x3F,
            forwardingCode: MtraceForwardingCode(rawValue: block.uint8(at: 31)))
    }

    fileprivate func serialize(into output: inout OutputRawSpan) {
        output.append(bigEndian: queryArrivalTime)
        for address in [incomingAddress, outgoingAddress, previousHop] { output.append(address) }
        for count in [inputPackets, outputPackets, forwardedPackets] { output.append(bigEndian: count) }
        let mask = (countsNetwork ? 0x40 : 0) | sourceMask & 0x3F
        output.append(
            bigEndian: row(
                routingProtocol.rawValue, forwardingTTL, UInt16(mask) << 8 | UInt16(forwardingCode.rawValue)))
    }
}
