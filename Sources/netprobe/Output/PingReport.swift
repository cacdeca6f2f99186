import Addresses
import Probing
import ProbingIO

/// What a ping prints, as text or as JSON.
protocol PingReport: PingObserver where Failure == OutputError {
    /// Before the first request.
    mutating func begin() throws(OutputError)
    /// After the end.
    mutating func end(_ session: borrowing PingSession) throws(OutputError)
}

extension PingReport {
    /// SIGQUIT: how things stand, in a short line on standard error.
    func writeStatus(_ session: borrowing PingSession) {
        let statistics = session.statistics
        let roundTrips = statistics.roundTrips
        var line = "\r\(statistics.received)/\(statistics.transmitted) packets, \(Int(statistics.loss * 100))% loss"
        if let minimum = roundTrips.minimum, let average = roundTrips.average,
            let smoothed = roundTrips.exponentialAverage,
            let maximum = roundTrips.maximum
        {
            let values = [minimum, average, smoothed, maximum].map(\.milliseconds).joined(separator: "/")
            line += ", min/avg/ewma/max = \(values) ms"
        }
        StandardError.write(line + "\n")
    }
}
