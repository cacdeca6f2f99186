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

    @Test("an interface that goes down meanwhile fails each request that follows, and the rest counts")
    func downMeanwhile() async throws {
        let outcome = try await atClient(
            """
            "$0" ping -c 6 -i 0.2 -W 0.2 198.18.1.2 > >(while read -r line; do
                echo "$line"
                [[ $line != *icmp_seq=2* ]] || ip link set host down
            done)
            """)
        #expect(try counts(outcome) == (6, 2, 4), "\(outcome)")
        #expect(outcome.errorLines == Array(repeating: "netprobe ping: sendmsg: Network is unreachable", count: 4))
        #expect(outcome.status == 0)
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

    @Test("a filter that lets no request out is an error for each")
    func filteredOutput() async throws {
        let outcome = try await atClient(
            """
            printf '%s\\n' 'add table inet t' 'add chain inet t o { type filter hook output priority 0; }' \
                'add rule inet t o icmp type echo-request drop' | nft -f -
            "$0" ping -c 2 -i 0.01 -W 0.1 198.18.1.2 || exit 3
            """)
        #expect(try counts(outcome) == (2, 0, 2), "\(outcome)")
        #expect(outcome.errorLines == Array(repeating: "netprobe ping: sendmsg: Operation not permitted", count: 2))
    }
}
