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
        extensions.reduce(IPv6Header.length + payload.length) { $0 + $1.length }
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
        let end = IPv6Header.length + header.payloadLength(available: bytes.byteCount)
        if end < bytes.byteCount { header.payloadLength = nil }
        var protocolNumber = header.nextHeader ?? .noNextHeader
        header.nextHeader = nil
        var offset = IPv6Header.length
        while IPv6ExtensionHeader.exists(protocolNumber), extensions.count < Self.maximumExtensions, !extensions.isLaterFragment
        {
            let rest = bytes.extracting(offset..<end)
            do throws(ParseError) {
                var header = try IPv6ExtensionHeader(parsing: rest, protocolNumber: protocolNumber)
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

    /// Appends the packet, ``length`` bytes.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    public func serialize(into output: inout OutputRawSpan) {
        let following = extensions.map(\.protocolNumber) + [payload.protocolNumber]
        header.serialize(into: &output, payloadLength: length - IPv6Header.length, payloadProtocol: following[0])
        for (index, header) in extensions.enumerated() {
            header.serialize(into: &output, before: following[index + 1])
        }
        payload.serialize(into: &output, in: pseudoHeader(payloadLength: payload.length))
    }

    /// RFC 8200 section 4.1 knows eight headers in a packet; more than twice that is an attack.
    static let maximumExtensions = 16

    /// What the payload's checksum covers; `nil` if only a part of the payload is here.
    func pseudoHeader(payloadLength: Int) -> PseudoHeader? {
        let present = extensions.reduce(payloadLength) { $0 + $1.length }
        guard !extensions.isFragment, header.payloadLength == nil || header.payloadLength.map(Int.init) == present
        else { return nil }
        return .v6(source: header.source, destination: header.destination)
    }
}

extension [IPv6ExtensionHeader] {
    /// Whether the packet is a fragment, and not the first.
    var isLaterFragment: Bool {
        contains { if case .fragment(let offset, _, _) = $0.body { offset > 0 } else { false } }
    }

    /// Whether the packet is a part of a longer one.
    fileprivate var isFragment: Bool {
        contains {
            if case .fragment(let offset, let moreFragments, _) = $0.body { offset > 0 || moreFragments } else { false }
        }
    }
}
