/// Why a destination is unreachable: the codes of ICMP type 3 (RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section
/// 5.2.7.1).
public struct ICMPv4UnreachableCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The code as on the wire.
    public let rawValue: UInt8

    /// Takes any code, assigned or not.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// No route to the network.
    public static let network = Self(rawValue: 0)
    /// No answer on the last link.
    public static let host = Self(rawValue: 1)
    /// The host doesn't speak the protocol.
    public static let protocolNumber = Self(rawValue: 2)
    /// Nobody listens at the port.
    public static let port = Self(rawValue: 3)
    /// The packet is longer than the next link takes, and must not be cut.
    public static let fragmentationNeeded = Self(rawValue: 4)
    /// The next stop of the source route can't be reached.
    public static let sourceRouteFailed = Self(rawValue: 5)
    /// Nobody knows the network.
    public static let networkUnknown = Self(rawValue: 6)
    /// Nobody knows the host.
    public static let hostUnknown = Self(rawValue: 7)
    /// The sender is cut off; obsolete.
    public static let sourceHostIsolated = Self(rawValue: 8)
    /// A rule forbids the network; from hosts.
    public static let networkProhibited = Self(rawValue: 9)
    /// A rule forbids the host; from hosts.
    public static let hostProhibited = Self(rawValue: 10)
    /// No route to the network for this type of service.
    public static let networkTypeOfService = Self(rawValue: 11)
    /// No route to the host for this type of service.
    public static let hostTypeOfService = Self(rawValue: 12)
    /// A router's filter forbids it.
    public static let prohibited = Self(rawValue: 13)
    /// The precedence is not allowed for this host.
    public static let precedenceViolation = Self(rawValue: 14)
    /// The precedence is below what the network asks for.
    public static let precedenceCutoff = Self(rawValue: 15)

    /// The code in words.
    public var description: String {
        switch self {
        case .network: "network unreachable"
        case .host: "host unreachable"
        case .protocolNumber: "protocol unreachable"
        case .port: "port unreachable"
        case .fragmentationNeeded: "fragmentation needed and DF set"
        case .sourceRouteFailed: "source route failed"
        case .networkUnknown: "network unknown"
        case .hostUnknown: "host unknown"
        case .sourceHostIsolated: "source host isolated"
        case .networkProhibited: "network administratively prohibited"
        case .hostProhibited: "host administratively prohibited"
        case .networkTypeOfService: "network unreachable for type of service"
        case .hostTypeOfService: "host unreachable for type of service"
        case .prohibited: "communication administratively prohibited"
        case .precedenceViolation: "host precedence violation"
        case .precedenceCutoff: "precedence cutoff in effect"
        default: "code \(rawValue)"
        }
    }
}

/// What to send another way: the codes of ICMP type 5 (RFC 792).
public struct ICMPv4RedirectCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The code as on the wire.
    public let rawValue: UInt8

    /// Takes any code, assigned or not.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Packets to the network.
    public static let network = Self(rawValue: 0)
    /// Packets to the host.
    public static let host = Self(rawValue: 1)
    /// Packets to the network with this type of service.
    public static let networkTypeOfService = Self(rawValue: 2)
    /// Packets to the host with this type of service.
    public static let hostTypeOfService = Self(rawValue: 3)

    /// The code in words.
    public var description: String {
        switch self {
        case .network: "redirect for the network"
        case .host: "redirect for the host"
        case .networkTypeOfService: "redirect for the type of service and network"
        case .hostTypeOfService: "redirect for the type of service and host"
        default: "code \(rawValue)"
        }
    }
}

/// Which time ran out: the codes of ICMP type 11 (RFC 792).
public struct ICMPv4TimeExceededCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The code as on the wire.
    public let rawValue: UInt8

    /// Takes any code, assigned or not.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The time to live reached zero at a router.
    public static let inTransit = Self(rawValue: 0)
    /// The host didn't get all fragments in time.
    public static let reassembly = Self(rawValue: 1)

    /// The code in words.
    public var description: String {
        switch self {
        case .inTransit: "time to live exceeded in transit"
        case .reassembly: "fragment reassembly time exceeded"
        default: "code \(rawValue)"
        }
    }
}

/// What is wrong with a header: the codes of ICMP type 12 (RFC 792, RFC 1122 section 3.2.2.5).
public struct ICMPv4ParameterProblemCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The code as on the wire.
    public let rawValue: UInt8

    /// Takes any code, assigned or not.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The byte at the pointer is wrong.
    public static let pointer = Self(rawValue: 0)
    /// An option that is needed is not there.
    public static let missingOption = Self(rawValue: 1)
    /// A length is wrong.
    public static let badLength = Self(rawValue: 2)

    /// The code in words.
    public var description: String {
        switch self {
        case .pointer: "the pointer indicates the error"
        case .missingOption: "a required option is missing"
        case .badLength: "bad length"
        default: "code \(rawValue)"
        }
    }
}
