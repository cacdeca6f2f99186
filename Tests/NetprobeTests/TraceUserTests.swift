import Testing

@Suite("Traces of ordinary users", .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser))
struct TraceUserTests {
    @Test(
        "whoever may do nothing special finds all hops, by UDP, UDP-Lite and TCP",
        arguments: ["198.18.6.2", "2001:db8:6::2"], ["", "-U", "-UL", "-T", "-M tcpconn"])
    func withoutPrivilege(host: String, method: String) async throws {
        let outcome = try await AsUser.run(
            #"user "$netprobe" trace -nq1 \#(method) \#(host)"#, granting: nil, in: "chain.lab")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        let addresses = outcome.lines.dropFirst().map { $0.split(separator: " ").dropFirst().first ?? "" }
        #expect(addresses.count == 6 && addresses.last == host[...], "\(outcome.output)")
        #expect(!addresses.contains("*"))
    }

    @Test("where everyone may ping, everyone may trace by ICMP", arguments: ["198.18.3.2", "2001:db8:3::2"])
    func icmp(host: String) async throws {
        let outcome = try await AsUser.run(
            #"user "$netprobe" trace -nIq1 \#(host)"#, granting: nil, in: "ping-sockets.lab")
        #expect(outcome.status == 0 && outcome.lines.count == 4, "\(outcome)")
        #expect(outcome.lines.last?.hasPrefix(" 3  \(host) ") == true)
    }

    @Test(
        "what takes raw sockets is refused in one line that says what to do",
        arguments: [
            ("-I", "put your group into sysctl net.ipv4.ping_group_range"), ("-D", "or use UDP"),
            ("-P 89", "or use UDP"),
            ("-M sctp", "or use UDP"), ("-T -O ack", "or use UDP"), ("-g 127.0.0.1", "-g needs raw sockets"),
        ])
    func refused(options: String, says: String) async throws {
        let outcome = try await AsUser.run(#"user "$netprobe" trace \#(options) 127.0.0.1"#, granting: nil)
        #expect(outcome.status == 1 && outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome)")
        #expect(outcome.errors.contains(says) && outcome.errors.contains("setcap cap_net_raw=p"), "\(outcome.errors)")
    }

    @Test("what datagram sockets can do takes no privilege", arguments: ["-F", "--mtu", "--sport 5000", "-t 8"])
    func options(option: String) async throws {
        let outcome = try await AsUser.run(
            #"user "$netprobe" trace -n \#(option) 198.18.6.2"#, granting: nil, in: "chain.lab")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(outcome.lines.last?.hasPrefix(" 6  198.18.6.2  ") == true, "\(outcome.output)")
    }

    @Test("a file capability is enough, and nothing of it is left", arguments: ["-I", "-P 89", "-D"])
    func capability(method: String) async throws {
        let outcome = try await AsUser.run(
            #"user "$netprobe" trace -nq1 \#(method) 198.18.6.2"#, granting: "cap_net_raw=p", in: "chain.lab")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(outcome.lines.count >= 7)
    }
}
