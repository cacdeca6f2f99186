import Addresses

/// Finds out how large packets may be on each part of the way to a destination, and who says so.
///
/// First the hops are found by small packets. Then packets of the largest size go to all of them at once: those that
/// answer are in front of every smaller link. The size for the others is what a router says, or, where none does, what a
/// search finds (RFC 4821, RFC 8899); and so on behind that link. A probe that gets no answer is tried again before it
/// says anything.
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
    /// Hops that answer and have no size yet, nearest first.
    private var remaining: [UInt8] = []
    /// The last hop that has a size.
    private var settled: UInt8?
    /// The largest size that may get to the next hop.
    private var size: Int
    /// What was said falsely about the link that is being looked for.
    private var wrongClaim: (router: IPAddress, size: UInt32)?
    /// How often the size was taken back in front of one hop, because somebody said so.
    private var reductions = 0
    private var reports: [PathMTUEvent] = []
    private var isInterrupted = false

    /// Nobody needs to be believed more often than there are kinds of links.
    private static var mostReductions: Int { 16 }

    /// A session that begins at this moment.
    public init(_ configuration: PathMTUConfiguration, at start: MonotonicTime) {
        self.configuration = configuration
        var path = configuration.path
        path.rounds = 1
        self.path = TraceSession(path, at: start)
        trials = PathMTUTrials(attempts: configuration.attempts, simultaneous: path.simultaneousProbes)
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
                    probe.packetLength = configuration.minimumLength
                    return .send(probe)
                case .wait(let until): return .wait(until: until)
                case .report: continue
                case .finished: beginSizing()
                }
            case .sizing, .searching:
                switch trials.next(at: now) {
                case .send(let probe): return .send(probe)
                case .wait(let until): return .wait(until: until)
                case .done: conclude()
                }
            }
        }
    }

    private mutating func beginSizing() {
        result.destinationHop = path.destinationHop
        remaining = path.hops.filter { $0.received > 0 }.map(\.hopLimit)
        let longest = path.hops.compactMap(\.roundTrips.maximum).max() ?? .zero
        let waiting = configuration.path.waiting
        trials.wait = min(waiting.longest, max(waiting.shortest, longest * 3))
        stage = .sizing
        trySize()
    }

    /// Asks all hops without a size with the present one.
    private mutating func trySize() {
        guard !remaining.isEmpty else {
            settle(through: path.hops.last?.hopLimit)
            stage = .finished
            return
        }
        stage = .sizing
        trials.begin(remaining.map { ($0, size) })
    }

    // MARK: - What it means

    private mutating func conclude() {
        switch stage {
        case .sizing: concludeSizing()
        case .searching(let search): conclude(search)
        case .finding, .finished: return
        }
    }

    private mutating func concludeSizing() {
        if let last = trials.outcomes.last(where: \.hasPassed)?.hop {
            settle(through: last)
            reductions = 0
            wrongClaim = nil
            remaining.removeAll { $0 <= last }
        }
        guard let first = remaining.first else { return trySize() }
        let complaint = trials.outcomes.lazy.filter { $0.hop >= first }.compactMap(\.complaint).first
        if let complaint {
            if let told = Int(exactly: complaint.size), told >= configuration.minimumLength, told < size,
                reductions < Self.mostReductions
            {
                reductions += 1
                limit(to: told, before: first, .told(by: complaint.router))
                return trySize()
            }
            wrongClaim = complaint
        }
        search(PathMTUSearch(hop: first, minimum: configuration.minimumLength, tooLarge: size))
    }

    private mutating func search(_ search: PathMTUSearch) {
        stage = .searching(search)
        trials.begin(search.sizes.map { (search.hop, $0) })
    }

    private mutating func conclude(_ search: PathMTUSearch) {
        var search = search
        search.take(trials.outcomes)
        if let found = search.result {
            let evidence = wrongClaim.map { PathMTULimit.Evidence.toldWrongly(by: $0.router, size: $0.size) }
            limit(to: found, before: search.hop, evidence ?? .blackHole)
            return trySize()
        }
        if search.hasFailed {
            // It answers no more, whatever the size: it says nothing about that.
            remaining.removeAll { $0 == search.hop }
            return trySize()
        }
        self.search(search)
    }

    private mutating func limit(to mtu: Int, before hop: UInt8, _ evidence: PathMTULimit.Evidence) {
        let limit = PathMTULimit(lastHop: settled, nextHop: hop, mtu: mtu, previousMTU: size, evidence: evidence)
        // Said twice about one link, the last word counts.
        if let last = result.limits.last, last.nextHop == hop { result.limits.removeLast() }
        result.limits.append(limit)
        reports.append(.limit(limit))
        size = mtu
    }

    /// The hops up to this one get packets of the present size.
    private mutating func settle(through last: UInt8?) {
        guard let last else { return }
        for hop in path.hops where hop.hopLimit > settled ?? 0 && hop.hopLimit <= last {
            let responder = hop.responders.first
            let known = PathMTUHop(
                hopLimit: hop.hopLimit, responder: responder?.address, roundTrip: hop.roundTrips.minimum,
                answerHopLimit: responder?.lastAnswer.hopLimit,
                mtu: responder != nil && hop.hopLimit <= (trials.furthest ?? 0) ? size : nil,
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
        if PathMTUTrials.isOwn(probe.token) {
            trials.notSent(probe, failure, at: now)
        } else {
            _ = path.notSent(probe.withOwnLength, failure, at: now)
        }
        return nil
    }

    /// See ``PathProbing/kernelSent(token:at:)``.
    public mutating func kernelSent(token: UInt16, at wallClock: Int64) {
        if !PathMTUTrials.isOwn(token) { path.kernelSent(token: token, at: wallClock) }
    }

    /// See ``PathProbing/received(_:at:)``.
    public mutating func received(_ answer: TraceAnswer, at arrival: Arrival) -> PathMTUEvent? {
        if PathMTUTrials.isOwn(answer.token) {
            trials.received(answer)
        } else {
            _ = path.received(answer, at: arrival)
        }
        return nil
    }
}

extension TraceProbe {
    /// The probe as the session asked for it that finds the hops, which knows nothing of lengths.
    fileprivate var withOwnLength: TraceProbe { TraceProbe(token: token, hopLimit: hopLimit, flow: flow) }
}
