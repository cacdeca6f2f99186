import Foundation

/// A virtual network of `Tests/Lab`, up for as long as this object lives.
final class Network: Sendable {
    /// A process in the network's namespaces, which lives as long as the network: `cat` ends when the tests do, for
    /// their end closes its input.
    private let holder: Result<RunningProgram, any Error>
    private static let directory = Program.repository.appendingPathComponent("Tests/Lab").path

    /// Builds the network of a scenario file.
    init(_ scenario: String) {
        holder = Result {
            let holder = try RunningProgram(
                ["\(Self.directory)/lab", "run", scenario, "client", "sh", "-c", "echo up; exec cat"], staysOpen: true)
            try holder.expect("up\n")
            return holder
        }
    }

    // The networks that tests only look at, each built when it is first used.
    static let broadcast = Network("broadcast.lab")
    static let chain = Network("chain.lab")
    static let hostile = Network("hostile.lab")
    static let interfaces = Network("interfaces.lab")
    static let mpls = Network("mpls.lab")
    static let mtuStep = Network("mtu-step.lab")
    static let nat = Network("nat.lab")
    static let pair = Network("pair.lab")
    static let pingSockets = Network("ping-sockets.lab")
    static let refusals = Network("refusals.lab")
    static let rewriting = Network("rewriting.lab")
    static let sourceRoute = Network("source-route.lab")
    static let tcpOnly = Network("tcp-only.lab")
    static let twoWays = Network("two-ways.lab")

    /// The command that runs a command at a node.
    private func entering(_ node: String, _ command: [String]) throws -> [String] {
        let process = try holder.get().identifier
        return ["nsenter", "--target=\(process)", "--mount", "--net=/proc/\(process)/root/run/netns/\(node)", "--"]
            + command
    }

    /// Runs a command at a node, to its end.
    @discardableResult
    func run(
        _ command: [String], at node: String = "client", environment: [String: String] = [:],
        during: (@Sendable (RunningProgram) throws -> Void)? = nil
    ) async throws -> Outcome {
        try await Program.aside {
            let running = try RunningProgram(self.entering(node, command), environment: environment)
            try during?(running)
            return try running.outcome()
        }
    }

    /// Starts a command at a node, and does not wait for it.
    func start(_ command: [String], at node: String = "client") throws -> RunningProgram {
        try RunningProgram(entering(node, command))
    }

    /// Runs `netprobe ping` at the client.
    func ping(_ arguments: String..., during: (@Sendable (RunningProgram) throws -> Void)? = nil) async throws
        -> Outcome
    {
        try await ping(arguments, during: during)
    }

    /// Runs `netprobe ping` at the client.
    func ping(_ arguments: [String], during: (@Sendable (RunningProgram) throws -> Void)? = nil) async throws
        -> Outcome
    {
        try await run([Program.netprobe, "ping"] + arguments, during: during)
    }

    /// Runs a shell command at a node, at once: to change the network under a program that runs.
    func change(_ command: String, at node: String = "client") throws {
        let outcome = try RunningProgram(entering(node, ["sh", "-ec", command])).outcome()
        guard outcome.status == 0 else { throw Failure("\(command): \(outcome.errors)") }
    }

    /// The first ICMP packets that pass an interface of the client while `netprobe` runs there, whole IP packets.
    /// - Parameter file: where to keep them, as a pcap file.
    func packets(
        _ count: Int, on interface: String, in file: String? = nil, of arguments: [String], command: String = "ping"
    ) async throws -> [[UInt8]] {
        let capture = ["\(Self.directory)/capture.py", interface, "\(count)"] + (file.map { [$0] } ?? [])
        return try await Program.aside {
            let capturing = try RunningProgram(self.entering("client", capture))
            try capturing.expect("ready\n")
            let program = [Program.netprobe, command] + arguments
            let outcome = try RunningProgram(self.entering("client", program)).outcome()
            guard outcome.errors.isEmpty else { throw Failure(outcome.errors) }
            let captured = try capturing.outcome(within: .seconds(10))
            return captured.lines.dropFirst().map { line in
                stride(from: 0, to: line.utf8.count, by: 2).compactMap { start in
                    UInt8(line.dropFirst(start).prefix(2), radix: 16)
                }
            }
        }
    }
}
