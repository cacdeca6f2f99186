import Addresses

/// Finds out how large packets may be on each part of the way to a destination, and who says so.
///
/// First the hops are found by small packets. Then packets of the largest size go to all of them at once: those that
/// answer are in front of every smaller link. The size for the others is what a router says, or, where none does, what
/// a search finds (RFC 4821, RFC 8899); and so on behind that link.
///
/// A lost probe proves nothing. It is tried again, and what stays without an answer says something about its size only
/// if a small probe right behind it is answered: routers and hosts answer no more than a few probes a second.
public struct PathMTUSession: PathProbing {
    enum Stage {
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
    public internal(set) var result = PathMTUResult()

    var path: TraceSession
    var stage = Stage.finding
    var trials: PathMTUTrials
    /// The silence that is to be explained.
    var check: PathMTUCheck?
    /// Hops that answer and have no size yet, nearest first.
    var remaining: [UInt8] = []
    /// The hop of the destination, and the one at which it was found.
    var overshoot: ClosedRange<UInt8>?
    /// Hops that no longer answer.
    var lost: Set<UInt8> = []
    /// The last hop that has a size.
    var settled: UInt8?
    /// The largest size that may get to the next hop.
    var size: Int
    /// What was said falsely about the link that is being looked for.
    var wrongClaim: (router: IPAddress, size: UInt32)?
    /// How often somebody said what the size is, or a search began, in front of one hop.
    var reductions = 0
    var reports: [PathMTUEvent] = []
    private var isInterrupted = false

    /// Nobody needs to be believed more often than there are kinds of links.
    static var mostReductions: Int { 16 }
    /// Linux answers a probe a second of those who asked too much.
    static var pause: Duration { .milliseconds(1050) }

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
        overshoot = path.overshoot
        result.destinationHop = path.destinationHop.map(ownNumber)
        remaining = path.hops.filter { $0.received > 0 }.map(\.hopLimit)
        let longest = path.hops.compactMap(\.roundTrips.maximum).max() ?? .zero
        let waiting = configuration.path.waiting
        trials.wait = min(waiting.longest, max(waiting.shortest, longest * 3))
        trySize(at: now)
    }

    /// The number of a hop, also where another was asked first.
    func ownNumber(_ hop: UInt8) -> UInt8 {
        overshoot.map { hop == $0.upperBound ? $0.lowerBound : hop } ?? hop
    }

    /// Asks all hops without a size with the present one.
    mutating func trySize(at now: MonotonicTime) {
        guard !remaining.isEmpty else {
            settle(through: path.hops.last?.hopLimit)
            result.isComplete = true
            stage = .finished
            return
        }
        stage = .sizing
        trials.begin(remaining.map { ($0, size) }, notBefore: now)
    }

    mutating func search(_ search: PathMTUSearch, at now: MonotonicTime) {
        stage = .searching(search)
        trials.begin(search.sizes.map { (search.hop, $0) }, notBefore: now)
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

extension TraceSession {
    /// The hop of the destination, and the one at which it was found: further on, where it answers few of the many
    /// probes that get there. How many hops a probe had left, what it quotes shows.
    fileprivate var overshoot: ClosedRange<UInt8>? {
        guard let last = destinationHop, let responder = hops.first(where: { $0.hopLimit == last })?.responders.first,
            responder.address == configuration.destination, let left = responder.lastAnswer.quotedHopLimit, left > 1,
            case let first = Int(last) - Int(left) + 1, first >= Int(configuration.firstHop)
        else { return nil }
        let before = hops.filter { $0.hopLimit >= first && $0.hopLimit < last }
        guard before.count == Int(last) - first, before.allSatisfy({ $0.received == 0 }) else { return nil }
        return UInt8(first)...last
    }
}
