import Addresses
import Probing
import ProbingIO

/// All paths to a destination as JSON, one object a line. Times are in seconds; vertices are told by their numbers.
struct PathsJSON: TraceReport {
    private let display: TraceDisplay
    private let subject: TraceSubject
    private let paths: TracePathsRequest
    private let dot: PathDotOutput
    let names: TraceNames
    private var output = StandardOutput()
    private var hasComplained = false

    init(
        _ display: TraceDisplay, _ subject: TraceSubject, _ paths: TracePathsRequest, _ dot: PathDotOutput,
        names: TraceNames
    ) {
        self.display = display
        self.subject = subject
        self.paths = paths
        self.dot = dot
        self.names = names
    }

    mutating func begin() throws(OutputError) {
        var line = object("start")
        line.add(subject)
        line.add("confidence", paths.confidence)
        try write(line)
        try output.flush()
    }

    mutating func observed(
        _ event: MultipathEvent, target: Int, _ fleet: borrowing TraceFleet<MultipathSession>
    ) throws(OutputError) {
        switch event {
        case .answered(_, let answer, _, _): names.lookUp(answer.source)
        case .sendFailed(let probe, let failure) where !hasComplained:
            hasComplained = true
            var line = object("send_error")
            line.add("hop", probe.hopLimit)
            line.add("message", failure.words)
            try write(line)
        case .sendFailed, .timedOut, .graphKnown, .roundEnded: break
        }
    }

    mutating func willWait(_ fleet: borrowing TraceFleet<MultipathSession>) throws(OutputError) { try output.flush() }

    mutating func end(_ fleet: borrowing TraceFleet<MultipathSession>) throws(OutputError) {
        names.settle()
        let session = fleet[0]
        let graph = session.graph
        for (number, vertex) in graph.vertices.enumerated() { try write(object(vertex, number)) }
        for edge in graph.edges {
            var line = object("edge")
            line.add("from", edge.from)
            line.add("to", edge.to)
            line.add("flows", edge.flows)
            line.add("uncertain", edge.isUncertain)
            try write(line)
        }
        for diamond in graph.diamonds { try write(object(diamond)) }
        for path in graph.paths { try write(object(path)) }
        var line = object("end")
        line.add("complete", graph.isComplete)
        line.add("lite", session.isLite)
        line.add("rarely_answering_hops", numbers: graph.rarelyAnsweringHops.map { Int($0) })
        line.add("search_probes", graph.searchProbes)
        line.add("round_probes", graph.roundProbes)
        line.add("rounds", session.completedRounds)
        try write(line)
        try output.flush()
        try dot.write(graph, to: &output) { [names] in names.finalName($0) }
    }

    // MARK: - Objects

    private func object(_ type: String) -> JSONObject { JSONObject("netprobe.paths/1", type, subject) }

    private func object(_ vertex: PathGraph.Vertex, _ number: Int) -> JSONObject {
        var object = object("vertex")
        object.add("vertex", number)
        object.add("hop", vertex.hop)
        switch vertex.identity {
        case .source: object.add("kind", "source")
        case .silent: object.add("kind", "silent")
        case .address(let address):
            object.add("kind", "router")
            object.add("from", "\(address)")
            object.add("name", names.name(address))
            if let systems = names.knownSystems(address) { object.add("asn", systems) }
        }
        object.add("end", vertex.isEnd)
        object.add("balancing", vertex.balancing?.key)
        object.add("sent", vertex.sent)
        object.add("received", vertex.received)
        if let times = JSONObject(withLast: vertex.roundTrips) { object.add("rtt", times) }
        if let error = vertex.error { object.add(error) }
        return object
    }

    private func object(_ diamond: PathGraph.Diamond) -> JSONObject {
        var object = object("diamond")
        object.add("divergence", diamond.divergence)
        object.add("convergence", diamond.convergence)
        object.add("interior", numbers: diamond.interior)
        object.add("width", diamond.width)
        object.add("length", diamond.length)
        object.add("meshed", diamond.isMeshed)
        object.add("depth", diamond.depth)
        object.add("balancing", diamond.balancing?.key)
        return object
    }

    private func object(_ path: PathGraph.Path) -> JSONObject {
        var object = object("path")
        object.add("vertices", numbers: path.vertices)
        object.add("flow", path.flow)
        object.add("whole", path.isWhole)
        object.add("sent", path.sent)
        object.add("received", path.received)
        object.add("lost", path.lost)
        object.add("loss", path.loss)
        if let times = JSONObject(withLast: path.roundTrips) { object.add("rtt", times) }
        return object
    }

    private mutating func write(_ object: JSONObject) throws(OutputError) { try output.write(object.line) }
}

extension PathGraph.Balancing {
    /// For programs.
    fileprivate var key: String {
        switch self {
        case .perFlow: "flow"
        case .perPacket: "packet"
        }
    }
}
