import Testing

@Suite("netprobe ping beside ping(8)")
struct PeerTests {
    static let hasPeer = {
        guard let peer = try? RunningProgram(["ping", "-V"]).outcome() else { return false }
        return peer.output.contains("iputils")
    }()

    @Test(
        "the same lines and the same exit status",
        .enabled(if: hasPeer, "ping of iputils is not installed"), arguments: Comparison.all)
    func sameLines(comparison: Comparison) async throws {
        var (ours, theirs) = try await run(comparison)
        // A machine under load keeps either waiting now and then, and a reply counts as missing or a pipe as longer.
        for _ in 0..<4 where ours != theirs { (ours, theirs) = try await run(comparison) }
        #expect(ours == theirs)
    }

    private func run(_ comparison: Comparison) async throws -> (ours: [String], theirs: [String]) {
        let ours = try await comparison.network.ping(comparison.arguments)
        let theirs = try await comparison.network.run(["ping"] + comparison.arguments)
        return (lines(of: ours), lines(of: theirs))
    }

    private func lines(of outcome: Outcome) -> [String] {
        (comparable(outcome.output) + comparable(outcome.errors) + "exit status \(outcome.status)")
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Text without what differs from run to run, and from version to version of iputils.
    private func comparable(_ text: String) -> String {
        text.replacing(#/time=[\d.]+ ms/#, with: "time=T ms")
            .replacing(#/, time \d+ms/#, with: ", time Tms")
            .replacing(#/(= |ewma )[\d.\/]+ ms/#) { "\($0.1)T ms" }
            .replacing(#/\[\d+\.\d{6}\] /#, with: "[TIME] ")
            .replacing(#/\t-?\d+( absolute)?\n/#) { "\tT\($0.1 ?? "")\n" }
            // Older versions leave this blank out in IPv6, and write the MTU so.
            .replacing(#/(?m)^(PING [^ (]+)\(/#) { "\($0.1) (" }
            .replacing("too long, mtu: ", with: "too long, mtu=")
            .replacing("netprobe ping: ", with: "ping: ")
    }
}
