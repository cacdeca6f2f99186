import Testing

@Suite("ping and the path MTU")
struct PathMTUTests {
    /// A network of its own: what kernels learn about a path, they keep.
    private let network = Network("mtu-step.lab")

    @Test("-M do reports the router's word, then knows by itself")
    func mayNotFragment() async throws {
        let outcome = try await network.ping("-c2", "-i0.05", "-Mdo", "-s1472", "198.18.4.2")
        #expect(outcome.status == 1)
        #expect(outcome.lines.dropFirst().first == "From 198.18.1.2 icmp_seq=1 Frag needed and DF set (mtu = 1400)")
        #expect(outcome.errorLines == ["netprobe ping: local error: message too long, mtu=1400"])
        #expect(outcome.counts?.hasPrefix("2 packets transmitted, 0 received, +2 errors, 100% packet loss") == true)
    }

    @Test("IPv6: -M do reports the router's word, then knows by itself")
    func mayNotFragmentIPv6() async throws {
        let outcome = try await network.ping("-c2", "-i0.05", "-Mdo", "-s1452", "2001:db8:4::2")
        #expect(outcome.status == 1)
        #expect(outcome.lines.dropFirst().first == "From 2001:db8:1::2 icmp_seq=1 Packet too big: mtu=1400")
        #expect(outcome.errorLines == ["netprobe ping: local error: message too long, mtu=1400"])
    }

    @Test("-M probe asks the routers every time", arguments: [["198.18.4.2"], ["198.18.4.2", "-l2"]])
    func probe(arguments: [String]) async throws {
        let outcome = try await network.ping(["-c2", "-i0.05", "-Mprobe", "-s1472"] + arguments)
        #expect(
            outcome.lines[1...2]
                == (1...2).map { "From 198.18.1.2 icmp_seq=\($0) Frag needed and DF set (mtu = 1400)" }[...])
        #expect(outcome.errors == "")
    }

    @Test("-M want loses what routers find too large, and fragments from then on")
    func want() async throws {
        let outcome = try await network.ping("-c4", "-i0.05", "-Mwant", "-s1472", "198.18.4.2")
        #expect(outcome.status == 0)
        #expect(outcome.lines[1] == "From 198.18.1.2 icmp_seq=1 Frag needed and DF set (mtu = 1400)")
        #expect(outcome.replies.count == 3)
    }

    @Test("what another program taught the kernel keeps no request back", arguments: ["dont", "want"])
    func learntElsewhere(discovery: String) async throws {
        let running = try await network.ping("-c4", "-i0.3", "-M\(discovery)", "-s1472", "198.18.4.2") { running in
            try running.expect("icmp_seq=1")
            try self.network.change("\(Program.netprobe) ping -c3 -i0.01 -Mwant -s1472 198.18.4.2 || true")
        }
        #expect(running.errors == "")
        #expect(running.replies.count == (discovery == "dont" ? 4 : 3))
    }

    @Test(
        "a packet larger than the interface's MTU does not leave with -M do",
        arguments: ["198.18.1.2", "2001:db8:1::2"])
    func largerThanInterface(host: String) async throws {
        let outcome = try await network.ping("-c1", "-Mdo", "-s4000", host)
        #expect(outcome.status == 1)
        #expect(outcome.errorLines == ["netprobe ping: local error: message too long, mtu=1500"])
    }

    @Test(
        "a large payload travels in fragments, there and back intact",
        arguments: [("198.18.4.2", 4000), ("198.18.4.2", 65_507), ("198.18.1.2", 65_507), ("2001:db8:1::2", 65_527)])
    func fragments(host: String, size: Int) async throws {
        let outcome = try await network.ping("-c1", "-Mdont", "-s\(size)", host)
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.replies.first?.hasPrefix("\(size + 8) bytes from \(host): icmp_seq=1 ttl=") == true)
        #expect(!outcome.output.contains("wrong data"))
    }

    @Test("more than an IP packet can hold is refused", arguments: [("127.0.0.1", 65_508), ("::1", 65_528)])
    func tooLarge(host: String, size: Int) async throws {
        let outcome = try await Program.ping("-c1", "-s\(size)", host)
        #expect(outcome.status == 2)
        #expect(
            outcome.errorLines
                == ["netprobe ping: invalid -s value: '\(size)': out of range: 0 <= value <= \(size - 1)"])
    }
}
