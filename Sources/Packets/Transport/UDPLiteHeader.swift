extension ParseError.Layer {
    /// Lightweight User Datagram Protocol.
    public static var udpLite: Self { Self(rawValue: "UDP-Lite") }
}

/// The UDP-Lite header (RFC 3828), without the payload that follows it: UDP with a checksum over as much of the
/// datagram as the sender finds important.
public struct UDPLiteHeader: Hashable, Sendable {
    /// Bytes of every UDP-Lite header.
    public static let length = 8

    /// Whose datagram it is; 0 if no answer is expected.
    public var sourcePort: UInt16
    /// Who shall receive it.
    public var destinationPort: UInt16
    /// Bytes under the checksum, counted from the start of the header; 0 for all of them. Receivers drop what says 1 to
    /// 7, or more than there are.
    public var checksumCoverage: UInt16
    /// The checksum over pseudo header and ``checksumCoverage``; `nil` for the right one. 0 is always wrong.
    public var checksum: UInt16?

    /// A header, by default with the right checksum over all of the datagram.
    public init(
        sourcePort: UInt16, destinationPort: UInt16, checksumCoverage: UInt16 = 0, checksum: UInt16? = nil
    ) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.checksumCoverage = checksumCoverage
        self.checksum = checksum
    }
}

extension UDPLiteHeader: PayloadHeader {
    /// The protocol's number in an IP header.
    public static var protocolNumber: IPProtocol { .udpLite }

    /// Bytes from the start of the header to its payload: 8.
    public var length: Int { Self.length }

    /// The two ports.
    public var ports: (source: UInt16, destination: UInt16)? { (sourcePort, destinationPort) }

    /// Reads a header from bytes that are all of the datagram, payload included.
    ///
    /// - Parameters:
    ///   - bytes: the header and its payload.
    ///   - pseudoHeader: the packet's ends; `nil` where they are unknown or part of the datagram is missing: then the
    ///     checksum is not verified, and ``checksum`` holds what was found.
    ///   - verifyingChecksum: whether a wrong checksum is an error; if not, ``checksum`` holds it.
    /// - Throws: when there are fewer than 8 bytes, the coverage is illegal (RFC 3828 section 3.1), or the checksum is
    ///   wrong and shall not be.
    public init(
        parsing bytes: RawSpan, in pseudoHeader: PseudoHeader? = nil, verifyingChecksum: Bool = true
    ) throws(ParseError) {
        try bytes.require(Self.length, of: .udpLite)
        sourcePort = bytes.uint16(at: 0)
        destinationPort = bytes.uint16(at: 2)
        checksumCoverage = bytes.uint16(at: 4)
        let coverage = Int(checksumCoverage)
        let isLegal = coverage == 0 || coverage >= Self.length && (pseudoHeader == nil || coverage <= bytes.byteCount)
        guard isLegal else { throw ParseError(.udpLite, .badLength(coverage), at: 4) }
        let found = bytes.uint16(at: Self.checksumOffset)
        checksum = found
        guard let pseudoHeader else { return }
        let covered = bytes.extracting(first: coverage == 0 ? bytes.byteCount : coverage)
        var sum = InternetChecksum(pseudoHeader, protocolNumber: .udpLite, length: bytes.byteCount)
        guard found == 0 else {
            let oddity = try sum.oddity(
                of: covered, fieldAt: Self.checksumOffset, verifying: verifyingChecksum, layer: .udpLite)
            checksum = oddity.flatMap { $0.isWrong ? $0.found : nil }
            return
        }
        sum.add(covered)
        let expected = Self.onWire(sum.value)
        guard !verifyingChecksum else {
            throw ParseError(.udpLite, .badChecksum(expected: expected, found: 0), at: Self.checksumOffset)
        }
    }

    /// Appends the header and its payload. A checksum over an illegal coverage covers the header, or all there is.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    ///   - payload: what follows the header.
    ///   - pseudoHeader: the packet's ends; without them a checksum of `nil` is written as 0.
    public func serialize(into output: inout OutputRawSpan, payload: RawSpan, in pseudoHeader: PseudoHeader? = nil) {
        let start = output.byteCount
        let length = Self.length + payload.byteCount
        let covered = checksumCoverage == 0 ? length : min(length, max(Self.length, Int(checksumCoverage)))
        output.append(bigEndian: row(sourcePort, destinationPort))
        output.append(bigEndian: row(checksumCoverage, checksum ?? 0))
        output.append(contentsOf: payload)
        guard checksum == nil, let pseudoHeader else { return }
        var sum = InternetChecksum(pseudoHeader, protocolNumber: .udpLite, length: length)
        sum.add(output.bytes.extracting(start..<start + covered))
        output.replace(at: start + Self.checksumOffset, with: Self.onWire(sum.value))
    }

    /// What the message says in one line, in the manner of UDP: tcpdump doesn't know the protocol.
    public func summary(payload: RawSpan) -> String { "UDP-Lite, length \(payload.byteCount)" }

    /// The header's fields with their places; see ``PayloadHeader/fields(of:isVerifiable:)``.
    public func fields(of bytes: RawSpan, isVerifiable: Bool) -> [Field] {
        let verdict = ChecksumVerdict(unusual: checksum, isVerifiable: isVerifiable)
        return [
            .number("Source port", sourcePort, 0..<2),
            .number("Destination port", destinationPort, 2..<4),
            .number(
                "Checksum coverage", checksumCoverage, 4..<6, meaning: checksumCoverage == 0 ? "all bytes" : nil),
            .checksum("Checksum", bytes.uint16(at: Self.checksumOffset), 6..<8, verdict),
        ]
    }

    /// No checksum is sent as zero; 0xFFFF is the same in ones' complement.
    private static func onWire(_ checksum: UInt16) -> UInt16 { checksum == 0 ? 0xFFFF : checksum }

    private static let checksumOffset = 6
}
