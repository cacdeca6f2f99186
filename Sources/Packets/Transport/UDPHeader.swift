extension ParseError.Layer {
    /// User Datagram Protocol.
    public static var udp: Self { Self(rawValue: "UDP") }
}

/// The UDP header (RFC 768), without the payload that follows it.
public struct UDPHeader: Hashable, Sendable {
    /// Bytes of every UDP header.
    public static let length = 8

    /// Whose datagram it is; 0 if no answer is expected.
    public var sourcePort: UInt16
    /// Who shall receive it.
    public var destinationPort: UInt16
    /// Bytes of header and payload; `nil` for the right one. Parsing compares it with the bytes that were there.
    public var messageLength: UInt16?
    /// The checksum over pseudo header, header and payload; `nil` for the right one. 0 says that there is none, which
    /// IPv6 forbids with few exceptions (RFC 6935).
    public var checksum: UInt16?

    /// A header, by default with the right length and checksum.
    public init(
        sourcePort: UInt16, destinationPort: UInt16, messageLength: UInt16? = nil, checksum: UInt16? = nil
    ) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.messageLength = messageLength
        self.checksum = checksum
    }
}

extension UDPHeader: PayloadHeader {
    /// The protocol's number in an IP header.
    public static var protocolNumber: IPProtocol { .udp }

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
    /// - Throws: when there are fewer than 8 bytes, the length is less than 8, or the checksum is wrong and shall not
    ///   be.
    public init(
        parsing bytes: RawSpan, in pseudoHeader: PseudoHeader? = nil, verifyingChecksum: Bool = true
    ) throws(ParseError) {
        try bytes.require(Self.length, of: .udp)
        sourcePort = bytes.uint16(at: 0)
        destinationPort = bytes.uint16(at: 2)
        let found = bytes.uint16(at: 4)
        guard Int(found) >= Self.length else { throw ParseError(.udp, .badLength(Int(found)), at: 4) }
        messageLength = Int(found) == bytes.byteCount ? nil : found
        checksum = bytes.uint16(at: Self.checksumOffset)
        guard let pseudoHeader, checksum != 0 else { return }
        // The receiver knows only the length field: what is behind it is no part of the datagram.
        let datagram = bytes.extracting(first: min(Int(found), bytes.byteCount))
        let sum = InternetChecksum(pseudoHeader, protocolNumber: .udp, length: datagram.byteCount)
        let oddity = try sum.oddity(
            of: datagram, fieldAt: Self.checksumOffset, verifying: verifyingChecksum, layer: .udp)
        checksum = oddity.flatMap { $0.isWrong ? $0.found : nil }
    }

    /// Appends the header and its payload.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    ///   - payload: what follows the header; the checksum covers it.
    ///   - pseudoHeader: the packet's ends; without them a checksum of `nil` is written as 0.
    public func serialize(into output: inout OutputRawSpan, payload: RawSpan, in pseudoHeader: PseudoHeader? = nil) {
        let start = output.byteCount
        let length = Self.length + payload.byteCount
        let covered = min(length, max(Self.length, messageLength.map(Int.init) ?? length))
        output.append(bigEndian: row(sourcePort, destinationPort))
        output.append(bigEndian: row(messageLength ?? UInt16(clamping: length), checksum ?? 0))
        output.append(contentsOf: payload)
        guard checksum == nil, let pseudoHeader else { return }
        var sum = InternetChecksum(pseudoHeader, protocolNumber: .udp, length: covered)
        sum.add(output.bytes.extracting(start..<start + covered))
        // A checksum of zero would say that there is none; 0xFFFF is the same in ones' complement (RFC 768).
        output.replace(at: start + Self.checksumOffset, with: sum.value == 0 ? 0xFFFF : sum.value)
    }

    /// What the message says in one line, as tcpdump prints it behind the addresses.
    public func summary(payload: RawSpan) -> String {
        "UDP, length \(messageLength.map { max(0, Int($0) - Self.length) } ?? payload.byteCount)"
    }

    /// The header's fields with their places; see ``PayloadHeader/fields(of:isVerifiable:)``.
    public func fields(of bytes: RawSpan, isVerifiable: Bool) -> [Field] {
        let verdict = checksum == 0 ? .absent : ChecksumVerdict(unusual: checksum, isVerifiable: isVerifiable)
        return [
            .number("Source port", sourcePort, 0..<2),
            .number("Destination port", destinationPort, 2..<4),
            .number("Length", bytes.uint16(at: 4), 4..<6),
            .checksum("Checksum", bytes.uint16(at: Self.checksumOffset), 6..<8, verdict),
        ]
    }

    private static let checksumOffset = 6
}
