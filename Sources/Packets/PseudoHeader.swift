import Addresses

/// The pseudo headers: what a checksum covers that stands in the IP header and not in the message itself.
extension InternetChecksum {
    /// Begins a checksum with the IPv4 pseudo header (RFC 9293 section 3.1, RFC 768).
    ///
    /// - Parameters:
    ///   - length: bytes of the message, header and payload.
    public init(source: IPv4Address, destination: IPv4Address, protocolNumber: IPProtocol, length: Int) {
        self.init()
        add(source.rawValue)
        add(destination.rawValue)
        add(UInt16(protocolNumber.rawValue))
        add(UInt16(truncatingIfNeeded: length))
    }

    /// Begins a checksum with the IPv6 pseudo header (RFC 8200 section 8.1).
    ///
    /// - Parameters:
    ///   - destination: the final destination, also where a routing header has another one to go to first.
    ///   - length: bytes of the message, header and payload.
    public init(source: IPv6Address, destination: IPv6Address, protocolNumber: IPProtocol, length: Int) {
        self.init()
        add(source.rawValue)
        add(destination.rawValue)
        add(UInt32(truncatingIfNeeded: length))
        add(UInt32(protocolNumber.rawValue))
    }
}
