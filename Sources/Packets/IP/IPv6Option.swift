import Addresses

/// An option of a hop-by-hop or destination options header of IPv6 (RFC 8200 section 4.2).
///
/// Padding is an option here, as it is on the wire: ``Swift/Array/aligned`` adds what a list needs.
public enum IPv6Option: Hashable, Sendable {
    /// What a node does with a packet that has an option which it doesn't know: the two highest bits of the type.
    public enum UnknownAction: UInt8, Hashable, Sendable {
        /// Skip the option.
        case skip = 0
        /// Discard the packet.
        case discard = 1
        /// Discard the packet, and tell its sender in a parameter problem.
        case discardAndReport = 2
        /// The same, but no report of packets to groups.
        case discardAndReportUnicast = 3
    }

    /// One byte that fills a gap.
    case pad1
    /// Two bytes, and these in addition (which are zeros), that fill a gap.
    case padN([UInt8])
    /// Routers should look at the packet although it is not for them (RFC 2711).
    case routerAlert(UInt16)
    /// Bytes of the packet behind the fixed header, more than its own length field can hold (RFC 2675). The field is
    /// then 0.
    case jumboPayload(UInt32)
    /// In how many more tunnels the packet may be put (RFC 2473 section 4.1.1).
    case tunnelEncapsulationLimit(UInt8)
    /// The address of a mobile sender at home: checksums are over it in place of the source (RFC 6275 section 6.3).
    case homeAddress(IPv6Address)
    /// Any other option, and what follows its length byte.
    case unknown(type: UInt8, data: [UInt8])

    /// The option's type byte.
    public var type: UInt8 {
        switch self {
        case .pad1: Self.pad1Type
        case .padN: Self.padNType
        case .routerAlert: Self.routerAlertType
        case .jumboPayload: Self.jumboPayloadType
        case .tunnelEncapsulationLimit: Self.tunnelEncapsulationLimitType
        case .homeAddress: Self.homeAddressType
        case .unknown(let type, _): type
        }
    }

    /// What a node does that doesn't know the option.
    public var unknownAction: UnknownAction { UnknownAction(rawValue: type >> 6) ?? .skip }

    /// Whether routers may change what the option says on the packet's way.
    public var mayChangeOnRoute: Bool { type & 0x20 != 0 }

    /// Bytes that the option takes.
    public var length: Int {
        switch self {
        case .pad1: 1
        case .padN(let zeros): 2 + zeros.count
        case .routerAlert: 4
        case .jumboPayload: 6
        case .tunnelEncapsulationLimit: 3
        case .homeAddress: 18
        case .unknown(_, let data): 2 + data.count
        }
    }

    /// Where the option wants to begin, counted in bytes from the start of the header.
    fileprivate var alignment: (multiple: Int, offset: Int) {
        switch self {
        case .routerAlert: (2, 0)
        case .jumboPayload: (4, 2)
        case .homeAddress: (8, 6)
        default: (1, 0)
        }
    }

    private static let pad1Type: UInt8 = 0x00
    private static let padNType: UInt8 = 0x01
    private static let tunnelEncapsulationLimitType: UInt8 = 0x04
    private static let routerAlertType: UInt8 = 0x05
    private static let jumboPayloadType: UInt8 = 0xC2
    private static let homeAddressType: UInt8 = 0xC9
}

extension [IPv6Option] {
    /// The same options with padding between and behind them, so that each begins where its RFC wants it to and the
    /// header ends at a multiple of eight bytes.
    public var aligned: [IPv6Option] {
        var options: [IPv6Option] = []
        var offset = 2
        func pad(to end: Int) {
            if end - offset == 1 { options.append(.pad1) }
            if end - offset > 1 { options.append(.padN([UInt8](repeating: 0, count: end - offset - 2))) }
            offset = end
        }
        for option in self {
            let (multiple, remainder) = option.alignment
            pad(to: (offset - remainder + multiple - 1) / multiple * multiple + remainder)
            options.append(option)
            offset += option.length
        }
        pad(to: (offset + 7) / 8 * 8)
        return options
    }

    /// Bytes that the options take.
    var length: Int { reduce(0) { $0 + $1.length } }
}

/// Lists of options: what follows the length byte of a header.
extension IPv6Option {
    /// - Throws: a `badOption` with the offset of the first option that breaks its format.
    static func parseList(_ bytes: RawSpan) throws(ParseError) -> [IPv6Option] {
        var options: [IPv6Option] = []
        var offset = 0
        while offset < bytes.byteCount {
            guard let option = IPv6Option(parsing: bytes.extracting(droppingFirst: offset)) else {
                throw ParseError(.ipv6, .badOption(type: bytes.uint8(at: offset)), at: offset)
            }
            options.append(option)
            offset += option.length
        }
        return options
    }

    /// Reads one option from the start of `bytes`, or `nil` if it is malformed.
    private init?(parsing bytes: RawSpan) {
        let type = bytes.uint8(at: 0)
        if type == Self.pad1Type {
            self = .pad1
            return
        }
        guard bytes.byteCount >= 2, bytes.byteCount >= 2 + Int(bytes.uint8(at: 1)) else { return nil }
        let data = bytes.extracting(2..<2 + Int(bytes.uint8(at: 1)))
        switch (type, data.byteCount) {
        case (Self.padNType, _): self = .padN(data.array)
        case (Self.routerAlertType, 2): self = .routerAlert(data.uint16(at: 0))
        case (Self.jumboPayloadType, 4): self = .jumboPayload(data.uint32(at: 0))
        case (Self.tunnelEncapsulationLimitType, 1): self = .tunnelEncapsulationLimit(data.uint8(at: 0))
        case (Self.homeAddressType, 16): self = .homeAddress(data.ipv6Address(at: 0))
        case (Self.routerAlertType, _), (Self.jumboPayloadType, _), (Self.tunnelEncapsulationLimitType, _),
            (Self.homeAddressType, _):
            return nil
        default: self = .unknown(type: type, data: data.array)
        }
    }

    /// Appends the option. A length that a byte can't hold is written as 255.
    func serialize(into output: inout OutputRawSpan) {
        output.append(type)
        if case .pad1 = self { return }
        output.append(UInt8(clamping: length - 2))
        switch self {
        case .pad1: break
        case .padN(let data), .unknown(_, let data): output.append(contentsOf: data.span.bytes)
        case .routerAlert(let value): output.append(bigEndian: value)
        case .jumboPayload(let length): output.append(bigEndian: length)
        case .tunnelEncapsulationLimit(let limit): output.append(limit)
        case .homeAddress(let address): output.append(address)
        }
    }
}
