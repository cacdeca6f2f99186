/// A header between the IPv6 header and the payload (RFC 8200 section 4).
public struct IPv6ExtensionHeader: Hashable, Sendable {
    /// What the header says.
    public enum Body: Hashable, Sendable {
        /// A part of a packet that was cut by its sender (section 4.5). `offset` is in units of eight bytes, 0 to
        /// 8191; higher bits are dropped.
        case fragment(offset: UInt16, moreFragments: Bool, identification: UInt32)
        /// Any other header with a length byte: what follows that byte, 6 bytes and then a multiple of 8.
        case other(IPProtocol, [UInt8])
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
        case .fragment: .fragment
        case .other(let number, _): number
        }
    }

    /// Bytes that the header takes.
    public var length: Int {
        switch body {
        case .fragment: Self.unit
        case .other(_, let bytes): (2 + bytes.count + Self.unit - 1) / Self.unit * Self.unit
        }
    }

    static let unit = 8
}

extension IPv6ExtensionHeader {
    /// Whether `protocolNumber` is that of an extension header this type reads.
    static func exists(_ protocolNumber: IPProtocol) -> Bool {
        switch protocolNumber {
        case .hopByHopOptions, .routing, .fragment, .destinationOptions: true
        default: false
        }
    }

    /// Reads a header from the start of `bytes`.
    init(parsing bytes: RawSpan, protocolNumber: IPProtocol) throws(ParseError) {
        try bytes.require(Self.unit, of: .ipv6)
        nextHeader = IPProtocol(rawValue: bytes.uint8(at: 0))
        if protocolNumber == .fragment {
            let offsetAndFlag = bytes.uint16(at: 2)
            body = .fragment(
                offset: offsetAndFlag >> 3, moreFragments: offsetAndFlag & 1 == 1, identification: bytes.uint32(at: 4))
            return
        }
        let length = (Int(bytes.uint8(at: 1)) + 1) * Self.unit
        try bytes.require(length, of: .ipv6)
        body = .other(protocolNumber, bytes.extracting(2..<length).array)
    }

    func serialize(into output: inout OutputRawSpan, before following: IPProtocol) {
        let start = output.byteCount
        output.append((nextHeader ?? following).rawValue)
        switch body {
        case .fragment(let offset, let moreFragments, let identification):
            output.append(0 as UInt8)
            output.append(bigEndian: offset << 3 | (moreFragments ? 1 : 0))
            output.append(bigEndian: identification)
        case .other(_, let bytes):
            output.append(UInt8(clamping: length / Self.unit - 1))
            output.append(contentsOf: bytes.span.bytes)
        }
        output.append(repeating: 0, count: start + length - output.byteCount, as: UInt8.self)
    }

    func fields(of bytes: RawSpan) -> [Field] {
        let next = Field.number("Next header", bytes.uint8(at: 0), 0..<1, meaning: nextHeader?.description)
        switch body {
        case .fragment(let offset, let moreFragments, let identification):
            return [
                next,
                .number("Fragment offset", offset, 2..<4, meaning: "\(Int(offset) * 8) bytes"),
                .flag("More fragments", moreFragments, 3..<4),
                .hexadecimal("Identification", identification, 4..<8),
            ]
        case .other(_, let data):
            return [
                next, .number("Header extension length", bytes.uint8(at: 1), 1..<2, meaning: "\(length) bytes"),
                .bytes("Data", data, at: 2),
            ]
        }
    }
}
