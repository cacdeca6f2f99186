import Addresses

/// An IPv6 packet: a header, extension headers, and what it carries, with lengths, protocol numbers and checksums that
/// fit each other unless they are set to something else.
public struct IPv6Packet: Hashable, Sendable {
    /// Who sends it to whom, and how.
    public var header: IPv6Header
    /// The headers between the fixed one and the payload.
    public var extensions: [IPv6ExtensionHeader]
    /// What it carries.
    public var payload: IPPayload

    /// Puts a packet together. What the headers leave open (next headers, lengths) follows from what comes behind.
    public init(_ header: IPv6Header, extensions: [IPv6ExtensionHeader] = [], payload: IPPayload) {
        self.header = header
        self.extensions = extensions
        self.payload = payload
    }

    /// Bytes of header, extension headers and payload.
    public var length: Int {
        IPv6Header.length + extensions.length + payload.length
    }
}

extension IPv6Packet {
    /// Reads a packet, whole or cut short after its fixed header.
    ///
    /// Bytes behind the header's payload length, as Ethernet pads short packets, are left alone. An extension header or
    /// a payload that breaks its protocol's rules is ``IPPayload/malformed(_:_:_:)``, and its error's offset is counted
    /// from the start of the packet. In fragments, and where bytes are missing, no checksum is looked at.
    /// - Parameters:
    ///   - verifyingChecksums: whether a wrong checksum makes the payload malformed; if not, it is kept.
    /// - Throws: what the fixed header's parser throws.
    public init(parsing bytes: RawSpan, verifyingChecksums: Bool = true) throws(ParseError) {
        try self.init(parsing: bytes, in: ParsingContext(verifyingChecksums: verifyingChecksums))
    }

    init(parsing bytes: RawSpan, in context: ParsingContext) throws(ParseError) {
        header = try IPv6Header(parsing: bytes)
        extensions = []
        payload = .other(.noNextHeader, [])
        let end = IPv6Header.length + payloadLength(in: bytes)
        var protocolNumber = header.nextHeader ?? .noNextHeader
        header.nextHeader = nil
        var offset = IPv6Header.length
        while IPv6ExtensionHeader.exists(protocolNumber), extensions.count < IPv6ExtensionHeader.maximumCount,
            !extensions.isLaterFragment
        {
            let rest = bytes.extracting(offset..<end)
            do throws(ParseError) {
                var header = try IPv6ExtensionHeader(
                    parsing: rest, protocolNumber: protocolNumber, at: context.origin + offset)
                offset += header.length
                protocolNumber = header.nextHeader ?? .noNextHeader
                header.nextHeader = nil
                extensions.append(header)
            } catch {
                payload = .malformed(protocolNumber, rest.array, error.moved(by: context.origin + offset))
                return
            }
        }
        let body = bytes.extracting(offset..<end)
        if extensions.isLaterFragment || IPv6ExtensionHeader.exists(protocolNumber) {
            payload = .other(protocolNumber, body.array)
        } else {
            payload = IPPayload(
                parsing: body, protocolNumber: protocolNumber, in: pseudoHeader(payloadLength: body.byteCount),
                context: context.moved(by: offset))
        }
    }

    /// Bytes behind the fixed header that are the packet's. Sets the header's length to `nil` if it is the right one.
    private mutating func payloadLength(in bytes: RawSpan) -> Int {
        let available = bytes.byteCount - IPv6Header.length
        let field = bytes.uint16(at: 4)
        if let jumbo = Self.jumboPayloadLength(in: bytes) {
            guard field == 0 else {
                // A jumbo packet's field is 0: this one is none, and says so.
                header.payloadLength = field
                return header.payloadLength(available: bytes.byteCount)
            }
            header.payloadLength = Int(jumbo) <= available ? nil : 0
            return min(Int(jumbo), available)
        }
        let length = header.payloadLength(available: bytes.byteCount)
        if length < available { header.payloadLength = nil }
        return length
    }

    private static func jumboPayloadLength(in bytes: RawSpan) -> UInt32? {
        guard IPProtocol(rawValue: bytes.uint8(at: 6)) == .hopByHopOptions,
            let header = try? IPv6ExtensionHeader(
                parsing: bytes.extracting(droppingFirst: IPv6Header.length), protocolNumber: .hopByHopOptions, at: 0)
        else { return nil }
        return [header].jumboPayloadLength
    }

    /// Appends the packet, ``length`` bytes.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    public func serialize(into output: inout OutputRawSpan) {
        let following = extensions.map(\.protocolNumber) + [payload.protocolNumber]
        let payloadLength = extensions.jumboPayloadLength == nil ? length - IPv6Header.length : 0
        header.serialize(into: &output, payloadLength: payloadLength, payloadProtocol: following[0])
        for (index, header) in extensions.enumerated() {
            header.serialize(into: &output, before: following[index + 1])
        }
        payload.serialize(into: &output, in: pseudoHeader(payloadLength: payload.length))
    }

    /// What is wrong with the packet's extension headers or its payload, or `nil`.
    public var error: ParseError? { extensions.lazy.compactMap(\.error).first ?? payload.error }

    /// What the payload's checksum covers; `nil` if only a part of the payload is here, or its ends are not known.
    func pseudoHeader(payloadLength: Int) -> PseudoHeader? {
        let present = extensions.length + payloadLength
        guard !extensions.isFragment, header.payloadLength == nil || header.payloadLength.map(Int.init) == present,
            let destination = extensions.finalDestination(of: header.destination)
        else { return nil }
        return .v6(source: extensions.homeAddress ?? header.source, destination: destination)
    }
}
