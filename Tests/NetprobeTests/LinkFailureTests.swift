import Testing

@Suite("ping while the network changes")
struct LinkFailureTests {
    private let network = Network("pair.lab")

    private static let cases = [
        ("198.18.1.2", "ip route add default via 198.18.1.2"),
        ("2001:db8:1::2", "ip addr add 2001:db8:1::1/64 dev host nodad"),
    ]

    @Test("a link that goes down and comes up again costs what was sent meanwhile, and no more", arguments: cases)
    func linkDown(host: String, repair: String) async throws {
        let outcome = try await network.ping("-c40", "-i0.1", "-W1", host) { running in
            try running.expect("icmp_seq=2 ")
            try self.network.change("ip link set host down")
            try running.expect("sendmsg: Network is unreachable", times: 2)
            try self.network.change("ip link set host up; \(repair)")
        }
        #expect(outcome.status == 0)
        #expect(outcome.replies.last?.contains("icmp_seq=40 ") == true, "\(outcome.output)")
        let counts = try #require(
            outcome.counts?.firstMatch(of: #/^40 packets transmitted, (\d+) received, \+(\d+) errors, /#))
        let (received, errors) = (Int(counts.1) ?? 0, Int(counts.2) ?? 0)
        #expect(received >= 3 && errors >= 2 && received + errors <= 40)
        #expect(outcome.errors.count(of: "netprobe ping: sendmsg: Network is unreachable\n") == errors)
    }

    @Test("a route that is taken away costs what was sent meanwhile, and does not end -w", arguments: cases)
    func routeRemoved(host: String, repair: String) async throws {
        let subnet = host.contains(":") ? "2001:db8:1::/64" : "198.18.1.0/24"
        try network.change("ip route del default; ip -6 route del default")
        let outcome = try await network.ping("-w20", "-c6", "-i0.1", host) { running in
            try running.expect("icmp_seq=2 ")
            try self.network.change("ip route del \(subnet) dev host")
            try running.expect("sendmsg: Network is unreachable", times: 2)
            try self.network.change("ip route add \(subnet) dev host")
        }
        #expect(outcome.status == 0)
        // Replies that come at once are all counted.
        #expect(outcome.counts?.contains(#/ [67] received, \+/#) == true, "\(outcome.output)\(outcome.errors)")
    }

    @Test("an interface that is removed leaves errors, and statistics at the end", arguments: [["-Ispare"], []])
    func interfaceRemoved(options: [String]) async throws {
        try network.change(
            """
            ip route del default
            ip link add spare type veth peer name other
            ip address add 198.19.0.1/24 dev spare
            ip link set spare up; ip link set other up
            """)
        let outcome = try await network.ping(options + ["-O", "-c8", "-i0.1", "-W0.3", "198.19.0.2"]) { running in
            try running.expect("no answer yet")
            try self.network.change("ip link del spare")
        }
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("netprobe ping: sendmsg: "))
        #expect(outcome.counts?.hasPrefix("8 packets transmitted, 0 received, +") == true)
    }

    @Test("a firewall that forbids sending is told of")
    func forbidden() async throws {
        try network.change(
            """
            nft add table inet wall
            nft 'add chain inet wall out { type filter hook output priority 0; }'
            nft add rule inet wall out meta l4proto icmp drop
            """)
        let outcome = try await network.ping("-c2", "-i0.05", "198.18.1.2")
        #expect(outcome.status == 1)
        #expect(outcome.errors.count(of: "netprobe ping: sendmsg: Operation not permitted\n") == 2)
    }
}
