/// Where the extension headers of an IPv6 packet end, and what comes behind them (RFC 8200 section 4).
public struct IPv6ExtensionChain: Hashable, Sendable {
    /// What follows the chain. It is an extension header's own number if the chain is cut short or too long.
    public private(set) var protocolNumber: IPProtocol
    /// Bytes of the chain: never more than there are.
    public private(set) var length = 0
    /// From the fragment header, in units of eight bytes; zero without one.
    public private(set) var fragmentOffset: UInt16 = 0
    /// From the fragment header: names the packet for reassembly.
    public private(set) var identification: UInt32?

    /// Walks over hop-by-hop, routing, fragment, authentication and destination options headers.
    ///
    /// Never fails: it stops at the first header that it doesn't know, that isn't whole, or that follows a fragment
    /// header of another than the first fragment.
    /// - Parameters:
    ///   - bytes: what follows the fixed header.
    ///   - nextHeader: what the fixed header says of them.
    public init(parsing bytes: RawSpan, nextHeader: IPProtocol) {
        protocolNumber = nextHeader
        for _ in 0..<IPv6ExtensionHeader.maximumCount {
            guard fragmentOffset == 0,
                let headerLength = IPv6ExtensionHeader.statedLength(of: protocolNumber, in: bytes, at: length),
                bytes.byteCount - length >= headerLength
            else { return }
            if protocolNumber == .fragment {
                fragmentOffset = bytes.uint16(at: length + 2) >> 3
                identification = bytes.uint32(at: length + 4)
            }
            protocolNumber = IPProtocol(rawValue: bytes.uint8(at: length))
            length += headerLength
        }
    }
}
