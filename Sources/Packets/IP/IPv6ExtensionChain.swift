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

    /// RFC 8200 section 4.1 knows eight headers in a packet; more than twice that is an attack.
    static let maximumHeaders = 16

    /// Walks over hop-by-hop, routing, fragment and destination options headers.
    ///
    /// Never fails: it stops at the first header that it doesn't know, that isn't whole, or that follows a fragment
    /// header of another than the first fragment.
    /// - Parameters:
    ///   - bytes: what follows the fixed header.
    ///   - nextHeader: what the fixed header says of them.
    public init(parsing bytes: RawSpan, nextHeader: IPProtocol) {
        protocolNumber = nextHeader
        for _ in 0..<Self.maximumHeaders {
            guard bytes.byteCount - length >= Self.unit, fragmentOffset == 0 else { return }
            switch protocolNumber {
            case .hopByHopOptions, .routing, .destinationOptions:
                let headerLength = (Int(bytes.uint8(at: length + 1)) + 1) * Self.unit
                guard bytes.byteCount - length >= headerLength else { return }
                protocolNumber = IPProtocol(rawValue: bytes.uint8(at: length))
                length += headerLength
            case .fragment:
                fragmentOffset = bytes.uint16(at: length + 2) >> 3
                identification = bytes.uint32(at: length + 4)
                protocolNumber = IPProtocol(rawValue: bytes.uint8(at: length))
                length += Self.unit
            default: return
            }
        }
    }

    private static let unit = 8
}
