public import Probing
public import SystemPackage

/// Who is told what happens in a sweep.
public protocol SweepObserver {
    /// What the session is.
    associatedtype Session: Sweeping
    /// Why the observer can't go on: its output is gone.
    associatedtype Failure: Error

    /// Something happened. The session may be given more targets here, or may be interrupted.
    mutating func observed(_ event: SweepEvent, _ session: inout Session) throws(Failure)

    /// The program is about to wait: what was held back should be shown now, as far as it can be without waiting.
    /// - Returns: whether there is something left that its reader has no room for. No probe is sent meanwhile, and
    ///   ``awoke(at:_:)`` is called when `outputDescriptor` has room.
    mutating func willWait(_ session: inout Session) throws(Failure) -> Bool
    /// What is waited for to have room, when output is left.
    var outputDescriptor: FileDescriptor { get }

    /// Descriptors that are readable when the observer has something to do: where targets and names come from.
    var background: [FileDescriptor] { get }
    /// When the observer has something to do whatever happens.
    var wakeUp: MonotonicTime? { get }
    /// One of the descriptors is ready, or the time has come. Also called once before the first step.
    mutating func awoke(at now: MonotonicTime, _ session: inout Session) throws(Failure)
    /// A signal asks for the state of things (`SIGQUIT`), as fping shows it.
    mutating func wasAsked(at now: MonotonicTime, _ session: inout Session) throws(Failure)
}
