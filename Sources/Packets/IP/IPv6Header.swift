import Addresses

extension ParseError.Layer {
    /// The IPv6 fixed header.
    public static var ipv6: Self { Self(rawValue: "IPv6") }
}

/// The IPv6 header (RFC 8200 section 3), without extension headers and payload.
public struct IPv6Header: Hashable, Sendable {
    /// Bytes of every IPv6 header.
    public static let length = 40

    /// Per-hop behaviour and congestion notification.
    public var trafficClass: DifferentiatedServices
    /// Names the flow, 20 bits (RFC 6437); higher bits are dropped.
    public var flowLabel: UInt32
    /// Bytes that follow this header; `nil` for the right one. Parsing compares it with the bytes that were there.
    public var payloadLength: UInt16?
    /// What follows this header: an extension header or the payload itself; `nil` for what an ``IPv6Packet``
    /// carries. Parsing a header alone always gives the number.
    public var nextHeader: IPProtocol?
    /// Routers that the packet may still pass.
    public var hopLimit: UInt8
    /// Who sends.
    public var source: IPv6Address
    /// Who shall receive, or the next stop of a routing header.
    public var destination: IPv6Address

    /// A header, all but the ends filled in with what an ordinary packet has.
    public init(
        source: IPv6Address, destination: IPv6Address, nextHeader: IPProtocol? = nil, hopLimit: UInt8 = 64,
        trafficClass: DifferentiatedServices = 0, flowLabel: UInt32 = 0, payloadLength: UInt16? = nil
    ) {
        self.trafficClass = trafficClass
        self.flowLabel = flowLabel
        self.payloadLength = payloadLength
        self.nextHeader = nextHeader
        self.hopLimit = hopLimit
        self.source = source
        self.destination = destination
    }

    /// Bytes of payload, extension headers included, in a packet of which `available` bytes are there, counted from
    /// the start of the header: without the padding of a link layer, and without what has been cut off.
    public func payloadLength(available: Int) -> Int {
        let present = max(0, available - Self.length)
        return min(payloadLength.map(Int.init) ?? present, present)
    }
}

extension IPv6Header {
    /// Reads a header from the start of a packet, whole or cut short after its header.
    ///
    /// - Throws: when there are fewer than 40 bytes or the version is not 6.
    public init(parsing bytes: RawSpan) throws(ParseError) {
        try bytes.require(Self.length, of: .ipv6)
        let firstWord = bytes.uint32(at: 0)
        let version = UInt8(firstWord >> 28)
        guard version == 6 else { throw ParseError(.ipv6, .wrongVersion(version), at: 0) }
        let payloadLength = bytes.uint16(at: 4)

        trafficClass = DifferentiatedServices(rawValue: UInt8(truncatingIfNeeded: firstWord >> 20))
        flowLabel = firstWord & Self.flowLabelMask
        self.payloadLength = Int(payloadLength) == bytes.byteCount - Self.length ? nil : payloadLength
        nextHeader = IPProtocol(rawValue: bytes.uint8(at: 6))
        hopLimit = bytes.uint8(at: 7)
        source = bytes.ipv6Address(at: 8)
        destination = bytes.ipv6Address(at: 24)
    }

    /// Appends the header, 40 bytes.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    ///   - payloadLength: bytes that will follow. More than sixteen bits can hold is written as 65,535.
    ///   - payloadProtocol: what will follow, if ``nextHeader`` doesn't say.
    public func serialize(
        into output: inout OutputRawSpan, payloadLength: Int, payloadProtocol: IPProtocol = .noNextHeader
    ) {
        output.append(bigEndian: 6 << 28 | UInt32(trafficClass.rawValue) << 20 | flowLabel & Self.flowLabelMask)
        let followingLength = self.payloadLength ?? UInt16(clamping: payloadLength)
        output.append(
            bigEndian: row(followingLength, UInt16((nextHeader ?? payloadProtocol).rawValue) << 8 | UInt16(hopLimit)))
        output.append(source)
        output.append(destination)
    }

    private static let flowLabelMask: UInt32 = 0xF_FFFF
}
