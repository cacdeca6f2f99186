public import Addresses

/// A member that a query has found.
public struct MembershipSighting: Hashable, Sendable {
    /// Who reported.
    public var reporter: IPAddress
    /// The version of its report.
    public var version: Int
    /// The group, and which sources of it.
    public var record: MembershipRecord
    /// How long after the query.
    public var after: Duration

    /// A member that was found.
    public init(reporter: IPAddress, version: Int, record: MembershipRecord, after: Duration) {
        self.reporter = reporter
        self.version = version
        self.record = record
        self.after = after
    }
}

extension MembershipRecord {
    /// What the record says of now: a change to a state is that state, and more sources are some at least. `nil` for what
    /// says only what is left.
    fileprivate var current: MembershipRecord? {
        switch type {
        case .toExclude: MembershipRecord(.isExclude, group: group, sources: sources)
        case .isInclude, .toInclude, .allowNewSources:
            sources.isEmpty ? nil : MembershipRecord(.isInclude, group: group, sources: sources)
        case .blockOldSources: nil
        default: self
        }
    }
}

/// What a query session hears.
public enum MembershipQueryEvent: Hashable, Sendable {
    /// Someone reports a group that was asked for.
    case found(MembershipSighting)
    /// Someone else asks, too.
    case otherQuery(source: IPAddress, MembershipQuery)
    /// A packet breaks a rule, and is believed all the same.
    case flawed(source: IPAddress, MembershipFlaw)
    /// A packet can't be read.
    case malformed(source: IPAddress, reason: String)
    /// There are more members than are remembered: from here on one may be told twice.
    case full
}

/// A query and its answers, until the response time is over: who listens to which groups?
///
/// What comes is told once, however often it is reported.
public struct MembershipQuerySession: Sendable {
    /// What to do next.
    public enum Step: Hashable, Sendable {
        /// Send the query.
        case send
        /// Nothing before this.
        case wait(until: MonotonicTime)
        /// The response time is over.
        case finished
    }

    /// What is asked.
    public let query: MembershipQuery
    /// How many members are remembered, so that each is told once. Each of a member's sources counts as one more.
    public let capacity: Int
    /// Members that answered.
    public private(set) var count = 0

    private var sentAt: MonotonicTime?
    private var isInterrupted = false
    private var known: Set<Known> = []
    private var load = 0
    private var complaints: Set<MembershipQueryEvent> = []
    private var saidFull = false

    private struct Known: Hashable {
        let reporter: IPAddress
        let record: MembershipRecord
    }

    /// What answers may take beyond the response time: the member's own delay to send, and ours to hear.
    public static let grace = Duration.milliseconds(250)

    /// - Parameters:
    ///   - query: what to ask.
    ///   - capacity: how many members are remembered.
    public init(_ query: MembershipQuery, capacity: Int = 65_536) {
        self.query = query
        self.capacity = capacity
    }

    /// What to do at this time.
    public func next(at now: MonotonicTime) -> Step {
        guard !isInterrupted else { return .finished }
        guard let sentAt else { return .send }
        let end = sentAt + query.responseTime + Self.grace
        return now < end ? .wait(until: end) : .finished
    }

    /// The query has gone.
    public mutating func sent(at now: MonotonicTime) { sentAt = now }

    /// The user has had enough.
    public mutating func interrupt() { isInterrupted = true }

    /// Takes in what was heard; what it means is told in this order.
    /// - Parameter isOwn: whether this host sent it.
    public mutating func received(
        _ arrival: MembershipArrival, isOwn: Bool, at now: MonotonicTime
    ) -> [MembershipQueryEvent] {
        switch arrival {
        case .unrelated: return []
        case .malformed(let source, let reason): return complain(.malformed(source: source, reason: reason))
        case .message(let message):
            // Our own query, or one that another program of this host sends.
            if isOwn, case .query = message.body { return [] }
            var events: [MembershipQueryEvent] = []
            for flaw in message.flaws { events += complain(.flawed(source: message.source, flaw)) }
            switch message.body {
            case .query(let other):
                events += complain(.otherQuery(source: message.source, other))
            case .leave: break
            case .report(let version, let records):
                for case let record? in records.map(\.current) where query.group == nil || query.group == record.group {
                    events += found(record, version: version, by: message.source, at: now)
                }
            }
            return events
        }
    }

    private mutating func found(
        _ record: MembershipRecord, version: Int, by reporter: IPAddress, at now: MonotonicTime
    ) -> [MembershipQueryEvent] {
        guard let sentAt else { return [] }
        var events: [MembershipQueryEvent] = []
        let member = Known(reporter: reporter, record: record)
        guard !known.contains(member) else { return [] }
        if load + 1 + record.sources.count <= capacity {
            known.insert(member)
            load += 1 + record.sources.count
        } else {
            if !saidFull { events.append(.full) }
            saidFull = true
        }
        count += 1
        let sighting = MembershipSighting(
            reporter: reporter, version: version, record: record, after: max(.zero, now - sentAt))
        return [.found(sighting)] + events
    }

    /// Says it, unless it was said before or too much was.
    private mutating func complain(_ event: MembershipQueryEvent) -> [MembershipQueryEvent] {
        guard complaints.count < min(capacity, 1024), complaints.insert(event).inserted else { return [] }
        return [event]
    }
}
