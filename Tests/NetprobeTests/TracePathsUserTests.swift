import Testing

@Suite("All paths for ordinary users", .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser))
struct TracePathsUserTests {
    @Test("whoever may do nothing special finds all paths by UDP", arguments: TracePathsTests.hosts, ["-U", "-UL"])
    func withoutPrivilege(host: String, method: String) async throws {
        let outcome = try await AsUser.run(
            #"user "$netprobe" trace -n --paths --confidence 99.99 \#(method) \#(host)"#, granting: nil,
            in: "diamond.lab")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        for router in host.contains(":") ? ["6::2", "7::2", "8::2"] : ["18.6.2", "18.7.2", "18.8.2"] {
            #expect(outcome.output.contains(router), "\(outcome.output)")
        }
    }

    @Test("a file for Graphviz is written where the user may write, whatever the program may; root writes anywhere")
    func dot() async throws {
        let outcome = try await AsUser.run(
            #"""
            mkdir "$directory/own" && chown 1000:1000 "$directory/own" && chmod 700 "$directory/own" && cd "$directory"
            user "$netprobe" trace -n --dot no.dot 198.18.1.2 >/dev/null && echo "written where nobody may"
            user "$netprobe" trace -n --dot own/a.dot 198.18.1.2 >/dev/null && stat -c %u own/a.dot
            "$netprobe" trace -n --dot own/b.dot 198.18.1.2 >/dev/null && stat -c %u own/b.dot
            """#, granting: "cap_net_raw=p", in: "pair.lab")
        #expect(outcome.output == "1000\n0\n")
        #expect(outcome.errors == "netprobe trace: no.dot: Permission denied\n")
    }
}
