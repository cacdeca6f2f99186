public import Addresses
public import Packets

/// What hosts and routers say of groups on a link, in IGMP (RFC 9776) and in MLD (RFC 9777) alike.
///
/// Versions are each protocol's own: IGMP has 1, 2 and 3; MLD 1 and 2, which are much the same as the later two.
public struct MembershipMessage: Hashable, Sendable {
    /// What is said.
    public enum Body: Hashable, Sendable {
        /// Who listens?
        case query(MembershipQuery)
        /// A host listens, or has changed to what it listens.
        case report(version: Int, [MembershipRecord])
        /// The last that reported the group has left: IGMPv2, and what MLDv1 calls done.
        case leave(group: IPAddress)
    }

    /// Who says it.
    public var source: IPAddress
    /// To whom.
    public var destination: IPAddress
    /// What is said.
    public var body: Body
    /// Which rules the packet breaks.
    public var flaws: [MembershipFlaw]

    /// A message.
    public init(source: IPAddress, destination: IPAddress, _ body: Body, flaws: [MembershipFlaw] = []) {
        self.source = source
        self.destination = destination
        self.body = body
        self.flaws = flaws
    }
}

/// The question of a querier.
public struct MembershipQuery: Hashable, Sendable {
    /// The version of the family's own protocol.
    public var version: Int
    /// The group that is asked for; `nil` for all.
    public var group: IPAddress?
    /// The sources that are asked for.
    public var sources: [IPAddress]
    /// In what time members answer.
    public var responseTime: Duration
    /// QRV; `nil` where the version has none.
    public var robustness: UInt8?
    /// QQIC: how often the querier asks; `nil` where the version has none.
    public var queryInterval: Duration?
    /// S: routers that hear the query leave their timers as they are.
    public var suppressesRouterProcessing: Bool

    /// A query, by default of every group.
    public init(
        version: Int, group: IPAddress? = nil, sources: [IPAddress] = [], responseTime: Duration,
        robustness: UInt8? = nil, queryInterval: Duration? = nil, suppressesRouterProcessing: Bool = false
    ) {
        self.version = version
        self.group = group
        self.sources = sources
        self.responseTime = responseTime
        self.robustness = robustness
        self.queryInterval = queryInterval
        self.suppressesRouterProcessing = suppressesRouterProcessing
    }
}

/// A group in a report.
public struct MembershipRecord: Hashable, Sendable {
    /// What the sources are; of versions that know no sources, that none is excluded.
    public var type: MulticastRecordType
    /// The group.
    public var group: IPAddress
    /// The sources of which the type speaks.
    public var sources: [IPAddress]

    /// A group, by default of any source.
    public init(_ type: MulticastRecordType = .isExclude, group: IPAddress, sources: [IPAddress] = []) {
        self.type = type
        self.group = group
        self.sources = sources
    }
}

/// A rule that a packet breaks, which receivers may drop for it.
public enum MembershipFlaw: Hashable, Sendable, CustomStringConvertible {
    /// The TTL or hop limit is not 1: what comes from another link is forged or forwarded.
    case hopLimit(UInt8)
    /// The router alert is missing, without which routers may not look at the packet.
    case noRouterAlert
    /// A source that RFC 9777 section 5 does not allow: one that is not link-local.
    case sourceNotLinkLocal
    /// A sender that can't be one.
    case impossibleSource
    /// A destination to which such a message does not go.
    case destination(IPAddress)
    /// A group that is none.
    case notMulticast(IPAddress)
    /// A record of a type that no version defines.
    case unknownRecordType(UInt8)

    /// The flaw in a few words.
    public var description: String {
        switch self {
        case .hopLimit(let limit): "TTL \(limit) and not 1"
        case .noRouterAlert: "no router alert"
        case .sourceNotLinkLocal: "source is not link-local"
        case .impossibleSource: "source is no host's address"
        case .destination(let address): "sent to \(address), where it does not belong"
        case .notMulticast(let address): "\(address) is no group"
        case .unknownRecordType(let type): "record of unknown type \(type)"
        }
    }
}

extension IPFamily {
    /// The protocol in which hosts say what groups they listen to.
    public var membershipProtocol: String {
        switch self {
        case .v4: "IGMP"
        case .v6: "MLD"
        }
    }

    /// The latest version of that protocol.
    public var latestMembershipVersion: Int {
        switch self {
        case .v4: 3
        case .v6: 2
        }
    }
}
