import Addresses

/// Finds out how large packets may be on each part of the way to a destination, and who says so.
///
/// First the hops are found by small packets. Then packets of the largest size go to all of them at once: those that
/// answer are in front of every smaller link. The size for the others is what a router says, or, where none does, what a
/// search finds (RFC 4821, RFC 8899); and so on behind that link.
///
/// A lost probe proves nothing. It is tried again, and what stays without an answer says something about its size only
/// if the same hop then answers a small probe: routers answer no more than a few probes a second.
public struct PathMTUSession: PathProbing {
    private enum Stage {
        case finding
        /// All hops still without a size are asked with the present one.
        case sizing
        /// The largest size that gets to the first of them is looked for.
        case searching(PathMTUSearch)
        case finished
    }

    /// What the session is to do.
    public let configuration: PathMTUConfiguration
    /// What is known so far.
    public private(set) var result = PathMTUResult()

    private var path: TraceSession
    private var stage = Stage.finding
    private var trials: PathMTUTrials
    /// The sizes of which silence is to be explained, while the hop is asked whether it answers at all.
    private var silence: [PathMTUTrials.Outcome]?
    /// How often it did not, one time after the other.
    private var silences = 0
    /// Hops that answer and have no size yet, nearest first.
    private var remaining: [UInt8] = []
    /// Hops that no longer answer.
    private var lost: Set<UInt8> = []
    /// The last hop that has a size.
    private var settled: UInt8?
    /// The largest size that may get to the next hop.
    private var size: Int
    /// What was said falsely about the link that is being looked for.
    private var wrongClaim: (router: IPAddress, size: UInt32)?
    /// How often somebody said what the size is, in front of one hop.
    private var reductions = 0
    private var reports: [PathMTUEvent] = []
    private var isInterrupted = false

    /// Nobody needs to be believed more often than there are kinds of links.
    private static var mostReductions: Int { 16 }
    /// A hop that answers none of so many small probes, one after each pause, has nothing more to say.
    private static var mostSilences: Int { 4 }
    /// Linux answers a probe a second of those who asked too much.
    private static var pause: Duration { .milliseconds(1050) }

    /// A session that begins at this moment, at which its first probe is due.
    public init(_ configuration: PathMTUConfiguration, at start: MonotonicTime) {
        self.configuration = configuration
        var path = configuration.path
        path.rounds = 1
        self.path = TraceSession(path, at: start)
        trials = PathMTUTrials(configuration)
        size = configuration.maximumLength
    }

    /// Ends the session: what is not known by then stays unknown.
    public mutating func interrupt() { isInterrupted = true }

    // MARK: - What to do

    /// What to do at this moment.
    public mutating func next(at now: MonotonicTime) -> PathProbingStep<PathMTUEvent> {
        while true {
            if !reports.isEmpty { return .report(reports.removeFirst()) }
            if isInterrupted { return .finished }
            switch stage {
            case .finished: return .finished
            case .finding:
                switch path.next(at: now) {
                case .send(var probe):
                    probe.packetLength = configuration.smallestLength
                    return .send(probe)
                case .wait(let until): return .wait(until: until)
                case .report(let event): return .report(.probe(event))
                case .finished: beginSizing(at: now)
                }
            case .sizing, .searching:
                switch trials.next(at: now) {
                case .send(let probe): return .send(probe)
                case .wait(let until): return .wait(until: until)
                case .done: conclude(at: now)
                }
            }
        }
    }

    private mutating func beginSizing(at now: MonotonicTime) {
        result.destinationHop = path.destinationHop
        remaining = path.hops.filter { $0.received > 0 }.map(\.hopLimit)
        let longest = path.hops.compactMap(\.roundTrips.maximum).max() ?? .zero
        let waiting = configuration.path.waiting
        trials.wait = min(waiting.longest, max(waiting.shortest, longest * 3))
        trySize(at: now)
    }

    /// Asks all hops without a size with the present one.
    private mutating func trySize(at now: MonotonicTime) {
        guard !remaining.isEmpty else {
            settle(through: path.hops.last?.hopLimit)
            result.isComplete = true
            stage = .finished
            return
        }
        stage = .sizing
        trials.begin(remaining.map { ($0, size) }, notBefore: now)
    }

    private mutating func search(_ search: PathMTUSearch, at now: MonotonicTime) {
        stage = .searching(search)
        trials.begin(search.sizes.map { (search.hop, $0) }, notBefore: now)
    }

    // MARK: - What it means

    private mutating func conclude(at now: MonotonicTime) {
        let outcomes = trials.outcomes
        if let silence {
            concludeSilence(silence, isExplained: outcomes.contains { $0.fate == .passed }, at: now)
        } else if case .searching(let search) = stage {
            concludeSearch(search, outcomes, at: now)
        } else {
            concludeSizing(outcomes, at: now)
        }
    }

    /// Before silence counts, the hop has to answer a size that is known to get there.
    private mutating func examine(_ outcomes: [PathMTUTrials.Outcome], of hop: UInt8, at now: MonotonicTime) {
        silence = outcomes
        trials.begin([(hop, knownSize)], notBefore: now)
    }

    private var knownSize: Int {
        if case .searching(let search) = stage { search.passed } else { configuration.smallestLength }
    }

    private mutating func concludeSilence(
        _ outcomes: [PathMTUTrials.Outcome], isExplained: Bool, at now: MonotonicTime
    ) {
        silence = nil
        if isExplained {
            silences = 0
            if case .searching(let search) = stage { return take(outcomes, search, at: now) }
            if let hop = remaining.first { beginSearch(hop, at: now) }
            return
        }
        silences += 1
        guard silences < Self.mostSilences else {
            silences = 0
            if let hop = remaining.first { lost.insert(hop) }
            remaining.removeFirst(min(1, remaining.count))
            return trySize(at: now)
        }
        trials.begin(outcomes.map { ($0.hop, $0.size) }, notBefore: now + Self.pause)
    }

    private mutating func concludeSizing(_ outcomes: [PathMTUTrials.Outcome], at now: MonotonicTime) {
        if let last = lastReached(by: outcomes) { reach(last) }
        guard let first = remaining.first else { return trySize(at: now) }
        let beyond = outcomes.filter { $0.hop >= first }
        if let refused = beyond.first(where: \.isTooLongHere) {
            guard case .tooLongHere(let mtu?) = refused.fate, mtu >= configuration.smallestLength, mtu < size else {
                return beginSearch(first, at: now)
            }
            ownLink(takes: mtu)
            return trySize(at: now)
        }
        guard let complaint = beyond.lazy.compactMap(\.complaint).first else {
            return examine(beyond.filter { $0.hop == first }, of: first, at: now)
        }
        if let told = Int(exactly: complaint.size), told >= configuration.minimumLength, told < size,
            reductions < Self.mostReductions
        {
            reductions += 1
            limit(to: told, before: first, .told(by: complaint.router))
            return trySize(at: now)
        }
        wrongClaim = complaint
        beginSearch(first, at: now)
    }

    /// The last hop that packets of the present size get to: one that answered, or that said that it is the next link
    /// that doesn't take them.
    private func lastReached(by outcomes: [PathMTUTrials.Outcome]) -> UInt8? {
        let complaining = outcomes.compactMap { outcome -> UInt8? in
            guard let router = outcome.complaint?.router else { return nil }
            let hops = path.hops.prefix { $0.hopLimit < outcome.hop }
            return hops.last { $0.responders.contains { $0.address == router } }?.hopLimit
        }
        let answering = outcomes.filter { $0.fate == .passed }.map(\.hop)
        return (answering + complaining.filter { $0 > settled ?? 0 }).max()
    }

    private mutating func beginSearch(_ hop: UInt8, at now: MonotonicTime) {
        search(PathMTUSearch(hop: hop, passed: configuration.smallestLength, tooLarge: size), at: now)
    }

    private mutating func concludeSearch(
        _ search: PathMTUSearch, _ outcomes: [PathMTUTrials.Outcome], at now: MonotonicTime
    ) {
        var search = search
        let passed = outcomes.filter { $0.fate == .passed }.map(\.size).reduce(search.passed, max)
        let silent = outcomes.filter { $0.fate == .silent && $0.size > passed && $0.size < search.tooLarge }
        guard !silent.isEmpty else { return take(outcomes, search, at: now) }
        if passed > search.passed { silences = 0 }
        search.take(outcomes.filter { $0.fate != .silent })
        stage = .searching(search)
        examine(silent, of: search.hop, at: now)
    }

    private mutating func take(
        _ outcomes: [PathMTUTrials.Outcome], _ search: PathMTUSearch, at now: MonotonicTime
    ) {
        var search = search
        search.take(outcomes)
        guard let found = search.result else { return self.search(search, at: now) }
        if found >= size {
            // It was chance that the packets before got lost.
            reach(search.hop)
            return trySize(at: now)
        }
        if outcomes.contains(where: \.isTooLongHere) {
            ownLink(takes: found)
        } else {
            let evidence = wrongClaim.map { PathMTULimit.Evidence.toldWrongly(by: $0.router, size: $0.size) }
            limit(to: found, before: search.hop, evidence ?? .blackHole)
        }
        trySize(at: now)
    }

    private mutating func ownLink(takes mtu: Int) {
        result.linkMTU = mtu
        reports.append(.ownLink(mtu: mtu))
        size = mtu
    }

    private mutating func limit(to mtu: Int, before hop: UInt8, _ evidence: PathMTULimit.Evidence) {
        var limit = PathMTULimit(lastHop: settled, nextHop: hop, mtu: mtu, previousMTU: size, evidence: evidence)
        if let last = result.limits.last, last.nextHop == hop, last.lastHop == settled, last.evidence == evidence {
            limit.previousMTU = last.previousMTU
            result.limits.removeLast()
        }
        result.limits.append(limit)
        reports.append(.limit(limit))
        size = mtu
    }

    /// The hop got a packet of the present size.
    private mutating func reach(_ hop: UInt8) {
        settle(through: hop)
        (reductions, silences, wrongClaim) = (0, 0, nil)
        remaining.removeAll { $0 <= hop }
    }

    /// Tells of the hops up to this one, as getting packets of the present size.
    private mutating func settle(through last: UInt8?) {
        guard let last else { return }
        for hop in path.hops where hop.hopLimit > settled ?? 0 && hop.hopLimit <= last {
            let responder = hop.responders.first
            let known = PathMTUHop(
                hopLimit: hop.hopLimit, responder: responder?.address, roundTrip: hop.roundTrips.minimum,
                returnHops: responder?.returnHops, error: responder?.lastError,
                mtu: responder != nil && !lost.contains(hop.hopLimit) ? size : nil,
                isDestination: hop.hopLimit == result.destinationHop)
            result.hops.append(known)
            reports.append(.hop(known))
        }
        settled = last
    }

    // MARK: - What was done

    /// See ``PathProbing/sent(_:at:wallClock:)``.
    public mutating func sent(_ probe: TraceProbe, at now: MonotonicTime, wallClock: Int64?) {
        if PathMTUTrials.isOwn(probe.token) {
            trials.sent(probe, at: now)
        } else {
            path.sent(probe.withOwnLength, at: now, wallClock: wallClock)
        }
    }

    /// See ``PathProbing/notSent(_:_:at:)``.
    public mutating func notSent(_ probe: TraceProbe, _ failure: SendFailure, at now: MonotonicTime) -> PathMTUEvent? {
        guard PathMTUTrials.isOwn(probe.token) else {
            return path.notSent(probe.withOwnLength, failure, at: now).map { .probe($0) }
        }
        trials.notSent(probe, failure, at: now)
        return nil
    }

    /// See ``PathProbing/kernelSent(token:at:)``.
    public mutating func kernelSent(token: UInt16, at wallClock: Int64) {
        if !PathMTUTrials.isOwn(token) { path.kernelSent(token: token, at: wallClock) }
    }

    /// See ``PathProbing/received(_:at:)``.
    public mutating func received(_ answer: TraceAnswer, at arrival: Arrival) -> PathMTUEvent? {
        guard PathMTUTrials.isOwn(answer.token) else { return path.received(answer, at: arrival).map { .probe($0) } }
        trials.received(answer)
        return nil
    }
}

extension TraceProbe {
    /// The probe as the session asked for it that finds the hops, which knows nothing of lengths.
    fileprivate var withOwnLength: TraceProbe { TraceProbe(token: token, hopLimit: hopLimit, flow: flow) }
}
