import TestSupport
import Testing

struct MemoryTests {
    @Test("after 100,000 echoes two million more take no more memory")
    func constantMemory() throws {
        let run = try #require(ChildProcess.output(of: "SessionMemory", "2100000"))
        let peaks = run.split { $0.isWhitespace }.compactMap { Int($0) }.suffix(2)
        let early = try #require(peaks.first)
        let end = try #require(peaks.last)
        // The kernel counts in batches of pages; half a byte an echo would be more than this.
        #expect(end - early < 1024, "KiB, of \(early)")
    }
}
