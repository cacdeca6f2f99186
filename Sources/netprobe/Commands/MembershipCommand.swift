import Addresses
import ArgumentParser
import Privileges

/// The grammar of `netprobe igmp`.
struct IgmpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "igmp", _superCommandName: "netprobe",
        abstract: "Ask who listens to which IPv4 groups, listen to the answers, take part.",
        discussion: MembershipVerbs.discussion(
            "igmp", group: "239.1.2.3", others: "239.0.0.9", source: "198.18.1.1", last: "3"),
        subcommands: MembershipVerbs.all, helpNames: MembershipVerbs.helpNames)
}

/// The grammar of `netprobe mld`: the same verbs, of IPv6.
struct MldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mld", _superCommandName: "netprobe",
        abstract: "Ask who listens to which IPv6 groups, listen to the answers, take part.",
        discussion: MembershipVerbs.discussion(
            "mld", group: "ff15::1:2", others: "ff15::9", source: "2001:db8:1::1", last: "2"),
        subcommands: MembershipVerbs.all, helpNames: MembershipVerbs.helpNames)
}

/// What igmp and mld have in common.
enum MembershipVerbs {
    static let all: [any ParsableCommand.Type] = [
        MembershipQueryCommand.self, MembershipListenCommand.self, MembershipJoinCommand.self,
        MembershipLeaveCommand.self, MembershipReportCommand.self, MembershipQuerierCommand.self,
        MembershipPingCommand.self,
    ]
    static let helpNames: NameSpecification = [.customShort("h"), .customLong("help")]
    /// The short options that take a value, of all verbs together.
    static let valueLetters = "ispwrctI"

    /// Reads the arguments, the verb included.
    static func reading<Verb: MembershipVerb>(
        _: Verb.Type, _ arguments: ArraySlice<String>, of command: any ParsableCommand.Type
    ) throws -> Verb {
        // ping has letters of its own.
        let isPing = Verb.self == MembershipPingCommand.self
        let options = ShortOptions(arguments, valueLetters: valueLetters)
        var parsed = try command.parseAsRoot(isPing ? Array(arguments) : options.checked.separated)
        guard let verb = parsed as? Verb else {
            // A request for help, which it throws.
            try parsed.run()
            throw UsageError("the verb has to come first, as in: netprobe igmp query -i eth0")
        }
        return verb
    }

    /// Everything but a verb: help, and what is no verb.
    static func overview(_ arguments: ArraySlice<String>, of command: any ParsableCommand.Type) throws -> ExitStatus {
        var parsed = try command.parseAsRoot(Array(arguments))
        if type(of: parsed) != command { try parsed.run() }
        let verbs = all.compactMap { $0.configuration.commandName }.joined(separator: ", ")
        throw UsageError("usage error: a verb is required: \(verbs)")
    }

    static func discussion(_ name: String, group: String, others: String, source: String, last: String) -> String {
        """
        Examples:
          netprobe \(name) query                            who listens to what?
          netprobe \(name) query -i eth0 \(group)
          netprobe \(name) listen -w 60                     the conversation, for a minute
          netprobe \(name) querier                          who asks, and is all well?
          netprobe \(name) join \(group)                be a member until Control-C
          netprobe \(name) join \(group) \(source)     of this source only
          netprobe \(name) report -p \(last) --type allow \(group) \(source)
          netprobe \(name) leave \(others)
          netprobe \(name) ping -c 3 \(group)           which members answer?
        """
    }
}

/// A verb of `netprobe igmp` and `netprobe mld`.
protocol MembershipVerb: ParsableCommand {
    /// Does it, from the arguments to the exit status.
    func run(_ family: IPFamily, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus
}

extension MembershipVerb {
    /// The program's name in front of complaints.
    func programName(_ family: IPFamily) -> String {
        "netprobe \(family.commandName) \(Self.configuration.commandName ?? "")"
    }
}

extension IPFamily {
    /// The command for this family's groups.
    var commandName: String { self == .v4 ? "igmp" : "mld" }
}
