import Testing

@testable import netprobe

@Suite("trace through real routers")
struct TraceTests {
    private static let hosts = ["198.18.6.2", "2001:db8:6::2"]

    /// Lines without the times in them, which are never the same.
    static func timeless(_ text: String) -> String {
        text.replacing(#/  [0-9.]+ ms/#, with: "  T ms")
    }

    private func trace(_ network: Network, _ arguments: String..., name: String = "traceroute") async throws -> Outcome
    {
        let script = #"name=$1; shift; exec -a "$name" "$0" "$@""#
        return try await network.run(["bash", "-c", script, Program.netprobe, name] + arguments)
    }

    /// It would not wait for an answer that takes ten times as long as that of the next hop: on a busy machine it may.
    private static let traceroute = ["traceroute", "-w", "5"]

    @Test(
        "it prints what traceroute prints, but for the times",
        .enabled(if: Program.isInstalled("traceroute"), "traceroute is not installed"),
        arguments: hosts,
        [
            "-n", "-nI", "-nT", "-nT -p 22 -O info", "-nU", "-n -UL", "-nq 1", "-nq 2 -N 1", "-nf 3", "-nm 2",
            "-nf 2 -m 4", "-ne", "-n --back", "-nw 1", "-nz 1", "-nt 16", "-n --sport=40000", "-nF", "-n -p 40000",
        ] + (Program.isRealRoot ? ["-nd"] : []))
    func besideTraceroute(host: String, options: String) async throws {
        let arguments = options.split(separator: " ").map(String.init) + [host]
        let theirs = try await Network.chain.run(Self.traceroute + arguments)
        let script = #"exec -a traceroute "$0" "$@""#
        let ours = try await Network.chain.run(["bash", "-c", script, Program.netprobe] + arguments)
        #expect(Self.timeless(ours.output) == Self.timeless(theirs.output))
        #expect(ours.status == theirs.status && ours.errors.isEmpty, "\(ours)")
    }

    @Test(
        "it prints the mark of each refusal as traceroute does",
        .enabled(if: Program.isInstalled("nft") && Program.isInstalled("traceroute"), "nft or traceroute is missing"),
        arguments: [
            ("203.0.113.0", "!N"), ("203.0.113.1", "!H"), ("203.0.113.2", "!P"), ("203.0.113.9", "!X"),
            ("203.0.113.10", "!X"), ("203.0.113.13", "!X"), ("2001:db8:113::0", "!N"), ("2001:db8:113::1", "!X"),
            ("2001:db8:113::3", "!H"), ("2001:db8:113::5", "!<5>"), ("2001:db8:113::6", "!<6>"),
        ])
    func refusal(host: String, mark: String) async throws {
        let theirs = try await Network.refusals.run(Self.traceroute + ["-n", host])
        let ours = try await trace(Network.refusals, "-n", host)
        #expect(Self.timeless(ours.output) == Self.timeless(theirs.output))
        #expect(ours.lines.last?.hasSuffix(" \(mark)") == true, "\(ours.output)")
    }

    @Test(
        "a packet too long for a link that may not be fragmented is marked with the link's MTU",
        arguments: [
            ("198.18.4.2", "!F-1400"), ("2001:db8:4::2", "!F-1400"),
        ])
    func tooBig(host: String, mark: String) async throws {
        let ours = try await trace(Network.mtuStep, "-nF", "-q1", host, "1500")
        #expect(ours.lines.last?.hasSuffix(" \(mark)") == true, "\(ours.output)")
        #expect(ours.lines.count == 3)
    }

    @Test(
        "--mtu shows where packets must be smaller, as traceroute does",
        .enabled(if: Program.isInstalled("traceroute"), "traceroute is not installed"),
        arguments: ["198.18.4.2", "2001:db8:4::2"])
    func mtu(host: String) async throws {
        // The kernel of each learns what the path takes: both begin anew.
        let theirs = try await Network("mtu-step.lab").run(["traceroute", "-n", "-q1", "--mtu", host])
        let ours = try await trace(Network("mtu-step.lab"), "-n", "--mtu", host)
        #expect(ours.status == 0 && ours.errors.isEmpty, "\(ours)")
        #expect(
            Self.timeless(ours.output).split(separator: "\n").dropFirst()
                == Self.timeless(theirs.output).split(separator: "\n").dropFirst())
    }

    @Test(
        "every method finds every hop", arguments: hosts,
        [["-D"], ["-M", "sctp"], ["-P", "253"], ["-M", "raw", "-P", "ospf"]])
    func methods(host: String, method: [String]) async throws {
        let outcome = try await Network.chain.run([Program.netprobe, "trace", "-nq1"] + method + [host])
        #expect(outcome.status == 0)
        let addresses = outcome.lines.dropFirst().prefix(6).map { $0.split(separator: " ").dropFirst().first ?? "" }
        #expect(addresses.count == 6)
        for (number, address) in addresses.enumerated() {
            #expect(address == (host.contains(":") ? "2001:db8:\(number + 1)::2" : "198.18.\(number + 1).2"))
        }
    }

    @Test("what was noticed follows the lines, but not those of traceroute")
    func findings() async throws {
        let sentence = "A filter refuses the probes to hop 2: 198.18.1.2 says Packet filtered."
        let ours = try await Network.refusals.run([Program.netprobe, "trace", "-n", "203.0.113.13"])
        #expect(ours.lines.last == sentence)
        #expect(try await trace(Network.refusals, "-n", "203.0.113.13").output.contains("filter") == false)
    }

    @Test("a host beyond -m is said to be further")
    func further() async throws {
        let outcome = try await Network.chain.run([Program.netprobe, "trace", "-nm", "2", "198.18.6.2"])
        #expect(outcome.lines.last == "The destination is further than hop 2, the last that was asked (-m).")
        #expect(outcome.status == 0)
    }

    @Test("no one is waited for long where others answer, and a silent end is said")
    func silentEnd() async throws {
        let outcome = try await Network.refusals.run([
            Program.netprobe, "trace", "-n", "-w", "0.2", "-m", "4", "203.0.113.200",
        ])
        #expect(outcome.lines.last?.hasPrefix("Nobody answered") == true, "\(outcome.output)")
    }

    @Test(
        "a loop of two routers is told",
        arguments: [
            ("203.0.113.201", "198.18.1.2 answers at hops 1, 3 and 5"),
            ("2001:db8:113::201", "2001:db8:2::2 answers at hops 2, 4 and 6"),
        ])
    func loop(host: String, sentence: String) async throws {
        let outcome = try await Network.refusals.run([Program.netprobe, "trace", "-n", "-m", "6", host])
        #expect(outcome.output.contains("A loop: \(sentence).\n"), "\(outcome.output)")
    }

    @Test("the report has mtr's columns", .enabled(if: Program.isInstalled("mtr"), "mtr is not installed"))
    func report() async throws {
        let theirs = try await Network.chain.run(["mtr", "--report", "-n", "-c", "1", "198.18.6.2"])
        let ours = try await Network.chain.run([
            Program.netprobe, "trace", "--report", "-n", "--rounds", "1", "198.18.6.2",
        ])
        func shape(_ outcome: Outcome) -> [String] {
            outcome.lines.dropFirst().map { $0.replacing(#/ +[0-9]+\.[0-9](?= |$)/#, with: " T") }
        }
        #expect(shape(ours) == shape(theirs), "\(ours.output)")
        #expect(ours.lines.first?.hasPrefix("Start: 20") == true)
    }

    @Test("the fields are mtr's", .enabled(if: Program.isInstalled("mtr"), "mtr is not installed"))
    func csv() async throws {
        let theirs = try await Network.chain.run(["mtr", "--csv", "-n", "-c", "1", "198.18.6.2"])
        let ours = try await Network.chain.run([
            Program.netprobe, "trace", "--csv", "-n", "--rounds", "1", "198.18.6.2",
        ])
        #expect(ours.lines.first == theirs.lines.first)
        func fixed(_ outcome: Outcome) -> [[Substring]] {
            outcome.lines.dropFirst().map { Array($0.split(separator: ",", omittingEmptySubsequences: false)[2..<9]) }
        }
        #expect(fixed(ours) == fixed(theirs), "\(ours.output)")
    }

    @Test("rounds count what every hop loses, and end with the table")
    func rounds() async throws {
        let outcome = try await Network.chain.run(
            [Program.netprobe, "trace", "-n", "--rounds", "5", "--interval", "0", "198.18.6.2"])
        #expect(outcome.lines.filter { $0.contains("|-- 198.18.") && $0.contains(" 0.0%     5 ") }.count == 6)
        #expect(outcome.lines.contains { $0.hasSuffix("Jttr   p50   p95   p99") })
    }
}
