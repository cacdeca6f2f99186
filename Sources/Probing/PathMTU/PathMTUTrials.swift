import Addresses

/// Probes of certain sizes to certain hops, each tried again until something comes back or it was tried often enough.
struct PathMTUTrials: Sendable {
    /// What becomes of a size at a hop.
    enum Fate: Hashable, Sendable {
        case unknown
        /// It was answered from there.
        case passed
        /// This router said that it is too big, and what would not be.
        case complained(by: IPAddress, size: UInt32)
        /// It is too large for this host's own link, which takes so much as far as that is known.
        case tooLongHere(mtu: Int?)
        /// It was tried often enough.
        case silent
        /// It need not be tried: not even a smaller one gets so far.
        case moot
    }

    struct Outcome: Sendable {
        let hop: UInt8
        let size: Int
        fileprivate(set) var fate = Fate.unknown

        fileprivate var attempts = 0
        fileprivate var deadline: MonotonicTime?

        var isTooLongHere: Bool { if case .tooLongHere = fate { true } else { false } }

        var complaint: (router: IPAddress, size: UInt32)? {
            if case .complained(let router, let size) = fate { (router, size) } else { nil }
        }
    }

    enum Step {
        case send(TraceProbe)
        case wait(until: MonotonicTime?)
        case done
    }

    /// How long an answer is waited for.
    var wait: Duration = .zero
    /// In the order in which they were begun.
    private(set) var outcomes: [Outcome] = []

    private let usualAttempts: Int
    private var attempts: Int
    private let simultaneous: Int
    private let interval: Duration
    /// The outcomes that the latest tokens belong to.
    private var ofTokens: [UInt16: Int] = [:]
    private var nextToken = firstToken
    private var notBefore = MonotonicTime(nanoseconds: .min)

    /// Tokens before belong to the probes by which the hops are found.
    private static let firstToken: UInt16 = 0x8000

    init(_ configuration: PathMTUConfiguration) {
        usualAttempts = max(1, configuration.attempts)
        attempts = usualAttempts
        simultaneous = max(1, configuration.path.simultaneousProbes)
        interval = configuration.path.sendInterval
    }

    static func isOwn(_ token: UInt16) -> Bool { token >= firstToken }

    /// Begins with others, not before this moment; answers to those before mean nothing any more.
    /// - Parameter once: each is sent once, however often sizes are tried.
    mutating func begin(_ trials: [(hop: UInt8, size: Int)], notBefore: MonotonicTime, once: Bool = false) {
        attempts = once ? 1 : usualAttempts
        outcomes = trials.map { Outcome(hop: $0.hop, size: $0.size) }
        ofTokens = [:]
        self.notBefore = max(self.notBefore, notBefore)
    }

    mutating func next(at now: MonotonicTime) -> Step {
        for index in outcomes.indices {
            guard let deadline = outcomes[index].deadline, deadline <= now else { continue }
            outcomes[index].deadline = nil
            if outcomes[index].attempts >= attempts { outcomes[index].fate = .silent }
        }
        if outcomes.allSatisfy({ $0.fate != .unknown }) { return .done }
        let wakeUp = outcomes.compactMap(\.deadline).min()
        guard outcomes.count(where: { $0.deadline != nil }) < simultaneous, let index = nextIndex else {
            return .wait(until: wakeUp)
        }
        if notBefore > now { return .wait(until: wakeUp.map { min($0, notBefore) } ?? notBefore) }
        return .send(TraceProbe(token: nextToken, hopLimit: outcomes[index].hop, packetLength: outcomes[index].size))
    }

    /// The one that goes next.
    private var nextIndex: Int? { outcomes.firstIndex { $0.fate == .unknown && $0.deadline == nil } }

    mutating func sent(_ probe: TraceProbe, at now: MonotonicTime) {
        guard probe.token == nextToken, let index = nextIndex else { return }
        ofTokens[nextToken] = index
        nextToken = nextToken == .max ? Self.firstToken : nextToken + 1
        attempted(index, at: now)
        notBefore = now + interval
    }

    /// What this host does not let out counts as lost, unless it is too large for its own link.
    mutating func notSent(_ probe: TraceProbe, _ failure: SendFailure, at now: MonotonicTime) {
        guard probe.token == nextToken, let index = nextIndex else { return }
        if case .tooLarge(let mtu) = failure {
            outcomes[index].fate = .tooLongHere(mtu: mtu)
            end(since: index)
        } else {
            attempted(index, at: now)
            notBefore = now.adding(PingSchedule.shortestWait)
        }
    }

    private mutating func attempted(_ index: Int, at now: MonotonicTime) {
        outcomes[index].attempts += 1
        outcomes[index].deadline = now + wait
    }

    mutating func received(_ answer: TraceAnswer) {
        guard let index = ofTokens[answer.token] else { return }
        outcomes[index].deadline = nil
        if case .error(let error) = answer.meaning, let size = error.tooBig {
            // A packet that was too big for one way may have come through by another.
            guard outcomes[index].fate != .passed else { return }
            outcomes[index].fate = .complained(by: answer.source, size: size)
            end(since: index)
        } else {
            outcomes[index].fate = .passed
        }
    }

    /// What is no smaller and goes no less far need not be tried any more.
    private mutating func end(since index: Int) {
        for other in outcomes.indices where outcomes[other].fate == .unknown {
            guard outcomes[other].hop >= outcomes[index].hop, outcomes[other].size >= outcomes[index].size else {
                continue
            }
            outcomes[other].fate = .moot
            outcomes[other].deadline = nil
        }
    }
}

extension ICMPError {
    /// The size that an error about a packet's size says would do (RFC 1191, RFC 4443 §3.2), whatever it is; `nil` for
    /// other errors.
    var tooBig: UInt32? {
        switch (family, type, code) {
        case (.v4, 3, 4), (.v6, 2, _): information
        default: nil
        }
    }
}
