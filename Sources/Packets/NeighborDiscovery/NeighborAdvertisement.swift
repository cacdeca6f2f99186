import Addresses

/// Where a neighbour is (RFC 4861 section 4.4): the body of ICMPv6 type 136.
public struct NeighborAdvertisement: Hashable, Sendable {
    /// Single bits: who says it, and what to make of it.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The flags' byte; the bits that have no name are reserved.
        public let rawValue: UInt8

        /// Takes a byte of flags, assigned or not.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// R: the sender is a router.
        public static let router = Self(rawValue: 0x80)
        /// S: somebody had asked.
        public static let solicited = Self(rawValue: 0x40)
        /// O: replaces what is known of the target.
        public static let override = Self(rawValue: 0x20)
    }

    /// Who was asked for, or whose link-layer address has changed.
    public var target: IPv6Address
    /// Who says it, and what to make of it.
    public var flags: Flags
    /// As a rule the target's link-layer address.
    public var options: [NeighborDiscoveryOption]

    /// An advertisement of `target`.
    public init(target: IPv6Address, flags: Flags = [], options: [NeighborDiscoveryOption] = []) {
        self.target = target
        self.flags = flags
        self.options = options
    }
}

extension NeighborAdvertisement {
    /// Bytes of an advertisement without options, the four of type, code and checksum included.
    static let minimumLength = 24

    /// Reads a whole message.
    init(parsing message: RawSpan) throws(ParseError) {
        try message.require(Self.minimumLength, of: .icmpv6)
        flags = Flags(rawValue: message.uint8(at: 4))
        target = message.ipv6Address(at: 8)
        options = try NeighborDiscoveryOption.parseList(in: message, at: Self.minimumLength)
    }

    /// Appends what follows the checksum.
    func serialize(into output: inout OutputRawSpan) {
        output.append(bigEndian: row(flags.rawValue, 0, 0))
        output.append(target)
        NeighborDiscoveryOption.serializeList(options, into: &output)
    }

    func fields(of message: RawSpan) -> [Field] {
        [
            .hexadecimal(
                "Flags", message.uint8(at: 4), 4..<5,
                fields: [
                    .flag("Router", flags.contains(.router), 4..<5),
                    .flag("Solicited", flags.contains(.solicited), 4..<5),
                    .flag("Override", flags.contains(.override), 4..<5),
                ]),
            .bytes("Reserved", message.extracting(5..<8).array, at: 5),
            .text("Target address", target, 8..<24),
        ] + options.fields(of: message, at: Self.minimumLength)
    }
}
