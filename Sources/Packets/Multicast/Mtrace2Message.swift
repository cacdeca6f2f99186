import Addresses

extension ParseError.Layer {
    /// Multicast traceroute, version 2.
    public static var mtrace2: Self { Self(rawValue: "Mtrace2") }
}

/// A multicast traceroute of version 2, the payload of a UDP datagram (RFC 8487): it goes from the last hop's router
/// towards the source, each router on the way appends a block, and the last sends it to who asked.
public struct Mtrace2Message: Hashable, Sendable {
    /// Where routers listen (RFC 8487 section 3).
    public static let port: UInt16 = 33435

    /// How far the message has come; the numbers are those of the type field (RFC 8487 section 3.2).
    public enum Kind: UInt8, Hashable, Sendable {
        /// From the client to the last hop's router.
        case query = 1
        /// From router to router.
        case request = 2
        /// Back to the client.
        case reply = 3
    }

    /// What is traced, and for whom.
    public enum Trace: Hashable, Sendable {
        /// In IPv4. The group is 255.255.255.255 where the source alone counts, the source likewise.
        case v4(group: IPv4Address, source: IPv4Address, client: IPv4Address)
        /// In IPv6. The group is `::` where the source alone counts, the source likewise.
        case v6(group: IPv6Address, source: IPv6Address, client: IPv6Address)
    }

    /// How far the message has come.
    public var kind: Kind
    /// How many routers may write a block.
    public var hops: UInt8
    /// What is traced, and for whom.
    public var trace: Trace
    /// Tells this trace from others of the same client.
    public var queryID: UInt16
    /// The UDP port to which the reply goes.
    public var clientPort: UInt16
    /// What follows, in order: what routers have written, the last hop's first, and what else they are asked for.
    public var blocks: [Mtrace2Block]

    /// A message, by default a query that asks for no more than the way.
    public init(
        _ kind: Kind = .query, hops: UInt8 = 32, trace: Trace, queryID: UInt16, clientPort: UInt16,
        blocks: [Mtrace2Block] = []
    ) {
        self.kind = kind
        self.hops = hops
        self.trace = trace
        self.queryID = queryID
        self.clientPort = clientPort
        self.blocks = blocks
    }

    /// Bytes of the message.
    public var length: Int { blocks.reduce(trace.messageLength) { $0 + $1.length } }
}

extension Mtrace2Message {
    /// Reads a message from all the bytes of a UDP payload.
    ///
    /// - Throws: `badOption` when the first block is no query, request or reply; `badLength` for a block whose length
    ///   no such block has; `truncated` when bytes are missing.
    public init(parsing bytes: RawSpan) throws(ParseError) {
        let first = bytes.extracting(try bytes.mtrace2Block(at: 0))
        guard let kind = Kind(rawValue: first.uint8(at: 0)) else {
            throw ParseError(.mtrace2, .badOption(type: first.uint8(at: 0)), at: 0)
        }
        guard let trace = Trace(parsing: first) else {
            throw ParseError(.mtrace2, .badLength(first.byteCount), at: 1)
        }
        self.init(
            kind, hops: first.uint8(at: 3), trace: trace, queryID: first.uint16(at: first.byteCount - 4),
            clientPort: first.uint16(at: first.byteCount - 2))
        var offset = first.byteCount
        while offset < bytes.byteCount {
            let place = try bytes.mtrace2Block(at: offset)
            guard let block = Mtrace2Block(parsing: bytes.extracting(place)) else {
                throw ParseError(.mtrace2, .badLength(place.count), at: offset + 1)
            }
            blocks.append(block)
            offset = place.upperBound
        }
    }

    /// Appends the message.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    public func serialize(into output: inout OutputRawSpan) {
        output.append(mtrace2Type: kind.rawValue, length: trace.messageLength, hops)
        switch trace {
        case .v4(let group, let source, let client):
            for address in [group, source, client] { output.append(address) }
        case .v6(let group, let source, let client):
            for address in [group, source, client] { output.append(address) }
        }
        output.append(bigEndian: row(queryID, clientPort))
        for block in blocks { block.serialize(into: &output) }
    }
}

extension Mtrace2Message.Trace {
    /// Bytes of the block that holds it, which tell the family.
    var messageLength: Int {
        switch self {
        case .v4: 20
        case .v6: 56
        }
    }

    fileprivate init?(parsing block: RawSpan) {
        switch block.byteCount {
        case 20:
            self = .v4(group: block.address(at: 4), source: block.address(at: 8), client: block.address(at: 12))
        case 56:
            self = .v6(group: block.address(at: 4), source: block.address(at: 20), client: block.address(at: 36))
        default: return nil
        }
    }
}

/// Type, length and a byte of which each type makes its own use (RFC 8487 section 3.1).
extension RawSpan {
    /// Where the block is that begins at `offset`.
    fileprivate func mtrace2Block(at offset: Int) throws(ParseError) -> Range<Int> {
        try require(offset + 3, of: .mtrace2)
        let length = Int(uint16(at: offset + 1))
        guard length >= 4 else { throw ParseError(.mtrace2, .badLength(length), at: offset + 1) }
        try require(offset + length, of: .mtrace2)
        return offset..<offset + length
    }
}

extension OutputRawSpan {
    mutating func append(mtrace2Type type: UInt8, length: Int, _ fourth: UInt8) {
        append(bigEndian: UInt32(type) << 24 | UInt32(UInt16(clamping: length)) << 8 | UInt32(fourth))
    }
}
