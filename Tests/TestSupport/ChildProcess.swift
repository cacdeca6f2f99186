import Glibc

/// Another program, run to its end.
public enum ChildProcess {
    /// What a program of this package prints, beside the tests in the build; `nil` if it can't be run or fails.
    public static func output(of program: String, _ argument: String = "") -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let tests = String(decoding: buffer.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard let slash = tests.lastIndex(of: "/") else { return nil }
        return output(ofShell: "'\(tests[...slash])\(program)' \(argument)")
    }

    /// What a command of the shell prints; `nil` if it fails.
    public static func output(ofShell command: String) -> String? {
        guard let pipe = popen(command, "r") else { return nil }
        var text: [UInt8] = []
        while case let byte = getc(pipe), byte != EOF { text.append(UInt8(truncatingIfNeeded: byte)) }
        return pclose(pipe) == 0 ? String(decoding: text, as: UTF8.self) : nil
    }
}
