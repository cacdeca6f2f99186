extension ParseError.Layer {
    /// Datagram Congestion Control Protocol.
    public static var dccp: Self { Self(rawValue: "DCCP") }
}

/// The DCCP header (RFC 4340 section 5), without the payload that follows it.
///
/// Reserved bits are not kept, and written as zeros.
public struct DCCPHeader: Hashable, Sendable {
    /// What the packet is for. Acknowledgment numbers have as many bits as the sequence number.
    public enum Body: Hashable, Sendable {
        /// Type 0: asks for a connection to a service.
        case request(serviceCode: UInt32)
        /// Type 1: agrees.
        case response(acknowledgmentNumber: UInt64, serviceCode: UInt32)
        /// Type 2: the user's data.
        case data
        /// Type 3: what has arrived.
        case acknowledgment(acknowledgmentNumber: UInt64)
        /// Type 4: data, and what has arrived.
        case dataAcknowledgment(acknowledgmentNumber: UInt64)
        /// Type 5: the server wants the client to close.
        case closeRequest(acknowledgmentNumber: UInt64)
        /// Type 6: the connection is to end.
        case close(acknowledgmentNumber: UInt64)
        /// Type 7: the connection is gone; `data` is 24 bits whose meaning the code says.
        case reset(acknowledgmentNumber: UInt64, DCCPResetCode, data: UInt32 = 0)
        /// Type 8: sequence numbers are to agree again.
        case synchronize(acknowledgmentNumber: UInt64)
        /// Type 9: they do.
        case synchronizeAcknowledgment(acknowledgmentNumber: UInt64)
        /// Types 10 to 15, higher bits are dropped: what they have of a header is read as options.
        case reserved(type: UInt8)
    }

    /// Bytes of the shortest header, with a short sequence number.
    public static let minimumLength = 12

    /// The sender's port.
    public var sourcePort: UInt16
    /// The receiver's port.
    public var destinationPort: UInt16
    /// The header's length in 32-bit words, as on the wire; `nil` for what there is.
    public var dataOffset: UInt8?
    /// CCVal: 4 bits that belong to the congestion control of the sender, higher ones are dropped.
    public var congestionControlValue: UInt8
    /// CsCov: 0 if the checksum covers all, otherwise it covers the header and this many 32-bit words of payload less
    /// one; 4 bits, higher ones are dropped. Receivers drop what says more words than there are.
    public var checksumCoverage: UInt8
    /// The checksum over pseudo header, header and ``checksumCoverage``; `nil` for the right one.
    public var checksum: UInt16?
    /// The packet's place in the stream of packets: 48 bits, or 24, higher ones are dropped.
    public var sequenceNumber: UInt64
    /// X: whether sequence numbers are of 48 bits. Only Data, Ack and DataAck may have it otherwise.
    public var hasExtendedSequenceNumbers: Bool
    /// What the packet is for.
    public var body: Body
    /// Options as they are on the wire, in 32-bit words; written with zeros behind them to fill the last.
    public var options: [UInt8]

    /// A header, by default with the right data offset and a checksum over all.
    public init(
        sourcePort: UInt16, destinationPort: UInt16, sequenceNumber: UInt64, _ body: Body, options: [UInt8] = [],
        hasExtendedSequenceNumbers: Bool = true, congestionControlValue: UInt8 = 0, checksumCoverage: UInt8 = 0,
        dataOffset: UInt8? = nil, checksum: UInt16? = nil
    ) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.dataOffset = dataOffset
        self.congestionControlValue = congestionControlValue
        self.checksumCoverage = checksumCoverage
        self.checksum = checksum
        self.sequenceNumber = sequenceNumber
        self.hasExtendedSequenceNumbers = hasExtendedSequenceNumbers
        self.body = body
        self.options = options
    }

    /// The packet's type number.
    public var type: UInt8 { body.type & 0x0F }
}

extension DCCPHeader: PayloadHeader {
    /// The protocol's number in an IP header.
    public static var protocolNumber: IPProtocol { .dccp }

    /// Bytes from the start of the header to its payload.
    public var length: Int { fixedLength + options.count.paddedToWord }

    /// The two ports.
    public var ports: (source: UInt16, destination: UInt16)? { (sourcePort, destinationPort) }

    /// Bytes of the header before its options.
    var fixedLength: Int { genericLength + body.length(isExtended: hasExtendedSequenceNumbers) }

    /// Bytes of what all headers have.
    var genericLength: Int { hasExtendedSequenceNumbers ? 16 : Self.minimumLength }

    /// Reads a header from bytes that are all of the packet, payload included.
    ///
    /// - Parameters:
    ///   - bytes: the header and its payload.
    ///   - pseudoHeader: the packet's ends; `nil` where they are unknown or part of the packet is missing: then the
    ///     checksum is not verified, and ``checksum`` holds what was found.
    ///   - verifyingChecksum: whether a wrong checksum is an error; if not, ``checksum`` holds it.
    /// - Throws: when there are too few bytes for the header, the data offset is less than the type needs, the checksum
    ///   covers more words than there are (RFC 4340 section 9.2), or it is wrong and shall not be.
    public init(
        parsing bytes: RawSpan, in pseudoHeader: PseudoHeader? = nil, verifyingChecksum: Bool = true
    ) throws(ParseError) {
        try bytes.require(Self.minimumLength, of: .dccp)
        let isExtended = bytes.uint8(at: 8) & 1 == 1
        let type = bytes.uint8(at: 8) >> 1 & 0x0F
        let generic = isExtended ? 16 : Self.minimumLength
        let fixed = generic + Body.length(ofType: type, isExtended: isExtended)
        let length = Int(bytes.uint8(at: 4)) * 4
        guard length >= fixed else { throw ParseError(.dccp, .badHeaderLength(length), at: 4) }
        try bytes.require(length, of: .dccp)
        sourcePort = bytes.uint16(at: 0)
        destinationPort = bytes.uint16(at: 2)
        dataOffset = nil
        congestionControlValue = bytes.uint8(at: 5) >> 4
        checksumCoverage = bytes.uint8(at: 5) & 0x0F
        hasExtendedSequenceNumbers = isExtended
        sequenceNumber = isExtended ? bytes.uint48(at: 10) : bytes.uint24(at: 9)
        body = Body(type: type, parsing: bytes.extracting(generic..<fixed), isExtended: isExtended)
        options = bytes.extracting(fixed..<length).array
        checksum = bytes.uint16(at: Self.checksumOffset)
        guard let pseudoHeader else { return }
        let covered = Self.coveredLength(header: length, whole: bytes.byteCount, coverage: checksumCoverage)
        guard covered <= bytes.byteCount else { throw ParseError(.dccp, .badLength(covered), at: 5) }
        checksum = try InternetChecksum(pseudoHeader, protocolNumber: .dccp, length: bytes.byteCount).oddity(
            of: bytes.extracting(first: covered), fieldAt: Self.checksumOffset, verifying: verifyingChecksum,
            layer: .dccp)?.found
    }

    /// Appends the header and its payload. A checksum over more words than there are covers those that there are.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    ///   - payload: what follows the header.
    ///   - pseudoHeader: the packet's ends; without them a checksum of `nil` is written as 0.
    public func serialize(into output: inout OutputRawSpan, payload: RawSpan, in pseudoHeader: PseudoHeader? = nil) {
        let start = output.byteCount
        let length = self.length
        output.append(bigEndian: row(sourcePort, destinationPort))
        let values = congestionControlValue << 4 | checksumCoverage & 0x0F
        output.append(bigEndian: row(dataOffset ?? UInt8(clamping: length / 4), values, checksum ?? 0))
        output.append(type << 1 | (hasExtendedSequenceNumbers ? 1 : 0))
        if hasExtendedSequenceNumbers { output.append(0 as UInt8) }
        output.append(number: sequenceNumber, isExtended: hasExtendedSequenceNumbers)
        body.serialize(into: &output, isExtended: hasExtendedSequenceNumbers)
        output.append(contentsOf: options.span.bytes)
        output.append(repeating: 0, count: start + length - output.byteCount, as: UInt8.self)
        output.append(contentsOf: payload)
        guard checksum == nil, let pseudoHeader else { return }
        let whole = length + payload.byteCount
        let covered = min(whole, Self.coveredLength(header: length, whole: whole, coverage: checksumCoverage))
        var sum = InternetChecksum(pseudoHeader, protocolNumber: .dccp, length: whole)
        sum.add(output.bytes.extracting(start..<start + covered))
        output.replace(at: start + Self.checksumOffset, with: sum.value)
    }

    private static func coveredLength(header: Int, whole: Int, coverage: UInt8) -> Int {
        let words = Int(coverage & 0x0F)
        return words == 0 ? whole : header + (words - 1) * 4
    }

    static let checksumOffset = 6
}
