import Addresses
import ArgumentParser
import Privileges
import Probing
import ProbingIO
import SystemPackage

/// The grammar of `netprobe igmp query` and `netprobe mld query`. Values are taken as text.
struct MembershipQueryCommand: MembershipVerb {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Ask who listens to all groups, to one, or to sources of one.",
        discussion: """
            Members answer within the response time; each answer is a line, with who gave it \
            and how long after the query. Of versions 1 and 2 of IGMP and 1 of MLD only one \
            member of a group answers, and the others keep silent.

            What asks is taken for a querier: routers and switches with higher addresses stop \
            asking for a while. With -s 0.0.0.0 (of IGMP) they do not.

            Exit status: 0 when someone answered, 1 when nobody did, 2 for errors.
            """,
        helpNames: MembershipVerbs.helpNames)

    @OptionGroup var common: MembershipOptions
    @OptionGroup var speaking: MembershipSpeakingOptions
    @Option(
        name: [.customShort("r"), .customLong("response-time")], parsing: .unconditional,
        help: .init("In what time members answer; 1 where it is not given. 10 in version 1.", valueName: "seconds"))
    var responseTime: String?
    @Option(
        name: .customLong("robustness"), parsing: .unconditional,
        help: .init("QRV, 0 to 7: how many packets in a row may get lost; 2.", valueName: "number"))
    var robustness: String?
    @Option(
        name: .customLong("query-interval"), parsing: .unconditional,
        help: .init("QQIC: how often to say that we ask; 125. It is rounded down.", valueName: "seconds"))
    var queryInterval: String?
    @Flag(name: .customLong("suppress"), help: "S: routers shall leave their timers as they are.")
    var suppresses = false
    @Argument(help: .init("A group, and sources of it; without, all groups.", valueName: "group"))
    var operands: [String] = []

    func run(_ family: IPFamily, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        let operands = try MembershipOperands(operands, family, interface: common.interface)
        let query = try query(family, operands)
        let place = try MembershipPlace(operands.interface, family, programName: programName(family))
        let source = try place.source(speaking.source, privileges.caller)
        let packet = try place.packet(.query(query), from: source, sourceCount: query.sources.count)
        let socket = try place.socket(sends: true, privileges)
        let signals = try SignalDescriptor.forMembership()
        _ = try privileges.giveAway(.base)

        let report = MembershipQueryReport(place, query, from: source, json: common.json)
        var run = MembershipQueryRun(MembershipQuerySession(query), packet, report)
        try run.begin()
        var runner = MembershipRunner(run, over: socket, signals: signals)
        try runner.run()
        run = runner.activity
        return try run.end()
    }

    private func query(_ family: IPFamily, _ operands: MembershipOperands) throws(UsageError) -> MembershipQuery {
        let latest = family.latestMembershipVersion
        let version = try UsageError.membershipVersion(speaking.protocolVersion, family) ?? latest
        let limit = family == .v4 ? (version == latest ? 3174.4 : 25.5) : (version == latest ? 8387.584 : 65.535)
        let response = try UsageError.seconds(responseTime, option: "-r", atMost: limit)
        if family == .v4, version == 1, response != nil {
            throw UsageError("-r is for later versions than -p 1, whose members have ten seconds")
        }
        if let response, response < (family == .v4 ? .milliseconds(100) : .milliseconds(1)) {
            throw UsageError("invalid -r value: '\(responseTime?.forTerminal ?? "")': at least "
                + (family == .v4 ? "0.1" : "0.001"))
        }
        let latestOnly = [("--robustness", robustness), ("--query-interval", queryInterval)]
        if version != latest {
            let name = latestOnly.first { $0.1 != nil }?.0 ?? (suppresses ? "--suppress" : nil)
            if let name { throw UsageError("\(name) is for version \(latest), not for -p \(version)") }
            guard operands.sources.isEmpty else {
                throw UsageError("sources can be asked for in version \(latest), not with -p \(version)")
            }
        }
        if version == 1, family == .v4, let group = operands.group {
            throw UsageError("version 1 asks for all groups at once, not for \(group)")
        }
        let interval = try UsageError.integer(queryInterval, option: "--query-interval", in: 0...31_744)
        return MembershipQuery(
            version: version, group: operands.group, sources: operands.sources,
            responseTime: family == .v4 && version == 1 ? .seconds(10) : response ?? .seconds(1),
            robustness: version == latest
                ? try UsageError.integer(robustness, option: "--robustness", in: 0...7) ?? 2 : nil,
            queryInterval: version == latest ? .seconds(interval ?? 125) : nil,
            suppressesRouterProcessing: suppresses)
    }
}

/// What all verbs take.
struct MembershipOptions: ParsableArguments {
    @Option(
        name: [.customShort("i"), .customLong("interface")], parsing: .unconditional,
        help: .init("The interface; else the one that multicast leaves by.", valueName: "interface"))
    var interface: String?
    @Flag(name: .customLong("json"), help: "Print one JSON object a line.")
    var json = false
}

/// What those verbs take that say something.
struct MembershipSpeakingOptions: ParsableArguments {
    @Option(
        name: [.customShort("p"), .customLong("protocol-version")], parsing: .unconditional,
        help: .init("1 to 3 of IGMP, 1 and 2 of MLD; the last where it is not given.", valueName: "version"))
    var protocolVersion: String?
    @Option(
        name: [.customShort("s"), .customLong("source")], parsing: .unconditional,
        help: .init("Speak from this address; root may choose any.", valueName: "address"))
    var source: String?
}

extension SignalDescriptor {
    /// The signals that end a conversation about groups.
    static func forMembership() throws(PingFailure) -> SignalDescriptor {
        do throws(Errno) { return try SignalDescriptor() } catch { throw PingFailure("signalfd: \(error)") }
    }
}
