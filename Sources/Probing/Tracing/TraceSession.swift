/// The hops on the way to one destination: when the probes to each go out, who answers them, and what that says.
///
/// A session knows no sockets and no clock: see ``PathProbing``. Probes go out hop by hop, several at once. A silent
/// hop is waited for only as long as the answers of the hops around it justify, and the destination found ends the
/// search beyond it. However many rounds there are, no more than the last 65,535 probes are remembered one by one.
public struct TraceSession: PathProbing {
    /// What the session is to do.
    public let configuration: TraceConfiguration
    /// The round under way or between two the last one; 0 before the first.
    public private(set) var round: UInt64 = 0
    /// The hop at which the path last ended: at the destination, or where somebody said that it goes no further.
    public private(set) var destinationHop: UInt8?

    var records = TraceRecords()
    /// What is known of each hop, from `firstHop` on.
    var allHops: [TraceHop] = []
    /// What the round under way has come to at each hop.
    var progress: [TraceProgress] = []
    /// The first hop that is not done with in this round, as an index.
    var firstOpen = 0
    var underWay = 0
    /// When the next probe is given up.
    var expiry = TraceExpiry.unknown
    var notices = TraceNotices()
    /// The last hop that there is a reason to probe in this round.
    private var lastHop: UInt8
    /// Where the path ended in this round.
    private var roundEnd: UInt8?
    /// Where the path ended in the round before, as long as nothing shows that it goes on there now.
    private var expectedEnd: UInt8?
    /// The furthest hop at which the path ended in a round.
    private var furthestEnd: UInt8?
    /// The number of the first probe of the round.
    private var roundBase: UInt64 = 1
    private(set) var isBetweenRounds = true
    private var roundDue: MonotonicTime
    private var notBefore: MonotonicTime
    /// Since when the next probe finds no room in a queue.
    private var retryingSince: MonotonicTime?
    private var reports: [TraceEvent] = []
    private var isInterrupted = false
    /// A port at which the destination answers TCP.
    private(set) var tcpPort: (number: UInt16, isOpen: Bool)?

    let firstHop: UInt8
    let probesPerHop: Int
    let waits: TraceWaits

    /// A session that begins at this moment, at which its first probe is due.
    public init(_ configuration: TraceConfiguration, at start: MonotonicTime) {
        self.configuration = configuration
        firstHop = max(1, configuration.firstHop)
        probesPerHop = min(max(1, configuration.probesPerHop), Int(UInt16.max))
        waits = TraceWaits(configuration.waiting)
        lastHop = max(firstHop, configuration.maximumHops)
        (roundDue, notBefore) = (start, start)
    }

    /// What is known of each hop, from the first on. Those behind the destination are left out.
    public var hops: [TraceHop] {
        guard let end = [furthestEnd, roundEnd].compactMap({ $0 }).max() else { return allHops }
        let beyond = allHops.dropFirst(index(of: end) + 1)
        let silent = beyond.reversed().prefix { $0.received == 0 }.count
        return silent == 0 ? allHops : Array(allHops.dropLast(silent))
    }

    /// How many rounds are over.
    public var completedRounds: UInt64 { isBetweenRounds ? round : round - 1 }

    /// Ends the session: what is under way is neither received nor lost.
    public mutating func interrupt() { isInterrupted = true }

    /// Tells the session, when it is over and the destination was silent, that a TCP segment to this port was answered
    /// by the destination: with SYN and ACK where the port is open, with RST where it is closed.
    public mutating func destinationAnswered(tcpPort: UInt16, isOpen: Bool) { self.tcpPort = (tcpPort, isOpen) }

    func index(of hop: UInt8) -> Int { Int(hop) - Int(firstHop) }
    /// The number of the first of the round's probes to a hop.
    func base(_ hop: Int) -> UInt64 { roundBase + UInt64(hop) * UInt64(probesPerHop) }

    // MARK: - What to do

    /// What to do at this moment.
    public mutating func next(at now: MonotonicTime) -> PathProbingStep<TraceEvent> {
        if !reports.isEmpty { return .report(reports.removeFirst()) }
        if isInterrupted { return .finished }
        if isBetweenRounds {
            if let rounds = configuration.rounds, round >= rounds { return .finished }
            guard roundDue <= now else { return .wait(until: roundDue) }
            beginRound(at: now)
        }
        let expiry = nextExpiry()
        if let expiry, expiry.moment <= now { return .report(.timedOut(expire(at: expiry.hop))) }
        if let probe = nextProbe {
            guard !records.isFull else { return .wait(until: expiry?.moment) }
            let room = room(at: now)
            guard room <= now else { return .wait(until: expiry.map { min($0.moment, room) } ?? room) }
            if notBefore <= now { return .send(probe.probe) }
            return .wait(until: expiry.map { min($0.moment, notBefore) } ?? notBefore)
        }
        if underWay > 0 { return .wait(until: expiry?.moment) }
        endRound()
        return .report(reports.removeFirst())
    }

    /// The probe that goes next in this round.
    private var nextProbe: TracedProbe? {
        let (hops, index) = (records.last + 1 - roundBase).quotientAndRemainder(dividingBy: UInt64(probesPerHop))
        let hopLimit = UInt64(firstHop) + hops
        guard hopLimit <= UInt64(min(lastHop, expectedEnd ?? .max)) else { return nil }
        let probe = TraceProbe(token: TraceRecords.token(of: records.last + 1), hopLimit: UInt8(hopLimit))
        return TracedProbe(probe, index: Int(index), round: round)
    }

    // MARK: - Rounds

    private mutating func beginRound(at now: MonotonicTime) {
        isBetweenRounds = false
        round += 1
        // A round that begins late does not move those after it: they keep to the grid.
        let next = roundDue + configuration.roundInterval
        roundDue = next > now ? next : now + configuration.roundInterval
        roundBase = records.last + 1
        lastHop = max(firstHop, configuration.maximumHops)
        expectedEnd = roundEnd
        roundEnd = nil
        firstOpen = 0
        for hop in progress.indices { progress[hop].beginRound() }
    }

    private mutating func endRound() {
        isBetweenRounds = true
        if let roundEnd { furthestEnd = max(roundEnd, furthestEnd ?? 0) }
        allHops = hops
        endAtDestination()
        notices.add(loops: TraceLoop.all(in: allHops, to: configuration.destination))
        let changed = allHops.lazy.filter(\.hasChanged).map(\.hopLimit)
        if configuration.isOneFlow, let first = changed.first, let last = changed.last {
            notices.add(TraceRouteChange(round: round, hops: first...last))
            reports.append(.routeChanged(round: round, hops: first...last))
        }
        reports.append(.roundEnded(round))
        for hop in allHops.indices { allHops[hop].endRound() }
    }

    /// Where probes to the destination's own hop are lost, it answers those that would have gone further. It is no hop
    /// behind itself for that: the path is longer only if a router answers there.
    private mutating func endAtDestination() {
        let destination = configuration.destination
        let end = allHops.firstIndex { hop in
            hop.isAnswered { $0.source == destination && $0.meaning != .timeExceeded }
        }
        guard let end, !allHops[end...].contains(where: { $0.isAnswered { $0.meaning == .timeExceeded } }) else {
            return
        }
        let hop = allHops[end].hopLimit
        destinationHop = destinationHop.map { min($0, hop) }
        roundEnd = roundEnd.map { min($0, hop) }
        furthestEnd = hop
        allHops.removeLast(allHops.count - end - 1)
    }

    /// The path ends at this hop: what was sent further says nothing.
    private mutating func end(at hop: UInt8) {
        destinationHop = hop
        roundEnd = hop
        guard hop < lastHop else { return }
        lastHop = hop
        let cut = index(of: hop) + 1
        for number in stride(from: max(base(cut), records.oldest), through: records.last, by: 1) {
            if records[number].outcome == .pending { underWay -= 1 }
            records[number].outcome = .beyond
        }
        // Rounds before may have been right to go further; only what this one has counted there is taken back.
        for hop in allHops.indices.dropFirst(cut) where hop < progress.count { allHops[hop].takeBack(progress[hop]) }
        let kept = max(cut, furthestEnd.map { index(of: $0) + 1 } ?? 0)
        allHops.removeLast(max(0, allHops.count - kept))
        progress.removeLast(max(0, progress.count - cut))
        expiry = .unknown
    }

    // MARK: - What was sent

    /// The probe that `next` asked for was handed to the kernel at this moment.
    public mutating func sent(_ probe: TraceProbe, at now: MonotonicTime, wallClock: Int64?) {
        guard let next = nextProbe, next.probe == probe, !isBetweenRounds else { return }
        let hop = append(next, Departure(sent: now, wallClock: wallClock ?? 0), .pending)
        allHops[hop].sent += 1
        progress[hop].sent += 1
        progress[hop].pending += 1
        underWay += 1
        notBefore = now + configuration.sendInterval
        expiry = .unknown
    }

    /// The probe that `next` asked for could not be sent. Where a queue is full, it is tried again for as long as an
    /// answer may be waited for.
    public mutating func notSent(_ probe: TraceProbe, _ failure: SendFailure, at now: MonotonicTime) -> TraceEvent? {
        guard let next = nextProbe, next.probe == probe, !isBetweenRounds else { return nil }
        // However short the interval: what can't be sent is not tried as fast as the processor can.
        notBefore = now.adding(PingSchedule.shortestWait)
        switch failure {
        case .queueFull, .bufferFull:
            let since = retryingSince ?? now
            retryingSince = since
            if now < since.adding(waits.longest) { return nil }
        case .tooLarge, .refused: break
        }
        _ = append(next, Departure(sent: now), .unsent)
        return .sendFailed(next, failure)
    }

    /// Remembers the probe that goes next; returns its hop, as an index.
    private mutating func append(
        _ traced: TracedProbe, _ departure: Departure, _ outcome: TraceRecords.Outcome
    ) -> Int {
        retryingSince = nil
        let hop = index(of: traced.probe.hopLimit)
        while allHops.count <= hop {
            allHops.append(TraceHop(hopLimit: firstHop + UInt8(allHops.count), firstRound: round))
        }
        while progress.count <= hop { progress.append(TraceProgress()) }
        progress[hop].tried += 1
        let record = TraceRecords.Record(
            departure: departure, round: round, index: traced.index, hopLimit: traced.probe.hopLimit, outcome: outcome)
        records.append(record, keepingThoseAfter: departure.sent.adding(-waits.remembered))
        return hop
    }

    /// The kernel's transmit timestamp of a probe, nanoseconds of the wall clock.
    public mutating func kernelSent(token: UInt16, at wallClock: Int64) {
        if let number = records.number(of: token) { records[number].departure.kernelSent = wallClock }
    }

    // MARK: - What arrived

    /// An answer arrived: to a probe under way, or to one that was given up or answered before.
    public mutating func received(_ answer: TraceAnswer, at arrival: Arrival) -> TraceEvent? {
        guard let number = records.number(of: answer.token) else { return nil }
        let record = records[number]
        let hop = index(of: record.hopLimit)
        guard hop < allHops.count, record.round >= allHops[hop].firstRound else { return nil }
        let traced = record.traced(number)
        switch record.outcome {
        case .unsent, .beyond: return nil
        case .answered:
            allHops[hop].duplicates += 1
            return .duplicate(traced, answer)
        case .pending, .expired: break
        }
        let (roundTrip, timing) = record.departure.roundTrip(until: arrival)
        let isOfRound = record.round == round && !isBetweenRounds
        records[number].outcome = .answered
        allHops[hop].count(answer, roundTrip: roundTrip, isOfRound: isOfRound)
        if record.outcome == .expired { allHops[hop].lost -= min(1, allHops[hop].lost) }
        // What comes too late for its round still says how long to wait in the next.
        if hop < progress.count { progress[hop].learn(roundTrip) }
        expiry = .unknown
        if isOfRound {
            progress[hop].answered(late: record.outcome == .expired)
            if record.outcome == .pending { close(at: hop) }
            judge(answer, at: record.hopLimit)
        }
        let duration = Duration.nanoseconds(roundTrip)
        return record.outcome == .pending
            ? .answered(traced, answer, roundTrip: duration, timing)
            : .late(traced, answer, roundTrip: duration, timing)
    }

    /// Whether the path ends here, or goes on where it was expected to end.
    private mutating func judge(_ answer: TraceAnswer, at hop: UInt8) {
        if answer.meaning != .timeExceeded {
            end(at: hop)
        } else if hop == expectedEnd {
            expectedEnd = nil
        }
    }
}
