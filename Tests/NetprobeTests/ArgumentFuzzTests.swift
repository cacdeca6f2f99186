import Foundation
import Testing

@Suite("Random arguments")
struct ArgumentFuzzTests {
    /// 2,000 in all for the optimised program; the one built for debugging takes five times as long to start.
    static let runsPerSeed = ProcessInfo.processInfo.environment["NETPROBE_BINARY"] == nil ? 25 : 125

    @Test("no arguments end ping by a signal, or with a status besides 0, 1 and 2", arguments: UInt64(1)...16)
    func anything(seed: UInt64) async throws {
        var random = RandomArguments(seed: seed)
        var script = """
            try() { "$netprobe" ping "$@" </dev/null >/dev/null; local status=$?; ((status <= 2)) || printf '%q ' $status "$@"; }

            """
        for _ in 0..<Self.runsPerSeed { script += "try \(random.line())\n" }

        let outcome = try await Program.run(["bash", "-s"], environment: ["netprobe": Program.netprobe], input: script)
        #expect(outcome.output == "", "seed \(seed)")
        let strange = outcome.errorLines.filter { !$0.hasPrefix("netprobe ping: ") && !$0.hasPrefix("WARNING: ") }
        #expect(strange == [], "seed \(seed)")
        #expect(outcome.errors.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A }, "seed \(seed): \(outcome.errors)")
    }
}
