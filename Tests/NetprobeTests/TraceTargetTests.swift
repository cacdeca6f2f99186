import Foundation
import Testing

@Suite("Traces to many hosts")
struct TraceTargetTests {
    /// Runs a trace to the hosts of a file, which is given as standard input.
    private func trace(_ text: String, _ arguments: String..., at network: Network = .chain) async throws -> Outcome {
        let script = #"printf '%s' "$1" | { shift; exec "$0" trace --targets - "$@"; }"#
        return try await network.run(["bash", "-c", script, Program.netprobe, text] + arguments)
    }

    @Test("each is a piece of its own, those of both families")
    func both() async throws {
        let outcome = try await trace("198.18.6.2\n198.18.2.2\n2001:db8:2::2\n", "-nq1")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        let pieces = outcome.output.components(separatedBy: "\n\n").map { $0.split(separator: "\n").count }
        #expect(pieces.sorted() == [3, 3, 7])
    }

    @Test("wrong lines are named by their number, and the good ones still run")
    func wrongLines() async throws {
        let outcome = try await trace("198.18.2.2\n1.2.3.256\n\n198.18.3.2\nx y\n", "-nq1")
        #expect(outcome.status == 1)
        #expect(outcome.errorLines.count == 2)
        #expect(outcome.errorLines.first?.hasPrefix("netprobe trace: standard input:2: ") == true)
        #expect(outcome.errorLines.last?.hasPrefix("netprobe trace: standard input:5: ") == true)
        #expect(outcome.lines.filter { $0.hasPrefix("traceroute to ") }.count == 2)
    }

    @Test("--strict does nothing where a line is wrong, and neither does a file without a good one")
    func strict() async throws {
        let strict = try await trace("198.18.2.2\n1.2.3.256\n", "--strict", "-nq1")
        #expect(strict.status == 2 && strict.output.isEmpty && strict.errors.contains("--strict"), "\(strict)")
        let empty = try await trace("# nothing\n", "-nq1")
        #expect(empty.status == 2 && empty.errors == "netprobe trace: standard input: no target in it\n")
        let missing = try await Network.chain.run([Program.netprobe, "trace", "--targets", "/nonexistent"])
        #expect(missing.status == 2 && missing.errors.contains("/nonexistent: No such file"), "\(missing)")
    }

    @Test("the same host twice is traced to twice")
    func twice() async throws {
        let outcome = try await trace("198.18.2.2\n198.18.2.2\n", "-nq1", "--csv", "--rounds", "1")
        #expect(outcome.lines.count == 5 && outcome.status == 0, "\(outcome)")
    }

    @Test("a hundred at once keep to their rate")
    func many() async throws {
        let hosts = (1...100).map { "198.18.6.2 # \($0)" }.joined(separator: "\n")
        let outcome = try await trace(hosts, "-nq1", "-w5", "--rate", "20000", "--csv", "--rounds", "1")
        #expect(outcome.lines.count == 601 && outcome.status == 0, "\(outcome.errors)")
    }
}
