extension ParseError.Layer {
    /// A packet of which only its first bytes say of which IP version it is.
    public static var ip: Self { Self(rawValue: "IP") }
}

/// A packet as a capture or a raw socket holds it: with the header of its link, or beginning with that of IP.
public enum LinkPacket: Hashable, Sendable {
    /// An Ethernet frame.
    case ethernet(EthernetFrame)
    /// A packet behind the header that Linux makes up for captures of every link.
    case linuxCooked(LinuxCookedPacket)
    /// An IPv4 packet.
    case ipv4(IPv4Packet)
    /// An IPv6 packet.
    case ipv6(IPv6Packet)
    /// A packet of a link whose header has no type here.
    case other(LinkType, [UInt8])
}

extension LinkPacket {
    /// What a capture says that its packets are, so that they can be such packets.
    public var linkType: LinkType {
        switch self {
        case .ethernet: .ethernet
        case .linuxCooked(let packet): packet.version == .v1 ? .linuxCooked : .linuxCooked2
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        case .other(let linkType, _): linkType
        }
    }

    /// Bytes of the packet.
    public var length: Int {
        switch self {
        case .ethernet(let frame): frame.length
        case .linuxCooked(let packet): packet.length
        case .ipv4(let packet): packet.length
        case .ipv6(let packet): packet.length
        case .other(_, let bytes): bytes.count
        }
    }

    /// What is wrong with what the packet carries, or `nil`.
    public var error: ParseError? {
        switch self {
        case .ethernet(let frame): frame.payload.error
        case .linuxCooked(let packet): packet.payload.error
        case .ipv4(let packet): packet.error
        case .ipv6(let packet): packet.error
        case .other: nil
        }
    }

    /// Reads a packet, whole or cut short after its first header.
    ///
    /// - Parameters:
    ///   - bytes: the packet.
    ///   - linkType: what it begins with. Behind ``LinkType/raw`` it is the version that decides.
    ///   - verifyingChecksums: whether a wrong checksum makes a payload malformed; if not, it is kept.
    /// - Throws: what the first header's parser throws.
    public init(parsing bytes: RawSpan, linkType: LinkType, verifyingChecksums: Bool = true) throws(ParseError) {
        let context = ParsingContext(verifyingChecksums: verifyingChecksums)
        switch linkType {
        case .ethernet: self = .ethernet(try EthernetFrame(parsing: bytes, in: context))
        case .linuxCooked, .linuxCooked2:
            self = .linuxCooked(try LinuxCookedPacket(parsing: bytes, linkType: linkType, in: context))
        case .ipv4: self = .ipv4(try IPv4Packet(parsing: bytes, in: context))
        case .ipv6: self = .ipv6(try IPv6Packet(parsing: bytes, in: context))
        case .raw:
            try bytes.require(1, of: .ip)
            let version = bytes.uint8(at: 0) >> 4
            switch version {
            case 4: self = .ipv4(try IPv4Packet(parsing: bytes, in: context))
            case 6: self = .ipv6(try IPv6Packet(parsing: bytes, in: context))
            default: throw ParseError(.ip, .wrongVersion(version), at: 0)
            }
        default: self = .other(linkType, bytes.array)
        }
    }

    /// Appends the packet, ``length`` bytes.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    public func serialize(into output: inout OutputRawSpan) {
        switch self {
        case .ethernet(let frame): frame.serialize(into: &output)
        case .linuxCooked(let packet): packet.serialize(into: &output)
        case .ipv4(let packet): packet.serialize(into: &output)
        case .ipv6(let packet): packet.serialize(into: &output)
        case .other(_, let bytes): output.append(contentsOf: bytes.span.bytes)
        }
    }
}

/// What a packet says, to people.
extension LinkPacket: CustomStringConvertible {
    /// One line, as tcpdump prints it without `-e`.
    public var description: String {
        switch self {
        case .ethernet(let frame): frame.description
        case .linuxCooked(let packet): packet.description
        case .ipv4(let packet): packet.description
        case .ipv6(let packet): packet.description
        case .other(let linkType, let bytes): "\(linkType), length \(bytes.count)"
        }
    }

    /// The packet's layers in order, each a group of fields.
    ///
    /// - Parameters:
    ///   - bytes: those that the packet was read from; places are counted from their start.
    public func layers(of bytes: RawSpan) -> [Field] {
        switch self {
        case .ethernet(let frame): frame.layers(of: bytes)
        case .linuxCooked(let packet): packet.layers(of: bytes)
        case .ipv4(let packet): packet.layers(of: bytes)
        case .ipv6(let packet): packet.layers(of: bytes)
        case .other(_, let bytes): Field.payload(bytes, at: 0)
        }
    }
}
