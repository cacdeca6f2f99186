import Addresses

/// An IPv4 packet: a header and what it carries, with lengths, protocol number and checksums that fit each other
/// unless they are set to something else.
///
/// ```swift
/// let packet = IPv4Packet(
///     IPv4Header(source: source, destination: destination),
///     payload: .icmp(.echoRequest(identifier: 7, sequenceNumber: 1), payload: data))
/// ```
public struct IPv4Packet: Hashable, Sendable {
    /// Who sends it to whom, and how.
    public var header: IPv4Header
    /// What it carries.
    public var payload: IPPayload

    /// Puts a packet together. What the header leaves open (``IPv4Header/protocolNumber``, lengths, checksum) follows
    /// from the payload.
    public init(_ header: IPv4Header, payload: IPPayload) {
        self.header = header
        self.payload = payload
    }

    /// Bytes of header and payload.
    public var length: Int { header.length + payload.length }
}

extension IPv4Packet {
    /// Reads a packet, whole or cut short after its header.
    ///
    /// Bytes behind the header's total length, as Ethernet pads short packets, are left alone. A payload that breaks
    /// its protocol's rules is ``IPPayload/malformed(_:_:_:)``, and its error's offset is counted from the start of the
    /// packet; malformed options are kept as ``IPv4Option/malformed(_:_:)``. In fragments, and where bytes are missing,
    /// no checksum but the header's is looked at.
    /// - Parameters:
    ///   - verifyingChecksums: whether a wrong checksum makes the payload malformed; if not, it is kept.
    /// - Throws: what the header's parser throws, but for options.
    public init(parsing bytes: RawSpan, verifyingChecksums: Bool = true) throws(ParseError) {
        try self.init(parsing: bytes, in: ParsingContext(verifyingChecksums: verifyingChecksums))
    }

    init(parsing bytes: RawSpan, in context: ParsingContext) throws(ParseError) {
        header = try IPv4Header(parsing: bytes, keepingMalformedOptionsAt: context.origin)
        let end = min(bytes.byteCount, header.length + header.payloadLength(available: bytes.byteCount))
        if end < bytes.byteCount { header.totalLength = nil }
        let protocolNumber = header.protocolNumber ?? .noNextHeader
        header.protocolNumber = nil
        let body = bytes.extracting(header.length..<end)
        if header.fragmentOffset == 0 {
            payload = IPPayload(
                parsing: body, protocolNumber: protocolNumber, in: header.pseudoHeader(payloadLength: body.byteCount),
                context: context.moved(by: header.length))
        } else {
            payload = .other(protocolNumber, body.array)
        }
    }

    /// Appends the packet, ``length`` bytes.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    public func serialize(into output: inout OutputRawSpan) {
        let payloadLength = payload.length
        header.serialize(into: &output, payloadLength: payloadLength, payloadProtocol: payload.protocolNumber)
        payload.serialize(into: &output, in: header.pseudoHeader(payloadLength: payloadLength))
    }
}

extension IPv4Packet {
    /// What is wrong with the packet's options or its payload, or `nil`.
    public var error: ParseError? {
        if case .malformed(_, let error) = header.options.last { error } else { payload.error }
    }
}

extension IPv4Header {
    /// What the payload's checksum covers; `nil` if only a part of the payload is here.
    func pseudoHeader(payloadLength: Int) -> PseudoHeader? {
        let isWhole =
            fragmentOffset == 0 && !flags.contains(.moreFragments)
            && (totalLength == nil || totalLength.map(Int.init) == length + payloadLength)
        return isWhole ? .v4(source: source, destination: finalDestination) : nil
    }

    /// Where the packet is to end: with a source route the route's last address, until it has got there.
    var finalDestination: IPv4Address {
        for option in options {
            switch option {
            case .looseSourceRoute(let route), .strictSourceRoute(let route):
                if route.recorded.count < route.slots.count, let last = route.slots.last { return last }
            default: continue
            }
        }
        return destination
    }
}
