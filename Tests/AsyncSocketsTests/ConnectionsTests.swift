import Glibc
import TestSupport
import Testing

@Suite struct ConnectionsTests {
    /// ThreadSanitizer takes several times the memory for itself.
    static let isMeasurable = dlsym(nil, "__tsan_init") == nil

    @Test(
        "5,000 connections, both ends in one process, take at most 64 MB, and none of 10,000 echoes is missed",
        .enabled(if: isMeasurable))
    func many() throws {
        let run = try #require(ChildProcess.output(of: "AsyncConnections"))
        let numbers = run.split { $0.isWhitespace }.compactMap { Int($0) }
        try #require(numbers.count == 3)
        #expect(numbers[0] == 5_000)
        #expect(numbers[1] == 10_000)
        #expect(numbers[2] <= 64_000_000 / 1024, "KiB")
    }
}
