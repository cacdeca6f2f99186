/// Why a destination is unreachable: the codes of ICMPv6 type 1 (RFC 4443 section 3.1, RFC 8883 section 3.1).
public struct ICMPv6UnreachableCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The code as on the wire.
    public let rawValue: UInt8

    /// Takes any code, assigned or not.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// No route to the destination.
    public static let noRoute = Self(rawValue: 0)
    /// A filter forbids it.
    public static let prohibited = Self(rawValue: 1)
    /// The source address means nothing where the destination is.
    public static let beyondScope = Self(rawValue: 2)
    /// No answer on the last link, and every other reason.
    public static let address = Self(rawValue: 3)
    /// Nobody listens at the port.
    public static let port = Self(rawValue: 4)
    /// A filter forbids the source address.
    public static let sourcePolicy = Self(rawValue: 5)
    /// The route says that packets are to be refused.
    public static let rejectRoute = Self(rawValue: 6)
    /// The source routing header (RFC 6550, RFC 6554) can't be followed.
    public static let sourceRoutingHeader = Self(rawValue: 7)
    /// The headers are longer than the router can look at.
    public static let headersTooLong = Self(rawValue: 8)

    /// The code in words.
    public var description: String {
        switch self {
        case .noRoute: "no route to destination"
        case .prohibited: "communication administratively prohibited"
        case .beyondScope: "beyond scope of source address"
        case .address: "address unreachable"
        case .port: "port unreachable"
        case .sourcePolicy: "source address failed ingress/egress policy"
        case .rejectRoute: "reject route to destination"
        case .sourceRoutingHeader: "error in source routing header"
        case .headersTooLong: "headers too long"
        default: "code \(rawValue)"
        }
    }
}

/// Which time ran out: the codes of ICMPv6 type 3 (RFC 4443 section 3.3).
public struct ICMPv6TimeExceededCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The code as on the wire.
    public let rawValue: UInt8

    /// Takes any code, assigned or not.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The hop limit reached zero at a router.
    public static let inTransit = Self(rawValue: 0)
    /// The host didn't get all fragments in time.
    public static let reassembly = Self(rawValue: 1)

    /// The code in words.
    public var description: String {
        switch self {
        case .inTransit: "hop limit exceeded in transit"
        case .reassembly: "fragment reassembly time exceeded"
        default: "code \(rawValue)"
        }
    }
}

/// What is wrong with a header: the codes of ICMPv6 type 4 (RFC 4443 section 3.4, RFC 7112, RFC 8754, RFC 8883).
public struct ICMPv6ParameterProblemCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The code as on the wire.
    public let rawValue: UInt8

    /// Takes any code, assigned or not.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The field at the pointer is wrong.
    public static let headerField = Self(rawValue: 0)
    /// The next header is unknown.
    public static let nextHeader = Self(rawValue: 1)
    /// The option is unknown.
    public static let option = Self(rawValue: 2)
    /// The first fragment doesn't hold all headers (RFC 7112).
    public static let incompleteHeaderChain = Self(rawValue: 3)
    /// What follows a segment routing header can't be processed (RFC 8754).
    public static let segmentRoutingUpperLayer = Self(rawValue: 4)
    /// A router on the way doesn't know the next header.
    public static let nextHeaderAtIntermediateNode = Self(rawValue: 5)
    /// One extension header is longer than the router takes.
    public static let extensionHeaderTooBig = Self(rawValue: 6)
    /// All extension headers are longer than the router takes.
    public static let extensionChainTooLong = Self(rawValue: 7)
    /// There are more extension headers than the router takes.
    public static let tooManyExtensionHeaders = Self(rawValue: 8)
    /// There are more options than the router takes.
    public static let tooManyOptions = Self(rawValue: 9)
    /// One option is longer than the router takes.
    public static let optionTooBig = Self(rawValue: 10)

    /// The code in words.
    public var description: String {
        switch self {
        case .headerField: "erroneous header field"
        case .nextHeader: "unrecognized next header type"
        case .option: "unrecognized IPv6 option"
        case .incompleteHeaderChain: "incomplete IPv6 header chain in first fragment"
        case .segmentRoutingUpperLayer: "SR upper-layer header error"
        case .nextHeaderAtIntermediateNode: "unrecognized next header type at intermediate node"
        case .extensionHeaderTooBig: "extension header too big"
        case .extensionChainTooLong: "extension header chain too long"
        case .tooManyExtensionHeaders: "too many extension headers"
        case .tooManyOptions: "too many options in extension header"
        case .optionTooBig: "option too big"
        default: "code \(rawValue)"
        }
    }
}
