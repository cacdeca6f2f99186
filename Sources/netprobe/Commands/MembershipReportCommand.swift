import Addresses
import ArgumentParser
import Packets
import Privileges
import Probing
import ProbingIO
import Sockets

/// The grammar of `netprobe igmp report` and `netprobe mld report`.
struct MembershipReportCommand: MembershipVerb {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Send a report as a member would, of any version and record type.",
        discussion: """
            Only this packet is sent: nothing answers the queries that follow it (that is join). \
            Types of records: is-include, is-exclude, to-include, to-exclude, allow, block; \
            older versions have none.
            """,
        helpNames: MembershipVerbs.helpNames)

    @OptionGroup var common: MembershipOptions
    @OptionGroup var speaking: MembershipSpeakingOptions
    @OptionGroup var repeating: MembershipRepeatingOptions
    @Option(
        name: .customLong("type"), parsing: .unconditional,
        help: .init("The type of the record: is-exclude, or with sources is-include.", valueName: "type"))
    var type: String?
    @Argument(help: .init("A group, and sources of it.", valueName: "group"))
    var operands: [String] = []

    static let types: [(name: String, type: MulticastRecordType)] = [
        ("is-include", .isInclude), ("is-exclude", .isExclude), ("to-include", .toInclude), ("to-exclude", .toExclude),
        ("allow", .allowNewSources), ("block", .blockOldSources),
    ]

    func run(_ family: IPFamily, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        let operands = try MembershipOperands(operands, family, interface: common.interface)
        let group = try operands.requiredGroup(family)
        let latest = family.latestMembershipVersion
        let version = try UsageError.membershipVersion(speaking.protocolVersion, family) ?? latest
        if version != latest, type != nil || !operands.sources.isEmpty {
            let what = type == nil ? "sources are" : "--type is"
            throw UsageError("\(what) for version \(latest), not for -p \(version)")
        }
        let named = try type.map { (name) throws(UsageError) in
            guard let found = Self.types.first(where: { $0.name == name }) else {
                let names = Self.types.map(\.name).joined(separator: ", ")
                throw UsageError("invalid --type value: '\(name.forTerminal)': not one of \(names)")
            }
            return found.type
        }
        let record = MembershipRecord(
            named ?? (operands.sources.isEmpty ? .isExclude : .isInclude), group: group, sources: operands.sources)
        return try MembershipSendRun.run(
            .report(version: version, [record]), "report", operands, common, speaking, repeating, family,
            programName: programName(family), privileges)
    }
}

/// The grammar of `netprobe igmp leave` and `netprobe mld leave`.
struct MembershipLeaveCommand: MembershipVerb {
    static let configuration = CommandConfiguration(
        commandName: "leave",
        abstract: "Say that a group, or sources of it, are no longer wanted.",
        discussion: """
            Queriers then ask whether others still want it, and who does says so. Version 1 of \
            IGMP leaves without a word; the latest says it in a report, with sources that they \
            are blocked.
            """,
        helpNames: MembershipVerbs.helpNames)

    @OptionGroup var common: MembershipOptions
    @OptionGroup var speaking: MembershipSpeakingOptions
    @OptionGroup var repeating: MembershipRepeatingOptions
    @Argument(help: .init("A group, and sources of it.", valueName: "group"))
    var operands: [String] = []

    func run(_ family: IPFamily, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        let operands = try MembershipOperands(operands, family, interface: common.interface)
        let group = try operands.requiredGroup(family)
        let latest = family.latestMembershipVersion
        let version = try UsageError.membershipVersion(speaking.protocolVersion, family) ?? latest
        if family == .v4, version == 1 { throw UsageError("version 1 leaves without a word; -p 2 and 3 say it") }
        if version != latest, !operands.sources.isEmpty {
            throw UsageError("sources are for version \(latest), not for -p \(version)")
        }
        let record = MembershipRecord(
            operands.sources.isEmpty ? .toInclude : .blockOldSources, group: group, sources: operands.sources)
        return try MembershipSendRun.run(
            version == latest ? .report(version: version, [record]) : .leave(group: group), "leave", operands, common,
            speaking, repeating, family, programName: programName(family), privileges)
    }
}

/// How often something is said.
struct MembershipRepeatingOptions: ParsableArguments {
    @Option(
        name: [.customShort("c"), .customLong("count")], parsing: .unconditional,
        help: .init("How often to send it, 1 where it is not given.", valueName: "count"))
    var count: String?
    @Option(
        name: [.customShort("t"), .customLong("interval")], parsing: .unconditional,
        help: .init("The time between two, 1 where it is not given.", valueName: "seconds"))
    var interval: String?
}

/// A message that is sent, once or more often.
struct MembershipSendRun: MembershipActivity {
    private let packet: MembershipPacket
    private let body: MembershipMessage.Body
    private let what: String
    private let operands: MembershipOperands
    private let interval: Duration
    private var left: Int
    private var due: MonotonicTime
    private var report: MembershipActionReport
    private var hasFailed = false

    static func run(
        _ body: MembershipMessage.Body, _ what: String, _ operands: MembershipOperands, _ common: MembershipOptions,
        _ speaking: MembershipSpeakingOptions, _ repeating: MembershipRepeatingOptions, _ family: IPFamily,
        programName: String, _ privileges: consuming ParkedPrivileges
    ) throws -> ExitStatus {
        let count = try UsageError.integer(repeating.count, option: "-c", in: 1...Int(Int32.max)) ?? 1
        let interval = try UsageError.seconds(repeating.interval, option: "-t", atMost: 86_400) ?? .seconds(1)
        if !privileges.caller.isRoot, interval < .milliseconds(2) {
            throw UsageError("invalid -t value: '\(repeating.interval?.forTerminal ?? "")': at least 0.002, but for root")
        }
        let place = try MembershipPlace(operands.interface, family, programName: programName)
        let source = try place.source(speaking.source, privileges.caller)
        let packet = try place.packet(body, from: source, sourceCount: operands.sources.count)
        let socket = try place.socket(sends: true, privileges)
        let signals = try SignalDescriptor.forMembership()
        _ = try privileges.giveAway(.base)
        let run = MembershipSendRun(
            packet: packet, body: body, what: what, operands: operands, interval: interval, left: count, due: Clock.now,
            report: MembershipActionReport(place, json: common.json, source: source))
        var runner = MembershipRunner(run, over: socket, signals: signals)
        try runner.run()
        return runner.activity.hasFailed ? .error : .answered
    }

    mutating func next(at now: MonotonicTime) throws(OutputError) -> MembershipStep {
        if left == 0 { return .finished }
        return now < due ? .wait(until: due) : .send(packet.bytes, to: packet.destination)
    }

    mutating func sent(_ failure: SocketError?, at now: MonotonicTime) throws(OutputError) {
        left -= 1
        due = now + interval
        if let failure {
            try report.failed(failure)
            (hasFailed, left) = (true, 0)
        } else if let group = operands.group {
            try report.tell("sent", what, body, group, operands.sources, to: packet.destination)
        }
    }

    mutating func received(_ packet: [UInt8], isOwn: Bool, at now: MonotonicTime) throws(OutputError) {}
    mutating func willWait() throws(OutputError) {}
    mutating func interrupt() { left = 0 }
}
