import Addresses
import Probing

/// What is printed of a sweep, in one form or another.
protocol SweepReport {
    /// What the session is: a ``SweepSession``, or a ``ScanSession``, or any.
    associatedtype Session: Sweeping

    /// Where results go; written out by who runs the sweep, as far as there is room.
    var output: StandardOutput { get set }

    /// Before the first probe.
    mutating func begin() throws(OutputError)
    /// Something happened.
    mutating func report(_ event: SweepEvent, _ session: inout Session, _ names: SweepNames) throws(OutputError)
    /// The name of a target could not be looked up: fping's words for why, "Name or service not known".
    mutating func reportUnknown(_ name: String, _ reason: String) throws(OutputError)
    /// An interval is over (`-Q`), or somebody asks (`SIGQUIT`).
    mutating func reportInterval(_ session: inout Session, _ names: SweepNames) throws(OutputError)
    /// After the end.
    mutating func end(_ summary: SweepSummary, _ session: inout Session, _ names: SweepNames) throws(OutputError)
}

/// What is known at the end of a sweep, beside its session's totals.
struct SweepSummary {
    /// How long it took.
    var elapsed: Duration
    /// Targets whose names could not be looked up.
    var unknownNames = 0
    /// Replies that were lost in this host because nobody read them in time.
    var droppedReplies: UInt64 = 0
    /// It was ended before its time.
    var wasInterrupted = false
    /// What the scan goes on with: the value of `--seed` that does.
    var resumption: String?
}

/// What the targets of a sweep are called.
final class SweepNames {
    /// The texts of those that are not called by their address, which most of many are.
    private var texts: [Int: String] = [:]
    /// Columns of the longest so far.
    private(set) var longest = 0

    /// A target that is called by its address, or otherwise.
    func add(_ number: Int, _ address: IPAddress, called text: String? = nil) {
        if let text { texts[number] = text }
        longest = max(longest, text?.utf8.count ?? address.description.utf8.count)
    }

    /// Forgets a target, which nobody will ask for again.
    func remove(_ number: Int) { texts[number] = nil }

    /// What a target is called, where that is not its address.
    func text(of number: Int) -> String? { texts.isEmpty ? nil : texts[number] }
}
