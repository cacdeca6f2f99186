/// All paths to one destination: which routers balance load, over which next hops, and what each path loses.
///
/// A session knows no sockets and no clock: see ``PathProbing``. It varies the flow of its probes and learns where each
/// goes by the multipath detection algorithm:
///
/// - It begins with MDA-Lite (Vermeulen, Strowes, Fourmaux, Friedman, "Multilevel MDA-Lite Paris Traceroute", 2018):
///   the same flows are sent to every hop, until ``StoppingPoints`` for the hop as a whole say that none is missing.
///   Then the vertices of the wider of two hops are tested for crossing edges, each with as many flows as the
///   confidence asks for.
/// - Where edges cross, or vertices of one hop differ in how many edges they have, all goes on with the MDA (Augustin,
///   Friedman, Teixeira, "Multipath tracing with Paris traceroute", 2007): every vertex is tested for itself with flows
///   known to pass it, and as many flows are sent as it takes to have them (node control).
/// - A flow that went one of several ways is sent again, which tells balancing by packet from balancing by flow.
///
/// When all is known, one flow of each path is followed over all hops, and then probed from end to end, round by round.
/// Probes go out several at once, but only those that one after another would have gone out as well, for whatever the
/// answers under way may say. Nothing waits for a probe that is overdue by the answers seen so far. A flow that is not
/// answered where others are is sent again, beside one of those: only if that is still answered, somebody is silent.
public struct MultipathSession: PathProbing {
    /// What the session is to do.
    public let configuration: MultipathConfiguration
    /// When the session began.
    public let start: MonotonicTime
    /// Whether hops are still tested as a whole (MDA-Lite).
    public internal(set) var isLite: Bool
    /// How many rounds over all paths are over.
    public internal(set) var completedRounds: UInt64 = 0
    /// Probes that the search took so far.
    public internal(set) var searchProbes: UInt64 = 0
    /// Probes that the rounds took so far.
    public internal(set) var roundProbes: UInt64 = 0

    /// By hop limit, from the first on.
    var hops: [MultipathHop] = []
    /// By flow: the hop, as an index, at which it ends; `UInt16.max` where that is not known.
    var ends: [UInt16] = []
    var records = MultipathRecords()
    /// The tokens of the probes under way, oldest first.
    var underWay: [UInt16] = []
    /// What was planned and not yet sent, the next one last.
    var queue: [MultipathProbe] = []
    var stoppingPoints = StoppingPoints()
    /// Whether something happened since the last plan.
    var needsPlan = true
    /// When flows are sent again that must wait until then; `nil` for none.
    var resumption: MonotonicTime?
    /// Whether the last plan found something that it could not test as it should.
    var isShort = false
    /// The paths that are measured; `nil` while they are searched.
    var measured: [MeasuredPath]?
    let waits: TraceWaits
    let firstHop: UInt8
    /// How many hops there can be.
    let hopCount: Int

    /// What is not answered for so long, in nanoseconds, is lost; what is late is not, and holds nothing up meanwhile.
    private static let patienceForLoss: Int64 = 1_000_000_000

    private var notBefore: MonotonicTime
    /// When the round under way began, or is to begin.
    private var roundStart: MonotonicTime
    private var retryingSince: MonotonicTime?
    /// When the next probe is given up; `nil` while that is not known.
    private var expiry: MonotonicTime?
    /// When the next probe is overdue that was not at the last plan.
    private var planEnd: MonotonicTime?
    private var reports: [MultipathEvent] = []
    private var isInterrupted = false

    /// A session that begins at this moment. A highest hop below the first counts as the first.
    public init(_ configuration: MultipathConfiguration, at start: MonotonicTime) {
        self.configuration = configuration
        self.start = start
        isLite = configuration.beginsLite
        waits = TraceWaits(configuration.waiting)
        firstHop = max(1, configuration.firstHop)
        hopCount = Int(max(configuration.maximumHops, firstHop)) - Int(firstHop) + 1
        notBefore = start
        roundStart = start
    }

    /// Ends the session.
    public mutating func interrupt() { isInterrupted = true }

    // MARK: - What to do

    /// What to do at this moment.
    public mutating func next(at now: MonotonicTime) -> PathProbingStep<MultipathEvent> {
        if !reports.isEmpty { return .report(reports.removeFirst()) }
        if isInterrupted { return .finished }
        if let probe = dueProbe(at: now) { return .send(probe) }
        if expire(at: now) { return .report(reports.removeFirst()) }
        if queue.isEmpty { replan(at: now) }
        if let probe = dueProbe(at: now) { return .send(probe) }
        if records.isFull { return .wait(until: expiry) }
        if !queue.isEmpty { return .wait(until: expiry.map { min($0, notBefore) } ?? notBefore) }
        if !underWay.isEmpty, !isRoundOverdue(at: now) {
            return .wait(until: [expiry, planEnd].compactMap(\.self).min())
        }
        if let resumption { return .wait(until: resumption) }
        return goOn(at: now)
    }

    private func dueProbe(at now: MonotonicTime) -> TraceProbe? {
        notBefore <= now && !records.isFull ? nextProbe : nil
    }

    /// The probe that goes next.
    private var nextProbe: TraceProbe? {
        queue.last.map { TraceProbe(token: records.nextToken, hopLimit: hopLimit(of: $0.hop), flow: $0.flow) }
    }

    private mutating func replan(at now: MonotonicTime) {
        guard needsPlan || planEnd.map({ $0 <= now }) ?? false else { return }
        needsPlan = false
        planEnd = overdueMoment(after: now)
        resumption = nil
        if measured == nil { planSearch(at: now) } else { planRound() }
        if let resumption { planEnd = min(resumption, planEnd ?? resumption) }
        queue.reverse()
    }

    /// Whether another round may begin before the last answers of this one are given up: none is expected any more.
    private func isRoundOverdue(at now: MonotonicTime) -> Bool {
        guard let paths = measured, completedRounds + 1 < configuration.rounds else { return false }
        return paths.allSatisfy { $0.planned > completedRounds } && expected(at: now).isEmpty
    }

    /// Nothing is left to send or to wait for in this part of the work.
    private mutating func goOn(at now: MonotonicTime) -> PathProbingStep<MultipathEvent> {
        guard let paths = measured else {
            measured = foundPaths(in: MultipathSurvey(self))
            needsPlan = true
            roundStart = now
            return .report(.graphKnown)
        }
        guard completedRounds < configuration.rounds, !paths.isEmpty else { return .finished }
        completedRounds += 1
        needsPlan = true
        if completedRounds < configuration.rounds {
            roundStart = max(now, roundStart + configuration.roundInterval)
            notBefore = max(notBefore, roundStart)
        }
        return .report(.roundEnded(completedRounds))
    }

    func hopLimit(of hop: Int) -> UInt8 { firstHop + UInt8(hop) }

    // MARK: - What was sent

    /// The probe that `next` asked for was handed to the kernel at this moment.
    public mutating func sent(_ probe: TraceProbe, at now: MonotonicTime, wallClock: Int64?) {
        guard probe == nextProbe, let planned = queue.popLast() else { return }
        underWay.append(probe.token)
        let departure = Departure(sent: now, wallClock: wallClock ?? 0)
        records.append(MultipathRecords.Record(probe: planned, departure: departure))
        hops[planned.hop].withCell(planned.flow) { $0.sent = $0.sent == .max ? .max : $0.sent + 1 }
        if planned.stage == .measuring {
            roundProbes += 1
            measured?[planned.path].sent += 1
        } else {
            searchProbes += 1
        }
        notBefore = now + configuration.sendInterval
        retryingSince = nil
        expiry = nil
        if planEnd == nil { planEnd = now.adding(overdueWait) }
    }

    /// The probe that `next` asked for could not be sent. Where a queue is full, it is tried again for as long as an
    /// answer may be waited for.
    public mutating func notSent(
        _ probe: TraceProbe, _ failure: SendFailure, at now: MonotonicTime
    ) -> MultipathEvent? {
        guard probe == nextProbe else { return nil }
        notBefore = now.adding(PingSchedule.shortestWait)
        switch failure {
        case .queueFull, .bufferFull:
            let since = retryingSince ?? now
            retryingSince = since
            if now < since.adding(waits.longest) { return nil }
        case .tooLarge, .refused: break
        }
        retryingSince = nil
        needsPlan = true
        guard let planned = queue.popLast() else { return nil }
        hops[planned.hop].withCell(planned.flow) {
            $0.underWay -= min($0.underWay, 1)
            $0.isSpent = true
        }
        return .sendFailed(probe, failure)
    }

    /// The kernel's transmit timestamp of a probe, nanoseconds of the wall clock.
    public mutating func kernelSent(token: UInt16, at wallClock: Int64) {
        if records.contains(token) { records[token].departure.kernelSent = wallClock }
    }

    // MARK: - What arrived

    /// An answer arrived: to a probe under way, or to one that was given up.
    public mutating func received(_ answer: TraceAnswer, at arrival: Arrival) -> MultipathEvent? {
        guard records.contains(answer.token), records[answer.token].outcome != .answered else { return nil }
        let record = records[answer.token]
        records[answer.token].outcome = .answered
        if record.outcome == .underWay { close(answer.token) }
        if record.probe.isControl { hops[record.probe.hop].controls.answered += 1 }
        let (roundTrip, timing) = record.departure.roundTrip(until: arrival)
        count(answer, to: record.probe, roundTrip: roundTrip, isLate: record.outcome == .expired)
        expiry = nil
        needsPlan = true
        let probe = traced(record.probe, token: answer.token)
        return .answered(probe, answer, roundTrip: .nanoseconds(roundTrip), timing)
    }

    private mutating func count(_ answer: TraceAnswer, to probe: MultipathProbe, roundTrip: Int64, isLate: Bool) {
        let hop = probe.hop
        hops[hop].longestRoundTrip = max(roundTrip, hops[hop].longestRoundTrip ?? 0)
        if probe.stage == .measuring {
            measured?[probe.path].answered(after: roundTrip, isLate: isLate)
        }
        let isEnd = answer.meaning != .timeExceeded || answer.source == configuration.destination
        guard let vertex = hops[hop].vertex(answer.source, isEnd: isEnd) else {
            return hops[hop].withCell(probe.flow) { $0.isSpent = true }
        }
        hops[hop].vertices[vertex].roundTrips.record(nanoseconds: roundTrip)
        if case .error(let error) = answer.meaning { hops[hop].vertices[vertex].error = error }
        hops[hop].count(vertex, flow: probe.flow)
        if isEnd { end(probe.flow, at: hop) }
    }

    private mutating func end(_ flow: UInt16, at hop: Int) {
        let missing = Int(flow) + 1 - ends.count
        if missing > 0 { ends.append(contentsOf: repeatElement(.max, count: missing)) }
        ends[Int(flow)] = min(ends[Int(flow)], UInt16(hop))
    }

    /// A probe is no longer under way.
    private mutating func close(_ token: UInt16) {
        if let index = underWay.firstIndex(of: token) { underWay.remove(at: index) }
        let probe = records[token].probe
        hops[probe.hop].withCell(probe.flow) { $0.underWay -= min($0.underWay, 1) }
        if probe.isControl { hops[probe.hop].controls.ended += 1 }
    }

    private func traced(_ probe: MultipathProbe, token: UInt16) -> TraceProbe {
        TraceProbe(token: token, hopLimit: hopLimit(of: probe.hop), flow: probe.flow)
    }

    // MARK: - The passing of time

    /// Gives up a probe whose time is over; returns whether there was one.
    private mutating func expire(at now: MonotonicTime) -> Bool {
        if let expiry, expiry > now { return false }
        let waits = patience()
        expiry = nil
        for token in underWay {
            expiry = min(expiryMoment(of: token, waits), expiry ?? MonotonicTime(nanoseconds: .max))
        }
        guard let expiry, expiry <= now,
            let token = underWay.first(where: { expiryMoment(of: $0, waits) <= now })
        else { return false }
        let probe = records[token].probe
        records[token].outcome = .expired
        close(token)
        if probe.stage == .measuring { measured?[probe.path].lost += 1 }
        reports.append(.timedOut(traced(probe, token: token)))
        self.expiry = nil
        needsPlan = true
        return true
    }

    private func expiryMoment(of token: UInt16, _ waits: [Int64]) -> MonotonicTime {
        let record = records[token]
        let wait = waits[record.probe.hop]
        return record.departure.sent.adding(
            record.probe.stage == .measuring ? max(wait, min(self.waits.longest, Self.patienceForLoss)) : wait)
    }

    /// How long the answers of each hop are waited for: by its own, or by those of the next hop that answers behind it.
    private func patience() -> [Int64] {
        var waits = Array(repeating: self.waits.longest, count: hops.count)
        var behind: Int64?
        for hop in hops.indices.reversed() {
            let here = hops[hop].longestRoundTrip
            waits[hop] = self.waits.wait(sameHop: here, otherHop: behind)
            behind = here ?? behind
        }
        return waits
    }

    /// How long after it left a probe is overdue: by the longest round trip so far, wherever it was.
    private var overdueWait: Int64 {
        self.waits.wait(sameHop: hops.lazy.compactMap(\.longestRoundTrip).max() ?? 0, otherHop: nil)
    }

    /// The probes whose answers may be expected soon.
    func expected(at now: MonotonicTime) -> [MultipathProbe] {
        let wait = overdueWait
        return underWay.filter { records[$0].departure.sent.adding(wait) > now }.map { records[$0].probe }
    }

    /// When the next probe under way is overdue that is not yet.
    private func overdueMoment(after now: MonotonicTime) -> MonotonicTime? {
        let wait = overdueWait
        return underWay.lazy.map { records[$0].departure.sent.adding(wait) }.filter { $0 > now }.min()
    }
}
