import Addresses
import Probing
import ProbingIO
import SystemPackage

/// A sweep in the forms of fping: lines, JSON objects (`-J`), and what Netdata's plugins read (`-N`).
struct SweepText: SweepReport {
    var output = StandardOutput()
    private let display: SweepDisplay
    private let lines: SweepLines
    private let summaries: SweepSummaryLines
    private let json: SweepFpingJSON?
    private var netdata: SweepNetdata?
    private var timestamp: SweepTimestamp?
    /// Lines for standard error while they are made.
    private var errors: [UInt8] = []
    /// People see both outputs in one place: in the order in which they were written.
    private let isTerminal = StandardOutput.isTerminal

    init(_ display: SweepDisplay) {
        self.display = display
        lines = SweepLines(display)
        summaries = SweepSummaryLines(display)
        json = display.form == .fpingJSON ? SweepFpingJSON(display) : nil
        netdata = display.form == .netdata ? SweepNetdata(every: display.reportInterval ?? .zero) : nil
        timestamp = display.timestamps.map { SweepTimestamp($0) }
    }

    func begin() {}

    // MARK: - What happens

    mutating func report(
        _ event: SweepEvent, _ session: inout SweepSession, _ names: SweepNames
    ) throws(OutputError) {
        switch event {
        case .reply(let reply):
            try answered(reply, session, names)
        case .duplicate(let reply):
            try duplicated(reply, session, names)
        case .timedOut(let number, let index):
            guard display.showsEach else { return }
            try timedOut(number, index, session, names)
        case .unreachable(let number):
            try unreachable(SweepLabel(session[number].address, number: number, names))
        case .error(let error):
            let method = display.method
            try warn { error.append(to: &$0, method, names) }
        case .notSent(let number, let address, _, let errno):
            // fping is silent about it where each probe counts.
            guard display.isVerbose || !display.isFping else { return }
            let label = SweepLabel(address, number: number, names)
            try warn { text in
                label.append(to: &text)
                text.append(": error while sending ping: \(Errno(rawValue: errno))\n")
            }
        case .repliesDropped:
            return
        }
    }

    private mutating func answered(
        _ reply: SweepReply, _ session: SweepSession, _ names: SweepNames
    ) throws(OutputError) {
        let label = SweepLabel(reply.address, number: reply.number, names)
        if reply.isClosed { try refused(label) }
        if display.showsEach { return try each(reply, label, session, names) }
        guard reply.isFirst else { return }
        if reply.isClosed { return try unreachable(label) }
        guard display.isVerbose || display.showsAlive else { return }
        try tellSource(of: reply)
        let lines = lines
        try output.write { lines.alive(reply, label, to: &$0) }
    }

    private mutating func refused(_ label: SweepLabel) throws(OutputError) {
        let port = display.method.port ?? 0
        guard !display.showsEach else { return }
        try warn { text in
            text.append("Connection refused by ")
            label.append(to: &text)
            text.append(" (port \(port))\n")
        }
    }

    private mutating func unreachable(_ label: SweepLabel) throws(OutputError) {
        guard display.isVerbose || display.showsUnreachable else { return }
        let lines = lines
        try output.write { lines.unreachable(label, to: &$0) }
    }

    private mutating func each(
        _ reply: SweepReply, _ label: SweepLabel, _ session: SweepSession, _ names: SweepNames
    ) throws(OutputError) {
        try tellSource(of: reply)
        let time = timeText(reply.wallClock)
        if let json { return try output.write { json.reply(reply, label, time, to: &$0) } }
        let (counts, received) = counts(reply.number, session)
        let lines = lines
        let columns = names.longest
        try output.write { text in
            Self.begin(time, &text)
            lines.each(reply, label, columns: columns, counts, received: received, to: &text)
        }
    }

    private mutating func timedOut(
        _ number: Int, _ index: Int, _ session: SweepSession, _ names: SweepNames
    ) throws(OutputError) {
        let label = SweepLabel(session[number].address, number: number, names)
        let time = timestamp == nil ? nil : timeText(Clock.wallClock)
        if let json { return try output.write { json.timeout(index, label, time, to: &$0) } }
        let (counts, received) = counts(number, session)
        let lines = lines
        let columns = names.longest
        try output.write { text in
            Self.begin(time, &text)
            lines.timeout(index, label, columns: columns, counts, received: received, to: &text)
        }
    }

    /// Loops show duplicates like other replies; where each probe is counted and shown, they are not told of.
    private mutating func duplicated(
        _ reply: SweepReply, _ session: SweepSession, _ names: SweepNames
    ) throws(OutputError) {
        let label = SweepLabel(reply.address, number: reply.number, names)
        guard !countsDuplicates(session) else {
            return display.showsEach ? try each(reply, label, session, names) : ()
        }
        guard !display.showsEach else { return }
        let lines = lines
        try tell { lines.duplicate(reply, label, to: &$0) }
    }

    /// The address that answers for another, where it goes to standard error.
    private mutating func tellSource(of reply: SweepReply) throws(OutputError) {
        guard reply.source != reply.address, display.isFping else { return }
        let lines = lines
        try tell { lines.append(source: reply.source, to: &$0) }
    }

    mutating func reportUnknown(_ name: String, _ reason: String) throws(OutputError) {
        try warn { $0.append("\(name.forTerminal): \(reason)\n") }
        if let json { try output.write { json.unknown(name, reason, to: &$0) } }
    }

    // MARK: - Summaries

    mutating func reportInterval(_ session: inout SweepSession, _ names: SweepNames) throws(OutputError) {
        let now = Clock.wallClock / 1_000_000_000
        let hasBlankLine = display.isVerbose || display.showsEach
        if json == nil, netdata == nil {
            try tell { $0.append((hasBlankLine ? "\n" : "") + LocalTime.text(now, "[%H:%M:%S]\n")) }
        }
        let columns = names.longest
        for number in session.numbers {
            let label = SweepLabel(session[number].address, number: number, names)
            let counts =
                session.configuration.keepsIntervals
                ? session.takeInterval(of: number, reset: !display.isCumulative || netdata != nil)
                : session[number].counts
            if let netdata {
                try output.write { netdata.target(counts, label, to: &$0) }
            } else if let json {
                try output.write { json.target(counts, received: counts.received, label, time: now, to: &$0) }
            } else {
                summaries.target(counts, received: counts.received, label, columns: columns, to: &errors)
                try tellIfMany()
            }
        }
        netdata?.endInterval()
        try tell { _ in }
    }

    mutating func end(
        _ summary: SweepSummary, _ session: inout SweepSession, _ names: SweepNames
    ) throws(OutputError) {
        let totals = session.totals
        if display.countsProbes { try endTargets(session, names) }
        let summaries = summaries
        if display.showsStatistics {
            if let json {
                try output.write { json.statistics(totals, summary, to: &$0) }
            } else {
                try tell { summaries.statistics(totals, summary, to: &$0) }
            }
        } else if summary.droppedReplies > 0, !display.isFping {
            try warn { $0.append("\(summary.droppedReplies) replies were lost in this host, unread\n") }
        }
        if let goal = display.goal { try output.write { summaries.goal(goal, totals, to: &$0) } }
        try output.flush()
    }

    /// The summary of each target.
    private mutating func endTargets(_ session: SweepSession, _ names: SweepNames) throws(OutputError) {
        if display.showsEach, json == nil { try tell { $0.append(.lineFeed) } }
        let columns = names.longest
        for number in session.numbers {
            let label = SweepLabel(session[number].address, number: number, names)
            let (counts, received) = counts(number, session)
            if display.showsEachRoundTrip {
                let roundTrips = session.roundTrips(of: number).prefix(counts.sent)
                if let json {
                    try output.write { json.target(roundTrips, label, to: &$0) }
                } else {
                    summaries.target(roundTrips, label, columns: columns, to: &errors)
                }
            } else if let json {
                try output.write { json.target(counts, received: received, label, to: &$0) }
            } else {
                summaries.target(counts, received: received, label, columns: columns, to: &errors)
            }
            try tellIfMany()
        }
        try tell { _ in }
    }

    // MARK: - Parts

    /// What is known of a target, and how many replies are shown.
    private func counts(_ number: Int?, _ session: SweepSession) -> (SweepTarget.Counts, received: Int) {
        guard let number else { return (SweepTarget.Counts(), 0) }
        let target = session[number]
        return (target.counts, target.received(withDuplicates: countsDuplicates(session)))
    }

    /// Whether duplicates count, as they do for fping in loops.
    private func countsDuplicates(_ session: SweepSession) -> Bool { session.configuration.mode == .loop }

    /// The time for `-D`.
    private mutating func timeText(_ wallClock: Int64) -> String? {
        guard timestamp != nil else { return nil }
        var text: [UInt8] = []
        timestamp?.append(wallClock, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func begin(_ time: String?, _ line: inout [UInt8]) {
        guard let time else { return }
        line.append("[")
        line.append(time)
        line.append("] ")
    }

    /// Writes to standard error, unless `-q` says not to.
    private mutating func warn(_ append: (inout [UInt8]) -> Void) throws(OutputError) {
        if !display.isQuiet { try tell(append) }
    }

    /// Writes to standard error what has been gathered for it, and this.
    private mutating func tell(_ append: (inout [UInt8]) -> Void) throws(OutputError) {
        append(&errors)
        guard !errors.isEmpty else { return }
        if isTerminal { try output.flush() }
        StandardError.write(errors)
        errors.removeAll(keepingCapacity: true)
    }

    private mutating func tellIfMany() throws(OutputError) {
        if errors.count >= 1 << 15 { try tell { _ in } }
    }
}
