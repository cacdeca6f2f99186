import Addresses
import Probing
import ProbingIO
import SystemPackage

/// A sweep as JSON, one object a line. Times are in seconds.
struct SweepJSON<Session: Sweeping>: SweepReport {
    var output = StandardOutput()
    private let display: SweepDisplay

    init(_ display: SweepDisplay) { self.display = display }

    mutating func begin() throws(OutputError) {
        var line = object("start")
        line.add("method", display.method.word)
        line.add("port", display.method.port)
        try write(line)
    }

    // MARK: - What happens

    mutating func report(_ event: SweepEvent, _ session: inout Session, _ names: SweepNames) throws(OutputError) {
        switch event {
        case .reply(let reply): try write(object(reply, reply.isClosed ? "closed" : "reply", names))
        case .duplicate(let reply): try write(object(reply, "duplicate", names))
        case .timedOut(let number, let index):
            // Who is asked again until he answers is not lost yet.
            guard display.countsProbes else { return }
            var line = object("timeout", number, address(number, session), names)
            line.add("sequence", index)
            try write(line)
        case .unreachable(let number):
            try write(object("unreachable", number, address(number, session), names))
        case .error(let error):
            var line = object("error", error.number, error.address, names)
            line.add("sequence", error.index)
            line.add("from", "\(error.source)")
            line.add("icmp_type", error.error.type)
            line.add("icmp_code", error.error.code)
            line.add("information", error.error.information)
            line.add("message", error.error.words { "\($0)" })
            try write(line)
        case .notSent(let number, let address, let index, let errno):
            var line = object("send_error", number, address, names)
            line.add("sequence", index)
            line.add("message", "\(Errno(rawValue: errno))")
            try write(line)
        case .repliesDropped(let total):
            var line = object("dropped")
            line.add("replies", total)
            try write(line)
        }
    }

    mutating func reportUnknown(_ name: String, _ reason: String) throws(OutputError) {
        var line = object("unknown")
        line.add("target", name)
        line.add("message", reason)
        try write(line)
    }

    // MARK: - Summaries

    mutating func reportInterval(_ session: inout Session, _ names: SweepNames) throws(OutputError) {
        guard var targets = session as? SweepSession else { return }
        for number in targets.numbers {
            let counts =
                targets.configuration.keepsIntervals
                ? targets.takeInterval(of: number, reset: !display.isCumulative) : targets[number].counts
            try write(object(counts, "interval", number, targets[number].address, names))
        }
        if let changed = targets as? Session { session = changed }
    }

    mutating func end(_ summary: SweepSummary, _ session: inout Session, _ names: SweepNames) throws(OutputError) {
        if display.countsProbes, let targets = session as? SweepSession { try endTargets(targets, names) }
        let totals = session.totals
        var line = object("summary")
        line.add("targets", totals.targets)
        line.add("alive", totals.alive)
        line.add("closed", totals.closed)
        line.add("unknown", summary.unknownNames)
        line.add("transmitted", totals.sent)
        line.add("received", totals.received)
        line.add("duplicates", totals.duplicates)
        line.add("timeouts", totals.timeouts)
        line.add("errors", totals.errors)
        line.add("dropped", summary.droppedReplies)
        line.add("duration", summary.elapsed)
        if let times = JSONObject(totals.roundTrips) { line.add("rtt", times) }
        line.add("interrupted", summary.wasInterrupted)
        line.add("resume", summary.resumption)
        try write(line)
        try output.flush()
    }

    private mutating func endTargets(_ session: SweepSession, _ names: SweepNames) throws(OutputError) {
        for number in session.numbers {
            let target = session[number]
            var line = object(target.counts, "target", number, target.address, names)
            if session.configuration.keepsRoundTrips { line.add("rtts", seconds: session.roundTrips(of: number)) }
            try write(line)
        }
    }

    // MARK: - Objects

    private func object(_ type: String) -> JSONObject {
        var object = JSONObject()
        object.add("schema", "netprobe.sweep/1")
        object.add("type", type)
        object.add("time", Duration.nanoseconds(Clock.wallClock))
        return object
    }

    private func object(_ type: String, _ number: Int?, _ address: IPAddress, _ names: SweepNames) -> JSONObject {
        var object = object(type)
        let address = "\(address)"
        object.add("target", number.flatMap { names.text(of: $0) } ?? address)
        object.add("address", address)
        return object
    }

    private func object(_ reply: SweepReply, _ type: String, _ names: SweepNames) -> JSONObject {
        var object = object(type, reply.number, reply.address, names)
        object.add("from", "\(reply.source)")
        object.add("sequence", reply.index)
        object.add("rtt", reply.roundTrip)
        object.add("timing", reply.roundTrip == nil ? nil : reply.timing.rawValue)
        object.add("first", reply.isFirst)
        object.add("bytes", reply.byteCount)
        object.add("ttl", reply.hopLimit)
        object.add("tos", reply.trafficClass)
        object.add("to", reply.destination.map { "\($0)" })
        if let times = reply.timestamps {
            var stamps = JSONObject()
            stamps.add("originate", times.originate)
            stamps.add("receive", times.receive)
            stamps.add("transmit", times.transmit)
            object.add("timestamps", stamps)
        }
        return object
    }

    private func object(
        _ counts: SweepTarget.Counts, _ type: String, _ number: Int, _ address: IPAddress, _ names: SweepNames
    ) -> JSONObject {
        var object = object(type, number, address, names)
        object.add("transmitted", counts.sent)
        object.add("received", counts.received)
        object.add("loss", counts.sent == 0 ? 0 : Double(counts.sent - counts.received) / Double(counts.sent))
        if let average = counts.average {
            var times = JSONObject()
            times.add("min", Duration.nanoseconds(counts.minimum))
            times.add("avg", Duration.nanoseconds(average))
            times.add("max", Duration.nanoseconds(counts.maximum))
            object.add("rtt", times)
        }
        return object
    }

    private func address(_ number: Int, _ session: Session) -> IPAddress {
        (session as? SweepSession)?[number].address ?? .v4(.any)
    }

    private mutating func write(_ object: JSONObject) throws(OutputError) {
        try output.write { object.append(to: &$0) }
    }
}

extension SweepMethod {
    /// What JSON and CSV call it.
    var word: String {
        switch self {
        case .echo: "echo"
        case .timestamp: "timestamp"
        case .tcp: "tcp"
        case .udp: "udp"
        }
    }
}
