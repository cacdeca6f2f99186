import Testing

@Suite("mtu for ordinary users", .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser))
struct MtuUserTests {
    private func mtu(_ arguments: String, granting: String? = nil, in scenario: String?) async throws -> Outcome {
        try await AsUser.run(#"user "$netprobe" mtu \#(arguments)"#, granting: granting, in: scenario)
    }

    @Test(
        "whoever may do nothing special learns the same as root", arguments: ["198.18.4.2", "2001:db8:4::2"],
        ["mtu-step.lab", "black-hole.lab"])
    func withoutPrivilege(host: String, scenario: String) async throws {
        let ours = try await mtu("-n \(host)", in: scenario)
        let root = try await Network(scenario).run([Program.netprobe, "mtu", "-n", host])
        #expect(ours.status == 0 && ours.errors.isEmpty, "\(ours)")
        #expect(MtuTests.timeless(ours) == MtuTests.timeless(root))
    }

    @Test("where everyone may ping, -I is for everyone", arguments: ["198.18.3.2", "2001:db8:3::2"])
    func icmp(host: String) async throws {
        let outcome = try await mtu("-nI \(host)", in: "ping-sockets.lab")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(outcome.lines.last?.hasPrefix("     Resume: pmtu 1500 hops 3 ") == true, "\(outcome.output)")
    }

    @Test("what takes raw sockets is refused in one line that says what to do")
    func refused() async throws {
        let outcome = try await mtu("-I 127.0.0.1", in: nil)
        #expect(outcome.status == 2 && outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome)")
        #expect(outcome.errors.contains("put your group into sysctl net.ipv4.ping_group_range"), "\(outcome.errors)")
    }

    @Test("a file capability is enough")
    func capability() async throws {
        let outcome = try await mtu("-nI 198.18.4.2", granting: "cap_net_raw=p", in: "mtu-step.lab")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(outcome.output.contains("Resume: pmtu 1280 hops 4 back 4"), "\(outcome.output)")
    }
}
