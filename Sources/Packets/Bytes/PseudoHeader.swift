import Addresses

/// What a transport's checksum covers that stands in the IP header and not in the message itself.
///
/// The destination is the final one, also where a source route or a routing header has another to go to first.
public enum PseudoHeader: Hashable, Sendable {
    /// The ends of an IPv4 packet (RFC 9293 section 3.1, RFC 768).
    case v4(source: IPv4Address, destination: IPv4Address)
    /// The ends of an IPv6 packet (RFC 8200 section 8.1).
    case v6(source: IPv6Address, destination: IPv6Address)
}

extension InternetChecksum {
    /// Begins a checksum with a pseudo header.
    ///
    /// - Parameters:
    ///   - protocolNumber: what the message is.
    ///   - length: bytes of the message, header and payload.
    public init(_ pseudoHeader: PseudoHeader, protocolNumber: IPProtocol, length: Int) {
        self.init()
        switch pseudoHeader {
        case .v4(let source, let destination):
            add(source.rawValue)
            add(destination.rawValue)
            add(UInt16(protocolNumber.rawValue))
            add(UInt16(truncatingIfNeeded: length))
        case .v6(let source, let destination):
            add(source.rawValue)
            add(destination.rawValue)
            add(UInt32(truncatingIfNeeded: length))
            add(UInt32(protocolNumber.rawValue))
        }
    }
}
