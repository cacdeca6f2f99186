extension MultipathSurvey {
    /// A flow is about to be sent to a hop.
    mutating func await(_ flow: Int, at hop: Int) {
        let missing = flow + 1 - hops[hop].places.count
        if missing > 0 { hops[hop].places.append(contentsOf: repeatElement(Place.unknown, count: missing)) }
        hops[hop].places[flow] = Place.awaited
        hops[hop].awaited += 1
        let before = place(flow, before: hop)
        if before >= 0 { hops[hop].awaitedFrom[before] += 1 }
    }

    /// By vertex: which share of all flows it has where every balancer is even.
    func shares(at hop: Int) -> [Double] {
        var shares = [1.0]
        for hop in 0...hop {
            var next = Array(repeating: 0.0, count: hops[hop].flows.count)
            for (from, links) in hops[hop].links.enumerated() {
                for link in links { next[link.to] += shares[from] / Double(links.count) }
            }
            let unknown = 1 / Double(max(1, hops[hop].width))
            shares = next.map { $0 > 0 ? $0 : unknown }
        }
        return shares
    }
}

extension MultipathSession {
    /// Plans what the search sends next.
    mutating func planSearch(at now: MonotonicTime) {
        isShort = searchProbes >= configuration.mostProbes
        let room = max(1, configuration.simultaneousProbes) - underWay.count
        guard !isShort, room > 0 else { return }
        growHops()
        var plan = MultipathPlan(self, room: room, at: now)
        let expected = expected(at: now)
        plan.find(isLite: isLite) { hop, flow in expected.contains { $0.hop == hop && $0.flow == flow } }
        resumption = plan.resumption
        for hop in plan.resumed { hops[hop].resumption = now.adding(MultipathPlan.pause) }
        let earliest =
            resumption != nil
            ? .finding : min(plan.probes.first?.stage ?? .measuring, expected.lazy.map(\.stage).min() ?? .measuring)
        if earliest > .finding { plan.repeatFlows() }
        if earliest > .repeating, plan.probes.isEmpty { test(&plan, isSettled: expected.isEmpty) }
        if earliest > .testing, plan.probes.isEmpty { plan.follow() }
        stoppingPoints = plan.points
        isShort = plan.isShort || hops.contains(where: \.isCrowded) || plan.survey.hops.contains(where: \.isDoubtful)
        queue = plan.probes
        for probe in queue { hops[probe.hop].withCell(probe.flow) { $0.underWay += 1 } }
    }

    private mutating func test(_ plan: inout MultipathPlan, isSettled: Bool) {
        if isLite {
            plan.testForMeshes()
            guard plan.probes.isEmpty, isSettled, !plan.isUniform else { return }
            isLite = false
        }
        plan.testVertices()
    }

    /// As many hops as may have to be probed by what is known.
    private mutating func growHops() {
        let probed = hops.lastIndex { !$0.cells.isEmpty } ?? -1
        let count = min(hopCount, probed + 1 + MultipathPlan.lookAhead)
        while hops.count < count { hops.append(MultipathHop()) }
    }
}
