public import Addresses

/// What a search for all paths is to do.
public struct MultipathConfiguration: Sendable {
    /// Where to.
    public var destination: IPAddress
    /// How sure it is to be that nothing of the graph is missing, in per cent, between 0 and 100.
    ///
    /// The risk that is left is that of the whole graph. It is divided evenly among the tests that can go wrong: the
    /// hops, as long as a hop is tested as a whole (MDA-Lite), or else the vertices. As more of them are found, each
    /// gets less of it, and those tested before are tested further.
    public var confidence: Double = 95
    /// The hop limit to begin with, 1 to 255.
    public var firstHop: UInt8 = 1
    /// The highest hop limit, 1 to 255.
    public var maximumHops: UInt8 = 30
    /// How many probes may be under way at once.
    public var simultaneousProbes = 64
    /// How long answers are waited for.
    public var waiting = TraceConfiguration.Waiting()
    /// At least so long between two probes.
    public var sendInterval: Duration = .zero
    /// How often a flow is sent again that is not answered at a hop where others are.
    public var retries = 3
    /// After so many silent hops in a row there is nothing more to look for.
    public var mostSilentHops = 6
    /// Whether to begin with MDA-Lite, which tests hops as a whole as long as nothing speaks against it, or to test
    /// each vertex for itself from the start.
    public var beginsLite = true
    /// How many times each path is probed from end to end, once all are known, for its loss and round trip.
    public var rounds: UInt64 = 10
    /// At least so long from the beginning of one round to that of the next.
    public var roundInterval: Duration = .zero
    /// Paths that are told apart at most.
    public var mostPaths = 64
    /// Probes that the search takes at most; then it ends, incomplete.
    public var mostProbes: UInt64 = 50_000

    public init(to destination: IPAddress) { self.destination = destination }

    /// The chance of missing something that is left, more than 0 and at most 1.
    var risk: Double {
        let risk = 1 - confidence / 100
        return risk > 1e-12 ? min(risk, 1) : 1e-12
    }
}
