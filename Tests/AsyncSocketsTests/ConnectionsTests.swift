import Glibc
import TestSupport
import Testing

@Suite struct ConnectionsTests {
    /// Sanitizers take several times the memory for themselves.
    static let isMeasurable = dlsym(nil, "__tsan_init") == nil && dlsym(nil, "__asan_init") == nil

    @Test(
        "5,000 connections take at most 64 MB at each end, and none of 10,000 echoes is missed",
        .enabled(if: isMeasurable))
    func many() throws {
        let run = try #require(ChildProcess.output(of: "AsyncConnections"))
        let numbers = run.split { $0.isWhitespace }.compactMap { Int($0) }
        try #require(numbers.count == 3)
        #expect(numbers[0] == 5_000)
        #expect(numbers[1] == 10_000)
        // Both ends are in one process.
        #expect(numbers[2] <= 2 * 64_000_000 / 1024, "KiB")
    }
}
