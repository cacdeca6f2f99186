import Addresses
import Packets

/// What is known of one hop: who answers there, and where each flow was seen.
struct MultipathHop: Sendable {
    /// What one flow came to at a hop.
    struct Cell: Sendable {
        /// Who answered first, an index; -1 for nobody yet.
        var vertex: Int32 = -1
        /// Probes sent.
        var sent: UInt16 = 0
        var answers: UInt16 = 0
        /// Probes that are planned or under way.
        var underWay = 0
        /// Whether others answered later.
        var hasVaried = false
        /// Whether no other probe is tried, for one could not be sent, or its answer counts for nothing.
        var isSpent = false
    }

    /// One that answers. A router that lets some flows on and others not is two.
    struct Vertex: Sendable {
        let address: IPAddress
        /// Whether flows end there.
        let isEnd: Bool
        var error: ICMPError?
        var roundTrips = RoundTripStatistics()
    }

    /// By flow, as far as any was probed.
    var cells: [Cell] = []
    var vertices: [Vertex] = []
    /// Vertices that answered to a flow that others had answered to before, each with the first such flow.
    var strays: [(flow: Int, vertex: Int)] = []
    /// Flows that had been answered, sent again beside those that had not: how many, and how many were answered.
    var controls = (ended: 0, answered: 0)
    /// When flows may be sent again that were not answered, where answers are rare.
    var resumption: MonotonicTime?
    /// The longest round trip in nanoseconds, where somebody answered.
    var longestRoundTrip: Int64?
    /// Whether more answered than there can be: their answers count for nothing.
    var isCrowded = false

    /// Whether even flows that had been answered often are not: the hop limits the rate of its answers, or much is
    /// lost. Then it says little of a flow that it is not answered.
    var answersRarely: Bool { controls.ended >= 4 && controls.answered * 4 < controls.ended * 3 }

    /// Counts an answer of a vertex to a flow.
    mutating func count(_ vertex: Int, flow: UInt16) {
        var hasStrayed = false
        withCell(flow) {
            $0.answers = $0.answers == .max ? .max : $0.answers + 1
            if $0.vertex < 0 { $0.vertex = Int32(vertex) }
            hasStrayed = $0.vertex != vertex
            $0.hasVaried = $0.hasVaried || hasStrayed
        }
        if hasStrayed, !strays.contains(where: { $0.vertex == vertex }) { strays.append((Int(flow), vertex)) }
    }

    /// The place in `cells` for a flow, made where there is none.
    mutating func withCell(_ flow: UInt16, _ change: (inout Cell) -> Void) {
        let missing = Int(flow) + 1 - cells.count
        if missing > 0 { cells.append(contentsOf: repeatElement(Cell(), count: missing)) }
        change(&cells[Int(flow)])
    }

    /// Who answered, as an index; `nil` where the hop is crowded.
    mutating func vertex(_ address: IPAddress, isEnd: Bool) -> Int? {
        if let known = vertices.firstIndex(where: { $0.address == address && $0.isEnd == isEnd }) { return known }
        guard vertices.count < StoppingPoints.mostNextHops else {
            isCrowded = true
            return nil
        }
        vertices.append(Vertex(address: address, isEnd: isEnd))
        return vertices.count - 1
    }
}

/// A probe that is to be sent.
struct MultipathProbe: Sendable {
    /// What a probe is for. One of a later stage is planned when none of an earlier stage is expected back soon.
    enum Stage: UInt8, Comparable {
        /// To find what there is.
        case finding
        /// To see whether a flow always goes the same way.
        case repeating
        /// To test each vertex for itself.
        case testing
        /// To follow a flow over all hops.
        case following
        /// To measure a path.
        case measuring

        static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    /// The hop, as an index.
    var hop: Int
    var flow: UInt16
    var stage: Stage
    /// The path that it measures, as an index.
    var path = 0
    /// Whether the flow had been answered, and is sent to see whether it still is.
    var isControl = false
}

/// The probes of a search by their tokens, which go from 1 to 65,535 and begin again.
struct MultipathRecords: Sendable {
    struct Record: Sendable {
        var probe: MultipathProbe
        var departure: Departure
        var outcome = Outcome.underWay
    }

    enum Outcome: UInt8 {
        case underWay, answered, expired
    }

    private static let tokens = 65535

    private var records: [Record] = []
    private var count = 0

    /// The token of the next probe.
    var nextToken: UInt16 { UInt16(count % Self.tokens + 1) }
    /// Whether the next token is that of a probe under way.
    var isFull: Bool { records.count == Self.tokens && records[count % Self.tokens].outcome == .underWay }

    /// Remembers a probe, under the token that was next.
    mutating func append(_ record: Record) {
        if records.count < Self.tokens { records.append(record) } else { records[count % Self.tokens] = record }
        count += 1
    }

    /// Whether any probe had this token.
    func contains(_ token: UInt16) -> Bool { token >= 1 && Int(token) <= records.count }

    /// The probe of a token that one had.
    subscript(token: UInt16) -> Record {
        get { records[Int(token) - 1] }
        _modify { yield &records[Int(token) - 1] }
    }
}
