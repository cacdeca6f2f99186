import Addresses

extension ParseError.Layer {
    /// The IPv4 header and its options.
    public static var ipv4: Self { Self(rawValue: "IPv4") }
}

/// The IPv4 header (RFC 791 section 3.1), without the payload that follows it.
///
/// The fields that follow from others are `nil` for "the right value". After parsing they are `nil` where the bytes
/// held the right value and hold the odd one otherwise, so that it survives being serialized again.
public struct IPv4Header: Hashable, Sendable {
    /// What the network may do with an overlong packet.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The three bits of the field, as a number from 0 to 7.
        public let rawValue: UInt8

        /// Takes the three bits; higher ones are dropped.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue & 0b111
        }

        /// Must be zero (RFC 791), evil otherwise (RFC 3514).
        public static let reserved = Self(rawValue: 0b100)
        /// Routers must drop the packet rather than cut it.
        public static let dontFragment = Self(rawValue: 0b010)
        /// This is not the last fragment.
        public static let moreFragments = Self(rawValue: 0b001)
    }

    /// Bytes of a header without options.
    public static let minimumLength = 20
    /// Bytes of a header with as many options as can be.
    public static let maximumLength = 60

    /// The header's length in 32-bit words, 0 to 15, as on the wire; `nil` for what the options need.
    public var internetHeaderLength: UInt8?
    /// Per-hop behaviour and congestion notification.
    public var differentiatedServices: DifferentiatedServices
    /// Bytes of header and payload; `nil` for the right one. Parsing compares it with the bytes that were there.
    public var totalLength: UInt16?
    /// Names the packet for reassembly; meaningless in a packet that can't be cut (RFC 6864).
    public var identification: UInt16
    /// What the network may do with an overlong packet.
    public var flags: Flags
    /// Where this fragment belongs in the whole, in units of eight bytes: 0 to 8191, higher bits are dropped.
    public var fragmentOffset: UInt16
    /// Routers that the packet may still pass.
    public var timeToLive: UInt8
    /// What the payload is; `nil` for what an ``IPv4Packet`` carries. Parsing a header alone always gives the number.
    public var protocolNumber: IPProtocol?
    /// The checksum over the header; `nil` for the right one.
    public var checksum: UInt16?
    /// Who sends.
    public var source: IPv4Address
    /// Who shall receive, or the next stop of a source route.
    public var destination: IPv4Address
    /// Without the end-of-list byte and the padding, which follow from the length.
    public var options: [IPv4Option]

    /// A header, all but the ends filled in with what an ordinary packet has.
    public init(
        source: IPv4Address, destination: IPv4Address, protocolNumber: IPProtocol? = nil, timeToLive: UInt8 = 64,
        differentiatedServices: DifferentiatedServices = 0, identification: UInt16 = 0, flags: Flags = [],
        fragmentOffset: UInt16 = 0, options: [IPv4Option] = [], internetHeaderLength: UInt8? = nil,
        totalLength: UInt16? = nil, checksum: UInt16? = nil
    ) {
        self.internetHeaderLength = internetHeaderLength
        self.differentiatedServices = differentiatedServices
        self.totalLength = totalLength
        self.identification = identification
        self.flags = flags
        self.fragmentOffset = fragmentOffset
        self.timeToLive = timeToLive
        self.protocolNumber = protocolNumber
        self.checksum = checksum
        self.source = source
        self.destination = destination
        self.options = options
    }

    /// Bytes from the start of the header to its payload. More than ``maximumLength`` only with too many options,
    /// of which the header then can't say that they are its own.
    @inline(__always)
    public var length: Int {
        let needed = options.isEmpty ? Self.minimumLength : Self.minimumLength + IPv4Option.paddedLength(of: options)
        guard let internetHeaderLength else { return needed }
        return max(needed, Int(internetHeaderLength & 0x0F) * 4)
    }

    /// Bytes of payload in a packet of which `available` bytes are there, counted from the start of the header:
    /// without the padding of a link layer, and without what has been cut off.
    public func payloadLength(available: Int) -> Int {
        max(0, min(totalLength.map(Int.init) ?? available, available) - length)
    }
}

extension IPv4Header {
    /// Reads a header from the start of a packet, whole or cut short after its header.
    ///
    /// A wrong checksum is no error: ``checksum`` then holds it.
    /// - Throws: when there are too few bytes for the header, the version is not 4, one of the two lengths is
    ///   impossible or an option is malformed. ``QuotedPacket`` reads the fixed part whatever the options are.
    public init(parsing bytes: RawSpan) throws(ParseError) {
        try self.init(parsing: bytes, keepingMalformedOptionsAt: nil)
    }

    /// - Parameters:
    ///   - origin: where the header begins in what the caller was given, if malformed options shall be kept.
    init(parsing bytes: RawSpan, keepingMalformedOptionsAt origin: Int?) throws(ParseError) {
        try bytes.require(Self.minimumLength, of: .ipv4)
        let versionAndLength = bytes.uint8(at: 0)
        guard versionAndLength >> 4 == 4 else { throw ParseError(.ipv4, .wrongVersion(versionAndLength >> 4), at: 0) }
        let headerLength = Int(versionAndLength & 0x0F) * 4
        guard headerLength >= Self.minimumLength else {
            throw ParseError(.ipv4, .badHeaderLength(headerLength), at: 0)
        }
        try bytes.require(headerLength, of: .ipv4)
        let totalLength = bytes.uint16(at: 2)
        guard Int(totalLength) >= headerLength else { throw ParseError(.ipv4, .badLength(Int(totalLength)), at: 2) }

        options = []
        internetHeaderLength = nil
        if headerLength > Self.minimumLength {
            options = try IPv4Option.parseList(
                bytes.extracting(Self.minimumLength..<headerLength), of: .ipv4, at: (origin ?? 0) + Self.minimumLength,
                keepingMalformed: origin != nil)
            if Self.minimumLength + IPv4Option.paddedLength(of: options) != headerLength {
                internetHeaderLength = versionAndLength & 0x0F
            }
        }
        differentiatedServices = DifferentiatedServices(rawValue: bytes.uint8(at: 1))
        self.totalLength = Int(totalLength) == bytes.byteCount ? nil : totalLength
        identification = bytes.uint16(at: 4)
        flags = Flags(rawValue: bytes.uint8(at: 6) >> 5)
        fragmentOffset = bytes.uint16(at: 6) & 0x1FFF
        timeToLive = bytes.uint8(at: 8)
        protocolNumber = IPProtocol(rawValue: bytes.uint8(at: 9))
        source = bytes.ipv4Address(at: 12)
        destination = bytes.ipv4Address(at: 16)

        let header = bytes.extracting(first: headerLength)
        checksum = InternetChecksum().oddity(of: header, fieldAt: Self.checksumOffset)?.found
    }

    /// Appends the header, ``length`` bytes.
    ///
    /// - Parameters:
    ///   - output: where to; too little room in it is the caller's bug, and stops the program.
    ///   - payloadLength: bytes that will follow. A sum that sixteen bits can't hold is written as 65,535.
    ///   - payloadProtocol: what will follow, if ``protocolNumber`` doesn't say.
    public func serialize(
        into output: inout OutputRawSpan, payloadLength: Int, payloadProtocol: IPProtocol = .noNextHeader
    ) {
        let length = self.length
        let words = internetHeaderLength ?? UInt8(min(length / 4, 15))
        let wholeLength = totalLength ?? UInt16(clamping: length + Int(UInt16(clamping: payloadLength)))
        let rows: InlineArray<5, UInt32> = [
            row(0x40 | words & 0x0F, differentiatedServices.rawValue, wholeLength),
            row(identification, UInt16(flags.rawValue) << 13 | fragmentOffset & 0x1FFF),
            row(timeToLive, (protocolNumber ?? payloadProtocol).rawValue, checksum ?? 0),
            source.rawValue,
            destination.rawValue,
        ]
        let start = output.byteCount
        var sum = InternetChecksum()
        for index in rows.indices {
            output.append(bigEndian: rows[index])
            sum.add(rows[index])
        }
        if length > Self.minimumLength {
            IPv4Option.serializeList(options, into: &output)
            output.append(repeating: 0, count: start + length - output.byteCount, as: UInt8.self)
            sum.add(output.bytes.extracting(droppingFirst: start + Self.minimumLength))
        }
        if checksum == nil { output.replace(at: start + Self.checksumOffset, with: sum.value) }
    }

    private static let checksumOffset = 10
}
