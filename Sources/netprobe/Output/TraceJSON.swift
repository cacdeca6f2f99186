import Addresses
import Packets
import Probing
import ProbingIO

/// Traces as JSON, one object a line. Times are in seconds.
///
/// What happens is written at once, with the names of addresses as far as they are known by then; the statistics of
/// hops and what was noticed follow at the end of a trace.
struct TraceJSON: TraceReport {
    private let subjects: [TraceSubject]
    let names: TraceNames
    private var output = StandardOutput()
    /// Traces that are over and wait for the names of addresses.
    private var waiting: [Int] = []
    /// Whose end is written.
    private var isWritten: [Bool]

    init(_ subjects: [TraceSubject], names: TraceNames) {
        self.subjects = subjects
        self.names = names
        isWritten = subjects.map { _ in false }
    }

    mutating func begin() throws(OutputError) {
        for subject in subjects {
            var line = object("start", subject)
            line.add(subject)
            line.add("probes_per_hop", subject.configuration.probesPerHop)
            line.add("rounds", subject.configuration.rounds)
            try write(line)
        }
        try output.flush()
    }

    mutating func observed(
        _ event: TraceEvent, target: Int, _ fleet: borrowing TraceFleet<TraceSession>
    ) throws(OutputError) {
        switch event {
        case .answered(let probe, let answer, let roundTrip, let timing):
            try write(object("answer", target, probe, answer, roundTrip, timing))
        case .late(let probe, let answer, let roundTrip, let timing):
            try write(object("late", target, probe, answer, roundTrip, timing))
        case .duplicate(let probe, let answer): try write(object("duplicate", target, probe, answer))
        case .timedOut(let probe): try write(object("timeout", target, probe))
        case .sendFailed(let probe, let failure):
            var line = object("send_error", target, probe)
            line.add("message", failure.words)
            if case .tooLarge(let mtu) = failure { line.add("mtu", mtu) }
            try write(line)
        case .roundEnded(let round):
            var line = object("round", subjects[target])
            line.add("round", round)
            line.add("destination_hop", fleet[target].destinationHop)
            try write(line)
        case .routeChanged(let round, let hops):
            var line = object("route_change", subjects[target])
            line.add("round", round)
            line.add(hops)
            try write(line)
        }
        // Of a single trace more may be found out aside.
        if subjects.count > 1, subjects[target].isEnded(by: event) { waiting.append(target) }
    }

    mutating func willWait(_ fleet: borrowing TraceFleet<TraceSession>) throws(OutputError) {
        try writeEnds(fleet)
        try output.flush()
    }

    mutating func end(_ fleet: borrowing TraceFleet<TraceSession>) throws(OutputError) {
        names.settle()
        waiting = subjects.indices.filter { !isWritten[$0] }
        try writeEnds(fleet)
        try output.flush()
    }

    /// Writes the ends of those traces of which all names are known.
    private mutating func writeEnds(_ fleet: borrowing TraceFleet<TraceSession>) throws(OutputError) {
        var remaining: [Int] = []
        for target in waiting {
            guard names.knowsAll(fleet[target].hops.flatMap { $0.responders.map(\.address) }) else {
                remaining.append(target)
                continue
            }
            try end(target, fleet[target])
            isWritten[target] = true
        }
        waiting = remaining
    }

    private mutating func end(_ target: Int, _ session: TraceSession) throws(OutputError) {
        let subject = subjects[target]
        let hops = session.hops
        for hop in hops {
            var line = object("hop", subject)
            line.add(hop)
            line.add("responders", hop.responders.map { object($0) })
            try write(line)
        }
        for finding in session.findings {
            var line = object("finding", subject)
            line.add(finding)
            line.add("message", finding.words(session.configuration) { "\($0)" })
            try write(line)
        }
        var line = object("end", subject)
        line.add("rounds", session.completedRounds)
        line.add("destination_hop", session.destinationHop)
        line.add("sent", hops.reduce(0) { $0 &+ $1.sent })
        line.add("received", hops.reduce(0) { $0 &+ $1.received })
        try write(line)
    }

    // MARK: - Objects

    private func object(_ type: String, _ subject: TraceSubject) -> JSONObject {
        JSONObject("netprobe.trace/1", type, subject)
    }

    private func object(_ type: String, _ target: Int, _ probe: TracedProbe) -> JSONObject {
        var object = object(type, subjects[target])
        object.add("round", probe.round)
        object.add("hop", probe.probe.hopLimit)
        object.add("probe", probe.index)
        return object
    }

    private mutating func object(
        _ type: String, _ target: Int, _ probe: TracedProbe, _ answer: TraceAnswer, _ roundTrip: Duration? = nil,
        _ timing: RoundTripTiming? = nil
    ) -> JSONObject {
        names.lookUp(answer.source)
        var object = object(type, target, probe)
        object.add("from", "\(answer.source)")
        add(answer.source, to: &object)
        object.add("rtt", roundTrip)
        object.add("timing", timing?.rawValue)
        object.add(answer)
        return object
    }

    private func object(_ responder: TraceResponder) -> JSONObject {
        var object = JSONObject()
        object.add("from", "\(responder.address)")
        add(responder.address, to: &object)
        object.add("received", responder.received)
        if let times = JSONObject(withLast: responder.roundTrips) { object.add("rtt", times) }
        object.add(responder.lastAnswer)
        return object
    }

    /// The name and the autonomous systems of an address, where they are known.
    private func add(_ address: IPAddress, to object: inout JSONObject) {
        object.add("name", names.name(address))
        if let systems = names.knownSystems(address) { object.add("asn", systems) }
    }

    private mutating func write(_ object: JSONObject) throws(OutputError) { try output.write(object.line) }
}
