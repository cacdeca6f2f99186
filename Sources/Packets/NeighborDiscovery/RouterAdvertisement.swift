/// What a router says of itself and of the link (RFC 4861 section 4.2): the body of ICMPv6 type 134.
public struct RouterAdvertisement: Hashable, Sendable {
    /// Single bits: what hosts should do, and what the router is.
    public struct Flags: OptionSet, Hashable, Sendable {
        /// The flags' byte; the two bits of the router preference are no flags.
        public let rawValue: UInt8

        /// Takes a byte of flags, assigned or not.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// M: addresses are to be had by DHCPv6.
        public static let managedAddressConfiguration = Self(rawValue: 0x80)
        /// O: other configuration is to be had by DHCPv6.
        public static let otherConfiguration = Self(rawValue: 0x40)
        /// H: the router is a Mobile IPv6 home agent (RFC 6275 section 7.1).
        public static let homeAgent = Self(rawValue: 0x20)
        /// P: a proxy has passed the advertisement on from another link (RFC 4389 section 4.1.3.3).
        public static let proxy = Self(rawValue: 0x04)
    }

    /// The hop limit that hosts should send with; 0 if the router doesn't say.
    public var currentHopLimit: UInt8
    /// What hosts should do, and what the router is.
    public var flags: Flags
    /// Which default router to take first.
    public var preference: RouterPreference
    /// For how many seconds the router is a default router; 0 if it is none.
    public var routerLifetime: UInt16
    /// For how many milliseconds a neighbour that has answered counts as reachable; 0 if the router doesn't say.
    public var reachableTime: UInt32
    /// Milliseconds between two neighbour solicitations; 0 if the router doesn't say.
    public var retransTimer: UInt32
    /// What else it says: prefixes, MTU, name servers.
    public var options: [NeighborDiscoveryOption]

    /// An advertisement, by default of a router that leaves all to the hosts.
    public init(
        currentHopLimit: UInt8 = 0, flags: Flags = [], preference: RouterPreference = .medium,
        routerLifetime: UInt16 = 0,
        reachableTime: UInt32 = 0, retransTimer: UInt32 = 0, options: [NeighborDiscoveryOption] = []
    ) {
        self.currentHopLimit = currentHopLimit
        self.flags = flags
        self.preference = preference
        self.routerLifetime = routerLifetime
        self.reachableTime = reachableTime
        self.retransTimer = retransTimer
        self.options = options
    }
}

/// Which router to take first, or which route (RFC 4191 section 2.1).
public enum RouterPreference: UInt8, Hashable, Sendable, CustomStringConvertible {
    /// Neither first nor last.
    case medium = 0b00
    /// Before others.
    case high = 0b01
    /// Must not be sent; receivers take it for medium, or leave the route option out.
    case reserved = 0b10
    /// After others.
    case low = 0b11

    /// The two bits in the middle of a byte.
    init(in byte: UInt8) {
        self =
            switch byte >> 3 & 3 {
            case 0b00: .medium
            case 0b01: .high
            case 0b10: .reserved
            default: .low
            }
    }

    /// The two bits in their place in the byte.
    var bits: UInt8 { rawValue << 3 }

    static let mask: UInt8 = 0b0001_1000

    /// The preference as a word.
    public var description: String {
        switch self {
        case .medium: "medium"
        case .high: "high"
        case .reserved: "reserved"
        case .low: "low"
        }
    }
}

extension RouterAdvertisement {
    /// Bytes of an advertisement without options, the four of type, code and checksum included.
    static let minimumLength = 16

    /// Reads a whole message.
    init(parsing message: RawSpan) throws(ParseError) {
        try message.require(Self.minimumLength, of: .icmpv6)
        currentHopLimit = message.uint8(at: 4)
        flags = Flags(rawValue: message.uint8(at: 5) & ~RouterPreference.mask)
        preference = RouterPreference(in: message.uint8(at: 5))
        routerLifetime = message.uint16(at: 6)
        reachableTime = message.uint32(at: 8)
        retransTimer = message.uint32(at: 12)
        options = try NeighborDiscoveryOption.parseList(in: message, at: Self.minimumLength)
    }

    /// Appends what follows the checksum.
    func serialize(into output: inout OutputRawSpan) {
        let bits = flags.rawValue & ~RouterPreference.mask | preference.bits
        output.append(bigEndian: row(currentHopLimit, bits, routerLifetime))
        output.append(bigEndian: reachableTime)
        output.append(bigEndian: retransTimer)
        NeighborDiscoveryOption.serializeList(options, into: &output)
    }

    func fields(of message: RawSpan) -> [Field] {
        let bits = message.uint8(at: 5)
        let place = 5..<6
        return [
            .number("Cur hop limit", currentHopLimit, 4..<5),
            .hexadecimal(
                "Flags", bits, place,
                fields: [
                    .flag("Managed address configuration", flags.contains(.managedAddressConfiguration), place),
                    .flag("Other configuration", flags.contains(.otherConfiguration), place),
                    .flag("Home agent", flags.contains(.homeAgent), place),
                    .number("Router preference", preference.rawValue, place, meaning: preference.description),
                    .flag("Proxy", flags.contains(.proxy), place),
                    .number("Reserved", bits & 3, place),
                ]),
            .number("Router lifetime", routerLifetime, 6..<8, meaning: "\(routerLifetime) s"),
            .number("Reachable time", reachableTime, 8..<12, meaning: "\(reachableTime) ms"),
            .number("Retrans timer", retransTimer, 12..<16, meaning: "\(retransTimer) ms"),
        ] + options.fields(of: message, at: Self.minimumLength)
    }
}
