import Addresses

extension ParseError.Layer {
    /// Ethernet.
    public static var ethernet: Self { Self(rawValue: "Ethernet") }
}

/// An Ethernet frame as captures hold it: without preamble and frame check sequence (IEEE 802.3, RFC 894).
public struct EthernetFrame: Hashable, Sendable {
    /// Bytes of a header without tags.
    public static let minimumHeaderLength = 14

    /// Whose frame it is.
    public var destination: MACAddress
    /// Who sends it.
    public var source: MACAddress
    /// The VLANs that it belongs to, the outermost first.
    public var tags: [VLANTag]
    /// What the payload is, or how long; `nil` for what it is.
    public var etherType: EtherType?
    /// What the frame carries.
    public var payload: LinkPayload
    /// What follows the payload: the zeros that fill a short frame up.
    public var trailer: [UInt8]

    /// Puts a frame together. It is not filled up to the least length that a cable carries: the sender's hardware does
    /// that.
    public init(
        destination: MACAddress, source: MACAddress, tags: [VLANTag] = [], etherType: EtherType? = nil,
        payload: LinkPayload, trailer: [UInt8] = []
    ) {
        self.destination = destination
        self.source = source
        self.tags = tags
        self.etherType = etherType
        self.payload = payload
        self.trailer = trailer
    }

    /// Bytes from the start of the frame to its payload.
    public var headerLength: Int { Self.minimumHeaderLength + VLANTag.length * tags.count }

    /// Bytes of header, payload and trailer.
    public var length: Int { headerLength + payload.length + trailer.count }
}

extension EthernetFrame {
    /// Reads a frame, whole or cut short after its header. A payload that breaks its protocol's rules is
    /// ``LinkPayload/malformed(_:_:_:)``.
    ///
    /// - Parameters:
    ///   - bytes: the frame.
    ///   - verifyingChecksums: whether a wrong checksum in what the frame carries is an error; if not, it is kept.
    /// - Throws: when there are too few bytes for the header or its tags, or more tags than anyone uses.
    public init(parsing bytes: RawSpan, verifyingChecksums: Bool = true) throws(ParseError) {
        try self.init(parsing: bytes, in: ParsingContext(verifyingChecksums: verifyingChecksums))
    }

    init(parsing bytes: RawSpan, in context: ParsingContext) throws(ParseError) {
        try bytes.require(Self.minimumHeaderLength, of: .ethernet)
        destination = bytes.macAddress(at: 0)
        source = bytes.macAddress(at: 6)
        tags = []
        var type = EtherType(rawValue: bytes.uint16(at: 12))
        var offset = Self.minimumHeaderLength
        while type == .vlan || type == .serviceVLAN {
            guard tags.count < Self.maximumTags else {
                throw ParseError(.ethernet, .badHeaderLength(offset), at: offset)
            }
            try bytes.require(offset + VLANTag.length, of: .ethernet)
            tags.append(VLANTag(bytes.uint16(at: offset), protocolIdentifier: type))
            type = EtherType(rawValue: bytes.uint16(at: offset + 2))
            offset += VLANTag.length
        }
        let rest = bytes.extracting(droppingFirst: offset)
        if type.isLength {
            // The payload doesn't say what it is; its length is all that this number says.
            let content = rest.extracting(first: min(Int(type.rawValue), rest.byteCount))
            payload = .other(type, content.array)
        } else {
            payload = LinkPayload(parsing: rest, etherType: type, in: context.moved(by: offset))
        }
        etherType = nil
        trailer = rest.extracting(droppingFirst: min(payload.length, rest.byteCount)).array
    }

    /// Appends the frame, ``length`` bytes.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    public func serialize(into output: inout OutputRawSpan) {
        output.append(destination)
        output.append(source)
        for tag in tags {
            output.append(bigEndian: tag.protocolIdentifier.rawValue)
            output.append(bigEndian: tag.controlInformation)
        }
        output.append(bigEndian: (etherType ?? payload.etherType).rawValue)
        payload.serialize(into: &output)
        output.append(contentsOf: trailer.span.bytes)
    }

    /// IEEE 802.1ad uses two.
    private static let maximumTags = 8
}
