import Probing
import ProbingIO
import SystemPackage

/// Where the targets of a sweep come from.
protocol SweepSupply: AnyObject {
    /// What they are for.
    associatedtype Session: Sweeping

    /// Names that could not be looked up, so far.
    var unknownNames: Int { get }
    /// Whether a session that wants targets could have one at once, or be told that there are no more.
    var hasTargetsAtHand: Bool { get }
    /// What is to be read for more targets, as long as the session wants them.
    var inputDescriptor: FileDescriptor? { get }
    /// What is waited for in any case: answers of name servers.
    var background: [FileDescriptor] { get }
    /// When there is something to do whatever happens.
    var wakeUp: MonotonicTime? { get }

    /// Whether the session wants targets now.
    func isWanted(by session: borrowing Session) -> Bool
    /// Adds targets as long as the session wants them, and says when there are no more.
    /// - Parameter unknown: is told each name that could not be looked up, and why.
    func supply(
        at now: MonotonicTime, _ session: inout Session,
        unknown: (_ name: String, _ reason: String) throws(OutputError) -> Void
    ) throws(OutputError)
}

/// A scan has all its targets from the beginning.
final class ScanSupply: SweepSupply {
    var unknownNames: Int { 0 }
    var hasTargetsAtHand: Bool { false }
    var inputDescriptor: FileDescriptor? { nil }
    var background: [FileDescriptor] { [] }
    var wakeUp: MonotonicTime? { nil }

    func isWanted(by session: borrowing ScanSession) -> Bool { false }
    func supply(
        at now: MonotonicTime, _ session: inout ScanSession,
        unknown: (_ name: String, _ reason: String) throws(OutputError) -> Void
    ) throws(OutputError) {}
}
