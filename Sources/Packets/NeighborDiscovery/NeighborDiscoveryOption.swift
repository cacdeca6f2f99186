import Addresses

/// What a message of neighbour discovery says beside its fixed fields (RFC 4861 section 4.6).
///
/// Options take whole units of eight bytes: what is shorter is filled up with zeros, and a parsed option has them.
public enum NeighborDiscoveryOption: Hashable, Sendable {
    /// Type 1: the sender's address on the link, 6 bytes on Ethernet.
    case sourceLinkLayerAddress([UInt8])
    /// Type 2: the target's address on the link, 6 bytes on Ethernet.
    case targetLinkLayerAddress([UInt8])
    /// Type 3: a prefix of the link.
    case prefixInformation(PrefixInformation)
    /// Type 4: the beginning of the packet that is to go another way.
    case redirectedHeader([UInt8])
    /// Type 5: how many bytes a packet on the link may have.
    case mtu(UInt32)
    /// Type 14: a number by which an answer is known from an older one (RFC 3971 section 5.3.2), 6 bytes or 8 more each
    /// time.
    case nonce([UInt8])
    /// Type 24: a route through the router that is not the default route (RFC 4191 section 2.3).
    case routeInformation(RouteInformation)
    /// Type 25: whom to ask for names, for `lifetime` seconds; all ones for ever (RFC 8106 section 5.1).
    case recursiveDNSServers(lifetime: UInt32, [IPv6Address])
    /// Type 31: what to append to short names, for `lifetime` seconds; all ones for ever (RFC 8106 section 5.2).
    case dnsSearchList(lifetime: UInt32, [DomainName])
    /// Any other option, and what follows its length byte.
    case unknown(type: UInt8, data: [UInt8])

    /// The option's type number.
    public var type: UInt8 {
        switch self {
        case .sourceLinkLayerAddress: 1
        case .targetLinkLayerAddress: 2
        case .prefixInformation: 3
        case .redirectedHeader: 4
        case .mtu: 5
        case .nonce: 14
        case .routeInformation: 24
        case .recursiveDNSServers: 25
        case .dnsSearchList: 31
        case .unknown(let type, _): type
        }
    }

    /// Bytes that the option takes: a multiple of eight.
    public var length: Int {
        let length =
            switch self {
            case .sourceLinkLayerAddress(let bytes), .targetLinkLayerAddress(let bytes), .nonce(let bytes),
                .unknown(_, let bytes):
                2 + bytes.count
            case .prefixInformation: PrefixInformation.optionLength
            case .redirectedHeader(let packet): 8 + packet.count
            case .mtu: 8
            case .routeInformation(let route): route.optionLength
            case .recursiveDNSServers(_, let addresses): 8 + 16 * addresses.count
            case .dnsSearchList(_, let names): names.reduce(8) { $0 + $1.length }
            }
        return (length + Self.unit - 1) / Self.unit * Self.unit
    }

    private static let unit = 8
}

extension NeighborDiscoveryOption {
    /// Reads the options that fill `message` from `offset` on.
    ///
    /// - Throws: a `badOption` with the offset of the first option that breaks its format.
    static func parseList(in message: RawSpan, at offset: Int) throws(ParseError) -> [NeighborDiscoveryOption] {
        var options: [NeighborDiscoveryOption] = []
        var offset = offset
        while offset < message.byteCount {
            guard let length = lengthOfOption(at: offset, in: message),
                let option = NeighborDiscoveryOption(parsing: message.extracting(offset..<offset + length))
            else { throw ParseError(.icmpv6, .badOption(type: message.uint8(at: offset)), at: offset) }
            options.append(option)
            offset += length
        }
        return options
    }

    static func serializeList(_ options: [NeighborDiscoveryOption], into output: inout OutputRawSpan) {
        for option in options { option.serialize(into: &output) }
    }

    /// A length of zero would never come to an end.
    private static func lengthOfOption(at offset: Int, in message: RawSpan) -> Int? {
        guard offset + 1 < message.byteCount else { return nil }
        let length = Int(message.uint8(at: offset + 1)) * unit
        return length > 0 && offset + length <= message.byteCount ? length : nil
    }

    /// Reads one option that fills `bytes`, at least one unit, or `nil` if it is malformed.
    private init?(parsing bytes: RawSpan) {
        let type = bytes.uint8(at: 0)
        let data = bytes.extracting(droppingFirst: 2)
        switch (type, bytes.byteCount) {
        case (1, _): self = .sourceLinkLayerAddress(data.array)
        case (2, _): self = .targetLinkLayerAddress(data.array)
        case (3, PrefixInformation.optionLength): self = .prefixInformation(PrefixInformation(parsing: bytes))
        case (4, _): self = .redirectedHeader(bytes.extracting(droppingFirst: 8).array)
        case (5, 8): self = .mtu(bytes.uint32(at: 4))
        case (14, _): self = .nonce(data.array)
        case (24, 8...24): self = .routeInformation(RouteInformation(parsing: bytes))
        case (25, let length) where length % 16 == 8:
            let addresses = stride(from: 8, to: length, by: 16).map { bytes.ipv6Address(at: $0) }
            self = .recursiveDNSServers(lifetime: bytes.uint32(at: 4), addresses)
        case (31, _):
            guard let names = DomainName.parseList(bytes.extracting(droppingFirst: 8)) else { return nil }
            self = .dnsSearchList(lifetime: bytes.uint32(at: 4), names)
            // Whole units of padding are against the RFC, and harmless.
            if length < bytes.byteCount { self = .unknown(type: type, data: data.array) }
        case (3, _), (5, _), (24, _), (25, _): return nil
        default: self = .unknown(type: type, data: data.array)
        }
    }

    /// Appends one option. A length that a byte can't hold is written as 255 units.
    private func serialize(into output: inout OutputRawSpan) {
        let end = output.byteCount + length
        output.append(type)
        output.append(UInt8(clamping: length / Self.unit))
        switch self {
        case .sourceLinkLayerAddress(let bytes), .targetLinkLayerAddress(let bytes), .nonce(let bytes),
            .unknown(_, let bytes):
            output.append(contentsOf: bytes.span.bytes)
        case .prefixInformation(let prefix): prefix.serialize(into: &output)
        case .redirectedHeader(let packet):
            output.append(repeating: 0, count: 6, as: UInt8.self)
            output.append(contentsOf: packet.span.bytes)
        case .mtu(let mtu): Self.append(mtu, into: &output)
        case .routeInformation(let route): route.serialize(into: &output)
        case .recursiveDNSServers(let lifetime, let addresses):
            Self.append(lifetime, into: &output)
            for address in addresses { output.append(address) }
        case .dnsSearchList(let lifetime, let names):
            Self.append(lifetime, into: &output)
            for name in names { name.serialize(into: &output) }
        }
        output.append(repeating: 0, count: end - output.byteCount, as: UInt8.self)
    }

    /// Two reserved bytes, and the number that three options begin with.
    private static func append(_ value: UInt32, into output: inout OutputRawSpan) {
        output.append(bigEndian: 0 as UInt16)
        output.append(bigEndian: value)
    }
}
