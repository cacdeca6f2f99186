import Probing
import ProbingIO
import Sockets

/// Repeated connecting as JSON, one object a line. Times are in seconds.
struct ConnectJSON: ConnectReporting {
    private let endpoint: Endpoint
    private var output = StandardOutput()

    init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    mutating func begin() throws(OutputError) {
        try output.write(object("start").line)
        try output.flush()
    }

    mutating func observed(_ report: ConnectReport, _ address: SocketAddress?) throws(OutputError) {
        var line = object("probe")
        line.add("sequence", report.sequence)
        line.add("address", address.map { "\($0)" })
        line.add("outcome", report.outcome.name)
        line.add("message", report.outcome.reason)
        line.add("lookup", report.lookUp)
        line.add("rtt", report.roundTrip)
        line.add("close", report.close)
        try output.write(line.line)
    }

    mutating func willWait() throws(OutputError) { try output.flush() }

    mutating func end(_ session: ConnectSession) throws(OutputError) {
        let statistics = session.statistics
        var line = object("statistics")
        line.add("probes", statistics.attempts)
        line.add("connected", statistics.connected)
        line.add("refused", statistics.refused)
        line.add("errors", statistics.errors)
        line.add("loss", statistics.loss)
        line.add("duration", session.duration)
        if let times = JSONObject(statistics.roundTrips) { line.add("rtt", times) }
        try output.write(line.line)
        try output.flush()
    }

    private func object(_ type: String) -> JSONObject {
        var object = JSONObject()
        object.add("schema", "netprobe.probe/1")
        object.add("type", type)
        object.add("time", Duration.nanoseconds(Clock.wallClock))
        object.add("endpoint", "\(endpoint)")
        object.add("transport", endpoint.transport.rawValue.lowercased())
        return object
    }
}

extension JSONObject {
    /// Round-trip times; `nil` where there are none.
    init?(_ roundTrips: RoundTripStatistics) {
        guard roundTrips.count > 0 else { return nil }
        self.init()
        add("min", roundTrips.minimum)
        add("avg", roundTrips.average)
        add("max", roundTrips.maximum)
        add("mdev", roundTrips.standardDeviation)
        add("ewma", roundTrips.exponentialAverage)
        add("jitter", roundTrips.jitter)
        for (name, percent) in PingSummary.percentiles { add(name, roundTrips.percentile(percent)) }
    }
}
