import Testing

/// Links and queues that fail, each in a network of its own. In the scripts `$0` is the program, and the client's
/// interface is called `host`.
@Suite("Links and queues that fail")
struct FaultyLinkTests {
    private static let lab = Program.repository.appendingPathComponent("Tests/Lab/lab").path

    private func atClient(_ script: String) async throws -> Outcome {
        try await Program.run([Self.lab, "run", "pair.lab", "client", "bash", "-ec", script, Program.netprobe])
    }

    /// The numbers in the line of the statistics that counts.
    private func counts(_ outcome: Outcome) throws -> (transmitted: Int, received: Int, errors: Int) {
        let pattern = #/(\d+) packets transmitted, (\d+) received(?:, \+(\d+) errors)?, /#
        let match = try #require(outcome.output.firstMatch(of: pattern), "\(outcome)")
        return (Int(match.1) ?? -1, Int(match.2) ?? -1, match.3.flatMap { Int($0) } ?? 0)
    }

    @Test(
        "a flood into a queue of two packets at 200 kbit/s ends, and counts each request once",
        arguments: ["--socket raw", "--socket datagram"])
    func fullQueue(kind: String) async throws {
        let outcome = try await atClient(
            """
            sysctl -qw net.ipv4.ping_group_range='0 0'
            ip link set host txqueuelen 1
            tc qdisc replace dev host root tbf rate 200kbit burst 1600 limit 1600
            "$0" ping -f -q -l 20 -c 60 -s 500 -W 1 \(kind) 198.18.1.2
            """)
        let (transmitted, received, errors) = try counts(outcome)
        #expect(transmitted == 60 && received + errors <= 60 && received > 0, "\(outcome.output)")
        #expect(outcome.errors == "")
    }

    @Test("a send buffer that is full slows requests down, and loses none")
    func fullSendBuffer() async throws {
        // The queue is long; what waits in it fills the smallest buffer there is.
        let outcome = try await atClient(
            """
            tc qdisc replace dev host root tbf rate 2mbit burst 1600 limit 1000000
            "$0" ping -S 1 -f -q -l 20 -c 60 -s 1000 198.18.1.2
            """)
        #expect(try counts(outcome) == (60, 60, 0), "\(outcome)")
        #expect(outcome.errors == "")
    }

    @Test("an interface that is down before the start is no way to anywhere", arguments: ["", "-I host"])
    func downBeforeTheStart(options: String) async throws {
        let outcome = try await atClient(#"ip link set host down; "$0" ping \#(options) 198.18.1.2"#)
        #expect(outcome.isRefusal(by: "netprobe ping") && outcome.errors.contains("Network is unreachable"))
    }

    @Test(
        "a route that says no is told in the kernel's words",
        arguments: [
            ("unreachable", "connect: No route to host"), ("blackhole", "connect: Invalid argument"),
            ("prohibit", "firewall rules"),
        ])
    func forbiddingRoute(type: String, says: String) async throws {
        let outcome = try await atClient(#"ip route add \#(type) 203.0.113.0/24; "$0" ping 203.0.113.1"#)
        #expect(outcome.isRefusal(by: "netprobe ping") && outcome.errors.contains(says), "\(outcome)")
    }
}
