import Probing
import ProbingIO
import SystemPackage

/// What is printed of sessions that run, as text or as JSON.
protocol TraceReport: TraceObserver where Failure == OutputError {
    /// What addresses are called; looked up meanwhile.
    var names: TraceNames { get }
    /// Before the first probe.
    mutating func begin() throws(OutputError)
    /// After the end.
    mutating func end(_ fleet: borrowing TraceFleet<Session>) throws(OutputError)
}

extension TraceReport {
    var background: FileDescriptor? { names.fileDescriptor }
    var wakeUp: MonotonicTime? { names.wakeUp }
    mutating func awoke(at now: MonotonicTime, _ fleet: borrowing TraceFleet<Session>) { names.process() }
}
