import Probing
import ProbingIO

/// What is printed of sessions that run, as text or as JSON.
protocol TraceReport: TraceObserver where Failure == OutputError {
    /// Before the first probe.
    mutating func begin() throws(OutputError)
    /// After the end.
    mutating func end(_ fleet: borrowing TraceFleet<Session>) throws(OutputError)
}
