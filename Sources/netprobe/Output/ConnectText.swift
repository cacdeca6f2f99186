import Glibc
import Probing
import ProbingIO
import Sockets
import SystemPackage

/// What repeated connecting prints, as text or as JSON.
protocol ConnectReporting: ConnectObserver where Failure == OutputError {
    /// Before the first attempt.
    mutating func begin() throws(OutputError)
    /// After the end.
    mutating func end(_ session: ConnectSession) throws(OutputError)
}

extension ConnectReporting {
    /// SIGQUIT: how things stand, in a short line on standard error.
    func statusRequested(_ session: ConnectSession) {
        let statistics = session.statistics
        StandardError.write(
            "\r\(statistics.connected)/\(statistics.attempts) connected, \(Int(statistics.loss * 100))% loss\n")
    }
}

/// Repeated connecting, in the form that ping has made people know.
struct ConnectText: ConnectReporting {
    private let endpoint: Endpoint
    private var output = StandardOutput()

    init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    private var name: String { "\(endpoint)".forTerminal }

    mutating func begin() throws(OutputError) {
        try output.write("PROBE \(name) \(endpoint.transport.rawValue)\n")
        try output.flush()
    }

    mutating func observed(_ report: ConnectReport, _ address: SocketAddress?) throws(OutputError) {
        let who = address.map { "\($0)".forTerminal } ?? name
        var line =
            switch report.outcome {
            case .connected: endpoint.isConnectionless ? "answer from \(who)" : "connected to \(who)"
            case .refused: "refused by \(who)"
            case .timedOut: "no answer from \(who)"
            case .unresolved, .failed: "\(who): \(report.outcome.reason ?? "")"
            }
        line += ": seq=\(report.sequence)"
        if let lookUp = report.lookUp { line += " lookup=\(lookUp.roundTripMilliseconds) ms" }
        if let time = report.roundTrip { line += " time=\(time.roundTripMilliseconds) ms" }
        if let close = report.close, !endpoint.isConnectionless { line += " close=\(close.roundTripMilliseconds) ms" }
        try output.write(line + "\n")
    }

    mutating func willWait() throws(OutputError) { try output.flush() }

    mutating func end(_ session: ConnectSession) throws(OutputError) {
        let statistics = session.statistics
        var text = "\n--- \(name) \(endpoint.transport.rawValue) probe statistics ---\n"
        text += "\(statistics.attempts) probes, \(statistics.connected) "
        text += endpoint.isConnectionless ? "answered" : "connected"
        if statistics.refused > 0 { text += ", +\(statistics.refused) refused" }
        if statistics.errors > 0 { text += ", +\(statistics.errors) errors" }
        if statistics.attempts > 0 {
            text += ", \(percent(statistics.loss))% loss"
            text += ", time \((session.duration.clampedNanoseconds + 500_000) / 1_000_000)ms"
        }
        text += "\n"
        let times = statistics.roundTrips
        if let minimum = times.minimum, let average = times.average, let maximum = times.maximum,
            let deviation = times.standardDeviation
        {
            let values = [minimum, average, maximum, deviation].map(\.milliseconds).joined(separator: "/")
            text += "rtt min/avg/max/mdev = \(values) ms\n"
        }
        try output.write(text)
        try output.flush()
    }
}

extension ConnectOutcome {
    /// Why nothing could answer; `nil` for the other outcomes.
    var reason: String? {
        switch self {
        case .unresolved(let code): String(cString: gai_strerror(code))
        case .failed(let errno): "\(Errno(rawValue: errno))"
        case .connected, .refused, .timedOut: nil
        }
    }

    /// The outcome's name in JSON.
    var name: String {
        switch self {
        case .connected: "connected"
        case .refused: "refused"
        case .timedOut: "timeout"
        case .unresolved: "unresolved"
        case .failed: "error"
        }
    }
}
