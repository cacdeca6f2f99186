/// What the targets of a sweep are called, and which addresses of theirs are probed.
struct SweepNaming {
    /// Which addresses are looked up to be shown by their names.
    enum Reverse {
        case none
        /// `-n`: those that were given as addresses.
        case addresses
        /// `-d`: all.
        case all
    }

    let reverse: Reverse
    /// `-A`: by addresses.
    let showsAddresses: Bool
    /// `-m`: all addresses of a name are probed.
    let probesAll: Bool

    init(_ arguments: SweepArguments) throws(UsageError) {
        guard !(arguments.names && arguments.reverseNames) else { throw UsageError("use either one of -d or -n") }
        reverse = arguments.names ? .addresses : arguments.reverseNames ? .all : .none
        showsAddresses = arguments.addresses
        probesAll = arguments.allAddresses
    }
}
