public import Probing

/// Who is told what happens while a ping session runs.
public protocol PingObserver {
    /// Why an observer can't go on, such as an output that can't be written.
    associatedtype Failure: Error

    /// A request went out.
    mutating func sent(sequence: UInt64, _ session: borrowing PingSession) throws(Failure)
    /// Something happened.
    mutating func observed(_ event: PingEvent, _ session: borrowing PingSession) throws(Failure)
    /// The user asks how things stand (`SIGQUIT`).
    mutating func statusRequested(_ session: borrowing PingSession) throws(Failure)
    /// The terminal has another size (`SIGWINCH`).
    mutating func windowChanged(_ session: borrowing PingSession) throws(Failure)
    /// The program is about to wait: what was held back should be shown now.
    mutating func willWait(_ session: borrowing PingSession) throws(Failure)
}
