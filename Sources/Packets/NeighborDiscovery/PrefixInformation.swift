import Addresses

/// A prefix of the link, in a router advertisement (RFC 4861 section 4.6.2).
public struct PrefixInformation: Hashable, Sendable {
    /// Single bits: what the prefix is good for.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The flags' byte; the bits that have no name are reserved.
        public let rawValue: UInt8

        /// Takes a byte of flags, assigned or not.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// L: its addresses are on the link.
        public static let onLink = Self(rawValue: 0x80)
        /// A: hosts make themselves addresses of it.
        public static let autonomous = Self(rawValue: 0x40)
        /// R: the prefix field holds the router's whole address (RFC 6275 section 7.2).
        public static let routerAddress = Self(rawValue: 0x20)
        /// P: hosts had better ask DHCPv6 for a prefix of their own (RFC 9762 section 4).
        public static let prefixDelegationPreferred = Self(rawValue: 0x10)
    }

    /// The prefix; what is behind its length means nothing, as a rule.
    public var prefix: IPv6Address
    /// Its bits, 0 to 128; parsing lets any number pass.
    public var prefixLength: UInt8
    /// What the prefix is good for.
    public var flags: Flags
    /// For how many seconds it is on the link; all ones for ever.
    public var validLifetime: UInt32
    /// For how many seconds addresses of it are preferred; all ones for ever.
    public var preferredLifetime: UInt32

    /// A prefix, by default as RFC 4861 section 6.2.1 has routers advertise theirs: for 30 and 7 days.
    public init(
        prefix: IPv6Address, prefixLength: UInt8, flags: Flags = [.onLink, .autonomous],
        validLifetime: UInt32 = 2_592_000, preferredLifetime: UInt32 = 604_800
    ) {
        self.prefix = prefix
        self.prefixLength = prefixLength
        self.flags = flags
        self.validLifetime = validLifetime
        self.preferredLifetime = preferredLifetime
    }
}

extension PrefixInformation {
    /// Bytes of the option, type and length included.
    static let optionLength = 32

    /// `option` has ``optionLength`` bytes: the caller has counted them.
    init(parsing option: RawSpan) {
        prefixLength = option.uint8(at: 2)
        flags = Flags(rawValue: option.uint8(at: 3))
        validLifetime = option.uint32(at: 4)
        preferredLifetime = option.uint32(at: 8)
        prefix = option.ipv6Address(at: 16)
    }

    /// Appends what follows type and length.
    func serialize(into output: inout OutputRawSpan) {
        output.append(prefixLength)
        output.append(flags.rawValue)
        output.append(bigEndian: validLifetime)
        output.append(bigEndian: preferredLifetime)
        output.append(bigEndian: 0 as UInt32)
        output.append(prefix)
    }

    func fields(of option: RawSpan) -> [Field] {
        [
            .number("Prefix length", prefixLength, 2..<3),
            .hexadecimal(
                "Flags", flags.rawValue, 3..<4,
                fields: [
                    .flag("On-link", flags.contains(.onLink), 3..<4),
                    .flag("Autonomous address-configuration", flags.contains(.autonomous), 3..<4),
                    .flag("Router address", flags.contains(.routerAddress), 3..<4),
                    .flag("DHCPv6 prefix delegation preferred", flags.contains(.prefixDelegationPreferred), 3..<4),
                ]),
            .lifetime("Valid lifetime", validLifetime, 4..<8),
            .lifetime("Preferred lifetime", preferredLifetime, 8..<12),
            .hexadecimal("Reserved", option.uint32(at: 12), 12..<16),
            .text("Prefix", prefix, 16..<32),
        ]
    }
}

extension Field {
    /// Seconds, of which the highest number is no number.
    static func lifetime(_ name: String, _ seconds: UInt32, _ bytes: Range<Int>) -> Field {
        .number(name, seconds, bytes, meaning: seconds == .max ? "infinity" : "\(seconds) s")
    }
}
