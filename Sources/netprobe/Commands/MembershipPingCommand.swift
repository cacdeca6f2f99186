import Addresses
import ArgumentParser
import Privileges

/// `netprobe igmp ping` and `netprobe mld ping`: a ping of a group, and who answered. The options are those of ping.
struct MembershipPingCommand: MembershipVerb {
    static let configuration = CommandConfiguration(
        commandName: "ping",
        abstract: "Ask a group for echoes: one line a member that answers.",
        usage: "netprobe igmp|mld ping [<options of netprobe ping>] <group>",
        discussion: """
            A line is printed when a member answers for the first time, and at the end how \
            often and how fast each did. The options are those of netprobe ping; -I names the \
            interface, -c how often to ask (3 where it is not given), -L leaves this host out.

            Linux answers to IPv4 groups only where the sysctl \
            net.ipv4.icmp_echo_ignore_broadcasts is 0.

            Exit status: 0 when someone answered, 1 when nobody did, 2 for errors.
            """,
        helpNames: MembershipVerbs.helpNames)

    @Argument(parsing: .captureForPassthrough, help: .init("Options of ping, and a group.", valueName: "group"))
    var arguments: [String] = []

    func run(_ family: IPFamily, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        if arguments.contains("-h") || arguments.contains("--help") { throw CleanExit.helpRequest(self) }
        let programName = programName(family)
        var command = try PingArguments.reading(arguments[...])
        if command.count == nil, command.deadline == nil { command.count = "3" }
        for operand in command.operands {
            let address = try? ZonedAddress(parsing: operand).address
            _ = try MembershipOperands([address.map { "\($0)" } ?? operand], family, interface: nil)
        }
        let request = try PingRequest(command, caller: privileges.caller, programName: programName, family: family)
        return try Ping.run(request.listingResponders, privileges)
    }
}
