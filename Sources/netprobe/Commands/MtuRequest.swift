import Addresses
import Probing

/// What the arguments of `netprobe mtu` ask for, checked.
struct MtuRequest {
    /// What they ask for that a trace may be asked for, too.
    let trace: TraceRequest
    let host: String
    /// Bytes to begin with.
    let maximumLength: Int
    /// How often a size is tried.
    let attempts: Int
    let display: MtuDisplay

    init(_ command: MtuCommand, programName: String, family: IPFamily? = nil) throws(UsageError) {
        guard let host = command.operands.first else {
            throw UsageError("usage error: a host is required, as in: netprobe mtu localhost")
        }
        if let extra = command.operands.dropFirst().first {
            throw UsageError("'\(extra.forTerminal)' is too much: one host")
        }
        if command.icmp, command.port != nil { throw UsageError("-p is for UDP, not for --icmp") }
        if command.numeric, command.both { throw UsageError("only one of -n and -b may be given") }
        self.host = host
        // What is longer than a packet can be begins with the longest, as tracepath(8) does by default.
        let length = try UsageError.integer(command.length, option: "-l", in: 68...128_000)
        maximumLength = min(length ?? .max, Int(UInt16.max))
        // Beside a longest wait, a trace takes others.
        _ = try UsageError.seconds(command.wait, option: "-w", atMost: Double(Int32.max))
        attempts = try UsageError.integer(command.attempts, option: "--attempts", in: 1...20) ?? 3
        trace = try TraceRequest(Self.traceArguments(command), programName: programName, family: family)
        display = MtuDisplay(
            programName: programName, json: command.json, showsNames: !command.numeric, showsAddresses: command.both)
    }

    private static func traceArguments(_ command: MtuCommand) -> TraceArguments {
        var arguments = TraceArguments()
        arguments.mtu = true
        // Routers that answer seldom are to have answers left for large packets.
        arguments.queries = "2"
        arguments.ipv4 = command.ipv4
        arguments.ipv6 = command.ipv6
        arguments.numeric = command.numeric
        arguments.maximumHops = command.maximumHops
        arguments.wait = command.wait.map { "\($0),3,3" }
        arguments.icmp = command.icmp
        arguments.port = command.icmp ? nil : command.port ?? "44444"
        arguments.interface = command.interface
        arguments.source = command.source
        arguments.trafficClass = command.trafficClass
        arguments.mark = command.mark
        arguments.operands = command.operands
        return arguments
    }
}

/// What a path-MTU discovery shows, and how.
struct MtuDisplay {
    /// What errors begin with: the name that the program was called by.
    var programName: String
    /// Called as tracepath: nothing is said that tracepath does not say.
    var isTracepath: Bool { programName.hasPrefix("tracepath") }
    var json = false
    var showsNames = true
    /// Show addresses beside names.
    var showsAddresses = false
}
