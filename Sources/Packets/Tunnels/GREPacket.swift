extension ParseError.Layer {
    /// Generic Routing Encapsulation.
    public static var gre: Self { Self(rawValue: "GRE") }
}

/// The GRE header (RFC 2784 section 2.1) with its extensions key and sequence number (RFC 2890).
///
/// The version of PPTP (1) and source routes (RFC 1701) are other formats: packets that have them are
/// ``IPPayload/other(_:_:)``.
public struct GREHeader: Hashable, Sendable {
    /// Whether there is a checksum.
    public var hasChecksum: Bool
    /// The checksum over header and payload, if there is one; `nil` for the right one.
    public var checksum: UInt16?
    /// Names the tunnel, if there is more than one between the two ends.
    public var key: UInt32?
    /// Counts the packets.
    public var sequenceNumber: UInt32?
    /// What the payload is; `nil` for what a ``GREPacket`` carries.
    public var protocolType: EtherType?

    /// A header, by default the shortest.
    public init(
        hasChecksum: Bool = false, checksum: UInt16? = nil, key: UInt32? = nil, sequenceNumber: UInt32? = nil,
        protocolType: EtherType? = nil
    ) {
        self.hasChecksum = hasChecksum
        self.checksum = checksum
        self.key = key
        self.sequenceNumber = sequenceNumber
        self.protocolType = protocolType
    }

    /// Bytes from the start of the header to its payload: 4 to 16.
    public var length: Int {
        Self.minimumLength + (hasChecksum ? 4 : 0) + (key == nil ? 0 : 4) + (sequenceNumber == nil ? 0 : 4)
    }

    static let minimumLength = 4
    static let checksumFlag: UInt16 = 0x8000
    static let routingFlag: UInt16 = 0x4000
    static let keyFlag: UInt16 = 0x2000
    static let sequenceNumberFlag: UInt16 = 0x1000
    static let versionMask: UInt16 = 0x0007
    static let checksumOffset = 4
}

/// A GRE packet: a tunnel's header and what is in the tunnel.
public struct GREPacket: Hashable, Sendable {
    /// Which tunnel, and how.
    public var header: GREHeader
    /// What is in the tunnel.
    public var payload: LinkPayload

    /// Puts a packet together. What the header leaves open follows from the payload.
    public init(_ header: GREHeader = GREHeader(), payload: LinkPayload) {
        self.header = header
        self.payload = payload
    }

    /// Bytes of header and payload.
    public var length: Int { header.length + payload.length }
}

extension GREHeader {
    /// Whether `bytes` are of the format that is read here, as far as they are there.
    static func isFormat(of bytes: RawSpan) -> Bool {
        bytes.byteCount < 2 || bytes.uint16(at: 0) & (routingFlag | versionMask) == 0
    }

    /// Reads a header from bytes that are all of the packet.
    ///
    /// - Parameters:
    ///   - isWhole: whether they are really all: only then the checksum can be verified.
    init(parsing bytes: RawSpan, isWhole: Bool, verifyingChecksum: Bool) throws(ParseError) {
        try bytes.require(Self.minimumLength, of: .gre)
        let flags = bytes.uint16(at: 0)
        hasChecksum = flags & Self.checksumFlag != 0
        protocolType = EtherType(rawValue: bytes.uint16(at: 2))
        key = flags & Self.keyFlag == 0 ? nil : 0
        sequenceNumber = flags & Self.sequenceNumberFlag == 0 ? nil : 0
        checksum = nil
        try bytes.require(length, of: .gre)
        let keyOffset = Self.minimumLength + (hasChecksum ? 4 : 0)
        if key != nil { key = bytes.uint32(at: keyOffset) }
        if sequenceNumber != nil { sequenceNumber = bytes.uint32(at: length - 4) }
        guard hasChecksum else { return }
        if isWhole {
            checksum = try InternetChecksum().oddity(
                of: bytes, fieldAt: Self.checksumOffset, verifying: verifyingChecksum, layer: .gre)?.found
        } else {
            checksum = bytes.uint16(at: Self.checksumOffset)
        }
    }

    fileprivate func serialize(into output: inout OutputRawSpan, before payload: EtherType) {
        let flags =
            (hasChecksum ? Self.checksumFlag : 0) | (key == nil ? 0 : Self.keyFlag)
            | (sequenceNumber == nil ? 0 : Self.sequenceNumberFlag)
        output.append(bigEndian: row(flags, (protocolType ?? payload).rawValue))
        if hasChecksum { output.append(bigEndian: row(checksum ?? 0, 0)) }
        if let key { output.append(bigEndian: key) }
        if let sequenceNumber { output.append(bigEndian: sequenceNumber) }
    }
}

extension GREPacket {
    init(parsing bytes: RawSpan, isWhole: Bool, in context: ParsingContext) throws(ParseError) {
        header = try GREHeader(parsing: bytes, isWhole: isWhole, verifyingChecksum: context.verifyingChecksums)
        payload = LinkPayload(
            parsing: bytes.extracting(droppingFirst: header.length), etherType: header.protocolType ?? .ipv4,
            in: context.moved(by: header.length))
        header.protocolType = nil
    }

    func serialize(into output: inout OutputRawSpan) {
        let start = output.byteCount
        header.serialize(into: &output, before: payload.etherType)
        payload.serialize(into: &output)
        guard header.hasChecksum, header.checksum == nil else { return }
        let sum = InternetChecksum.of(output.bytes.extracting(droppingFirst: start))
        output.replace(at: start + GREHeader.checksumOffset, with: sum)
    }
}

/// What a packet says, to people.
extension GREPacket {
    /// What tcpdump prints of it behind the addresses.
    var summary: String {
        var parts = ["GREv0"]
        if header.hasChecksum { parts.append("off 0x0") }
        if let key = header.key { parts.append("key=0x\(String(key, radix: 16))") }
        if let number = header.sequenceNumber { parts.append("seq \(number)") }
        parts.append("length \(length)")
        let inner = payload.packetDescription ?? "gre-proto-0x\(String(payload.etherType.rawValue, radix: 16))"
        return parts.joined(separator: ", ") + ": " + inner
    }

    /// The layers in it, each a group of fields; places are counted from the start of the packet.
    func layers(of bytes: RawSpan, isVerifiable: Bool) -> [Field] {
        [.group("GRE", 0..<header.length, header.fields(of: bytes, isVerifiable: isVerifiable))]
            + payload.layers(of: bytes.extracting(droppingFirst: header.length)).moved(by: header.length)
    }
}

extension GREHeader {
    fileprivate func fields(of bytes: RawSpan, isVerifiable: Bool) -> [Field] {
        let type = EtherType(rawValue: bytes.uint16(at: 2))
        var fields: [Field] = [
            .flag("Checksum present", hasChecksum, 0..<1),
            .flag("Key present", key != nil, 0..<1),
            .flag("Sequence number present", sequenceNumber != nil, 0..<1),
            .hexadecimal("Reserved0", bytes.uint16(at: 0) & 0x0FF8, 0..<2),
            .number("Version", 0, 1..<2),
            .hexadecimal("Protocol type", type.rawValue, 2..<4, meaning: type.description),
        ]
        var offset = Self.minimumLength
        if hasChecksum {
            let verdict = ChecksumVerdict(unusual: checksum, isVerifiable: isVerifiable)
            fields.append(.checksum("Checksum", bytes.uint16(at: offset), offset..<offset + 2, verdict))
            fields.append(.hexadecimal("Reserved1", bytes.uint16(at: offset + 2), offset + 2..<offset + 4))
            offset += 4
        }
        if let key {
            fields.append(.hexadecimal("Key", key, offset..<offset + 4))
            offset += 4
        }
        if let sequenceNumber { fields.append(.number("Sequence number", sequenceNumber, offset..<offset + 4)) }
        return fields
    }
}
