import Addresses
import Probing

/// What `--paths` is to do: what is not said elsewhere of hops and waiting.
struct TracePathsRequest: Equatable {
    /// In per cent.
    let confidence: Double
    /// Where to write the paths for Graphviz; `-` is standard output, in the place of what else is printed.
    let dot: String?
    /// How often each path is probed; `nil` for the default.
    let rounds: UInt64?
    /// From one round to the next.
    let interval: Duration
    /// How many probes may be under way at once; `nil` for the default.
    let simultaneousProbes: Int?

    init(_ arguments: TraceArguments) throws(UsageError) {
        confidence = try Self.confidence(arguments.confidence)
        dot = arguments.dot
        if dot == "-", arguments.json { throw UsageError("only one of --dot - and --json may be given") }
        let rounds = try UsageError.integer(arguments.rounds, option: "--rounds", in: 0...UInt64(Int64.max))
        self.rounds = rounds == 0 ? .max : rounds
        // The rounds that nobody asked for do not keep anyone waiting.
        let interval = try UsageError.seconds(arguments.interval, option: "--interval", atMost: Double(Int32.max))
        self.interval = interval ?? (rounds == nil ? .zero : .seconds(1))
        simultaneousProbes = try UsageError.integer(arguments.simultaneousProbes, option: "-N", in: 1...65_535)
    }

    private static func confidence(_ text: String?) throws(UsageError) -> Double {
        guard let text else { return 95 }
        guard let percent = UsageError.decimal(text) else {
            throw UsageError("invalid --confidence value: '\(text.forTerminal)': not a number of per cent, such as 95")
        }
        guard percent > 0, percent < 100 else {
            throw UsageError(
                "invalid --confidence value: '\(text.forTerminal)': out of range: 0 < percent < 100, "
                    + "no number of probes makes it certain")
        }
        return percent
    }

    /// What the session is to do.
    func configuration(_ trace: TraceConfiguration) -> MultipathConfiguration {
        var configuration = MultipathConfiguration(to: trace.destination)
        configuration.confidence = confidence
        configuration.firstHop = trace.firstHop
        configuration.maximumHops = trace.maximumHops
        configuration.waiting = trace.waiting
        configuration.sendInterval = trace.sendInterval
        configuration.roundInterval = interval
        if let simultaneousProbes { configuration.simultaneousProbes = simultaneousProbes }
        if let rounds { configuration.rounds = rounds }
        return configuration
    }
}
