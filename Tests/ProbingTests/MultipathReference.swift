import Addresses
import Probing

/// The probes that the multipath detection algorithm takes as it was published in 2007, one after another: to every
/// vertex as many flows as its stopping point says, found by node control; then the flow that went one of several ways
/// again, until that can't be chance.
func publishedProbes(_ network: MultipathNetwork, risk: Double, hops: Int) -> Int {
    var network = network
    var points = StoppingPoints()
    var count = 0
    var known: [[UInt16: IPAddress]] = []
    func ask(_ flow: UInt16, _ hop: Int) -> IPAddress {
        while known.count <= hop { known.append([:]) }
        if let address = known[hop][flow] { return address }
        count += 1
        let answer = network.send(TraceProbe(token: 1, hopLimit: UInt8(hop + 1), flow: flow))
        let address = answer?.0.source ?? network.address(0)
        known[hop][flow] = address
        return address
    }
    var vertices: Set<IPAddress> = []
    for hop in 0..<hops {
        var here: Set<IPAddress> = []
        for vertex in hop == 0 ? [nil] : vertices.sorted().map(Optional.some) {
            var next: Set<IPAddress> = []
            var tested = 0
            var flow: UInt16 = 0
            while tested < points.probes(toRuleOut: next.count + 1, risk: risk) {
                // A flow that is not known to pass the vertex is sent to it first.
                if hop == 0 || ask(flow, hop - 1) == vertex {
                    next.insert(ask(flow, hop))
                    tested += 1
                }
                flow += 1
            }
            if next.count > 1 {
                var chance = 1.0
                while chance > risk {
                    chance /= Double(next.count)
                    count += 1
                }
            }
            here.formUnion(next)
        }
        vertices = here
    }
    return count
}
