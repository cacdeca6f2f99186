import Addresses

/// Probes of certain sizes to certain hops, each tried again until something comes back or it was tried often enough.
struct PathMTUTrials: Sendable {
    /// What became of a size at a hop.
    struct Outcome: Sendable {
        let hop: UInt8
        let size: Int
        fileprivate(set) var hasPassed = false
        /// Who said that it is too big, and what would not be.
        fileprivate(set) var complaint: (router: IPAddress, size: UInt32)?

        fileprivate var attempts = 0
        fileprivate var deadline: MonotonicTime?
        fileprivate var isDone = false
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
    /// The furthest hop that any size has got to.
    private(set) var furthest: UInt8?

    private let attempts: Int
    private let simultaneous: Int
    /// The outcomes that the latest tokens belong to.
    private var ofTokens: [UInt16: Int] = [:]
    private var lastToken = firstToken - 1
    private var notBefore: MonotonicTime?

    /// Tokens before belong to the probes by which the hops are found.
    private static let firstToken: UInt16 = 0x8000
    /// How long a full queue is left alone.
    private static let retryInterval: Duration = .milliseconds(2)

    init(attempts: Int, simultaneous: Int) {
        self.attempts = max(1, attempts)
        self.simultaneous = max(1, simultaneous)
    }

    static func isOwn(_ token: UInt16) -> Bool { token >= firstToken }

    /// Begins with others; answers to those before mean nothing any more.
    mutating func begin(_ trials: [(hop: UInt8, size: Int)]) {
        outcomes = trials.map { Outcome(hop: $0.hop, size: $0.size) }
        ofTokens = [:]
        notBefore = nil
    }

    mutating func next(at now: MonotonicTime) -> Step {
        for index in outcomes.indices {
            guard let deadline = outcomes[index].deadline, deadline <= now else { continue }
            outcomes[index].deadline = nil
            if outcomes[index].attempts >= attempts { outcomes[index].isDone = true }
        }
        if outcomes.allSatisfy(\.isDone) { return .done }
        let wakeUp = outcomes.compactMap(\.deadline).min()
        let underWay = outcomes.count { $0.deadline != nil }
        guard underWay < simultaneous, let index = outcomes.firstIndex(where: { !$0.isDone && $0.deadline == nil })
        else { return .wait(until: wakeUp) }
        if let notBefore, notBefore > now { return .wait(until: wakeUp.map { min($0, notBefore) } ?? notBefore) }
        let outcome = outcomes[index]
        lastToken = lastToken == .max ? Self.firstToken : lastToken + 1
        ofTokens[lastToken] = index
        return .send(TraceProbe(token: lastToken, hopLimit: outcome.hop, packetLength: outcome.size))
    }

    mutating func sent(_ probe: TraceProbe, at now: MonotonicTime) {
        guard let index = ofTokens[probe.token] else { return }
        outcomes[index].attempts += 1
        outcomes[index].deadline = now + wait
    }

    /// What this host itself does not let out is too large for its own link.
    mutating func notSent(_ probe: TraceProbe, _ failure: SendFailure, at now: MonotonicTime) {
        guard let index = ofTokens[probe.token] else { return }
        switch failure {
        case .queueFull, .bufferFull: notBefore = now + Self.retryInterval
        case .tooLarge, .refused: outcomes[index].isDone = true
        }
    }

    mutating func received(_ answer: TraceAnswer) {
        guard let index = ofTokens[answer.token] else { return }
        if case .error(let error) = answer.meaning, let size = error.tooBig {
            // A packet that was too big for one way may have come through by another.
            guard !outcomes[index].hasPassed else { return }
            outcomes[index].complaint = (answer.source, size)
        } else {
            outcomes[index].hasPassed = true
            outcomes[index].complaint = nil
            furthest = max(furthest ?? 0, outcomes[index].hop)
        }
        outcomes[index].isDone = true
        outcomes[index].deadline = nil
    }
}

extension ICMPError {
    /// The size that an error about a packet's size says would do (RFC 1191, RFC 4443 section 3.2), whatever it is;
    /// `nil` for other errors.
    var tooBig: UInt32? {
        switch (family, type, code) {
        case (.v4, 3, 4), (.v6, 2, _): information
        default: nil
        }
    }
}
