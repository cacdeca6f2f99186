public import Addresses

/// Follows the conversation about groups on a link: who asks, who is a member of what, and what is wrong.
///
/// What it is told by a network that lies takes bounded memory: so many members in all, each with so many sources.
public struct MembershipListenSession: Sendable {
    /// Members that are remembered, of all groups together, and sources of them all.
    public let capacity: Int
    /// The queriers that were heard lately, in the order of their addresses.
    public var queriers: [MembershipQuerier] { known.values.sorted { $0.address < $1.address } }
    /// The one that all others leave the asking to: of those that ask now the one with the lowest address.
    public private(set) var elected: IPAddress?
    /// How many members of how many groups are known.
    public var memberCount: Int { members.count }
    /// What was warned of, each once.
    public private(set) var warnings: Set<MembershipWarning> = []

    private struct Member: Hashable {
        let group: IPAddress
        let address: IPAddress
    }
    private struct State {
        var membership: Membership
        var lastHeard: MonotonicTime
    }

    private let family: IPFamily
    private let start: MonotonicTime
    private var known: [IPAddress: MembershipQuerier] = [:]
    private var members: [Member: State] = [:]
    /// Members and sources that are remembered.
    private var load = 0
    private var events: [MembershipEvent] = []
    private var lastQuery: MonotonicTime
    private var nextExpiry: MonotonicTime

    private static let querierLimit = 64
    private static let warningLimit = 1024
    private static let sourceLimit = 1024
    /// How often members are looked through for those that nobody has heard of, in virtue of which so much time late.
    private static let expiryPace = Duration.seconds(1)
    /// The membership interval where nobody says another.
    private static let forgetting = Duration.seconds(260)

    /// Begins to follow.
    public init(_ family: IPFamily, at start: MonotonicTime, capacity: Int = 65_536) {
        (self.family, self.start, self.capacity) = (family, start, capacity)
        lastQuery = start
        nextExpiry = start + Self.expiryPace
    }

    /// When something may happen though nothing is heard.
    public func wakeUp(after now: MonotonicTime) -> MonotonicTime? {
        members.isEmpty && known.isEmpty ? nil : max(nextExpiry, now)
    }

    /// What has happened since it was last asked.
    public mutating func takeEvents() -> [MembershipEvent] {
        defer { events = [] }
        return events
    }

    /// Takes in what was heard.
    public mutating func received(_ arrival: MembershipArrival, at now: MonotonicTime) {
        advance(to: now)
        switch arrival {
        case .unrelated: return
        case .malformed(let source, let reason): warn(.malformed(source: source, reason: reason))
        case .message(let message):
            for flaw in message.flaws { warn(.flawed(source: message.source, flaw)) }
            switch message.body {
            case .query(let query): heard(query, from: message.source, at: now)
            case .leave(let group): leave(group, message.source)
            case .report(let version, let records):
                checkVersion(of: message.source, version)
                for record in records { heard(record, version: version, from: message.source, at: now) }
            }
        }
    }

    /// Notes what has not happened until now.
    public mutating func advance(to now: MonotonicTime) {
        guard now >= nextExpiry else { return }
        nextExpiry = now + Self.expiryPace
        for querier in queriers where now > querier.lastHeard + querier.presentInterval {
            known[querier.address] = nil
            elect()
        }
        if let elected, let querier = known[elected] {
            let allowance = querier.interval + querier.query.responseTime
            if now > querier.lastHeard + allowance { warn(.queryMissing(querier: elected, after: allowance)) }
        }
        let interval = elected.flatMap { known[$0]?.membershipInterval } ?? Self.forgetting
        if elected == nil, !members.isEmpty, now > lastQuery + interval { warn(.nobodyAsks(for: interval)) }
        for (member, state) in members where now > state.lastHeard + interval {
            forget(member)
            events.append(.expired(group: member.group, member: member.address))
        }
    }

    // MARK: - Queriers

    private mutating func heard(_ query: MembershipQuery, from source: IPAddress, at now: MonotonicTime) {
        events.append(.query(source: source, query))
        // Only general queries are the querier's for sure (RFC 9776 section 6.6.2).
        guard query.group == nil else { return }
        lastQuery = now
        let before = known[source]
        guard before != nil || known.count < Self.querierLimit else { return warn(.full) }
        var querier = MembershipQuerier(source, query, at: now)
        querier.count = (before?.count ?? 0) + 1
        known[source] = querier
        if let elected, elected != source, let first = known[elected] {
            // Whoever had heard the lower address before its last query would not have asked again.
            if let before, elected < source, first.lastHeard > before.lastHeard, !source.isUnspecified,
                !elected.isUnspecified
            {
                warn(.twoQueriers(elected, source))
            }
            if first.query.version != query.version {
                warn(.querierVersion(source, query.version, elected: elected, first.query.version))
            }
        }
        elect()
        if let before, elected == source, before.query.version != query.version {
            events.append(.elected(source, version: query.version))
        }
    }

    /// The lowest address wins; who has none takes no part (RFC 4541 section 2.1.1).
    private mutating func elect() {
        let addressed = known.keys.filter { !$0.isUnspecified }.min()
        let winner = addressed ?? known.keys.first
        guard winner != elected else { return }
        elected = winner
        events.append(.elected(winner, version: winner.flatMap { known[$0]?.query.version } ?? 0))
    }

    // MARK: - Members

    private mutating func checkVersion(of member: IPAddress, _ version: Int) {
        guard let elected, let querier = known[elected]?.query.version, querier != version else { return }
        warn(.memberVersion(member, version, querier: querier))
    }

    private mutating func heard(
        _ record: MembershipRecord, version: Int, from source: IPAddress, at now: MonotonicTime
    ) {
        let member = Member(group: record.group, address: source)
        let old = members[member]?.membership
        guard let new = Membership(record, version: version, after: old, limit: Self.sourceLimit) else {
            return leave(record.group, source)
        }
        guard load + 1 + new.sources.count - (old.map { 1 + $0.sources.count } ?? 0) <= capacity else {
            return warn(.full)
        }
        load += 1 + new.sources.count - (old.map { 1 + $0.sources.count } ?? 0)
        members[member] = State(membership: new, lastHeard: now)
        switch old {
        case nil: events.append(.joined(group: record.group, member: source, new))
        case new: events.append(.confirmed(group: record.group, member: source, new))
        default: events.append(.changed(group: record.group, member: source, new))
        }
    }

    private mutating func leave(_ group: IPAddress, _ source: IPAddress) {
        let member = Member(group: group, address: source)
        // Who was no member says so twice, as he should: once is told.
        guard members[member] != nil else { return }
        forget(member)
        events.append(.left(group: group, member: source))
    }

    private mutating func forget(_ member: Member) {
        guard let state = members.removeValue(forKey: member) else { return }
        load -= 1 + state.membership.sources.count
    }

    private mutating func warn(_ warning: MembershipWarning) {
        guard warnings.count < Self.warningLimit, warnings.insert(warning).inserted else { return }
        events.append(.warning(warning))
    }
}
