import Addresses
import Probing
import ProbingIO

/// All paths to a destination: a drawing of them, what each loses, and where load is balanced.
struct PathsText: TraceReport {
    private let display: TraceDisplay
    private let subject: TraceSubject
    private let paths: TracePathsRequest
    private let dot: PathDotOutput
    let names: TraceNames
    private var output = StandardOutput()
    private var hasComplained = false

    init(
        _ display: TraceDisplay, _ subject: TraceSubject, _ paths: TracePathsRequest, _ dot: PathDotOutput,
        names: TraceNames
    ) {
        self.display = display
        self.subject = subject
        self.paths = paths
        self.dot = dot
        self.names = names
    }

    /// Those of the terminal; of a file as many as people like to read.
    private static var columns: Int { StandardOutput.terminalSize?.columns ?? 120 }

    mutating func begin() throws(OutputError) {
        guard !dot.isStandardOutput else { return }
        try output.write(
            "paths to \(subject.host.forTerminal) (\(subject.destination)), "
                + "\(subject.configuration.maximumHops) hops max, "
                + "\(percent(paths.confidence / 100))% confidence, \(subject.packetLength) byte packets\n")
        try output.flush()
    }

    mutating func observed(
        _ event: MultipathEvent, target: Int, _ fleet: borrowing TraceFleet<MultipathSession>
    ) throws(OutputError) {
        switch event {
        case .answered(_, let answer, _, _): names.lookUp(answer.source)
        case .sendFailed(_, let failure) where !hasComplained:
            hasComplained = true
            StandardError.write("\(display.programName): \(failure.words)\n")
        case .sendFailed, .timedOut, .graphKnown, .roundEnded: break
        }
    }

    mutating func end(_ fleet: borrowing TraceFleet<MultipathSession>) throws(OutputError) {
        names.settle()
        let (graph, names) = (fleet[0].graph, self.names)
        let name: TraceTable.Label = { names.shortLabel($0) }
        if !dot.isStandardOutput {
            let drawing = PathDrawing(graph, columns: Self.columns, name).text
            let table = PathsTable(graph: graph)
            let parts = [drawing, table.text(name), table.sentences(name).map { $0 + "\n" }.joined()]
            try output.write(parts.filter { !$0.isEmpty }.map { "\n" + $0 }.joined())
            try output.flush()
        }
        try dot.write(graph, to: &output, name)
        try output.flush()
    }
}
