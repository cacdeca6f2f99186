public import Probing
public import SystemPackage

/// Who is told what happens in a trace, and may look up names meanwhile.
public protocol TraceObserver {
    /// What the sessions are.
    associatedtype Session: PathProbing
    /// Why the observer can't go on: its output is gone.
    associatedtype Failure: Error

    /// Something happened to a target.
    mutating func observed(_ event: Session.Event, target: Int, _ fleet: borrowing TraceFleet<Session>) throws(Failure)
    /// The program is about to wait: what was held back should be shown now.
    mutating func willWait(_ fleet: borrowing TraceFleet<Session>) throws(Failure)

    /// A descriptor that is readable when the observer has something to do, `nil` for none.
    var background: FileDescriptor? { get }
    /// When the observer has something to do whatever happens.
    var wakeUp: MonotonicTime? { get }
    /// The descriptor is readable, or the time has come.
    mutating func awoke(at now: MonotonicTime, _ fleet: borrowing TraceFleet<Session>) throws(Failure)
}

extension TraceObserver {
    public var background: FileDescriptor? { nil }
    public var wakeUp: MonotonicTime? { nil }
    public mutating func awoke(at now: MonotonicTime, _ fleet: borrowing TraceFleet<Session>) throws(Failure) {}
    public mutating func willWait(_ fleet: borrowing TraceFleet<Session>) throws(Failure) {}
}
