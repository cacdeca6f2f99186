import Probing
import ProbingIO

/// What traces print, as text or as JSON.
protocol TraceReport: TraceObserver where Session == TraceSession, Failure == OutputError {
    /// Before the first probe.
    mutating func begin() throws(OutputError)
    /// After the end.
    mutating func end(_ fleet: borrowing TraceFleet<TraceSession>) throws(OutputError)
}
