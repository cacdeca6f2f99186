import Glibc
import Testing

/// Against the kernel as a host, whose versions are set while the tests run: one after the other.
@Suite("igmp and mld with the kernel as a host", .serialized)
struct MembershipTests {
    private static let network = Network("groups.lab")
    private static let memberships: [(String, String, String, String)] = [
        ("igmp", "239.1.2.3", "232.1.1.1", "198.18.1.1"), ("mld", "ff15::1:2", "ff35::1:3", "2001:db8:1::1"),
    ]

    private func run(_ arguments: String..., during: (@Sendable (RunningProgram) throws -> Void)? = nil) async throws
        -> Outcome
    {
        try await Self.network.run([Program.netprobe] + arguments, during: during)
    }

    /// A program that is a member at the host until it is ended.
    private func member(_ arguments: String...) throws -> RunningProgram {
        let member = try Self.network.start([Program.netprobe] + arguments, at: "host")
        try member.expect("joined ")
        return member
    }

    /// The words of the rows that speak of a group.
    private func rows(_ outcome: Outcome, of group: String) -> [[String]] {
        outcome.lines.map { $0.split(separator: " ").map(String.init) }.filter { $0.first == group }
    }

    @Test("a query lists the groups and sources that the kernel has joined", arguments: memberships)
    func table(command: String, group: String, sourceGroup: String, source: String) async throws {
        let members = try [member(command, "join", group), member(command, "join", sourceGroup, source)]
        let outcome = try await run(command, "query", "-r", "0.5")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(rows(outcome, of: group).map { Array($0[1...2]) } == [["exclude", "-"]], "\(outcome)")
        #expect(rows(outcome, of: sourceGroup).map { Array($0[1...2]) } == [["include", source]], "\(outcome)")
        let one = try await run(command, "query", "-r", "0.3", sourceGroup, source)
        #expect(rows(one, of: sourceGroup).count == 1 && one.lines.count == 2, "\(one)")
        for member in members {
            member.send(SIGINT)
            let left = member === members[0] ? group : "\(sourceGroup) of \(source)"
            #expect(try member.outcome().output.hasSuffix("left \(left) on client\n"))
        }
        #expect(try await run(command, "query", "-r", "0.2", group).status == 1)
    }

    @Test("members that are made to speak an older version are listed with it", arguments: [1, 2])
    func versions(version: Int) async throws {
        try Self.network.change("sysctl -qw net.ipv4.conf.client.force_igmp_version=\(version)", at: "host")
        defer { try? Self.network.change("sysctl -qw net.ipv4.conf.client.force_igmp_version=0", at: "host") }
        let member = try member("igmp", "join", "239.1.2.4")
        let outcome = try await run("igmp", "query", "-p", "2", "-r", "0.3", "239.1.2.4")
        #expect(rows(outcome, of: "239.1.2.4").map { $0[1] + $0[2] + $0[4] } == ["--\(version)"], "\(outcome)")
        member.send(SIGTERM)
        _ = try member.outcome()
    }

    @Test("a listener hears members join, change and leave, of every version, and who asks")
    func listening() async throws {
        let listener = try Self.network.start([Program.netprobe, "igmp", "listen", "-w", "20", "--json"], at: "host")
        // What is said before the listener listens is not heard.
        var isThere = false
        while !isThere {
            _ = try await run("igmp", "report", "239.0.0.1")
            isThere = (try? listener.expect("239.0.0.1", within: .milliseconds(200))) != nil
        }
        for arguments in [
            ["report", "-p", "1", "239.0.1.1"], ["report", "-p", "2", "239.0.1.2"], ["leave", "-p", "2", "239.0.1.2"],
            ["report", "--type", "allow", "239.0.1.3", "198.18.1.7"],
            ["report", "--type", "to-include", "239.0.1.3", "198.18.1.8"], ["leave", "239.0.1.3"],
            ["query", "-r", "0.1", "-s", "0.0.0.0"],
        ] {
            _ = try await Self.network.run([Program.netprobe, "igmp"] + arguments)
        }
        try listener.expect("\"type\":\"querier\"")
        listener.send(SIGINT)
        let outcome = try listener.outcome()
        let events = outcome.lines.compactMap { line -> String? in
            guard let type = line.firstMatch(of: #/"type":"(\w+)"/#)?.1 else { return nil }
            let group = line.firstMatch(of: #/"group":"(239\.0\.1\.\d)"/#)?.1
            return group.map { "\(type) \($0)" } ?? (type == "querier" ? "querier" : nil)
        }
        #expect(
            events == [
                "joined 239.0.1.1", "joined 239.0.1.2", "left 239.0.1.2", "joined 239.0.1.3", "changed 239.0.1.3",
                "left 239.0.1.3", "querier",
            ], "\(outcome)")
        #expect(outcome.status == 0)
    }

    @Test("a ping of a group prints a line a responder", arguments: [("igmp", "224.0.0.1"), ("mld", "ff02::1")])
    func ping(command: String, group: String) async throws {
        let outcome = try await run(command, "ping", "-c2", "-i0.1", "-Ihost", group)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.lines.count { $0.contains(" answers: ") } == 2, "\(outcome)")
        #expect(outcome.lines.count { $0.contains(": 2/2 answered") } == 2, "\(outcome)")
    }

    @Test("hostile packets are warned of, and do no harm")
    func hostile() async throws {
        let script = """
            import os, socket, time
            s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
            to = ("client", 0x0800, 0, 0, bytes.fromhex("01005e000016"))
            good = bytes.fromhex("46c00028000040000102" "0000" "c6120102" "e0000016" "94040000" "2200"
                                 "0000" "00000001" "04000000" "ef010203")
            end = time.time() + 1.2
            while time.time() < end:
                b = bytearray(good)
                for _ in range(8): b[os.urandom(1)[0] % len(b)] = os.urandom(1)[0]
                s.sendto(b[:os.urandom(1)[0] % len(b) + 1], to)
                s.sendto(good, to)
                time.sleep(0.001)
            """
        let attacker = try Self.network.start(["python3", "-c", script], at: "host")
        let outcome = try await run("igmp", "query", "-r", "0.8")
        #expect(outcome.errors.contains("wrong checksum"), "\(outcome)")
        #expect(outcome.status == 0 || outcome.status == 1)
        _ = try attacker.outcome()
    }

    @Test("where nobody asks there is no querier, and the exit status is 1")
    func noQuerier() async throws {
        let outcome = try await run("mld", "querier", "-w", "0.3")
        #expect(outcome.status == 1 && outcome.output.hasPrefix("No querier on host: "), "\(outcome)")
    }

    @Test("bad input is one line, and nothing is sent", arguments: refusals)
    func refusal(_ input: BadInput) async throws {
        let outcome = try await Self.network.run([Program.netprobe] + input.arguments)
        #expect(outcome.isRefusal(by: "netprobe \(input.arguments.prefix(2).joined(separator: " "))"), "\(outcome)")
        #expect(outcome.errors.contains(input.says), "\(outcome.errors)")
    }

    static let refusals: [BadInput] = [
        BadInput("igmp", "query", "198.18.1.2", says: "'198.18.1.2' is no group: those are 224.0.0.0 to"),
        BadInput("mld", "query", "2001:db8::1", says: "what begins with ff"),
        BadInput("mld", "query", "224.0.0.1", says: "is of IPv4: that is for netprobe igmp"),
        BadInput("igmp", "join", "ff02::1", says: "is of IPv6: that is for netprobe mld"),
        BadInput("igmp", "join", says: "a group is required"),
        BadInput("igmp", "join", "239.1.2.300", says: "239.1.2.300"),
        BadInput("igmp", "join", "239.1.2.3", "239.1.2.3", says: "is no source"),
        BadInput("igmp", "join", "--exclude", "239.1.2.3", says: "none is given"),
        BadInput("igmp", "query", "-i", "nope0", says: "unknown interface: nope0"),
        BadInput("igmp", "query", "-p", "4", says: "1 <= value <= 3"),
        BadInput("mld", "query", "-p", "3", says: "1 <= value <= 2"),
        BadInput("igmp", "query", "-p", "2", "239.1.2.3", "198.18.1.1", says: "not with -p 2"),
        BadInput("igmp", "query", "-p", "2", "-r", "26", says: "0 <= seconds <= 25"),
        BadInput("igmp", "query", "-r", "0.01", says: "at least 0.1"),
        BadInput("igmp", "query", "--robustness", "8", says: "0 <= value <= 7"),
        BadInput("igmp", "query", "--query-interval", "31745", says: "0 <= value <= 31744"),
        BadInput("igmp", "report", "--type", "maybe", "239.1.2.3", says: "not one of is-include"),
        BadInput("igmp", "leave", "-p", "1", "239.1.2.3", says: "leaves without a word"),
        BadInput("igmp", "report", "-s", "224.0.0.1", "239.1.2.3", says: "no host has this address"),
    ]

    @Test("a source list that does not fit the MTU is refused with what does")
    func tooManySources() async throws {
        let sources = (0..<400).map { "198.18.\(2 + $0 / 250).\(1 + $0 % 250)" }
        let outcome = try await Self.network.run([Program.netprobe, "igmp", "query", "239.1.2.3"] + sources)
        #expect(outcome.isRefusal(by: "netprobe igmp query"), "\(outcome)")
        #expect(outcome.errors.contains("too many sources: 400; the MTU of host, 1500 bytes, leaves room for 366"))
    }

    @Test("an interface without an IPv4 address is refused")
    func withoutAddress() async throws {
        try Self.network.change("ip link add bare type bridge && ip link set bare up")
        let outcome = try await run("igmp", "query", "-i", "bare")
        try Self.network.change("ip link delete bare")
        #expect(outcome.isRefusal(by: "netprobe igmp query"), "\(outcome)")
        #expect(outcome.errors.contains("interface bare has no IPv4 address"))
    }

    @Test("an ordinary user may not speak for others, and may join")
    func ordinaryUser() async throws {
        try #require(Program.isRealRoot)
        let script = """
            user "$netprobe" igmp report -s 198.18.1.77 239.1.2.3; echo "status $?"
            user "$netprobe" igmp join -w 0.1 239.1.2.3
            """
        let outcome = try await AsUser.run(script, granting: "cap_net_raw=p", in: "groups.lab")
        #expect(
            outcome.errors.hasPrefix("netprobe igmp report: a source that is not this machine's, 198.18.1.77, is not for"),
            "\(outcome)")
        #expect(outcome.lines == ["status 2", "joined 239.1.2.3 on host", "left 239.1.2.3 on host"], "\(outcome)")
    }

    @Test("a bridge that asks is named, and its table holds what join joins")
    func bridge() async throws {
        let network = Network("groups.lab")
        try network.change(
            """
            ip link add br0 type bridge mcast_snooping 1 mcast_querier 1 mcast_query_interval 100 \\
                mcast_startup_query_interval 100
            ip link set client master br0
            ip link set br0 up
            """, at: "host")
        let querier = try await network.run([Program.netprobe, "igmp", "querier", "-w", "5"])
        #expect(querier.output.contains("Querier on host: 0.0.0.0, without an address, as switches ask"), "\(querier)")
        let member = try network.start([Program.netprobe, "igmp", "join", "239.8.8.8"])
        try member.expect("joined ")
        var table = ""
        for _ in 0..<50 where !table.contains("239.8.8.8") {
            table = try await network.run(["bridge", "mdb", "show"], at: "host").output
        }
        #expect(table.contains("grp 239.8.8.8"), "\(table)")
        member.send(SIGINT)
        _ = try member.outcome()
    }
}
