import Addresses

// What it means what became of the sizes that were tried.
extension PathMTUSession {
    mutating func conclude(at now: MonotonicTime) {
        let outcomes = trials.outcomes
        if let check {
            conclude(check, outcomes, at: now)
        } else if case .searching(let search) = stage {
            concludeSearch(search, outcomes, at: now)
        } else {
            concludeSizing(outcomes, at: now)
        }
    }

    private mutating func begin(_ check: PathMTUCheck, notBefore: MonotonicTime) {
        self.check = check
        trials.begin(check.trials, notBefore: notBefore, once: true)
    }

    private mutating func conclude(_ check: PathMTUCheck, _ outcomes: [PathMTUTrials.Outcome], at now: MonotonicTime) {
        var check = check
        self.check = nil
        switch (check.take(outcomes), stage) {
        case (.undecided, _): begin(check, notBefore: now + Self.pause)
        case (.unanswering, _): giveUp(check.hop, at: now)
        case (.complained(let router, let told), .searching(let search)):
            if believes((router, told), before: check.hop, atLeast: search.passed) { return trySize(at: now) }
            take(outcomes.filter { $0.complaint != nil }, search, at: now)
        case (.complained(let router, let told), _): conclude((router, told), before: check.hop, at: now)
        case (.passed, .searching(let search)):
            take(outcomes.filter { $0.fate == .passed && $0.size == check.size }, search, at: now)
        case (.passed, _):
            reach(check.hop)
            trySize(at: now)
        case (.lost, .searching(let search)): take(check.outcomes, search, at: now)
        case (.lost, _): beginSearch(check.hop, at: now)
        }
    }

    private mutating func giveUp(_ hop: UInt8, at now: MonotonicTime) {
        lost.insert(hop)
        remaining.removeAll { $0 == hop }
        trySize(at: now)
    }

    /// A hop before, and a size that gets there.
    private var witness: (hop: UInt8, size: Int)? {
        settled.flatMap { lost.contains($0) ? nil : ($0, configuration.smallestLength) }
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
            let check = PathMTUCheck(
                [], of: first, size: size, knownSize: configuration.smallestLength, witness: witness)
            return begin(check, notBefore: now)
        }
        conclude(complaint, before: first, at: now)
    }

    /// Somebody said that packets of the present size are too big.
    private mutating func conclude(
        _ complaint: (router: IPAddress, size: UInt32), before hop: UInt8, at now: MonotonicTime
    ) {
        if believes(complaint, before: hop, atLeast: 0) { trySize(at: now) } else { beginSearch(hop, at: now) }
    }

    /// Goes on with the size that a router says would do, if that can be.
    private mutating func believes(
        _ complaint: (router: IPAddress, size: UInt32), before hop: UInt8, atLeast passed: Int
    ) -> Bool {
        guard let told = Int(exactly: complaint.size), told >= max(configuration.minimumLength, passed), told < size,
            reductions < Self.mostReductions
        else {
            wrongClaim = wrongClaim ?? complaint
            return false
        }
        reductions += 1
        limit(to: told, before: hop, .told(by: complaint.router))
        return true
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
        // What is found changes every time where somebody plays with it.
        guard reductions < 2 * Self.mostReductions else { return giveUp(hop, at: now) }
        reductions += 1
        search(PathMTUSearch(hop: hop, passed: configuration.smallestLength, tooLarge: size), at: now)
    }

    private mutating func concludeSearch(
        _ search: PathMTUSearch, _ outcomes: [PathMTUTrials.Outcome], at now: MonotonicTime
    ) {
        var search = search
        let passed = outcomes.filter { $0.fate == .passed }.map(\.size).reduce(search.passed, max)
        if let complaint = outcomes.lazy.compactMap(\.complaint).first,
            believes(complaint, before: search.hop, atLeast: passed)
        {
            return trySize(at: now)
        }
        let silent = outcomes.filter {
            $0.fate == .silent && $0.size > passed && ($0.size < search.tooLarge || search.isFound)
        }
        guard let smallest = silent.map(\.size).min() else {
            return take(outcomes, search, at: now)
        }
        let isFinal = search.isFound
        search.take(outcomes.filter { $0.fate != .silent })
        stage = .searching(search)
        let check = PathMTUCheck(
            silent, of: search.hop, size: smallest, knownSize: search.passed, witness: isFinal ? witness : nil,
            isFinal: isFinal)
        begin(check, notBefore: now)
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
        var limit = PathMTULimit(
            lastHop: settled, nextHop: ownNumber(hop), mtu: mtu, previousMTU: size, evidence: evidence)
        if let last = result.limits.last,
            (last.nextHop, last.lastHop, last.evidence) == (limit.nextHop, settled, evidence)
        {
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
        (reductions, wrongClaim) = (0, nil)
        remaining.removeAll { $0 <= hop }
    }

    /// Tells of the hops up to this one, as getting packets of the present size.
    mutating func settle(through last: UInt8?) {
        guard let last else { return }
        for hop in path.hops where hop.hopLimit > settled ?? 0 && hop.hopLimit <= last {
            if let overshoot, overshoot.contains(hop.hopLimit), hop.hopLimit != overshoot.upperBound { continue }
            let responder = hop.responders.first
            let known = PathMTUHop(
                hopLimit: ownNumber(hop.hopLimit), responder: responder?.address, roundTrip: hop.roundTrips.minimum,
                returnHops: responder?.returnHops, error: responder?.lastError,
                mtu: responder != nil && !lost.contains(hop.hopLimit) ? size : nil,
                isDestination: hop.hopLimit == path.destinationHop)
            result.hops.append(known)
            reports.append(.hop(known))
        }
        settled = last
    }
}
