import Addresses

/// The same address at several hops of one round.
struct TraceLoop: Hashable, Sendable {
    var address: IPAddress
    var hops: [UInt8]

    /// The loops of the round under way. Two hops side by side are none: a router that passes on what it should answer
    /// has the next one answer twice. Only routers that the probe passes can be in a loop, not where it ends: behind a
    /// gateway that forwards a port the destination has the gateway's address, and often the routers have it too.
    static func all(in hops: [TraceHop], to destination: IPAddress) -> [TraceLoop] {
        var loops: [TraceLoop] = []
        var places: [IPAddress: Int] = [:]
        for hop in hops {
            for (index, responder) in hop.responders.enumerated() where hop.inRound >> UInt64(index) & 1 == 1 {
                guard responder.lastAnswer.meaning == .timeExceeded, responder.address != destination else { continue }
                let place = places[responder.address] ?? loops.count
                if place == loops.count { loops.append(TraceLoop(address: responder.address, hops: [])) }
                places[responder.address] = place
                loops[place].hops.append(hop.hopLimit)
            }
        }
        return loops.filter { loop in
            loop.hops.count > 2 || loop.hops.count == 2 && loop.hops[1] - loop.hops[0] > 1
        }
    }
}

/// Other routers than in the round before.
struct TraceRouteChange: Hashable, Sendable {
    var round: UInt64
    var hops: ClosedRange<UInt8>
}

/// What was noticed in rounds that are over; of each kind no more than the last few dozen are remembered.
struct TraceNotices: Sendable {
    private static let most = 64

    private(set) var loops: [TraceLoop] = []
    private(set) var routeChanges: [TraceRouteChange] = []

    mutating func add(loops new: [TraceLoop]) {
        loops += new.filter { !loops.contains($0) }
        loops.removeFirst(max(0, loops.count - Self.most))
    }

    mutating func add(_ change: TraceRouteChange) {
        routeChanges.append(change)
        routeChanges.removeFirst(max(0, routeChanges.count - Self.most))
    }
}
