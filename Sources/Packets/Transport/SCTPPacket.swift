extension ParseError.Layer {
    /// Stream Control Transmission Protocol.
    public static var sctp: Self { Self(rawValue: "SCTP") }
}

/// An SCTP packet (RFC 9260 section 3): the common header and its chunks, which are all of it.
public struct SCTPPacket: Hashable, Sendable {
    /// Bytes of the common header.
    public static let minimumLength = 12

    /// The sender's port.
    public var sourcePort: UInt16
    /// The receiver's port.
    public var destinationPort: UInt16
    /// What the receiver chose when the association was set up; 0 in a packet with an INIT.
    public var verificationTag: UInt32
    /// The CRC32c over all of the packet; `nil` for the right one. On the wire its lowest byte comes first.
    public var checksum: UInt32?
    /// What the packet brings.
    public var chunks: [SCTPChunk]

    /// A packet, by default with the right checksum.
    public init(
        sourcePort: UInt16, destinationPort: UInt16, verificationTag: UInt32, chunks: [SCTPChunk],
        checksum: UInt32? = nil
    ) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.verificationTag = verificationTag
        self.checksum = checksum
        self.chunks = chunks
    }
}

extension SCTPPacket: PayloadHeader {
    /// The protocol's number in an IP header.
    public static var protocolNumber: IPProtocol { .sctp }

    /// Bytes of the whole packet.
    public var length: Int { chunks.reduce(Self.minimumLength) { $0 + $1.paddedLength } }

    /// The two ports.
    public var ports: (source: UInt16, destination: UInt16)? { (sourcePort, destinationPort) }

    /// Reads a packet from bytes that are all of it.
    ///
    /// Chunks never fail: what breaks their format is ``SCTPChunk/Body/malformed(_:)``.
    /// - Parameters:
    ///   - bytes: the packet.
    ///   - verifyingChecksum: whether a wrong checksum is an error; if not, ``checksum`` holds it.
    /// - Throws: when there are fewer than 12 bytes, or the checksum is wrong and shall not be.
    public init(parsing bytes: RawSpan, verifyingChecksum: Bool = true) throws(ParseError) {
        try bytes.require(Self.minimumLength, of: .sctp)
        sourcePort = bytes.uint16(at: 0)
        destinationPort = bytes.uint16(at: 2)
        verificationTag = bytes.uint32(at: 4)
        let found = bytes.uint32(at: Self.checksumOffset).byteSwapped
        let expected = Self.checksum(of: bytes)
        if verifyingChecksum && found != expected {
            throw ParseError(.sctp, .badCRC(expected: expected, found: found), at: Self.checksumOffset)
        }
        checksum = found == expected ? nil : found
        chunks = SCTPChunk.parseList(bytes.extracting(droppingFirst: Self.minimumLength))
    }

    /// Reads a packet; without a pseudo header, which says that it is whole, its checksum is kept as found.
    public init(parsing bytes: RawSpan, in pseudoHeader: PseudoHeader?, verifyingChecksum: Bool) throws(ParseError) {
        try self.init(parsing: bytes, verifyingChecksum: verifyingChecksum && pseudoHeader != nil)
        if pseudoHeader == nil { checksum = bytes.uint32(at: Self.checksumOffset).byteSwapped }
    }

    /// Appends the packet, ``length`` bytes.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    public func serialize(into output: inout OutputRawSpan) {
        serialize(into: &output, payload: RawSpan(), in: nil)
    }

    /// Appends the packet and bytes behind it, which the checksum covers; SCTP has no use for a pseudo header.
    public func serialize(into output: inout OutputRawSpan, payload: RawSpan, in pseudoHeader: PseudoHeader?) {
        let start = output.byteCount
        output.append(bigEndian: row(sourcePort, destinationPort))
        output.append(bigEndian: verificationTag)
        output.append(bigEndian: (checksum ?? 0).byteSwapped)
        for chunk in chunks { chunk.serialize(into: &output) }
        output.append(contentsOf: payload)
        guard checksum == nil else { return }
        let sum = CRC32C.of(output.bytes.extracting(droppingFirst: start)).byteSwapped
        output.replace(at: start + Self.checksumOffset, with: UInt16(sum >> 16))
        output.replace(at: start + Self.checksumOffset + 2, with: UInt16(truncatingIfNeeded: sum))
    }

    /// The CRC32c of a packet, with zeros for its checksum field.
    private static func checksum(of bytes: RawSpan) -> UInt32 {
        let zeros: [UInt8] = [0, 0, 0, 0]
        var sum = CRC32C()
        sum.add(bytes.extracting(first: checksumOffset))
        sum.add(zeros.span.bytes)
        sum.add(bytes.extracting(droppingFirst: minimumLength))
        return sum.value
    }

    static let checksumOffset = 8
}
