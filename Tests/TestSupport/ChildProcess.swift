import Glibc

/// A program of this package, beside the tests in the build.
public enum ChildProcess {
    /// What the program prints; `nil` if it can't be run or fails.
    public static func output(of program: String, _ argument: String = "") -> String? {
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
