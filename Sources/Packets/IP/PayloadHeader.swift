/// A header that stands between an IP header and a payload: what ``IPPayload`` asks of each.
///
/// The pseudo header is `nil` where it is unknown or where part of the message is missing, as in fragments and
/// quotes: no checksum is then verified on reading, none is computed on writing, and the field is kept as found.
public protocol PayloadHeader: Hashable, Sendable {
    /// What the IP header says of it.
    static var protocolNumber: IPProtocol { get }
    /// Bytes from the start of the header to its payload.
    var length: Int { get }
    /// The ports, for protocols that have them.
    var ports: (source: UInt16, destination: UInt16)? { get }

    /// Reads the header from bytes that are all of the message, payload included.
    init(parsing bytes: RawSpan, in pseudoHeader: PseudoHeader?, verifyingChecksum: Bool) throws(ParseError)

    /// Appends the header and its payload.
    func serialize(into output: inout OutputRawSpan, payload: RawSpan, in pseudoHeader: PseudoHeader?)

    /// What the message says in one line, as tcpdump prints it behind the addresses.
    func summary(payload: RawSpan) -> String

    /// The header's fields with their places; not the payload.
    ///
    /// - Parameters:
    ///   - bytes: what the header was read from.
    ///   - isVerifiable: whether its checksum could be verified.
    func fields(of bytes: RawSpan, isVerifiable: Bool) -> [Field]
}

extension PayloadHeader {
    /// None, as in most protocols.
    public var ports: (source: UInt16, destination: UInt16)? { nil }
}
