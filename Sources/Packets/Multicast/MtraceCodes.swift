/// What a router did with a multicast traceroute: the forwarding codes of both versions
/// (draft-ietf-idmr-traceroute-ipm, RFC 8487 section 3.2.4).
public struct MtraceForwardingCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The code as on the wire; from 0x80 on the trace ends here.
    public let rawValue: UInt8

    /// Takes any code, assigned or not.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Nothing is wrong.
    public static let noError = Self(rawValue: 0x00)
    /// The trace came in by an interface out of which the router would not forward the group.
    public static let wrongInterface = Self(rawValue: 0x01)
    /// The router has pruned the source and group upstream.
    public static let pruneSent = Self(rawValue: 0x02)
    /// The router downstream has pruned the source and group.
    public static let pruneReceived = Self(rawValue: 0x03)
    /// Administrative scoping ends here.
    public static let scoped = Self(rawValue: 0x04)
    /// No route to the source.
    public static let noRoute = Self(rawValue: 0x05)
    /// The router is not the last hop's.
    public static let wrongLastHop = Self(rawValue: 0x06)
    /// The router doesn't forward, for a reason that it doesn't say.
    public static let notForwarding = Self(rawValue: 0x07)
    /// The rendezvous point, or the core, is reached.
    public static let reachedRendezvousPoint = Self(rawValue: 0x08)
    /// The trace came in by the interface towards the source.
    public static let reversePathInterface = Self(rawValue: 0x09)
    /// The interface is not enabled for multicast.
    public static let noMulticast = Self(rawValue: 0x0A)
    /// Hops have been hidden.
    public static let informationHidden = Self(rawValue: 0x0B)
    /// A gateway hides what is behind it.
    public static let reachedGateway = Self(rawValue: 0x0C)
    /// An extended query that the router doesn't know, and must not hand on.
    public static let unknownQuery = Self(rawValue: 0x0D)
    /// The router can't go on, for a reason that it doesn't say.
    public static let fatalError = Self(rawValue: 0x80)
    /// No room for another response block.
    public static let noSpace = Self(rawValue: 0x81)
    /// The previous router doesn't know traceroute; in version 1 only.
    public static let oldRouter = Self(rawValue: 0x82)
    /// A rule forbids the trace.
    public static let prohibited = Self(rawValue: 0x83)

    /// Whether the trace can't go on (RFC 8487 section 4.3.1).
    public var isFatal: Bool { rawValue >= 0x80 }

    /// The code's name in the RFC, or its number.
    public var description: String {
        switch self {
        case .noError: "NO_ERROR"
        case .wrongInterface: "WRONG_IF"
        case .pruneSent: "PRUNE_SENT"
        case .pruneReceived: "PRUNE_RCVD"
        case .scoped: "SCOPED"
        case .noRoute: "NO_ROUTE"
        case .wrongLastHop: "WRONG_LAST_HOP"
        case .notForwarding: "NOT_FORWARDING"
        case .reachedRendezvousPoint: "REACHED_RP"
        case .reversePathInterface: "RPF_IF"
        case .noMulticast: "NO_MULTICAST"
        case .informationHidden: "INFO_HIDDEN"
        case .reachedGateway: "REACHED_GW"
        case .unknownQuery: "UNKNOWN_QUERY"
        case .fatalError: "FATAL_ERROR"
        case .noSpace: "NO_SPACE"
        case .oldRouter: "OLD_ROUTER"
        case .prohibited: "ADMIN_PROHIB"
        default: "code \(rawValue)"
        }
    }
}

/// By what a router of version 1 routes the group (draft-ietf-idmr-traceroute-ipm).
public struct MtraceRoutingProtocol: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number as on the wire.
    public let rawValue: UInt8

    /// Takes any number, assigned or not.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Distance Vector Multicast Routing Protocol.
    public static let dvmrp = Self(rawValue: 1)
    /// Multicast extensions of OSPF.
    public static let mospf = Self(rawValue: 2)
    /// Protocol Independent Multicast.
    public static let pim = Self(rawValue: 3)
    /// Core Based Trees.
    public static let cbt = Self(rawValue: 4)

    /// The protocol's name with what the route is made of, or its number.
    public var description: String {
        switch rawValue {
        case 1: "DVMRP"
        case 2: "MOSPF"
        case 3: "PIM"
        case 4: "CBT"
        case 5: "PIM, special routing table"
        case 6: "PIM, static route"
        case 7: "DVMRP, static route"
        case 8: "PIM, MBGP route"
        case 9: "CBT, special routing table"
        case 10: "CBT, static route"
        case 11: "PIM, state by an assert"
        default: "protocol \(rawValue)"
        }
    }
}
