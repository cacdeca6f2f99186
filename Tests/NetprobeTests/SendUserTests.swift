import Testing

@Suite("send for ordinary users", .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser))
struct SendUserTests {
    /// What is kept from ordinary users: arguments, the rule, and words of the refusal.
    static let kept: [(arguments: String, rule: String, says: String)] = [
        ("--source 198.18.1.77", "forge-source", "a source that is not this machine's, 198.18.1.77 is"),
        ("--source 198.18.1.0/24", "forge-source", "a source that is not this machine's is"),
        (
            "--packet 'ipv4(src=224.0.0.1)/icmp.echo'", "forge-source",
            "a source that is not this machine's, 224.0.0.1 is"
        ),
        ("--tcp -p 80", "craft-tcp", "crafted TCP"), ("--packet 'gre/ipv4/tcp(dport=80)'", "craft-tcp", "crafted TCP"),
        ("--protocol 6 --data-hex 00500050000000000000000050020000ffff0000", "craft-tcp", "crafted TCP"),
        (
            "--packet-hex 45000028000100004006000000000000c612010200500050000000000000000050020000ffff0000",
            "craft-tcp",
            "crafted TCP"
        ),
        ("--ip-protocol 1,6", "craft-tcp", "crafted TCP"),
        ("--fragment 576 -s 1000", "raw-fragments", "sending fragments"),
        ("--mf", "raw-fragments", "sending fragments"),
        ("--offset 9", "raw-fragments", "sending fragments"),
        ("--flood -c 10", "flood", "more than 1000 packets a second"),
        ("--rate 2000 -c 10", "flood", "more than 1000 packets a second"),
    ]

    /// With this policy, in a mount namespace that has an /etc of its own.
    private static func send(
        _ arguments: String, policy: String?, granting: String? = "cap_net_raw=p", mode: String = "644"
    ) async throws -> Outcome {
        let write =
            policy.map { "printf '\($0)' > /etc/netprobe/policy.conf; chmod \(mode) /etc/netprobe/policy.conf" } ?? ""
        let script = """
            cp -a /etc "$directory/etc" 2>/dev/null; mkdir "$directory/etc/netprobe"
            mount --bind "$directory/etc" /etc; trap 'umount /etc; rm -r "$directory"' EXIT
            \(write)
            user "$netprobe" send \(arguments) 198.18.1.2
            """
        return try await AsUser.run(script, granting: granting, in: "pair.lab")
    }

    @Test("without a grant it is refused in one line that names the rule and the file", arguments: kept.indices)
    func refused(index: Int) async throws {
        let row = Self.kept[index]
        for policy in [nil, "allow 999 all\\n"] {
            let outcome = try await Self.send(row.arguments, policy: policy)
            #expect(outcome.status == 2 && outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome)")
            #expect(outcome.errors.contains(row.says), "\(outcome.errors)")
            #expect(
                outcome.errors.contains(
                    "no line 'allow GROUP \(row.rule)' in /etc/netprobe/policy.conf is for one of your groups"))
        }
    }

    @Test("with a grant to one of the user's groups it is done", arguments: kept.indices)
    func granted(index: Int) async throws {
        let row = Self.kept[index]
        let outcome = try await Self.send(
            "-W 0.1 \(row.arguments.contains("-c") ? "" : "-i 0.01") \(row.arguments)",
            policy: "# night shift\\nallow \(AsUser.id) \(row.rule)\\n")
        #expect(outcome.errors.isEmpty && outcome.status <= 1 && outcome.output.contains(" sent"), "\(outcome)")
    }

    @Test("what forges nothing needs no grant")
    func plain() async throws {
        for arguments in [
            "--icmp-id 7", "--udp -p 9 --ttl 3", "--option ra", "--source 198.18.1.1", "--type timestamp --df",
        ] {
            let outcome = try await Self.send("-W 5 \(arguments)", policy: nil)
            #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        }
    }

    @Test("what is not known before is looked at when it would leave")
    func random() async throws {
        // TCP is one of 256 numbers: of so many packets some are, and they stay here.
        let outcome = try await Self.send("-W 0.1 -i 0.001 -c 6000 --ip-protocol random", policy: nil)
        #expect(outcome.status == 2 && outcome.errors.contains("crafted TCP"), "\(outcome.errors)")
        let tunnel = try await Self.send(
            "--packet 'ipv4(proto=41)/hex(6000)'", policy: "allow \(AsUser.id) craft-tcp\\n")
        #expect(tunnel.status == 2 && tunnel.errors.contains("sending fragments"), "\(tunnel.errors)")
        let late = try await Self.send(
            "-W 0.1 -i 0.001 -c 4200 --packet 'ipv4(proto=[\(lateTCP)])/hex(00)'", policy: nil)
        #expect(late.status == 1 && late.errors.contains("packet 4150: Operation not permitted"), "\(late.errors)")
    }

    /// UDP, but for the one packet that is beyond those which are looked at beforehand.
    private var lateTCP: String {
        (1...4200).map { $0 == 4150 ? "6" : "17" }.joined(separator: ",")
    }

    @Test("a policy that others may write, or that nobody can read, grants nothing")
    func badPolicy() async throws {
        let writable = try await Self.send("--tcp -p 80", policy: "allow \(AsUser.id) all\\n", mode: "666")
        #expect(writable.status == 2 && writable.errors.contains("others than root may write it"), "\(writable)")
        let unreadable = try await Self.send("--tcp -p 80", policy: "allow \(AsUser.id) everything\\n")
        #expect(
            unreadable.status == 2 && unreadable.errors.contains("line 1: no right is called 'everything'"),
            "\(unreadable)")
    }

    @Test("without the file's capability raw sockets are refused in one line that says what to do")
    func noCapability() async throws {
        let outcome = try await Self.send("", policy: nil, granting: nil)
        #expect(outcome.status == 2 && outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome)")
        #expect(
            outcome.errors.contains("raw sockets are not allowed: ") && outcome.errors.contains("setcap cap_net_raw"),
            "\(outcome.errors)")
    }
}
