import Probing

extension SweepDisplay {
    /// Takes what the arguments say of what is shown, by fping's rules.
    mutating func read(_ arguments: SweepArguments) throws(UsageError) {
        isQuiet = arguments.quiet || arguments.reportInterval != nil
        try readReportInterval(arguments.reportInterval)
        let isCounting = arguments.count != nil || arguments.everyCount != nil
        countsProbes = isCounting || arguments.loop
        form = try Self.form(arguments)
        // Netdata reads reports, and there are none without -Q.
        if form == .netdata, reportInterval == nil || !countsProbes { form = .text }
        // -q does nothing to -l alone.
        showsEach = isCounting && !isQuiet || arguments.loop && reportInterval == nil
        showsAlive = arguments.alive && !countsProbes
        showsUnreachable = arguments.unreachable && !countsProbes
        showsElapsed = arguments.elapsed
        showsEachRoundTrip = arguments.everyCount != nil
        showsOutage = arguments.outage
        showsStatistics = arguments.statistics
        showsTrafficClass = arguments.printTrafficClass
        showsHopLimit = arguments.printHopLimit
        showsReplyDestination = arguments.printReplyDestination
        let goals: [Int?] = [
            try UsageError.integer(arguments.fastGoal, option: "-X", in: 1...Int(Int32.max)),
            try UsageError.integer(arguments.goal, option: "-x", in: 1...Int(Int32.max)),
        ]
        goal = goals.compactMap(\.self).first
        isVerbose = !isQuiet && !countsProbes && !showsAlive && !showsUnreachable && goal == nil
        try readTimestamps(arguments)
        plots = arguments.plot
        // fping shows none; and people who see each result see what is going on.
        showsProgress = !isFping && !isQuiet
    }

    private static func form(_ arguments: SweepArguments) throws(UsageError) -> Form {
        let forms: [(isGiven: Bool, option: String, form: Form)] = [
            (arguments.json, "--json", .json), (arguments.csv, "--csv", .csv),
            (arguments.fpingJSON, "-J", .fpingJSON), (arguments.netdata, "-N", .netdata),
        ]
        let given = forms.filter(\.isGiven)
        guard given.count <= 1 else {
            throw UsageError("specify only one of \(given.map(\.option).joined(separator: ", "))")
        }
        return given.first?.form ?? .text
    }

    private mutating func readReportInterval(_ text: String?) throws(UsageError) {
        guard let text else { return }
        let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if let keyword = parts.dropFirst().first {
            guard keyword == "cumulative" else {
                throw UsageError("invalid -Q value: '\(text.forTerminal)': only 'cumulative' can follow the seconds")
            }
            isCumulative = true
        }
        let interval = try UsageError.seconds(parts[0], option: "-Q", atMost: Double(Int32.max))
        reportInterval = interval == .zero ? nil : interval
    }

    private mutating func readTimestamps(_ arguments: SweepArguments) throws(UsageError) {
        var format = Timestamps.unix
        if let text = arguments.timestampFormat {
            guard let given = Timestamps(rawValue: text) else {
                throw UsageError(
                    "invalid --timestamp-format value: '\(text.forTerminal)': not one of unix, ctime, iso, rfc3339")
            }
            format = given
        }
        timestamps = arguments.timestamps ? format : nil
    }
}
