public import Addresses

/// The routers between here and a destination, and how flows go from each to the next.
///
/// Vertices and edges are in a stable order: by hop, then by address, what is silent last.
public struct PathGraph: Sendable {
    /// Who a vertex is.
    public enum Identity: Hashable, Sendable {
        /// Where the probes come from.
        case source
        /// One that answers from this address.
        case address(IPAddress)
        /// Whoever does not answer at a hop, one or several.
        case silent
    }

    /// Over what a router balances load.
    public enum Balancing: Hashable, Sendable {
        /// All packets of a flow go the same way.
        case perFlow
        /// Packets of one flow go different ways.
        case perPacket
    }

    /// One that probes pass or end at.
    public struct Vertex: Sendable {
        /// The hop limit that reaches it; one less than the first for the source.
        public let hop: UInt8
        /// Who it is.
        public let identity: Identity
        /// Whether probes end here: at the destination, or at a router that lets them go no further.
        public var isEnd = false
        /// The last error that it sent other than that the hops were used up.
        public var error: ICMPError?
        /// The flows known to pass it, in ascending order.
        public var flows: [UInt16] = []
        /// Probes sent to it: of those flows, with that hop limit.
        public var sent: UInt64 = 0
        /// Those that were answered.
        public var received: UInt64 = 0
        /// The round-trip times.
        public var roundTrips = RoundTripStatistics()
        /// The edges that lead here, as indices.
        public var incoming: [Int] = []
        /// The edges that lead on from here, as indices.
        public var outgoing: [Int] = []
        /// How it balances load; `nil` where it has no more than one next hop, or where it is not known.
        public var balancing: Balancing?

        /// The address; `nil` for the source and for who is silent.
        public var address: IPAddress? {
            if case .address(let address) = identity { address } else { nil }
        }
    }

    /// A way from one vertex to the next.
    public struct Edge: Hashable, Sendable {
        /// The vertex that it leads from, as an index.
        public let from: Int
        /// The vertex that it leads to, as an index.
        public let to: Int
        /// How many flows were seen to take it.
        public let flows: Int
        /// Whether it is only possible: behind a router that balances by packet, two answers to one flow do not show
        /// that one router is next to the other.
        public let isUncertain: Bool
    }

    /// Where paths part, and where they are one again.
    public struct Diamond: Hashable, Sendable {
        /// The vertex behind which they part, as an index.
        public let divergence: Int
        /// The first vertex that they all pass again, as an index; `nil` where they do not.
        public let convergence: Int?
        /// The vertices between, as indices.
        public let interior: [Int]
        /// The most vertices at one hop.
        public let width: Int
        /// Hops from the divergence to the convergence, or to the last hop.
        public let length: Int
        /// Whether its paths cross: between two of its hops there are more edges than a tree, or its mirror, has.
        public let isMeshed: Bool
        /// How the router at the divergence balances load.
        public let balancing: Balancing?
        /// In how many other diamonds it lies.
        public let depth: Int
    }

    /// A way from the source to the end that some flow was seen to take.
    public struct Path: Sendable {
        /// Its vertices from the source on, as indices.
        public let vertices: [Int]
        /// A flow that takes it.
        public let flow: UInt16
        /// Whether it ends at the destination, or at a router that let probes go no further; else all behind is silent.
        public let isWhole: Bool
        /// Probes sent to its last vertex that answers, in the rounds over all paths.
        public var sent: UInt64 = 0
        /// Those that were answered.
        public var received: UInt64 = 0
        /// Those that were waited for in vain. What is missing to the number sent is under way.
        public var lost: UInt64 = 0
        /// The round-trip times.
        public var roundTrips = RoundTripStatistics()

        /// The part of the probes that was lost, 0 to 1; 0 when the fate of none is known.
        public var loss: Double { lost == 0 ? 0 : Double(lost) / (Double(lost) + Double(received)) }
    }

    /// The vertices, the source first.
    public internal(set) var vertices: [Vertex] = []
    /// The edges.
    public internal(set) var edges: [Edge] = []
    /// The diamonds, in the order of their divergences.
    public internal(set) var diamonds: [Diamond] = []
    /// The paths.
    public internal(set) var paths: [Path] = []
    /// The hops that often do not answer even flows that they had answered, in ascending order: they limit the rate of
    /// their answers, or much is lost before them.
    public internal(set) var rarelyAnsweringHops: [UInt8] = []
    /// Whether everything was tested as far as the confidence asks for; not while the search is under way, and not
    /// where it ran into one of its limits or a vertex can hardly be reached.
    public internal(set) var isComplete = false
    /// Probes that the search took.
    public internal(set) var searchProbes: UInt64 = 0
    /// Probes that the rounds over all paths took.
    public internal(set) var roundProbes: UInt64 = 0

    /// A graph of nothing.
    public init() {}

    /// The vertices behind this one, as indices.
    public func successors(of vertex: Int) -> [Int] { vertices[vertex].outgoing.map { edges[$0].to } }
    /// The vertices before this one, as indices.
    public func predecessors(of vertex: Int) -> [Int] { vertices[vertex].incoming.map { edges[$0].from } }

    /// The vertices by hops, as indices, the source alone in the first.
    public var hops: [[Int]] {
        var hops: [[Int]] = []
        for index in vertices.indices {
            if let last = hops.last?.first, vertices[last].hop == vertices[index].hop {
                hops[hops.count - 1].append(index)
            } else {
                hops.append([index])
            }
        }
        return hops
    }
}
