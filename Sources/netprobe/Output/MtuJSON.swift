import Addresses
import Probing
import ProbingIO

/// A path-MTU discovery as JSON, one object a line. Times are in seconds, sizes in bytes of whole IP packets.
struct MtuJSON: TraceReport {
    private let subject: TraceSubject
    private let configuration: PathMTUConfiguration
    let names: TraceNames
    private var output = StandardOutput()

    init(_ subject: TraceSubject, _ configuration: PathMTUConfiguration, names: TraceNames) {
        self.subject = subject
        self.configuration = configuration
        self.names = names
    }

    mutating func begin() throws(OutputError) {
        var line = object("start")
        line.add("source", "\(subject.source)")
        line.add("interface", subject.device)
        line.add("socket", subject.socketKind)
        line.add("method", subject.method.key)
        line.add("port", subject.method.port)
        line.add("length", configuration.maximumLength)
        line.add("attempts", configuration.attempts)
        line.add("max_hops", configuration.path.maximumHops)
        try write(line)
        try output.flush()
    }

    mutating func observed(
        _ event: PathMTUEvent, target: Int, _ fleet: borrowing TraceFleet<PathMTUSession>
    ) throws(OutputError) {
        switch event {
        case .probe(.answered(_, let answer, _, _)): names.lookUp(answer.source)
        case .probe(.sendFailed(let probe, let failure)):
            var line = object("send_error")
            line.add("hop", probe.probe.hopLimit)
            line.add("message", failure.words)
            try write(line)
        case .probe: return
        case .ownLink(let mtu):
            var line = object("link")
            line.add("mtu", mtu)
            try write(line)
        case .hop(let hop): try write(object(hop))
        case .limit(let limit): try write(object(limit))
        }
    }

    mutating func willWait(_ fleet: borrowing TraceFleet<PathMTUSession>) throws(OutputError) { try output.flush() }

    mutating func end(_ fleet: borrowing TraceFleet<PathMTUSession>) throws(OutputError) {
        let result = fleet[0].result
        for sentence in result.sentences(subject, { "\($0)" }) {
            var line = object("finding")
            line.add("finding", sentence.key)
            line.add("message", sentence.words)
            try write(line)
        }
        var line = object("end")
        line.add("complete", result.isComplete)
        line.add("mtu", result.mtu)
        line.add("reached", result.isReached(subject.destination))
        line.add("destination_hop", result.destinationHop)
        line.add("limits", result.limits.count)
        try write(line)
        try output.flush()
    }

    // MARK: - Objects

    private func object(_ type: String) -> JSONObject { JSONObject("netprobe.mtu/1", type, subject) }

    private func object(_ hop: PathMTUHop) -> JSONObject {
        var object = object("hop")
        object.add("hop", hop.hopLimit)
        object.add("from", hop.responder.map { "\($0)" })
        object.add("name", hop.responder.flatMap { names.name($0) })
        object.add("rtt", hop.roundTrip)
        object.add("return_hops", hop.returnHops)
        object.add("mtu", hop.mtu)
        object.add("last", hop.isDestination)
        if let error = hop.error {
            object.add("icmp_type", error.type)
            object.add("icmp_code", error.code)
        }
        return object
    }

    private func object(_ limit: PathMTULimit) -> JSONObject {
        var object = object("limit")
        object.add("after_hop", limit.lastHop)
        object.add("before_hop", limit.nextHop)
        object.add("mtu", limit.mtu)
        object.add("previous_mtu", limit.previousMTU)
        object.add("evidence", limit.evidence.key)
        object.add("from", limit.evidence.router.map { "\($0)" })
        if case .toldWrongly(_, let size) = limit.evidence { object.add("told_mtu", size) }
        return object
    }

    private mutating func write(_ object: JSONObject) throws(OutputError) { try output.write(object.line) }
}
