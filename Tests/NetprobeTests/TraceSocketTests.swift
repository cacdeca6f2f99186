import Testing

@Suite("The sockets of a trace")
struct TraceSocketTests {
    /// What somebody asks for, with what the file and the network allow, and what comes of it.
    struct Case: CustomTestStringConvertible, Sendable {
        var capabilities: String?
        var pingSockets = false
        var options = ""
        /// The kind of socket, or a part of the refusal.
        let outcome: String

        var testDescription: String {
            "\(capabilities ?? "nothing"), \(pingSockets ? "" : "no ")ping sockets, '\(options)': \(outcome)"
        }
    }

    static let cases = [
        Case(capabilities: "cap_net_raw=p", outcome: "raw"),
        Case(capabilities: "cap_net_raw=ep", options: "-I", outcome: "raw"),
        Case(capabilities: "cap_net_raw=p", options: "-T", outcome: "raw"),
        Case(capabilities: "cap_net_raw=p", options: "-M sctp", outcome: "raw"),
        Case(capabilities: "cap_net_raw=p", options: "-M tcpconn", outcome: "connect"),
        Case(capabilities: "cap_net_raw=p", pingSockets: true, options: "-I -O dgram", outcome: "datagram"),
        Case(outcome: "datagram"),
        Case(options: "-U", outcome: "datagram"),
        Case(options: "-UL", outcome: "datagram"),
        Case(options: "-T", outcome: "connect"),
        Case(options: "-M tcpconn", outcome: "connect"),
        Case(pingSockets: true, options: "-I", outcome: "datagram"),
        Case(pingSockets: true, options: "-I -O dgram", outcome: "datagram"),
    ]

    static let refusals = [
        Case(
            options: "-I", outcome: "ICMP sockets are not allowed: put your group into sysctl net.ipv4.ping_group_range"
        ),
        Case(options: "-I -O dgram", outcome: "sysctl net.ipv4.ping_group_range"),
        Case(pingSockets: true, options: "-I -O raw", outcome: "let root run: setcap cap_net_raw=p /"),
        Case(options: "-D", outcome: "let root run: setcap cap_net_raw=p /"),
        Case(options: "-M sctp", outcome: "let root run: setcap cap_net_raw=p /"),
        Case(options: "-P 200", outcome: "let root run: setcap cap_net_raw=p /"),
        Case(options: "-T -O ack", outcome: "let root run: setcap cap_net_raw=p /"),
        Case(options: "-g 198.18.1.2", outcome: "-g needs raw sockets: let root run: setcap cap_net_raw=p /"),
        Case(options: "-T --paths", outcome: "--paths needs raw sockets: let root run: setcap cap_net_raw=p /"),
        Case(capabilities: "cap_net_raw=p", options: "-M tcpconn --paths", outcome: "leave out -M tcpconn"),
        Case(options: "--sport 1", outcome: "Permission denied: this --sport needs raw sockets"),
    ]

    private func run(_ test: Case) async throws -> Outcome {
        try await AsUser.run(
            #"user "$netprobe" trace --json -q1 \#(test.options) 127.0.0.1"#, granting: test.capabilities,
            in: test.pingSockets ? "ping-sockets.lab" : nil)
    }

    @Test(
        "the first kind that is allowed, or the one asked for",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser), arguments: cases)
    func kind(_ test: Case) async throws {
        let outcome = try await run(test)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(outcome.output.contains(#""socket":"\#(test.outcome)""#), "\(outcome.output)")
    }

    @Test(
        "where there is none, one line says what to do about it",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser), arguments: refusals)
    func refusal(_ test: Case) async throws {
        let outcome = try await run(test)
        #expect(outcome.status == 1 && outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome)")
        #expect(outcome.errors.hasPrefix("netprobe trace: ") && outcome.errors.contains(test.outcome), "\(outcome)")
    }

    // MARK: - Hops

    static let callers = [("", nil), ("user", "cap_net_raw=p"), ("user", nil)] as [(String, String?)]

    /// The hops that a command finds in each family, a line for each.
    private func hops(_ options: [String], caller: String, _ capabilities: String?) async throws -> Outcome {
        let script = """
            sysctl -qw net.ipv4.ping_group_range='0 2147483647'
            trace() {
                \(caller) "$netprobe" trace -n "$@" | awk '$1 ~ /^[0-9]+$/ { print $1, $2 }' | tr '\\n' ' '
                echo "status ${PIPESTATUS[0]}: $*"
            }
            \(options.flatMap { option in
                ["198.18.6.2", "2001:db8:6::2"].map { "trace \(Self.command(option, $0))\n" }
            }.joined())
            """
        return try await AsUser.run(script, granting: capabilities, in: "chain.lab")
    }

    private static func command(_ option: String, _ host: String) -> String {
        option.contains("HOST") ? option.replacing("HOST", with: host) : "\(option) \(host)"
    }

    private func expectAllHops(_ outcome: Outcome, _ options: [String]) {
        #expect(outcome.errors.isEmpty && outcome.lines.count == 2 * options.count, "\(outcome)")
        for (number, line) in outcome.lines.enumerated() {
            let expected = (1...6).map { hop in
                number % 2 == 0 ? "\(hop) 198.18.\(hop).2 " : "\(hop) 2001:db8:\(hop)::2 "
            }
            #expect(line.hasPrefix(expected.joined() + "status 0:"), "\(line)")
        }
    }

    @Test(
        "whoever may ask finds every hop",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser), arguments: callers)
    func everyHop(caller: String, capabilities: String?) async throws {
        let options = ["", "-I", "-U", "-UL", "-T", "-T -p 9", "-M tcpconn", "-N 1 -q 1", "--back", "-q 10"]
        expectAllHops(try await hops(options, caller: caller, capabilities), options)
    }

    @Test(
        "what the headers are to be is not only for raw sockets",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser), arguments: callers)
    func headers(caller: String, capabilities: String?) async throws {
        let options = [
            "-t 32", "-I -t 32", "-M tcpconn -t 32", "--sport 40000", "-M tcpconn --sport 40000", "-F HOST 1500",
            "-I -F HOST 1500", "HOST 28", "-I HOST 28",
        ]
        expectAllHops(try await hops(options, caller: caller, capabilities), options)
    }

    @Test(
        "packets longer than the first link go in fragments",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser),
        arguments: callers)
    func longProbes(caller: String, capabilities: String?) async throws {
        let options = ["HOST 1501", "HOST 9000", "-I HOST 9000", "-UL HOST 20000", "-I HOST 65535"]
        expectAllHops(try await hops(options, caller: caller, capabilities), options)
    }
}
