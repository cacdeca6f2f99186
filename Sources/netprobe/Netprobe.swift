import Addresses
import ArgumentParser
import Glibc
import Privileges

/// The program: it chooses the command, and turns what goes wrong into one line and an exit status.
@main
enum Netprobe {
    static let version = "0.1.0"

    static func main() {
        var arguments = CommandLine.arguments[...]
        let invocation = arguments.popFirst().map(programName) ?? "netprobe"
        let status: ExitStatus
        switch invocation {
        case "ping": status = ping(arguments, name: "ping")
        case "ping4": status = ping(arguments, name: "ping4", family: .v4)
        case "ping6": status = ping(arguments, name: "ping6", family: .v6)
        case "traceroute": status = trace(arguments, name: "traceroute")
        case "traceroute6": status = trace(arguments, name: "traceroute6", family: .v6)
        case "tracepath": status = mtu(arguments, name: "tracepath")
        case "tracepath6": status = mtu(arguments, name: "tracepath6", family: .v6)
        case "fping": status = sweep(arguments, name: "fping", isFping: true)
        case "fping4": status = sweep(arguments, name: "fping4", isFping: true, family: .v4)
        case "fping6": status = sweep(arguments, name: "fping6", isFping: true, family: .v6)
        default:
            switch arguments.first {
            case "ping": status = ping(arguments.dropFirst(), name: "netprobe ping")
            case "trace": status = trace(arguments.dropFirst(), name: "netprobe trace")
            case "sweep": status = sweep(arguments.dropFirst(), name: "netprobe sweep")
            case "mtu": status = mtu(arguments.dropFirst(), name: "netprobe mtu")
            case "send": status = send(arguments.dropFirst())
            case "connect": status = connect(arguments.dropFirst())
            case "listen": status = listen(arguments.dropFirst())
            case "igmp": status = groups(arguments.dropFirst(), .v4, IgmpCommand.self)
            case "mld": status = groups(arguments.dropFirst(), .v6, MldCommand.self)
            case "decode": status = decode(arguments.dropFirst())
            default: status = overview(arguments)
            }
        }
        exit(status.rawValue)
    }

    /// The last component of the path that the program was called by.
    private static func programName(_ path: String) -> String { String(path.split(separator: "/").last ?? "netprobe") }

    private static func ping(_ arguments: ArraySlice<String>, name: String, family: IPFamily? = nil) -> ExitStatus {
        run(name: name) { privileges in
            let command = try PingArguments.reading(arguments)
            if command.version {
                try show("\(name) from netprobe \(version)\n")
                return .answered
            }
            let request = try PingRequest(command, caller: privileges.caller, programName: name, family: family)
            return try Ping.run(request, privileges)
        }
    }

    private static func trace(_ arguments: ArraySlice<String>, name: String, family: IPFamily? = nil) -> ExitStatus {
        run(name: name, help: TraceCommand.self) { privileges in
            let command = try TraceArguments.reading(arguments)
            if command.version {
                try show("\(name) from netprobe \(version)\n")
                return .answered
            }
            if !command.methodOptions.isEmpty, let help = try TraceMethodRequest(command).help {
                try show(help)
                return .answered
            }
            return try Trace.run(try TraceRequest(command, programName: name, family: family), privileges)
        }
    }

    private static func mtu(_ arguments: ArraySlice<String>, name: String, family: IPFamily? = nil) -> ExitStatus {
        run(name: name, help: MtuCommand.self) { privileges in
            let command = try MtuCommand.reading(ShortOptions(arguments, valueLetters: MtuCommand.valueLetters))
            if command.version {
                try show("\(name) from netprobe \(version)\n")
                return .answered
            }
            return try Mtu.run(try MtuRequest(command, programName: name, family: family), privileges)
        }
    }

    private static func sweep(
        _ arguments: ArraySlice<String>, name: String, isFping: Bool = false, family: IPFamily? = nil
    ) -> ExitStatus {
        // fping(8) says 3, and does 1.
        run(name: name, help: SweepCommand.self, usage: isFping ? .unanswered : .invalidArguments) { privileges in
            let command = try SweepArguments.reading(arguments)
            if command.version {
                try show("\(name) from netprobe \(version)\n")
                return .answered
            }
            let request = try SweepRequest(
                command, caller: privileges.caller, programName: name, isFping: isFping, family: family)
            return try Sweep.run(request, privileges)
        }
    }

    private static func send(_ arguments: ArraySlice<String>) -> ExitStatus {
        run(name: "netprobe send", help: SendCommand.self) { privileges in
            let options = ShortOptions(arguments, valueLetters: SendCommand.valueLetters)
            let command = try SendCommand.reading(options)
            if command.display.layers {
                try show(SendExpression.layers)
                return .answered
            }
            return try Send.run(command, privileges)
        }
    }

    private static func connect(_ arguments: ArraySlice<String>) -> ExitStatus {
        run(name: "netprobe connect", help: ConnectCommand.self) { privileges in
            let options = ShortOptions(arguments, valueLetters: ConnectCommand.valueLetters)
            return try Connect.run(try ConnectRequest(try ConnectCommand.reading(options)), privileges)
        }
    }

    private static func listen(_ arguments: ArraySlice<String>) -> ExitStatus {
        if ListenRawCommand.isMeant(by: arguments) { return listenRaw(arguments) }
        return run(name: "netprobe listen", help: ListenCommand.self) { privileges in
            let options = ShortOptions(arguments, valueLetters: ListenCommand.valueLetters)
            return try Listen.run(try ListenRequest(try ListenCommand.reading(options)), privileges)
        }
    }

    private static func listenRaw(_ arguments: ArraySlice<String>) -> ExitStatus {
        run(name: "netprobe listen", help: ListenRawCommand.self) { privileges in
            let options = ShortOptions(arguments, valueLetters: ListenRawCommand.valueLetters)
            return try ListenRaw.run(try ListenRawRequest(try ListenRawCommand.reading(options)), privileges)
        }
    }

    private static func groups(
        _ arguments: ArraySlice<String>, _ family: IPFamily, _ command: any ParsableCommand.Type
    ) -> ExitStatus {
        let name = "netprobe \(family.commandName)"
        func run<Verb: MembershipVerb>(_ verb: Verb.Type) -> ExitStatus {
            self.run(name: "\(name) \(Verb.configuration.commandName ?? "")", help: command) { privileges in
                try MembershipVerbs.reading(verb, arguments, of: command).run(family, privileges)
            }
        }
        switch arguments.first {
        case "query": return run(MembershipQueryCommand.self)
        case "listen": return run(MembershipListenCommand.self)
        case "join": return run(MembershipJoinCommand.self)
        case "leave": return run(MembershipLeaveCommand.self)
        case "report": return run(MembershipReportCommand.self)
        case "querier": return run(MembershipQuerierCommand.self)
        case "ping": return run(MembershipPingCommand.self)
        default:
            return self.run(name: name, help: command) { _ in
                try MembershipVerbs.overview(arguments, of: command)
            }
        }
    }

    private static func decode(_ arguments: ArraySlice<String>) -> ExitStatus {
        run(name: "netprobe decode", help: DecodeCommand.self) { privileges in
            let options = ShortOptions(arguments, valueLetters: DecodeCommand.valueLetters)
            return try Decode.run(try DecodeRequest(try DecodeCommand.reading(options)), privileges)
        }
    }

    /// Everything but a command: help, the version, and what is no command.
    private static func overview(_ arguments: ArraySlice<String>) -> ExitStatus {
        run(name: "netprobe", help: NetprobeCommand.self) { _ in
            _ = try NetprobeCommand.parseAsRoot(Array(arguments))
            throw CleanExit.helpRequest(NetprobeCommand.self)
        }
    }

    /// Parks the privileges, runs `body`, and says in one line what went wrong.
    private static func run(
        name: String, help command: any ParsableCommand.Type = PingCommand.self, usage: ExitStatus = .error,
        _ body: (consuming ParkedPrivileges) throws -> ExitStatus
    ) -> ExitStatus {
        do {
            return try body(try ParkedPrivileges.park())
        } catch let error as OutputError {
            if !error.isClosedPipe { StandardError.write("\(name): \(error)\n") }
            return .error
        } catch {
            return explain(error, name: name, command, usage: usage)
        }
    }

    private static func explain(
        _ error: any Error, name: String, _ command: any ParsableCommand.Type, usage: ExitStatus
    ) -> ExitStatus {
        let isOurs =
            error is UsageError || error is PingFailure || error is TraceFailure || error is SweepFailure
            || error is SendRefusal || error is PolicyError || error is PrivilegeError
        guard !isOurs, command.exitCode(for: error).isSuccess else {
            // ArgumentParser quotes what it was given as it is.
            let message = isOurs ? "\(error)" : command.message(for: error).forTerminal
            StandardError.write("\(name): \(message)\n")
            if error is SweepFailure { return .systemCallFailed }
            return (error as? TraceFailure)?.status ?? usage
        }
        do {
            try show(command.fullMessage(for: error) + "\n")
            return .answered
        } catch {
            StandardError.write("\(name): \(error)\n")
            return .error
        }
    }

    private static func show(_ text: String) throws(OutputError) {
        var output = StandardOutput()
        try output.write(text)
        try output.flush()
    }
}

/// The program's commands, for its help.
struct NetprobeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "netprobe",
        abstract: "Find the fault in a network.",
        discussion: """
            netprobe opens its sockets, gives every privilege away, and only then looks at the network.

            Examples:
              netprobe ping -c 3 localhost
              netprobe trace localhost
              netprobe sweep -c 3 localhost 127.0.0.0/28
              netprobe mtu localhost
              netprobe send --dry-run --udp -p 53 localhost
              netprobe connect --probe -c 3 localhost 22
              netprobe listen --verbose 8080
              netprobe listen --raw -p icmp
              netprobe igmp query
              netprobe decode --tree fault.pcapng
              netprobe help ping
            """,
        version: Netprobe.version,
        subcommands: [
            PingCommand.self, TraceCommand.self, SweepCommand.self, MtuCommand.self, SendCommand.self, ConnectCommand.self,
            ListenCommand.self, IgmpCommand.self, MldCommand.self, DecodeCommand.self,
        ])
}
