/// What to send next in a search, by what is known at one moment. Probes under way count as if they were answered, with
/// nothing new: as answers only ever show that more is to be done, nothing is sent that would not have been sent later.
struct MultipathPlan {
    /// Hops that a flow is sent ahead of what is known.
    static let lookAhead = 3
    /// Where answers are rare, so many flows are sent again, and then none for so long, in nanoseconds.
    static let (atATime, pause) = (4, 200_000_000 as Int64)
    /// Flows, at most: as many as there are.
    private static let mostFlows = 1 << 16

    var survey: MultipathSurvey
    var points: StoppingPoints
    /// What to send, in this order.
    private(set) var probes: [MultipathProbe] = []
    /// Whether something can't be tested as far as the confidence asks for.
    private(set) var isShort = false
    /// The hops at which flows are sent again now although answers are rare there.
    private(set) var resumed: [Int] = []
    /// When flows are to be sent again that must wait until then; `nil` for none.
    private(set) var resumption: MonotonicTime?

    let configuration: MultipathConfiguration
    let hops: [MultipathHop]
    let ends: [UInt16]
    /// How many more probes may be sent.
    private var room: Int
    /// The last hop whose vertices are tested.
    let last: Int
    private let now: MonotonicTime

    init(_ session: borrowing MultipathSession, room: Int, at now: MonotonicTime) {
        self.now = now
        survey = MultipathSurvey(session)
        points = session.stoppingPoints
        configuration = session.configuration
        hops = session.hops
        ends = session.ends
        self.room = room
        last = min(survey.hops.count - 1, survey.extent + (survey.goesOnBehindExtent ? 1 : 0))
    }

    // MARK: - Stage by stage

    /// Finds what there is: follows one flow ahead, probes again what was not answered, and tests hops as a whole.
    mutating func find(isLite: Bool, isExpected: (_ hop: Int, _ flow: UInt16) -> Bool) {
        for hop in survey.hops.indices where !survey.hops[hop].retries.isEmpty { retry(hop) }
        scout(isExpected)
        for hop in stride(from: 0, through: last, by: 1) {
            // Where all end at the hop before, those that are seen here were not seen there yet.
            if isLite || survey.isUnstable(before: hop), !survey.goingOn(before: hop).isEmpty {
                testAsAWhole(hop, risk: configuration.risk / Double(isLite ? last + 1 : tests))
            }
            connect(hop)
        }
    }

    /// Sends flows again that went one of several ways from a vertex, until that can't be chance.
    mutating func repeatFlows() {
        for hop in stride(from: 0, through: last, by: 1) {
            for vertex in survey.goingOn(before: hop) where survey.hops[hop].links[vertex].count > 1 {
                repeatFlow(from: vertex, at: hop)
            }
        }
    }

    /// Tests the vertices of the wider of two hops for edges that cross (MDA-Lite).
    mutating func testForMeshes() {
        let flows = points.probes(toRuleOut: 2, risk: configuration.risk)
        for hop in stride(from: 1, through: last, by: 1) where isComparable(hop) {
            let (before, here) = (survey.goingOn(before: hop).count, survey.hops[hop].width)
            if before >= here { testForward(hop) { _, _ in flows } }
            if here >= before { testBackward(hop, flows: flows) }
        }
    }

    /// Whether no edges cross, and the vertices of each hop have equally many: what MDA-Lite takes for granted.
    var isUniform: Bool {
        for hop in stride(from: 1, through: last, by: 1) where isComparable(hop) {
            let layer = survey.hops[hop]
            let before = survey.goingOn(before: hop)
            let here = layer.flows.indices.filter { layer.flows[$0] > 0 }
            let out = Set(before.map { layer.links[$0].count })
            let into = Set(here.map { layer.before[$0] })
            if before.count >= here.count, out.contains(where: { $0 > 1 }) { return false }
            if here.count >= before.count, into.contains(where: { $0 > 1 }) { return false }
            if out.count > 1 || into.count > 1 { return false }
        }
        return true
    }

    /// Tests each vertex for itself (MDA).
    mutating func testVertices() {
        let risk = configuration.risk / Double(tests)
        for hop in stride(from: 0, through: last, by: 1) where !survey.isUnstable(before: hop) {
            testForward(hop) { plan, vertex in
                plan.points.probes(toRuleOut: plan.survey.hops[hop].links[vertex].count + 1, risk: risk)
            }
        }
    }

    /// Sends a flow to a hop, if there is room.
    /// - Parameters:
    ///   - isAgain: whether the flow is known to be awaited there already, or to be there.
    ///   - isControl: whether it is sent to see whether it is still answered.
    mutating func add(
        _ hop: Int, _ flow: Int, _ stage: MultipathProbe.Stage, isAgain: Bool = false, isControl: Bool = false
    ) {
        guard room > 0 else { return }
        room -= 1
        probes.append(MultipathProbe(hop: hop, flow: UInt16(flow), stage: stage, isControl: isControl))
        if !isAgain { survey.await(flow, at: hop) }
    }

    // MARK: - What there is

    /// The vertices that are tested.
    private var tests: Int {
        stride(from: 0, through: last, by: 1).reduce(0) { $0 + survey.goingOn(before: $1).count }
    }

    /// Two hops between which edges could cross.
    private func isComparable(_ hop: Int) -> Bool {
        !survey.hops[hop].isUnstable && !survey.isUnstable(before: hop) && survey.goingOn(before: hop).count > 1
    }

    /// Sends a flow that goes on from the last hop that answers to those behind it, a few at a time, so that silent
    /// hops hold nothing up.
    private mutating func scout(_ isExpected: (_ hop: Int, _ flow: UInt16) -> Bool) {
        let extent = survey.extent
        let flow =
            extent < 0
            ? 0
            : survey.hops[extent].places.indices.first { flow in
                let place = survey.hops[extent].places[flow]
                return place >= 0 && place < survey.hops[extent].silent && !survey.hops[extent].isEnd[place]
            }
        guard let flow else { return }
        var ahead = 0
        let furthest = min(survey.hops.count - 1, extent + max(1, configuration.mostSilentHops))
        for hop in stride(from: extent + 1, through: furthest, by: 1) where ahead < Self.lookAhead {
            if isOpen(flow, hop) { add(hop, flow, .finding) }
            let isUnderWay = flow < hops[hop].cells.count && hops[hop].cells[flow].underWay > 0
            let isOverdue = isUnderWay && !isExpected(hop, UInt16(flow))
            if survey.hops[hop].place(flow) == MultipathSurvey.Place.awaited, !isOverdue { ahead += 1 }
        }
    }

    /// Sends flows again that were not answered, each beside one that was: if that is answered and this never is, a
    /// router is silent. Where answers are rare, few go at a time.
    private mutating func retry(_ hop: Int) {
        let retries = survey.hops[hop].retries
        if hops[hop].answersRarely {
            guard hops[hop].resumption.map({ $0 <= now }) ?? true else {
                postpone(until: hops[hop].resumption)
                return
            }
            for flow in retries.prefix(Self.atATime) { add(hop, flow, .finding, isAgain: true) }
            resumed.append(hop)
            if retries.count > Self.atATime { postpone(until: now.adding(Self.pause)) }
            return
        }
        let answered = survey.hops[hop].places.indices.filter {
            (0..<survey.hops[hop].silent).contains(survey.hops[hop].places[$0])
        }
        for (number, flow) in retries.enumerated() {
            add(hop, flow, .finding, isAgain: true)
            guard !answered.isEmpty else { continue }
            let control = answered[(hops[hop].controls.ended + number) % answered.count]
            add(hop, control, .finding, isAgain: true, isControl: true)
        }
    }

    private mutating func postpone(until moment: MonotonicTime?) {
        guard let moment else { return }
        resumption = min(moment, resumption ?? moment)
    }

    /// Tests whether a hop has more vertices than were seen, whatever the vertices before it.
    private mutating func testAsAWhole(_ hop: Int, risk: Double) {
        let wanted = points.probes(toRuleOut: survey.hops[hop].width + 1, risk: risk)
        send(wanted - survey.hops[hop].tested - survey.hops[hop].awaited, to: hop, .finding) { _ in true }
    }

    /// Each vertex has an edge that leads to it, and one that leads on.
    private mutating func connect(_ hop: Int) {
        testForward(hop, stage: .finding) { _, _ in 1 }
        guard hop > 0 else { return }
        var isConnected = survey.hops[hop].flows.indices.map { survey.hops[hop].before[$0] > 0 }
        var candidates: [Int?] = Array(repeating: nil, count: isConnected.count)
        for (flow, place) in survey.hops[hop].places.enumerated() where place >= 0 && !isConnected[place] {
            switch survey.place(flow, before: hop) {
            case MultipathSurvey.Place.awaited: isConnected[place] = true
            case MultipathSurvey.Place.unknown: candidates[place] = candidates[place] ?? flow
            default: break
            }
        }
        for (place, flow) in candidates.enumerated() {
            if let flow, !isConnected[place] { add(hop - 1, flow, .finding) }
        }
    }

    private mutating func repeatFlow(from vertex: Int, at hop: Int) {
        let layer = survey.hops[hop]
        var chosen: Int?
        for flow in layer.places.indices where survey.place(flow, before: hop) == vertex {
            guard (0..<layer.silent).contains(layer.places[flow]) else { continue }
            if hops[hop].cells[flow].hasVaried { return }
            if hop > 0, hops[hop - 1].cells[flow].hasVaried { continue }
            chosen = chosen ?? flow
        }
        guard let chosen else { return }
        let cell = hops[hop].cells[chosen]
        let wanted = repeats(layer.links[vertex].count) + 1 - Int(cell.answers) - Int(cell.underWay)
        guard Int(cell.sent) < 2 * (repeats(2) + 1) + configuration.retries else { return }
        for _ in stride(from: 0, to: wanted, by: 1) { add(hop, chosen, .repeating, isAgain: true) }
    }

    /// How many packets of a flow that all go the same of several ways are no chance.
    private func repeats(_ ways: Int) -> Int {
        var (count, chance) = (0, 1.0)
        while chance > configuration.risk {
            chance /= Double(max(2, ways))
            count += 1
        }
        return count
    }

    // MARK: - Flows through vertices

    /// Sends flows on from the vertices before a hop, as many as are wanted from each. Where that many are not known
    /// to pass one, more are sent to it.
    private mutating func testForward(
        _ hop: Int, stage: MultipathProbe.Stage = .testing,
        wanted: (_ plan: inout Self, _ vertex: Int) -> Int
    ) {
        var missing = Array(repeating: 0, count: survey.vertices(before: hop))
        var total = missing
        for vertex in survey.goingOn(before: hop) {
            total[vertex] = wanted(&self, vertex)
            missing[vertex] = max(
                0, total[vertex] - survey.hops[hop].testedFrom[vertex] - survey.hops[hop].awaitedFrom[vertex])
        }
        guard missing.contains(where: { $0 > 0 }) else { return }
        guard hop > 0 else { return send(missing[0], to: hop, stage) { _ in true } }
        for (flow, place) in survey.hops[hop - 1].places.enumerated()
        where place >= 0 && missing[place] > 0 && isOpen(flow, hop) {
            add(hop, flow, stage)
            missing[place] -= 1
        }
        control(hop - 1, missing: missing, total: total, stage)
    }

    /// Sends flows that pass the vertices of a hop to the hop before.
    private mutating func testBackward(_ hop: Int, flows: Int) {
        var missing = survey.hops[hop].flows.map { $0 > 0 ? flows : 0 }
        let total = missing
        var open: [Int] = []
        for (flow, place) in survey.hops[hop].places.enumerated() where place >= 0 {
            if survey.place(flow, before: hop) == MultipathSurvey.Place.unknown {
                open.append(flow)
            } else {
                missing[place] = max(0, missing[place] - 1)
            }
        }
        for flow in open where missing[survey.hops[hop].places[flow]] > 0 {
            missing[survey.hops[hop].places[flow]] -= 1
            add(hop - 1, flow, .testing)
        }
        control(hop, missing: missing, total: total, .testing)
    }

    /// Node control: sends flows to a hop of which some pass those vertices that too few are known to pass.
    private mutating func control(_ hop: Int, missing: [Int], total: [Int], _ stage: MultipathProbe.Stage) {
        guard missing.contains(where: { $0 > 0 }) else { return }
        var wanted = -survey.hops[hop].awaited
        var leads = Array(repeating: false, count: survey.vertices(before: hop))
        var isMissing = Array(repeating: false, count: missing.count)
        let shares = survey.shares(at: hop)
        for vertex in missing.indices where missing[vertex] > 0 {
            // Far fewer flows pass it than an even balancer would send: it is gone, or was never there.
            if shares[vertex] * Double(survey.hops[hop].tested) > Double(2 * total[vertex] + 10) {
                isShort = true
                continue
            }
            wanted += missing[vertex]
            isMissing[vertex] = true
        }
        for before in leads.indices {
            leads[before] = survey.hops[hop].links[before].contains { isMissing[$0.to] }
        }
        send(wanted, to: hop, stage) { $0 < leads.count && leads[$0] }
    }

    /// Sends flows to a hop: those first that are at vertices before it that lead where they are wanted, then any of
    /// which nothing speaks against it.
    private mutating func send(
        _ count: Int, to hop: Int, _ stage: MultipathProbe.Stage, leads: (_ vertex: Int) -> Bool
    ) {
        var missing = min(count, room)
        guard missing > 0 else { return }
        let known = hop == 0 ? 0 : survey.hops[hop - 1].places.count
        for flow in 0..<known where missing > 0 {
            let before = survey.place(flow, before: hop)
            guard before >= 0, leads(before), isOpen(flow, hop) else { continue }
            add(hop, flow, stage)
            missing -= 1
        }
        var flow = 0
        while missing > 0 {
            guard flow < Self.mostFlows else {
                isShort = true
                return
            }
            if hop == 0 || survey.place(flow, before: hop) < 0, isOpen(flow, hop) {
                add(hop, flow, stage)
                missing -= 1
            }
            flow += 1
        }
    }

    /// Whether nothing is known of a flow at a hop that it may reach.
    func isOpen(_ flow: Int, _ hop: Int) -> Bool {
        survey.hops[hop].place(flow) == MultipathSurvey.Place.unknown && (flow >= ends.count || ends[flow] >= hop)
    }
}
