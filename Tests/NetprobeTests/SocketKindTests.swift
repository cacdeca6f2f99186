import Testing

@Suite("Who gets which socket", .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser))
struct SocketKindTests {
    /// What an ordinary user asks for, with what the file and the network allow, and what comes of it.
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
        Case(capabilities: "cap_net_raw=ep", outcome: "raw"),
        Case(capabilities: "cap_net_raw=p", pingSockets: true, outcome: "raw"),
        Case(capabilities: "cap_net_raw=p", options: "--socket auto", outcome: "raw"),
        Case(capabilities: "cap_net_raw=p", options: "--socket raw", outcome: "raw"),
        Case(capabilities: "cap_net_raw=p", options: "-e 0", outcome: "raw"),
        Case(capabilities: "cap_net_raw=p", pingSockets: true, options: "--socket datagram", outcome: "datagram"),
        Case(pingSockets: true, outcome: "datagram"),
        Case(pingSockets: true, options: "--socket auto", outcome: "datagram"),
        Case(pingSockets: true, options: "-e 77", outcome: "datagram"),
        Case(capabilities: "cap_net_admin=ep", pingSockets: true, outcome: "datagram"),
    ]

    static let refusals = [
        Case(outcome: "neither raw nor ICMP datagram sockets are allowed: put your group into sysctl"),
        Case(options: "-e 0", outcome: "raw sockets are not allowed: let root run: setcap cap_net_raw=p /"),
        Case(options: "--socket raw", outcome: "raw sockets are not allowed: let root run: setcap cap_net_raw=p /"),
        Case(options: "--socket datagram", outcome: "sysctl net.ipv4.ping_group_range"),
        Case(capabilities: "cap_net_raw=p", options: "--socket datagram", outcome: "sysctl net.ipv4.ping_group_range"),
        Case(pingSockets: true, options: "--socket raw", outcome: "setcap cap_net_raw=p /"),
        Case(pingSockets: true, options: "-e 0", outcome: "setcap cap_net_raw=p /"),
    ]

    private func run(_ test: Case) async throws -> Outcome {
        try await AsUser.run(
            #"user "$netprobe" ping -j -c 1 \#(test.options) 127.0.0.1"#, granting: test.capabilities,
            in: test.pingSockets ? "ping-sockets.lab" : nil)
    }

    @Test("the first kind that is allowed, or the one asked for", arguments: cases)
    func kind(_ test: Case) async throws {
        let outcome = try await run(test)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(outcome.output.contains(#""socket":"\#(test.outcome)""#), "\(outcome.output)")
    }

    @Test("where there is none, one line says what to do about it", arguments: refusals)
    func refusal(_ test: Case) async throws {
        let outcome = try await run(test)
        #expect(outcome.isRefusal(by: "netprobe ping") && outcome.errors.contains(test.outcome), "\(outcome)")
    }

    @Test("what a refusal says to do is enough")
    func advice() async throws {
        let script = """
            advice=$(user "$netprobe" ping -c 1 127.0.0.1 2>&1 >/dev/null)
            ${advice##*let root run: }
            user "$netprobe" ping -c 1 127.0.0.1
            """
        let outcome = try await AsUser.run(script, granting: nil)
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test("without the capability for a mark it names that, and goes on without a mark")
    func markWithoutCapability() async throws {
        let outcome = try await AsUser.run(
            #"user "$netprobe" ping -c 1 -m 7 127.0.0.1"#, granting: nil, in: "ping-sockets.lab")
        #expect(outcome.status == 0)
        let missing = "missing cap_net_admin, or cap_net_raw (since Linux 5.17)"
        #expect(
            outcome.errors
                == "netprobe ping: WARNING: failed to set mark 7: Operation not permitted: \(missing)\n")
    }

    @Test("with the capability for it a mark is set")
    func markWithCapability() async throws {
        let outcome = try await AsUser.run(
            #"user "$netprobe" ping -c 1 -m 7 127.0.0.1"#, granting: "cap_net_raw,cap_net_admin=p")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
    }

    static let hosts = ["127.0.0.1", "::1", "localhost", "198.18.6.2", "2001:db8:6::2"]

    @Test(
        "whoever may ask gets answers from here and from five routers away",
        arguments: [("", nil), ("user", "cap_net_raw=p"), ("user", nil)] as [(String, String?)])
    func answers(caller: String, capabilities: String?) async throws {
        let script = """
            sysctl -qw net.ipv4.ping_group_range='0 2147483647'
            for host in \(Self.hosts.joined(separator: " ")); do \(caller) "$netprobe" ping -q -i 0.01 -c 3 $host; done
            """
        let outcome = try await AsUser.run(script, granting: capabilities, in: "chain.lab")
        let counts = outcome.lines.filter { $0.hasPrefix("3 packets transmitted, 3 received, 0% packet loss") }
        #expect(counts.count == Self.hosts.count && outcome.errors.isEmpty, "\(outcome)")
    }
}
