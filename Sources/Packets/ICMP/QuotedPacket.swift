import Addresses

extension ParseError.Layer {
    /// What an ICMP error quotes back.
    public static var quotedPacket: Self { Self(rawValue: "quoted packet") }
}

/// What an ICMP or ICMPv6 error quotes of the packet that it complains about, IPv4 or IPv6 (RFC 792, RFC 4443).
///
/// A quote is cut short and has been on its way: nothing in it is believed further than it is needed to find out whose
/// probe it was. Reading one allocates nothing, looks at no option, and verifies neither length nor checksum.
public struct QuotedPacket: Hashable, Sendable {
    /// Who sent the packet.
    public let source: IPAddress
    /// Where it was to go; with a source route, where it was to go next.
    public let destination: IPAddress
    /// What the packet carries, behind any IPv6 extension headers.
    public let protocolNumber: IPProtocol
    /// The IPv4 time to live or the IPv6 hop limit when the packet got where the error comes from.
    public let timeToLive: UInt8
    /// The packet's type of service or traffic class, as it got there.
    public let differentiatedServices: DifferentiatedServices
    /// Bytes of the whole packet as it was sent, header included, as its header says.
    public let totalLength: Int
    /// The number that the packet's fragments share: always there in IPv4, in IPv6 with a fragment header.
    public let identification: UInt32?
    /// Where the fragment belongs in the whole, in units of eight bytes.
    public let fragmentOffset: UInt16
    /// Bytes from the start of the quote to the transport header: never more than there are.
    public let transportOffset: Int
    /// How many of the first eight bytes behind the IP headers were quoted.
    public let transportByteCount: Int
    /// The first eight bytes behind the IP headers, the first of them highest; zeros where they weren't quoted.
    public let transportBytes: UInt64

    /// Reads a quote from the start of an ICMP error's payload. What follows the transport header doesn't matter.
    ///
    /// - Throws: when the IP version is neither 4 nor 6, the IPv4 header's length is impossible, or there are too few
    ///   bytes for the IPv4 header with its options or for the IPv6 header without extensions.
    public init(parsing bytes: RawSpan) throws(ParseError) {
        try bytes.require(1, of: .quotedPacket)
        let version = bytes.uint8(at: 0) >> 4
        switch version {
        case 4: try self.init(parsingIPv4: bytes)
        case 6: try self.init(parsingIPv6: bytes)
        default: throw ParseError(.quotedPacket, .wrongVersion(version), at: 0)
        }
    }

    private init(parsingIPv4 bytes: RawSpan) throws(ParseError) {
        let headerLength = Int(bytes.uint8(at: 0) & 0x0F) * 4
        guard headerLength >= IPv4Header.minimumLength else {
            throw ParseError(.quotedPacket, .badHeaderLength(headerLength), at: 0)
        }
        try bytes.require(headerLength, of: .quotedPacket)
        differentiatedServices = DifferentiatedServices(rawValue: bytes.uint8(at: 1))
        totalLength = Int(bytes.uint16(at: 2))
        identification = UInt32(bytes.uint16(at: 4))
        fragmentOffset = bytes.uint16(at: 6) & 0x1FFF
        timeToLive = bytes.uint8(at: 8)
        protocolNumber = IPProtocol(rawValue: bytes.uint8(at: 9))
        source = .v4(bytes.ipv4Address(at: 12))
        destination = .v4(bytes.ipv4Address(at: 16))
        transportOffset = headerLength
        (transportBytes, transportByteCount) = Self.firstEightBytes(of: bytes, at: headerLength)
    }

    private init(parsingIPv6 bytes: RawSpan) throws(ParseError) {
        try bytes.require(IPv6Header.length, of: .quotedPacket)
        let chain = IPv6ExtensionChain(
            parsing: bytes.extracting(droppingFirst: IPv6Header.length),
            nextHeader: IPProtocol(rawValue: bytes.uint8(at: 6)))
        differentiatedServices = DifferentiatedServices(
            rawValue: UInt8(truncatingIfNeeded: bytes.uint16(at: 0) >> 4))
        totalLength = IPv6Header.length + Int(bytes.uint16(at: 4))
        identification = chain.identification
        fragmentOffset = chain.fragmentOffset
        timeToLive = bytes.uint8(at: 7)
        protocolNumber = chain.protocolNumber
        source = .v6(bytes.ipv6Address(at: 8))
        destination = .v6(bytes.ipv6Address(at: 24))
        transportOffset = IPv6Header.length + chain.length
        (transportBytes, transportByteCount) = Self.firstEightBytes(of: bytes, at: transportOffset)
    }

    private static func firstEightBytes(of bytes: RawSpan, at offset: Int) -> (UInt64, count: Int) {
        let count = min(8, bytes.byteCount - offset)
        var value: UInt64 = 0
        for index in 0..<count {
            value |= UInt64(bytes.uint8(at: offset + index)) << UInt64(56 - 8 * index)
        }
        return (value, count)
    }
}

/// What the first transport bytes say. It is there only in first fragments: others begin somewhere in the payload.
extension QuotedPacket {
    /// The echo request that the packet was, ICMP in IPv4 or ICMPv6 in IPv6; `nil` if it was something else.
    public var echoRequest: ICMPEcho? {
        guard hasTransportHeader else { return nil }
        let isEchoRequest =
            switch (source, protocolNumber) {
            case (.v4, .icmp): transportBytes >> 48 == 0x0800
            case (.v6, .icmpv6): transportBytes >> 48 == 0x8000
            default: false
            }
        return isEchoRequest ? ICMPEcho(restOfHeader: UInt32(truncatingIfNeeded: transportBytes)) : nil
    }

    /// The two ports, if the packet was UDP, UDP-Lite, TCP, SCTP or DCCP.
    public var ports: (source: UInt16, destination: UInt16)? {
        guard protocolNumber.hasPorts, fragmentOffset == 0, transportByteCount >= 4 else { return nil }
        return (UInt16(transportBytes >> 48), UInt16(truncatingIfNeeded: transportBytes >> 32))
    }

    private var hasTransportHeader: Bool { fragmentOffset == 0 && transportByteCount == 8 }
}
