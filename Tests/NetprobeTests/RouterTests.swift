import Testing

@Suite("ping through routers")
struct RouterTests {
    @Test("each of five routers takes one off the TTL", arguments: ["198.18.6.2", "2001:db8:6::2"])
    func hostBehindFiveRouters(host: String) async throws {
        let outcome = try await Network.chain.ping("-c1", host)
        #expect(outcome.status == 0)
        #expect(outcome.replies.first?.contains("from \(host): icmp_seq=1 ttl=59 time=") == true)
    }

    @Test(
        "an ICMP error names the router and its reason, counts as an error and makes the exit status 1",
        arguments: [
            (["198.18.6.9"], "From 198.18.5.2 icmp_seq=1 Destination Host Unreachable"),
            (["2001:db8:6::9"], "From 2001:db8:5::2 icmp_seq=1 Destination unreachable: Address unreachable"),
            (["-t3", "198.18.6.2"], "From 198.18.3.2 icmp_seq=1 Time to live exceeded"),
            (["-t3", "2001:db8:6::2"], "From 2001:db8:3::2 icmp_seq=1 Time exceeded: Hop limit"),
            (["203.0.113.1"], "From 198.18.5.2 icmp_seq=1 Destination Net Unreachable"),
        ])
    func routerError(arguments: [String], line: String) async throws {
        let outcome = try await Network.chain.ping(["-c1"] + arguments)
        #expect(outcome.status == 1)
        #expect(outcome.lines.dropFirst().first == line)
        #expect(
            outcome.counts?.hasPrefix("1 packets transmitted, 0 received, +1 errors, 100% packet loss") == true)
    }

    @Test(
        "every code of destination unreachable has its words",
        .enabled(if: Program.isInstalled("nft"), "nft is not installed"),
        arguments: [
            ("203.0.113.0", "Destination Net Unreachable"), ("203.0.113.1", "Destination Host Unreachable"),
            ("203.0.113.2", "Destination Protocol Unreachable"), ("203.0.113.3", "Destination Port Unreachable"),
            ("203.0.113.9", "Destination Net Prohibited"), ("203.0.113.10", "Destination Host Prohibited"),
            ("203.0.113.13", "Packet filtered"), ("203.0.113.201", "Time to live exceeded"),
            ("2001:db8:113::0", "Destination unreachable: No route"),
            ("2001:db8:113::1", "Destination unreachable: Administratively prohibited"),
            ("2001:db8:113::3", "Destination unreachable: Address unreachable"),
            ("2001:db8:113::4", "Destination unreachable: Port unreachable"),
            ("2001:db8:113::5", "Destination unreachable: Source address failed ingress/egress policy"),
            ("2001:db8:113::6", "Destination unreachable: Reject route to destination"),
        ])
    func refusal(host: String, words: String) async throws {
        let outcome = try await Network.refusals.ping("-c1", host)
        #expect(outcome.status == 1)
        let line = try #require(outcome.lines.dropFirst().first)
        #expect(line.hasPrefix("From ") && line.hasSuffix(" icmp_seq=1 \(words)"), "\(line)")
    }

    @Test("routers that swallow a request leave it to the time-out")
    func blackhole() async throws {
        let outcome = try await Network.refusals.ping("-c1", "-W0.2", "203.0.113.200")
        #expect(outcome.status == 1)
        #expect(outcome.counts?.hasPrefix("1 packets transmitted, 0 received, 100% packet loss") == true)
        #expect(outcome.duration < .seconds(2))
    }
}
