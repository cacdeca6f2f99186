/// A path that is measured from end to end.
struct MeasuredPath: Sendable {
    /// By hop: the vertex that the flow passes.
    let places: [Int]
    let flow: UInt16
    let isWhole: Bool
    /// The last hop that answers, as an index; `nil` for none.
    let hop: Int?
    /// Probes planned so far.
    var planned: UInt64 = 0
    var sent: UInt64 = 0
    var received: UInt64 = 0
    var lost: UInt64 = 0
    var roundTrips = RoundTripStatistics()

    init(places: [Int], flow: UInt16, isWhole: Bool, hop: Int?) {
        self.places = places
        self.flow = flow
        self.isWhole = isWhole
        self.hop = hop
    }

    mutating func answered(after roundTrip: Int64, isLate: Bool) {
        received += 1
        roundTrips.record(nanoseconds: roundTrip)
        if isLate { lost -= min(lost, 1) }
    }
}

extension MultipathSurvey {
    /// Where a flow is at each hop, up to its end or to the last hop that answers.
    func places(of flow: Int, ends: [UInt16]) -> [Int] {
        let last = flow < ends.count ? min(extent, Int(ends[flow])) : extent
        return (0..<(last + 1)).map { hops[$0].place(flow) }
    }

    /// Whether nothing says that two flows go different ways.
    static func agree(_ a: [Int], _ b: [Int]) -> Bool {
        for (a, b) in zip(a, b) where a >= 0 && b >= 0 && a != b { return false }
        // Where one has ended the other does not go on.
        return a.count == b.count || !(a.count > b.count ? a[b.count...] : b[a.count...]).contains { $0 >= 0 }
    }
}

extension MultipathPlan {
    /// Follows flows over all hops that are known at some of them, where no other is known to go the same way. As every
    /// edge was seen with some flow, every edge comes to lie on a path.
    mutating func follow() {
        var known: [[Int]] = []
        var partial: [(flow: Int, places: [Int], gaps: Int)] = []
        for flow in 0..<(survey.hops.lazy.map(\.places.count).max() ?? 0) {
            let places = survey.places(of: flow, ends: ends)
            let gaps = places.lazy.filter { $0 < 0 }.count
            guard gaps < places.count, !places.contains(MultipathSurvey.Place.lost) else { continue }
            if gaps > 0 {
                partial.append((flow, places, gaps))
            } else if !known.contains(places) {
                known.append(places)
            }
        }
        partial.sort { ($0.gaps, $0.flow) < ($1.gaps, $1.flow) }
        for candidate in partial {
            guard known.count < configuration.mostPaths else { return }
            if known.contains(where: { MultipathSurvey.agree($0, candidate.places) }) { continue }
            known.append(candidate.places)
            for (hop, place) in candidate.places.enumerated() where place == MultipathSurvey.Place.unknown {
                add(hop, candidate.flow, .following)
            }
        }
    }
}

extension MultipathSession {
    /// The paths that flows were seen to take over all hops, each with the first such flow.
    func foundPaths(in survey: MultipathSurvey) -> [MeasuredPath] {
        var known: Set<[Int]> = []
        var paths: [MeasuredPath] = []
        for flow in 0..<(survey.hops.lazy.map(\.places.count).max() ?? 0) where paths.count < configuration.mostPaths {
            let places = survey.places(of: flow, ends: ends)
            guard !places.isEmpty, !places.contains(where: { $0 < 0 }), known.insert(places).inserted else { continue }
            let isWhole = flow < ends.count && Int(ends[flow]) == places.count - 1
            let hop = places.indices.last { places[$0] < survey.hops[$0].silent }
            paths.append(MeasuredPath(places: places, flow: UInt16(flow), isWhole: isWhole, hop: hop))
        }
        return paths
    }

    /// Plans what is left of a round over all paths.
    mutating func planRound() {
        let room = max(1, configuration.simultaneousProbes) - underWay.count
        guard var paths = measured, completedRounds < configuration.rounds else { return }
        for index in paths.indices where queue.count < room && paths[index].planned <= completedRounds {
            paths[index].planned += 1
            guard let hop = paths[index].hop else { continue }
            queue.append(MultipathProbe(hop: hop, flow: paths[index].flow, stage: .measuring, path: index))
            hops[hop].withCell(paths[index].flow) { $0.underWay += 1 }
        }
        measured = paths
    }
}
