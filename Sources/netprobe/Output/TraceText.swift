import Addresses
import Glibc
import Probing
import ProbingIO

/// Traces in the lines of traceroute(8), in the table of `mtr --report`, or in the fields of `mtr --csv`.
///
/// A single trace is written as it comes to be known. Of several, each is written in one piece when it is over.
struct TraceText: TraceReport {
    /// What is known of one trace.
    private struct Trace {
        var lines: TraceLines
        /// What waits for the end of the trace, or for that of others.
        var text = ""
        var isOver = false
        var isWritten = false
    }

    private let display: TraceDisplay
    private let subjects: [TraceSubject]
    private let localName: String
    private let isContinued: Bool
    private let start = Clock.wallClock / 1_000_000_000
    private var traces: [Trace]
    let names: TraceNames
    private var output = StandardOutput()
    /// Failures to send that were complained of.
    private var complaints: [String] = []
    /// Whether no trace has been written yet.
    private var isFirst: Bool
    /// Traces that are over and wait for the names of addresses.
    private var waiting: [Int] = []

    /// - Parameters:
    ///   - localName: the name of this host.
    ///   - isContinued: others have written their traces before.
    init(
        _ display: TraceDisplay, _ subjects: [TraceSubject], names: TraceNames, localName: String,
        isContinued: Bool = false
    ) {
        self.display = display
        self.subjects = subjects
        self.localName = localName
        self.names = names
        self.isContinued = isContinued
        isFirst = !isContinued
        traces = subjects.map { Trace(lines: TraceLines($0.configuration, display)) }
    }

    private var isSingle: Bool { subjects.count == 1 }

    // MARK: - What happens

    mutating func begin() throws(OutputError) {
        switch display.form {
        case .lines:
            if isSingle, isContinued { try output.write("\n") }
            for index in subjects.indices { try write(subjects[index].headerLine, of: index) }
        case .report where !isContinued: try output.write("Start: \(LocalTime.text(start, "%Y-%m-%dT%H:%M:%S%z"))\n")
        case .csv where !isContinued: try output.write(TraceTable.csvHeader(hasSystems: display.looksUpSystems))
        case .report, .csv, .json: break
        }
        try output.flush()
    }

    mutating func observed(
        _ event: TraceEvent, target: Int, _ fleet: borrowing TraceFleet<TraceSession>
    ) throws(OutputError) {
        switch event {
        case .answered(_, let answer, _, _), .late(_, let answer, _, _): names.lookUp(answer.source)
        case .sendFailed(_, let failure): complain("\(subjects[target].host.forTerminal): \(failure.words)")
        case .duplicate, .timedOut, .roundEnded, .routeChanged: break
        }
        guard display.form == .lines || subjects[target].isEnded(by: event) else { return }
        if display.form == .lines { traces[target].lines.add(event) }
        if isSingle { try write(lines(of: target), of: target) }
        if subjects[target].isEnded(by: event) {
            traces[target].isOver = true
            // Of a single trace more may be found out aside.
            if !isSingle { waiting.append(target) }
        }
    }

    mutating func willWait(_ fleet: borrowing TraceFleet<TraceSession>) throws(OutputError) {
        try writeWhatIsKnown(fleet)
        try output.flush()
    }

    mutating func end(_ fleet: borrowing TraceFleet<TraceSession>) throws(OutputError) {
        names.settle()
        waiting = subjects.indices.filter { !traces[$0].isWritten }
        try writeWhatIsKnown(fleet)
        try output.flush()
    }

    // MARK: - What is written

    private mutating func writeWhatIsKnown(_ fleet: borrowing TraceFleet<TraceSession>) throws(OutputError) {
        if isSingle, display.form == .lines { try write(lines(of: 0), of: 0) }
        var remaining: [Int] = []
        for target in waiting {
            let hops = fleet[target].hops
            guard names.knowsAll(hops.flatMap { $0.responders.map(\.address) }) else {
                remaining.append(target)
                continue
            }
            if display.form == .lines { try write(lines(of: target) + traces[target].lines.ending(), of: target) }
            if display.form == .lines, !isSingle {
                if !isFirst { try output.write("\n") }
                isFirst = false
            }
            try output.write(traces[target].text + closing(target, fleet[target]))
            traces[target].text = ""
            traces[target].isWritten = true
        }
        waiting = remaining
    }

    private mutating func write(_ text: String, of target: Int) throws(OutputError) {
        guard !isSingle else { return try output.write(text) }
        traces[target].text += text
    }

    private mutating func lines(of target: Int) -> String {
        let names = self.names
        return traces[target].lines.text { names.label($0) }
    }

    /// What follows when a trace is over.
    private func closing(_ target: Int, _ session: TraceSession) -> String {
        let (subject, names) = (subjects[target], self.names)
        let (label, name): (TraceTable.Label, TraceTable.Label) = ({ names.finalLabel($0) }, { names.finalName($0) })
        var table = TraceTable(hops: session.hops)
        table.showsExtensions = display.showsExtensions
        switch display.form {
        case .report: return table.report(from: localName, systems: names.systems, name)
        case .csv: return table.csv(to: subject.host, start: start, systems: names.systems, name)
        case .json: return ""
        case .lines:
            var text = ""
            if subject.configuration.rounds != 1 {
                table.showsDistribution = true
                text += "\n" + table.report(from: localName, systems: names.systems, name)
            }
            if !display.isTraceroute {
                let sentences = sentences(session, label)
                if !sentences.isEmpty { text += "\n" + sentences.map { $0 + "\n" }.joined() }
            }
            return text
        }
    }

    private func sentences(_ session: TraceSession, _ label: TraceTable.Label) -> [String] {
        session.findings.map { $0.words(session.configuration, label) }
            + (display.showsExtensions ? session.hops.flatMap { $0.interfaceSentences(label) } : [])
    }

    /// Complains on standard error, of the same thing once.
    private mutating func complain(_ message: String) {
        guard !complaints.contains(message), complaints.count < 1000 else { return }
        complaints.append(message)
        StandardError.write("\(display.programName): \(message)\n")
    }
}
