import Glibc
import Testing

/// The sentences below the hops, in networks of the kernel's own routers: they are noticed in reality as in simulated
/// networks, and nothing else is.
@Suite("What trace notices", .enabled(if: Program.isInstalled("nft"), "nft is not installed"))
struct TraceFindingTests {
    /// A trace, whose sentences are those lines that end with a full stop.
    private func trace(_ network: Network, _ arguments: String...) async throws -> (
        sentences: [String], outcome: Outcome
    ) {
        let outcome = try await network.run([Program.netprobe, "trace", "-n", "-q1", "-w5"] + arguments)
        #expect(outcome.errors.isEmpty)
        return (outcome.lines.filter { $0.hasSuffix(".") }, outcome)
    }

    // MARK: - Translators and others that rewrite

    @Test(
        "a NAT that puts quotes right again is not seen, nor anything else",
        arguments: ["198.18.5.2", "2001:db8:5::2"],
        ["-U", "-I", "-T"])
    func masquerade(host: String, method: String) async throws {
        let (sentences, outcome) = try await trace(Network.nat, method, host)
        #expect(sentences == [])
        #expect(outcome.lines.count == 6)
    }

    @Test(
        "who rewrites the destination is told", arguments: ["203.0.113.1", "2001:db8:113::1"], ["-U", "-I"])
    func rewrittenDestination(host: String, method: String) async throws {
        #expect(
            try await trace(Network.rewriting, method, host).sentences == [
                "The destination address of the probes is rewritten between hops 2 and 3: "
                    + "there is a NAT, or another middlebox."
            ])
    }

    @Test(
        "who rewrites anything else is told, with what", arguments: ["198.18.5.2", "2001:db8:5::2"],
        [("1002", "port or identifier"), ("1003", "source address")])
    func rewritten(host: String, rewriting: (port: String, what: String)) async throws {
        #expect(
            try await trace(Network.rewriting, "-U", "-p", rewriting.port, host).sentences == [
                "The \(rewriting.what) of the probes is rewritten between hops 2 and 3: "
                    + "there is a NAT, or another middlebox."
            ])
    }

    @Test("so is who rewrites IPv4 identifications")
    func identification() async throws {
        #expect(
            try await trace(Network.rewriting, "-U", "-p", "1004", "198.18.5.2").sentences == [
                "The identification of the probes is rewritten between hops 2 and 3: "
                    + "there is a NAT, or another middlebox."
            ])
    }

    @Test("a type of service that is rewritten is told", arguments: ["198.18.5.2", "2001:db8:5::2"])
    func typeOfService(host: String) async throws {
        #expect(
            try await trace(Network.rewriting, "-U", "-p", "1001", host).sentences == [
                "The type of service becomes 0x20 between hops 2 and 3."
            ])
    }

    @Test("where a destination is forwarded to another host is told, and is no loop", arguments: ["-U", "-I", "-T"])
    func forwardedDestination(method: String) async throws {
        for host in ["203.0.113.1", "2001:db8:113::1"] {
            let (sentences, outcome) = try await trace(Network.nat, method, host)
            #expect(
                sentences == [
                    "A NAT at or before hop 2 forwards the probes to another host: "
                        + "hops 2 to 4 answer with the destination's address."
                ])
            #expect(outcome.lines[5].hasPrefix(" 5  \(host)  "))
        }
    }

    @Test(
        "who hides routers by raising the TTL is told, and no other way back",
        arguments: ["198.18.5.2", "2001:db8:5::2"])
    func raisedTTL(host: String) async throws {
        #expect(
            try await trace(Network.rewriting, "-U", "-p", "1005", host).sentences == [
                "Hop 3, \(host), got probes that still had 62 hops left: "
                    + "somebody before it raises their TTL, which hides routers."
            ])
    }

    // MARK: - What routers tell

    /// No kernel sends such: a router in user space does.
    private static let canSimulate = Requirements.simulatedRouter && Program.isInstalled("traceroute")
    private static let whyNot: Comment = "SimulatedRouter is not built, or traceroute is not installed"

    @Test(
        "MPLS labels are printed as traceroute prints them, and tunnels told", .enabled(if: canSimulate, whyNot),
        arguments: ["198.18.0.5", "2001:db8::5"], ["-U", "-I", "-T"])
    func mpls(host: String, method: String) async throws {
        let theirs = try await Network.mpls.run(["traceroute", "-n", "-q1", "-w5", "-e", method, host])
        let (sentences, outcome) = try await trace(Network.mpls, "-e", method, host)
        #expect(sentences == ["Hops 2 to 3 are routers in an MPLS tunnel."])
        #expect(outcome.output.contains(" <MPLS:L=16004,E=5,S=0,T=1/L=17,E=0,S=1,T=3>  "))
        #expect(TraceTests.timeless(outcome.output).hasPrefix(TraceTests.timeless(theirs.output)))
    }

    @Test(
        "other extensions are printed likewise, and what they say of interfaces is told",
        .enabled(if: canSimulate, whyNot), arguments: ["198.18.0.4", "2001:db8::4"])
    func interfaces(host: String) async throws {
        let theirs = try await Network.interfaces.run(["traceroute", "-n", "-q1", "-w5", "-e", host])
        let (sentences, outcome) = try await trace(Network.interfaces, "-e", host)
        let router = host.contains(":") ? "2001:db8::2" : "198.18.0.2"
        #expect(
            sentences == [
                "Hop 2, \(router), tells of its incoming IP interface: eth7, number 7, MTU 9000.",
                "Hop 2, \(router), tells of its IP next hop: 198.18.0.3.",
            ])
        #expect(TraceTests.timeless(outcome.output).hasPrefix(TraceTests.timeless(theirs.output)))
    }

    // MARK: - Losses

    @Test("a limited rate of ICMP errors is told from loss", arguments: ["198.18.5.2", "2001:db8:5::2"])
    func rateLimit(host: String) async throws {
        // The rate of a network that was looked at before is used up.
        let network = Network("losses.lab")
        let (sentences, outcome) = try await trace(network, "-w", "0.3", "--rounds", "20", "--interval", "0", host)
        let sentence = #/Hop 2 answers only some probes, and leaves out \d+ of 20, but passes all on: .*/#
        #expect(sentences.count == 1)
        #expect(sentences.first?.wholeMatch(of: sentence) != nil, "\(outcome.output)")
    }

    @Test("a loss is told where it begins, beside a limited rate", arguments: ["198.18.5.2", "2001:db8:5::2"])
    func loss(host: String) async throws {
        let network = Network("losses.lab")
        let (sentences, outcome) = try await trace(
            network, "-U", "-p", "1001", "-w", "0.3", "--rounds", "20", "--interval", "0", host)
        let sentence = #/Probes are lost from hop 4 on: of those to the last hop that answers, \d+ of 20./#
        #expect(sentences.count == 2)
        #expect(sentences.first?.hasPrefix("Hop 2 answers only some probes") == true)
        #expect(sentences.last?.wholeMatch(of: sentence) != nil, "\(outcome.output)")
    }

    @Test(
        "a host that limits the rate of its errors, as Linux does by itself, is not said to be losing",
        arguments: ["198.18.5.2", "2001:db8:5::2"])
    func rateLimitOfHost(host: String) async throws {
        let network = Network("losses.lab")
        let settings = "net.ipv4.icmp_ratelimit=10000 net.ipv4.icmp_ratemask=6168 net.ipv6.icmp.ratelimit=10000"
        try network.change("sysctl -qw \(settings)", at: "host")
        let (sentences, outcome) = try await trace(
            network, "-U", "-f", "3", "-w", "0.3", "--rounds", "20", "--interval", "0", host)
        let sentence = #/Hop 5, the last that answers, leaves out \d+ of 20: probes to it are lost, or it limits .*/#
        #expect(sentences.count == 1)
        #expect(sentences.first?.wholeMatch(of: sentence) != nil, "\(outcome.output)")
    }

    // MARK: - Routes

    @Test(
        "another way back is told where it begins",
        arguments: [
            ("198.18.5.2", "198.18.13.2"), ("2001:db8:5::2", "2001:db8:4::2"),
        ])
    func asymmetricReturn(host: String, router: String) async throws {
        let (sentences, outcome) = try await trace(Network.twoWays, "--back", host)
        #expect(
            sentences == [
                "The way back from hop 4, \(router), is likely another than the way there: answers come over 5 hops."
            ])
        #expect(outcome.lines[4].hasPrefix(" 4  \(router) '-5'  "))
    }

    @Test("a route that changes meanwhile is told, and followed", arguments: ["198.18.5.2", "2001:db8:5::2"])
    func routeChange(host: String) async throws {
        let network = Network("two-ways.lab")
        try network.change("ip route replace 198.18.1.0/24 via 198.18.4.1", at: "r4")
        try network.change("ip route replace 2001:db8:1::/64 via 2001:db8:4::1", at: "r4")
        let via = host.contains(":") ? "2001:db8:5::/64 via 2001:db8:11::2" : "198.18.5.0/24 via 198.18.11.2"
        let options = ["--json", "--rounds", "0", "--interval", "0.05"]
        let outcome = try await network.run([Program.netprobe, "trace", "-n"] + options + [host]) { running in
            try running.expect("\"round\",", times: 2)
            try network.change("ip route replace \(via)", at: "r2")
            try running.expect("\"destination_hop\":6")
            running.send(SIGINT)
        }
        let change = #/"message":"The route changed in round \d+, at hops 3 to 5\."/#
        #expect(outcome.lines.contains { $0.firstMatch(of: change) != nil }, "\(outcome.output)")
    }

    @Test(
        "routers that take turns by packets are no change of route", arguments: ["198.18.20.2", "2001:db8:20::2"])
    func turns(host: String) async throws {
        let (sentences, outcome) = try await trace(
            TracePathsTests.packetwise, "--rounds", "40", "--interval", "0", host)
        #expect(sentences.first?.hasPrefix("Several answer at hop 2, ") == true)
        #expect(!outcome.output.contains("The route changed"), "\(outcome.output)")
    }

    // MARK: - Where it ends

    @Test("a router that finds nobody is told", arguments: ["198.18.6.9", "2001:db8:6::9"])
    func nobody(host: String) async throws {
        let (sentences, outcome) = try await trace(Network.chain, host)
        let router = host.contains(":") ? "2001:db8:5::2" : "198.18.5.2"
        #expect(sentences.count == 1)
        #expect(sentences.first?.hasPrefix("The path ends at hop 6: \(router) says Dest") == true, "\(outcome.output)")
    }

    @Test(
        "a host that answers TCP alone is not called silent",
        arguments: ["198.18.3.2", "2001:db8:3::2"], ["-U", "-I"])
    func tcpOnly(host: String, method: String) async throws {
        #expect(
            try await trace(Network.tcpOnly, "-w1", method, host).sentences == [
                "The destination did not answer these probes, but it answers TCP, at port 443, which is closed: "
                    + "something behind hop 2 drops them. -T -p 443 gets through."
            ])
        #expect(try await trace(Network.tcpOnly, "-T", host).sentences == [])
    }

    @Test("a router that resets connections in the host's name is told", arguments: ["198.18.3.2", "2001:db8:3::2"])
    func resetInName(host: String) async throws {
        let router = host.contains(":") ? "2001:db8:2::2" : "198.18.2.2"
        #expect(
            try await trace(Network.tcpOnly, "-T", "-p", "1001", host).sentences == [
                "Hop 3, \(host), answers from no further than hop 2, \(router): "
                    + "that router is likely to answer in its name, as a filter or a proxy does."
            ])
    }

    @Test(
        "a router on the way that says a port is unreachable is a filter",
        arguments: [
            ("198.18.3.2", "198.18.1.2", "Destination Port Unreachable"),
            ("2001:db8:3::2", "2001:db8:1::2", "Destination unreachable: Port unreachable"),
        ])
    func portUnreachable(host: String, router: String, words: String) async throws {
        #expect(
            try await trace(Network.refusals, "-U", "-p", "1001", host).sentences == [
                "A filter refuses the probes to hop 2: \(router) says \(words)."
            ])
    }

    @Test("a loop is all that is said of it", arguments: ["203.0.113.201", "2001:db8:113::201"])
    func loop(host: String) async throws {
        let (sentences, outcome) = try await trace(Network.refusals, "-m", "8", host)
        #expect(sentences.count == 2 && sentences.allSatisfy { $0.hasPrefix("A loop: ") }, "\(outcome.output)")
    }
}
