public import Addresses

/// What happens in the conversation about groups on a link.
public enum MembershipEvent: Hashable, Sendable {
    /// Someone asks.
    case query(source: IPAddress, MembershipQuery)
    /// Another querier than before is the one that all others leave the asking to; `nil` where there is none any more.
    case elected(IPAddress?, version: Int)
    /// A host is a member that was none, as far as was heard.
    case joined(group: IPAddress, member: IPAddress, Membership)
    /// A member listens to other sources than before, or speaks another version.
    case changed(group: IPAddress, member: IPAddress, Membership)
    /// A member says that it still is one.
    case confirmed(group: IPAddress, member: IPAddress, Membership)
    /// A member says that it is none any more.
    case left(group: IPAddress, member: IPAddress)
    /// A member has not been heard of for as long as queriers remember it.
    case expired(group: IPAddress, member: IPAddress)
    /// Something is wrong.
    case warning(MembershipWarning)
}

/// To what a member of a group listens.
public struct Membership: Hashable, Sendable {
    /// The version in which it reports.
    public var version: Int
    /// Whether it listens to all but the sources, not to them alone.
    public var excludes: Bool
    /// The sources.
    public var sources: Set<IPAddress>

    /// Applies a record of a report to what was before (RFC 9776 section 6.4); `nil` if nothing is left to listen to.
    /// - Parameter limit: sources that are remembered.
    init?(_ record: MembershipRecord, version: Int, after old: Membership?, limit: Int) {
        self.version = version
        let listed = Set(record.sources.prefix(limit))
        excludes = old?.excludes ?? false
        sources = old?.sources ?? []
        switch record.type {
        case .isInclude, .toInclude: (excludes, sources) = (false, listed)
        case .isExclude, .toExclude: (excludes, sources) = (true, listed)
        case .allowNewSources: if excludes { sources.subtract(listed) } else { sources.formUnion(listed) }
        case .blockOldSources: if excludes { sources.formUnion(listed) } else { sources.subtract(listed) }
        default: break
        }
        if sources.count > limit { sources = Set(sources.sorted().prefix(limit)) }
        if !excludes, sources.isEmpty { return nil }
    }
}

/// What is wrong on a link.
public enum MembershipWarning: Hashable, Sendable {
    /// A packet breaks a rule, and is believed all the same.
    case flawed(source: IPAddress, MembershipFlaw)
    /// A packet can't be read.
    case malformed(source: IPAddress, reason: String)
    /// Two ask, although the first has the lower address and the second hears it, or should.
    case twoQueriers(IPAddress, IPAddress)
    /// A querier asks in another version than the one that all leave the asking to.
    case querierVersion(IPAddress, Int, elected: IPAddress, Int)
    /// A member reports in another version than the querier asks in.
    case memberVersion(IPAddress, Int, querier: Int)
    /// The querier has not asked for longer than it says that it waits.
    case queryMissing(querier: IPAddress, after: Duration)
    /// There are members, and nobody asks: switches that snoop forget them.
    case nobodyAsks(for: Duration)
    /// There is more to remember than there is room for: what is told of members has gaps from here on.
    case full
}

/// A querier that was heard.
public struct MembershipQuerier: Hashable, Sendable {
    /// Its address; unspecified for a switch that asks without one, and so never is elected.
    public var address: IPAddress
    /// Its last general query.
    public var query: MembershipQuery
    /// When that was.
    public var lastHeard: MonotonicTime
    /// How many general queries came.
    public var count = 1

    /// After how long the next query should be there: what it says, or else the default of the RFCs.
    public var interval: Duration {
        guard let interval = query.queryInterval, interval > .zero else { return .seconds(125) }
        return interval
    }
    private var robustness: Int { max(2, Int(query.robustness ?? 2)) }
    /// After how long without a query the asking is anyone's (RFC 9776 section 8.5).
    public var presentInterval: Duration { interval * robustness + query.responseTime / 2 }
    /// After how long without a report a member is forgotten (RFC 9776 section 8.4).
    public var membershipInterval: Duration { interval * robustness + query.responseTime }

    init(_ address: IPAddress, _ query: MembershipQuery, at now: MonotonicTime) {
        (self.address, self.query, lastHeard) = (address, query, now)
    }
}
