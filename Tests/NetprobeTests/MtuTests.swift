import Foundation
import Testing

@Suite("mtu through real routers")
struct MtuTests {
    private static let hosts = ["198.18.4.2", "2001:db8:4::2"]
    static let blackHole = Network("black-hole.lab")

    /// Lines without times and blanks that differ, and each said once: tracepath asks the first hop twice.
    static func timeless(_ outcome: Outcome) -> [String] {
        outcome.lines.map { line in
            line.replacing(#/ +[0-9.]+ms/#, with: "").replacing(#/ +/#, with: " ")
                .trimmingSuffix { $0 == " " }
        }.reduce(into: []) { lines, line in if line != lines.last { lines.append(line) } }
    }

    private func mtu(_ network: Network, _ arguments: String) async throws -> Outcome {
        try await network.run([Program.netprobe, "mtu"] + arguments.split(separator: " ").map(String.init))
    }

    private func tracepath(_ network: Network, _ arguments: String) async throws -> Outcome {
        let script = #"exec -a tracepath "$0" "# + arguments
        return try await network.run(["bash", "-c", script, Program.netprobe])
    }

    @Test(
        "called as tracepath, it prints what tracepath prints, but for the times",
        .enabled(if: Program.isInstalled("tracepath"), "tracepath is not installed"),
        arguments: hosts + ["198.18.1.2", "2001:db8:1::2", "127.0.0.1"])
    func besideTracepath(host: String) async throws {
        let network = Network("mtu-step.lab")
        for options in ["-n", "-n -m 2", "-n -l 1350", "-n -l 1000", "-n -p 50000"] {
            let arguments = "\(options) \(host)"
            let ours = try await tracepath(.mtuStep, arguments)
            // It believes what its kernel has learned of the path.
            try network.change("PATH=$PATH:/sbin; ip -4 route flush cache; ip -6 route flush cache")
            let theirs = try await network.run(["bash", "-c", "exec tracepath \(arguments)"])
            #expect(Self.timeless(ours) == Self.timeless(theirs), "\(options)")
            #expect(ours.status == theirs.status && ours.errors.isEmpty, "\(ours)")
        }
    }

    @Test(
        "called as tracepath, it marks refusals as tracepath does, and that is no failure",
        .enabled(if: Program.isInstalled("tracepath"), "tracepath is not installed"),
        .enabled(if: Program.isInstalled("nft"), "nft is not installed"),
        arguments: ["203.0.113.0", "203.0.113.1", "2001:db8:113::0"])
    func refusals(host: String) async throws {
        let ours = try await tracepath(.refusals, "-n \(host)")
        let theirs = try await Network.refusals.run(["tracepath", "-n", host])
        #expect(Self.timeless(ours) == Self.timeless(theirs))
        #expect(ours.status == theirs.status && ours.errors.isEmpty, "\(ours)")
    }

    @Test("it says between which hops packets must be smaller, and who says so", arguments: hosts, ["-n", "-nI"])
    func told(host: String, options: String) async throws {
        let outcome = try await mtu(.mtuStep, "\(options) \(host)")
        let hops = (1...3).map { host.contains(":") ? "2001:db8:\($0)::2" : "198.18.\($0).2" }
        #expect(
            outcome.lines.suffix(3) == [
                "",
                "Packets between hop 1 (\(hops[0])) and hop 2 (\(hops[1])) may have 1400 bytes, not 1500: "
                    + "\(hops[0]) says so.",
                "Packets between hop 2 (\(hops[1])) and hop 3 (\(hops[2])) may have 1280 bytes, not 1400: "
                    + "\(hops[1]) says so.",
            ])
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
    }

    @Test(
        "a black hole is found by sizes alone, and where it is",
        .enabled(if: Program.isInstalled("nft"), "nft is not installed"),
        arguments: hosts, ["-n", "-nI", "-n --attempts 1", "-n -l 1401"])
    func blackHole(host: String, options: String) async throws {
        let outcome = try await mtu(Self.blackHole, "\(options) \(host)")
        let isIPv6 = host.contains(":")
        let hops = (1...3).map { isIPv6 ? "2001:db8:\($0)::2" : "198.18.\($0).2" }
        let lines = [
            "1: \(hops[0])", "2: [BLACK HOLE] pmtu 1400", "2: \(hops[1])", "3: \(hops[1]) pmtu 1300", "3: \(hops[2])",
            "4: \(host) reached", "Resume: pmtu 1300 hops 4 back 4", "",
            "A black hole between hop 1 (\(hops[0])) and hop 2 (\(hops[1])): packets of more than 1400 bytes vanish, "
                + "and no router says so.",
            "Packets between hop 2 (\(hops[1])) and hop 3 (\(hops[2])) may have 1300 bytes, not 1400: "
                + "\(hops[1]) says so.",
            "In a black hole ICMP errors are filtered, or a link takes less than its ends believe. Until that is "
                + "mended, TCP gets through with a maximum segment size of \(isIPv6 ? 1240 : 1260).",
        ]
        let ours = Self.timeless(outcome).map { $0.trimmingPrefix { $0 == " " } }
        #expect(ours.suffix(lines.count) == lines.map { $0[...] }[...])
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
    }

    @Test(
        "a router that says nothing at all hides, but not the smaller link behind it",
        .enabled(if: Program.isInstalled("nft"), "nft is not installed"), arguments: hosts)
    func silentRouter(host: String) async throws {
        let network = Network("mtu-step.lab")
        for family in ["ip protocol icmp", "ip6 nexthdr icmpv6 icmpv6 type 1-4"] {
            try network.change(
                """
                PATH=$PATH:/usr/sbin:/sbin; nft 'add table inet quiet'
                nft 'add chain inet quiet output { type filter hook output priority 0; }'
                nft 'add rule inet quiet output \(family) drop'
                """, at: "r1")
        }
        let outcome = try await mtu(network, "-n -w 0.5 \(host)")
        let second = host.contains(":") ? "2001:db8:2::2" : "198.18.2.2"
        #expect(outcome.lines.contains(" 1:  no reply"), "\(outcome.output)")
        let sentence =
            "A black hole between this host and hop 2 (\(second)): packets of more than 1400 bytes vanish, "
            + "and no router says so."
        #expect(outcome.lines.contains(sentence), "\(outcome.output)")
        #expect(outcome.output.contains("Resume: pmtu 1280 hops 4 back 4"))
    }

    @Test("an interface that takes less than its neighbour sends is a black hole", arguments: hosts)
    func interface(host: String) async throws {
        let network = Network("chain.lab")
        try network.change("PATH=$PATH:/sbin; ip link set r2 mtu 1400", at: "r3")
        let outcome = try await mtu(network, "-n \(host)")
        // Some kernels let a VLAN tag more through.
        let sentence = #/A black hole between hop 2 \(.*\) and hop 3 \(.*\): packets of more than 140[04] bytes/#
        #expect(outcome.lines.contains { $0.prefixMatch(of: sentence) != nil }, "\(outcome.output)")
        #expect(outcome.output.contains("hops 4 back 4"), "\(outcome.output)")
    }

    @Test("a first link that takes more than all others is no reason to try long", arguments: hosts)
    func jumbo(host: String) async throws {
        let network = Network("chain.lab")
        for (node, interface) in [("client", "r1"), ("r1", "client")] {
            try network.change("PATH=$PATH:/sbin; ip link set \(interface) mtu 9000", at: node)
        }
        let outcome = try await mtu(network, "-n \(host)")
        #expect(outcome.lines.first?.hasSuffix(" pmtu 9000") == true, "\(outcome.output)")
        #expect(outcome.output.contains("may have 1500 bytes, not 9000:"), "\(outcome.output)")
    }

    @Test("routers that answer once a second, as Linux does, are no black holes", arguments: hosts)
    func rateLimited(host: String) async throws {
        let network = Network("mtu-step.lab")
        for node in ["r1", "r2", "r3", "host"] {
            try network.change(
                """
                PATH=$PATH:/sbin; sysctl -q -w net.ipv4.icmp_ratelimit=1000 net.ipv4.icmp_ratemask=6168
                sysctl -q -w net.ipv6.icmp.ratelimit=1000
                """, at: node)
        }
        // The second time begins with no answers left over.
        for _ in 1...2 {
            let outcome = try await mtu(network, "-n -w 0.5 \(host)")
            #expect(outcome.output.contains("Resume: pmtu 1280 hops 4 back 4"), "\(outcome.output)")
            #expect(!outcome.output.contains("lack hole"), "\(outcome.output)")
        }
    }

    @Test("what the kernel has learned of the path is not believed", arguments: hosts)
    func learned(host: String) async throws {
        let network = Network("mtu-step.lab")
        _ = try await network.ping("-c2", "-i0.05", "-Mdo", "-s1452", host)
        let outcome = try await mtu(network, "-n \(host)")
        #expect(outcome.lines.first?.hasSuffix(" pmtu 1500") == true, "\(outcome)")
        #expect(outcome.lines.count == 11)
    }

    @Test("what can't be sent is said on standard error, under the program's name")
    func notSent() async throws {
        let outcome = try await mtu(.pair, "-n -m 2 -w 0.1 127.255.255.255")
        #expect(outcome.errors == "netprobe mtu: 127.255.255.255: sendmsg: Permission denied\n")
        #expect(outcome.status == 1)
    }

    /// Runs it where a name server knows the first hop and the host, and lies about the second hop.
    private func mtuWithNames(_ arguments: String) async throws -> Outcome {
        let script = #"""
            mount -t tmpfs none /mnt
            echo nameserver 127.0.0.1 >/mnt/resolv.conf
            mount --bind /mnt/resolv.conf /etc/resolv.conf
            printf '%s\n' '198.18.1.2 PTR edge.example' '198.18.2.2 PTR \x1b[31mred' '198.18.4.2 PTR www.example' >/mnt/zone
            LAB_OWNER=$$ "$1" 127.0.0.1 53 /mnt/zone >/dev/null
            exec "$0" mtu $2
            """#
        let server = Program.repository.appendingPathComponent("Tests/Lab/nameserver.py").path
        return try await Self.blackHole.run(
            ["unshare", "-m", "bash", "-ec", script, Program.netprobe, server, arguments])
    }

    @Test(
        "hops have names where a name server knows them",
        .enabled(if: Requirements.python && Program.isInstalled("nft"), "python3 or nft is missing"))
    func names() async throws {
        let plain = try await mtuWithNames("198.18.4.2")
        let lines = Self.timeless(plain)
        #expect(lines.contains(" 1: edge.example") && lines.contains(" 4: www.example reached"), "\(plain)")
        #expect(plain.output.contains("between hop 1 (edge.example) and hop 2 ("), "\(plain)")
        #expect(!plain.output.contains("\u{1B}"))
        let both = try await mtuWithNames("-b 198.18.4.2")
        #expect(Self.timeless(both).contains(" 1: edge.example (198.18.1.2)"), "\(both)")
        let json = try await mtuWithNames("--json 198.18.4.2")
        #expect(json.output.contains(#""hop":4,"from":"198.18.4.2","name":"www.example""#), "\(json)")
    }

    @Test("-m asks no further, and says so")
    func further() async throws {
        let outcome = try await mtu(.mtuStep, "-n -m 2 198.18.4.2")
        #expect(outcome.status == 1)
        #expect(outcome.lines.last == "198.18.4.2 is further than hop 2, the last that was asked (-m).")
    }

    @Test(
        "where the way ends before the host, the status is 1 and a sentence says why",
        .enabled(if: Program.isInstalled("nft"), "nft is not installed"),
        arguments: [
            ("203.0.113.13", "Hop 2 (198.18.1.2) lets nothing through: Packet filtered."),
            (
                "203.0.113.200",
                "Nobody answered: nothing is known of the way. ICMP echo requests (-I) may get through."
            ),
            ("2001:db8:113::0", "Hop 2 (2001:db8:1::2) lets nothing through: Destination unreachable: No route."),
        ])
    func unreached(host: String, says: String) async throws {
        let outcome = try await mtu(.refusals, "-n -m 3 -w 0.2 \(host)")
        #expect(outcome.status == 1 && outcome.errors.isEmpty, "\(outcome)")
        #expect(outcome.lines.last == says)
    }

    @Test(
        "interrupted, it says what it knows",
        .enabled(if: Program.isInstalled("nft"), "nft is not installed"), arguments: [SIGINT, SIGTERM])
    func interrupted(signal: Int32) async throws {
        let command = [Program.netprobe, "mtu", "-n", "--attempts", "20", "198.18.4.2"]
        let outcome = try await Self.blackHole.run(command) { running in
            try running.expect("\n 1:  198.18.1.2")
            running.send(signal)
        }
        #expect(outcome.status == 1 && outcome.errors.isEmpty, "\(outcome)")
        #expect(outcome.lines.last == "Interrupted: there may be more to know.")
        #expect(outcome.lines.dropFirst(2).first == "     Resume: pmtu 1500 ")
    }
}

extension String {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
        String(reversed().drop(while: predicate).reversed())
    }
}
