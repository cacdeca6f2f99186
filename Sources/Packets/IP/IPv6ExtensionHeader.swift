import Addresses

/// A header between the IPv6 header and the payload (RFC 8200 section 4).
public struct IPv6ExtensionHeader: Hashable, Sendable {
    /// What the header says.
    public enum Body: Hashable, Sendable {
        /// What every router on the way should look at (section 4.3). See ``Swift/Array/aligned`` for the padding.
        case hopByHopOptions([IPv6Option])
        /// Where the packet is to go besides (section 4.4).
        case routing(IPv6RoutingHeader)
        /// A part of a packet that was cut by its sender (section 4.5). `offset` is in units of eight bytes, 0 to
        /// 8191; higher bits are dropped.
        case fragment(offset: UInt16, moreFragments: Bool, identification: UInt32)
        /// A proof of the sender (RFC 4302).
        case authentication(AuthenticationHeader)
        /// What the destination should look at (section 4.6). See ``Swift/Array/aligned`` for the padding.
        case destinationOptions([IPv6Option])
        /// A header whose length is right and whose contents break its format: what follows the length byte, and what
        /// is wrong with it.
        case malformed(IPProtocol, [UInt8], ParseError)
    }

    /// What the header says.
    public var body: Body
    /// What follows the header; `nil` for what does in an ``IPv6Packet``.
    public var nextHeader: IPProtocol?

    /// A header, by default in front of what follows it.
    public init(_ body: Body, nextHeader: IPProtocol? = nil) {
        self.body = body
        self.nextHeader = nextHeader
    }

    /// What the header before it says of it.
    public var protocolNumber: IPProtocol {
        switch body {
        case .hopByHopOptions: .hopByHopOptions
        case .routing: .routing
        case .fragment: .fragment
        case .authentication: .authentication
        case .destinationOptions: .destinationOptions
        case .malformed(let number, _, _): number
        }
    }

    /// Bytes that the header takes. What the body lacks to a multiple of eight is filled up with zeros.
    public var length: Int {
        switch body {
        case .hopByHopOptions(let options), .destinationOptions(let options): Self.length(behindHead: options.length)
        case .routing(let routing): Self.length(behindHead: routing.length)
        case .fragment: Self.unit
        case .authentication(let header): header.length
        case .malformed(_, let bytes, _): Self.length(behindHead: bytes.count)
        }
    }

    /// What is wrong with the header, or `nil`.
    public var error: ParseError? {
        if case .malformed(_, _, let error) = body { error } else { nil }
    }

    private static func length(behindHead count: Int) -> Int { (2 + count + unit - 1) / unit * unit }

    private static let unit = 8
}

extension IPv6ExtensionHeader {
    /// RFC 8200 section 4.1 knows eight headers in a packet; more than twice that is an attack.
    static let maximumCount = 16

    /// Whether `protocolNumber` is that of an extension header this type reads.
    static func exists(_ protocolNumber: IPProtocol) -> Bool {
        switch protocolNumber {
        case .hopByHopOptions, .routing, .fragment, .authentication, .destinationOptions: true
        default: false
        }
    }

    /// Bytes that the header at `offset` says it has, whether they are there or not: at least eight. `nil` if it is no
    /// extension header, there are fewer than eight bytes, or no such header is so short.
    @inline(__always)
    static func statedLength(of protocolNumber: IPProtocol, in bytes: RawSpan, at offset: Int) -> Int? {
        guard bytes.byteCount - offset >= unit else { return nil }
        let stated = Int(bytes.uint8(at: offset + 1))
        switch protocolNumber {
        case .hopByHopOptions, .routing, .destinationOptions: return (stated + 1) * unit
        case .fragment: return unit
        // The one header that counts words of four bytes, and two of them not.
        case .authentication: return stated >= 1 ? (stated + 2) * 4 : nil
        default: return nil
        }
    }

    /// Reads a header from the start of `bytes`, which begin at `origin` of what the caller was given.
    ///
    /// - Throws: when the header isn't whole, or its length is impossible; only then it can't be said what follows.
    init(parsing bytes: RawSpan, protocolNumber: IPProtocol, at origin: Int) throws(ParseError) {
        try bytes.require(Self.unit, of: .ipv6)
        guard let length = Self.statedLength(of: protocolNumber, in: bytes, at: 0) else {
            throw ParseError(.ipv6, .badHeaderLength((Int(bytes.uint8(at: 1)) + 2) * 4), at: 1)
        }
        try bytes.require(length, of: .ipv6)
        nextHeader = IPProtocol(rawValue: bytes.uint8(at: 0))
        let contents = bytes.extracting(2..<length)
        do throws(ParseError) {
            switch protocolNumber {
            case .hopByHopOptions: body = .hopByHopOptions(try IPv6Option.parseList(contents))
            case .destinationOptions: body = .destinationOptions(try IPv6Option.parseList(contents))
            case .routing: body = .routing(try IPv6RoutingHeader(parsing: contents))
            case .authentication:
                body = .authentication(AuthenticationHeader(parsing: bytes.extracting(first: length)))
            default:
                let offsetAndFlag = bytes.uint16(at: 2)
                body = .fragment(
                    offset: offsetAndFlag >> 3, moreFragments: offsetAndFlag & 1 == 1,
                    identification: bytes.uint32(at: 4))
            }
        } catch {
            body = .malformed(protocolNumber, contents.array, error.moved(by: origin + 2))
        }
    }

    func serialize(into output: inout OutputRawSpan, before following: IPProtocol) {
        let start = output.byteCount
        output.append((nextHeader ?? following).rawValue)
        switch body {
        case .fragment: output.append(0 as UInt8)
        case .authentication: output.append(UInt8(clamping: length / 4 - 2))
        default: output.append(UInt8(clamping: length / Self.unit - 1))
        }
        switch body {
        case .hopByHopOptions(let options), .destinationOptions(let options):
            for option in options { option.serialize(into: &output) }
        case .routing(let routing): routing.serialize(into: &output)
        case .fragment(let offset, let moreFragments, let identification):
            output.append(bigEndian: offset << 3 | (moreFragments ? 1 : 0))
            output.append(bigEndian: identification)
        case .authentication(let header): header.serialize(into: &output)
        case .malformed(_, let bytes, _): output.append(contentsOf: bytes.span.bytes)
        }
        output.append(repeating: 0, count: start + length - output.byteCount, as: UInt8.self)
    }
}

/// What headers together mean for the packet.
extension [IPv6ExtensionHeader] {
    /// Bytes that they take.
    var length: Int { reduce(0) { $0 + $1.length } }

    /// Whether the packet is a fragment, and not the first.
    var isLaterFragment: Bool {
        contains { if case .fragment(let offset, _, _) = $0.body { offset > 0 } else { false } }
    }

    /// Whether the packet is a part of a longer one.
    var isFragment: Bool {
        contains {
            if case .fragment(let offset, let moreFragments, _) = $0.body { offset > 0 || moreFragments } else { false }
        }
    }

    /// What the packet says of its length if its own field is too small (RFC 2675). A length that doesn't even cover
    /// the header which it stands in is none.
    var jumboPayloadLength: UInt32? {
        guard let first, case .hopByHopOptions(let options) = first.body else { return nil }
        for case .jumboPayload(let length) in options where Int(length) >= first.length { return length }
        return nil
    }

    /// The sender's address at home, if it is not there (RFC 6275 section 6.3).
    var homeAddress: IPv6Address? {
        for case .destinationOptions(let options) in map(\.body) {
            for case .homeAddress(let address) in options { return address }
        }
        return nil
    }

    /// Where a packet is to end whose next stop is `destination`; `nil` if that can't be known.
    func finalDestination(of destination: IPv6Address) -> IPv6Address? {
        for header in self {
            switch header.body {
            case .routing(let routing): return routing.finalDestination(of: destination)
            case .malformed(.routing, _, _): return nil
            default: continue
            }
        }
        return destination
    }
}
