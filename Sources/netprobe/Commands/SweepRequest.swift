import Addresses
import Packets
import Privileges
import Probing
import ProbingIO
import Sockets

/// What a sweep's arguments ask for, checked.
struct SweepRequest {
    /// Whom to ask.
    enum Targets: Equatable {
        case words([String])
        case range(SweepRange)
        case file(String)
    }

    /// With a record of each target, or without.
    enum Mode {
        case tracked(SweepConfiguration)
        case scan(SweepScanRequest)
    }

    let targets: Targets
    /// The only family wanted; `nil` for both.
    let family: IPFamily?
    let mode: Mode
    let probe: SweepProbeRequest
    let naming: SweepNaming
    /// The file of what is not probed.
    let exclusions: String?
    let display: SweepDisplay
    /// The file for a drawing of who is alive.
    let svg: String?

    init(
        _ given: SweepArguments, caller: Caller, programName: String, isFping: Bool, family link: IPFamily? = nil
    ) throws(UsageError) {
        var arguments = given
        // Where both have an option of that name, fping's is meant.
        if isFping, arguments.json { (arguments.fpingJSON, arguments.json) = (true, false) }
        var display = SweepDisplay(programName: programName)
        display.isFping = isFping
        probe = try SweepProbeRequest(arguments)
        family = try Self.family(arguments, link: link, probe)
        try Self.checkTogether(arguments)
        let pace = try SweepPaceRequest(arguments, caller: caller)
        targets = try Self.targets(arguments, family: family)
        if arguments.scan {
            mode = .scan(try SweepScanRequest(arguments, pace, targets, family: family))
        } else {
            try Self.checkRanges(targets, isFping: isFping)
            mode = .tracked(try pace.configuration(arguments))
        }
        display.period = pace.period
        try display.read(arguments)
        display.method = probe.method
        naming = try SweepNaming(arguments)
        exclusions = arguments.exclude
        if arguments.exclude == "-", targets == .file("-") {
            throw UsageError("--exclude and the targets can't both be standard input")
        }
        svg = arguments.svg
        self.display = display
    }

    private static func family(
        _ arguments: SweepArguments, link: IPFamily?, _ probe: SweepProbeRequest
    ) throws(UsageError) -> IPFamily? {
        if arguments.ipv4 && arguments.ipv6 || arguments.ipv4 && link == .v6 || arguments.ipv6 && link == .v4 {
            throw UsageError("can't specify both -4 and -6")
        }
        let family: IPFamily? = arguments.ipv4 ? .v4 : arguments.ipv6 ? .v6 : link
        guard probe.method == .timestamp else { return family }
        guard family != .v6 else { throw UsageError("ICMP Timestamp is IPv4 only") }
        return .v4
    }

    /// What can't be asked for together.
    private static func checkTogether(_ arguments: SweepArguments) throws(UsageError) {
        let isCounting = arguments.count != nil || arguments.everyCount != nil
        if arguments.unreachable && arguments.alive { throw UsageError("specify only one of a, u") }
        if isCounting && arguments.loop { throw UsageError("specify only one of c, l") }
        if arguments.fpingJSON, !isCounting, !arguments.loop {
            throw UsageError("option -J, --json requires -c, -C, or -l")
        }
        guard arguments.scan else {
            let scanOnly: [(Bool, String)] = [
                (arguments.seed != nil, "--seed"), (arguments.shard != nil, "--shard"),
                (arguments.includeReserved, "--include-reserved"),
            ]
            if let option = scanOnly.first(where: \.0)?.1 { throw UsageError("\(option) is for --scan") }
            return
        }
        let others: [(Bool, String)] = [
            (isCounting, "-c"), (arguments.loop, "-l"), (arguments.unreachable, "-u"), (arguments.names, "-n"),
            (arguments.reverseNames, "-d"), (arguments.allAddresses, "-m"), (arguments.goal != nil, "-x"),
            (arguments.fastGoal != nil, "-X"), (arguments.reportInterval != nil, "-Q"), (arguments.netdata, "-N"),
            (arguments.outage, "-o"), (arguments.backoff != nil, "-B"), (arguments.period != nil, "-p"),
        ]
        if let option = others.first(where: \.0)?.1 {
            throw UsageError("\(option) is not for --scan, which keeps no record of targets")
        }
    }

    private static func targets(_ arguments: SweepArguments, family: IPFamily?) throws(UsageError) -> Targets {
        let operands = arguments.operands
        guard !arguments.generate else {
            guard arguments.file == nil else { throw UsageError("specify only one of f, g") }
            return .range(try generated(operands, family: family, hosts: !arguments.scan))
        }
        guard let file = arguments.file else { return operands.isEmpty ? .file("-") : .words(operands) }
        guard operands.isEmpty else { throw UsageError("specify either -f or targets, not both") }
        return .file(file)
    }

    /// `-g`: the addresses of a prefix, or from one to another.
    private static func generated(
        _ operands: [String], family: IPFamily?, hosts: Bool
    ) throws(UsageError) -> SweepRange {
        let range: SweepRange
        switch operands.count {
        case 1:
            guard operands[0].contains("/"), let hostsOfPrefix = try SweepRange(operands[0]) else {
                throw UsageError(
                    "-g takes a prefix or two addresses, such as 198.18.0.0/24: not '\(operands[0].forTerminal)'")
            }
            range = hosts ? hostsOfPrefix : try SweepRange(prefix: operands[0])
        case 2:
            var ends: [ZonedAddress] = []
            for word in operands {
                guard let address = SweepWord.address(word) else {
                    throw UsageError("can't parse address \(word.forTerminal): Name or service not known")
                }
                ends.append(address)
            }
            range = try SweepRange(from: ends[0], to: ends[1])
        default: throw UsageError("-g takes a prefix or two addresses, not \(operands.count) words")
        }
        guard (family ?? range.first.family) == range.first.family else {
            throw UsageError("\(range.first): Address family for hostname not supported")
        }
        return range
    }

    /// Says at once what is wrong with ranges that stand on the command line.
    private static func checkRanges(_ targets: Targets, isFping: Bool) throws(UsageError) {
        switch targets {
        case .file: break
        case .range(let range): try range.checkCount("\(range.first)-\(range.last)")
        case .words(let words):
            guard !isFping else { return }
            for word in words {
                if case .range(let range) = try SweepWord(word, withRanges: true) { try range.checkCount(word) }
            }
        }
    }
}
