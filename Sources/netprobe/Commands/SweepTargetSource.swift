import Addresses
import Privileges
import Probing
import ProbingIO
import Sockets
import SystemPackage

/// The targets of a sweep, in the order in which they are given.
final class SweepTargetSource: SweepSupply {
    private(set) var unknownNames = 0
    private let request: SweepRequest
    private let names: SweepNames
    private var words: ArraySlice<String> = []
    private var range: (SweepRange, next: UInt64)?

    init(_ request: SweepRequest, _ privileges: borrowing ParkedPrivileges, names: SweepNames) throws {
        self.request = request
        self.names = names
        switch request.targets {
        case .words(let words): self.words = words[...]
        case .range(let range): self.range = (range, 0)
        case .file: throw SweepFailure("files come later")
        }
    }

    var hasTargetsAtHand: Bool { true }
    var inputDescriptor: FileDescriptor? { nil }
    var background: [FileDescriptor] { [] }
    var wakeUp: MonotonicTime? { nil }
    func isWanted(by session: borrowing SweepSession) -> Bool { session.wantsTargets }

    func supply(
        at now: MonotonicTime, _ session: inout SweepSession,
        unknown: (_ name: String, _ reason: String) throws(OutputError) -> Void
    ) throws(OutputError) {
        while session.wantsTargets {
            if let (range, next) = range {
                guard next < range.count else {
                    self.range = nil
                    continue
                }
                names.add(session.add(range[next], at: now), range[next])
                self.range = (range, next + 1)
                continue
            }
            guard let word = words.popFirst() else { return session.endTargets() }
            switch try? SweepWord(word, withRanges: true) {
            case .address(let address): names.add(session.add(address.address, at: now), address.address, called: word)
            case .range(let range): self.range = (range, 0)
            case .name, nil:
                unknownNames += 1
                try unknown(word, "Name or service not known")
            }
        }
    }
}
