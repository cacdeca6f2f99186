import Glibc
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

/// A program of this package, beside the tests in the build.
enum ChildProcess {
    /// What the program prints; `nil` if it can't be run or fails.
    static func output(of program: String, _ argument: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let tests = String(decoding: buffer.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard let slash = tests.lastIndex(of: "/") else { return nil }
        guard let pipe = popen("'\(tests[...slash])\(program)' \(argument)", "r") else { return nil }
        var text: [UInt8] = []
        while case let byte = getc(pipe), byte != EOF { text.append(UInt8(truncatingIfNeeded: byte)) }
        return pclose(pipe) == 0 ? String(decoding: text, as: UTF8.self) : nil
    }
}
