/// What all answers of a search say together at one moment: who is at each hop, and how they are connected.
struct MultipathSurvey {
    /// Where a flow is at a hop: at a vertex, by its index, or one of these.
    enum Place {
        /// It was not probed there.
        static let unknown = -1
        /// Its answer is waited for, or it is to be probed again.
        static let awaited = -2
        /// It was probed and is not answered for reasons of its own: a loss, a failure to send.
        static let lost = -3
        /// It ended before.
        static let over = -4
    }

    /// One hop.
    struct Hop {
        /// By flow, as far as any was probed.
        var places: [Int]
        /// By vertex: how many flows are there. The last vertex is who is silent.
        var flows: [Int]
        /// By vertex: whether flows end there.
        var isEnd: [Bool]
        /// How many vertices there are.
        var width = 0
        /// The vertices from which flows go on.
        var goingOn: [Int] = []
        /// Flows that were seen here, silent or lost.
        var tested = 0
        /// Flows whose answers are awaited.
        var awaited = 0
        /// Whether one flow was seen at several vertices.
        var isUnstable = false
        /// Flows that are to be probed again, those first that were probed least often.
        var retries: [Int] = []
        /// Whether flows were given up that others may have shown.
        var isDoubtful = false
        /// By vertex of the hop before: where its flows were seen to go on to, and how many each.
        var links: [[(to: Int, flows: Int)]] = []
        /// By vertex: how many vertices of the hop before lead to it.
        var before: [Int] = []
        /// By vertex of the hop before: how many of its flows were tested here.
        var testedFrom: [Int] = []
        /// By vertex of the hop before: of how many of its flows the answers are awaited.
        var awaitedFrom: [Int] = []

        func place(_ flow: Int) -> Int { flow < places.count ? places[flow] : Place.unknown }

        var silent: Int { flows.count - 1 }
        /// Whether any vertex answers.
        var answers: Bool { flows.dropLast().contains { $0 > 0 } }
    }

    /// So many times as often a flow is sent again where answers are rare.
    private static let patience = 4

    /// By hop, as far as any was probed.
    var hops: [Hop]
    /// The last hop at which anybody answers, as an index; -1 for none.
    let extent: Int

    init(_ session: borrowing MultipathSession) {
        hops = []
        hops.reserveCapacity(session.hops.count)
        var extent = -1
        for index in session.hops.indices {
            hops.append(Self.hop(session.hops[index], index, session.ends, session.configuration.retries))
            if hops[index].answers { extent = index }
        }
        self.extent = extent
        for index in hops.indices { link(index, strays: session.hops[index].strays) }
    }

    /// The vertices of the hop before; the source alone before the first.
    func vertices(before hop: Int) -> Int { hop == 0 ? 1 : hops[hop - 1].flows.count }
    /// Where a flow is at the hop before.
    func place(_ flow: Int, before hop: Int) -> Int { hop == 0 ? 0 : hops[hop - 1].place(flow) }
    /// The vertices of the hop before from which flows go on.
    func goingOn(before hop: Int) -> [Int] { hop == 0 ? [0] : hops[hop - 1].goingOn }
    /// Whether one flow was seen at several vertices of the hop before.
    func isUnstable(before hop: Int) -> Bool { hop > 0 && hops[hop - 1].isUnstable }

    /// Whether there are flows that do not end at the last hop that answers.
    var goesOnBehindExtent: Bool {
        extent < 0 || hops[extent].goingOn.contains { $0 != hops[extent].silent }
    }

    // MARK: - How it is made

    private static func hop(_ hop: MultipathHop, _ index: Int, _ ends: [UInt16], _ retries: Int) -> Hop {
        let silent = hop.vertices.count
        var result = Hop(
            places: Array(repeating: Place.unknown, count: hop.cells.count),
            flows: Array(repeating: 0, count: silent + 1), isEnd: hop.vertices.map(\.isEnd) + [false])
        var (answered, lost, sent) = (0, 0, 0)
        var unanswered: [Int] = []
        for flow in hop.cells.indices {
            let cell = hop.cells[flow]
            if flow < ends.count, ends[flow] < index {
                result.places[flow] = Place.over
            } else if cell.vertex >= 0 {
                result.places[flow] = Int(cell.vertex)
                result.flows[Int(cell.vertex)] += 1
                if cell.hasVaried { result.isUnstable = true }
                answered += 1
                let ended = Int(cell.sent) - Int(cell.underWay)
                sent += max(0, ended)
                lost += max(0, ended - Int(cell.answers))
            } else if cell.isSpent {
                result.places[flow] = Place.lost
                result.tested += 1
            } else if cell.underWay > 0 {
                result.places[flow] = Place.awaited
                result.awaited += 1
            } else if cell.sent > 0 {
                unanswered.append(flow)
            }
        }
        // Where nobody answers, other flows are as good as the same ones again.
        let tries = answered == 0 ? 1 : 1 + max(0, retries) * (hop.answersRarely ? Self.patience : 1)
        let given = unanswered.filter { hop.cells[$0].sent >= tries }
        let isSilence =
            answered == 0
            || !hop.answersRarely
                && isMore(
                    given.count, thanLostOf: answered, lost, sent, tries)
        for flow in unanswered {
            let isGiven = hop.cells[flow].sent >= tries
            result.places[flow] = !isGiven ? Place.awaited : isSilence ? silent : Place.lost
            if !isGiven { result.retries.append(flow) }
        }
        result.retries.sort { (hop.cells[$0].sent, $0) < (hop.cells[$1].sent, $1) }
        result.isDoubtful = hop.answersRarely && !given.isEmpty
        result.awaited += result.retries.count
        if isSilence { result.flows[silent] = given.count }
        result.tested += answered + given.count
        for (flow, vertex) in hop.strays where result.flows[vertex] == 0 && result.places[flow] != Place.over {
            result.flows[vertex] = 1
        }
        for vertex in result.flows.indices where result.flows[vertex] > 0 {
            result.width += 1
            if !result.isEnd[vertex] { result.goingOn.append(vertex) }
        }
        return result
    }

    /// Whether more flows are silent than the losses of those that are answered explain.
    private static func isMore(
        _ silent: Int, thanLostOf answered: Int, _ lost: Int, _ sent: Int, _ tries: Int
    ) -> Bool {
        guard lost > 0, sent > 0 else { return silent > 0 }
        var share = 1.0
        for _ in 0..<min(tries, 64) { share *= Double(lost) / Double(sent) }
        return Double(silent) > 1 + 2 * share * Double(answered)
    }

    private mutating func link(_ hop: Int, strays: [(flow: Int, vertex: Int)]) {
        let count = vertices(before: hop)
        var links: [[(to: Int, flows: Int)]] = Array(repeating: [], count: count)
        var before = Array(repeating: 0, count: hops[hop].flows.count)
        var tested = Array(repeating: 0, count: count)
        var awaited = tested
        func add(_ from: Int, _ to: Int) {
            if let known = links[from].firstIndex(where: { $0.to == to }) {
                links[from][known].flows += 1
            } else {
                links[from].append((to, 1))
                before[to] += 1
            }
        }
        for (flow, place) in hops[hop].places.enumerated() {
            let from = self.place(flow, before: hop)
            guard from >= 0 else { continue }
            if place >= 0 { add(from, place) }
            if place >= 0 || place == Place.lost { tested[from] += 1 }
            if place == Place.awaited { awaited[from] += 1 }
        }
        for (flow, vertex) in strays where hops[hop].flows[vertex] > 0 {
            let from = self.place(flow, before: hop)
            if from >= 0 { add(from, vertex) }
        }
        hops[hop].links = links
        hops[hop].before = before
        hops[hop].testedFrom = tested
        hops[hop].awaitedFrom = awaited
    }
}
