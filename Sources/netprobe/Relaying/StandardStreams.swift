import Glibc
import SystemPackage

/// Standard input and output, read and written piece by piece when they are ready, so that nothing waits for them.
enum StandardStreams {
    static let input = FileDescriptor(rawValue: STDIN_FILENO)
    static let output = FileDescriptor(rawValue: STDOUT_FILENO)

    /// Whether someone types.
    static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Reads what is there into the beginning of `buffer`; returns how many bytes, `nil` at the end.
    static func read(into buffer: inout [UInt8], upTo count: Int) throws(Errno) -> Int? {
        while true {
            let result = buffer.withUnsafeMutableBytes {
                Glibc.read(STDIN_FILENO, $0.baseAddress, min(count, $0.count))
            }
            if result >= 0 { return result == 0 ? nil : result }
            let error = Errno(rawValue: errno)
            if error != .interrupted { throw error }
        }
    }

    /// Writes what there is room for; returns how many bytes.
    static func write(_ bytes: ArraySlice<UInt8>) throws(OutputError) -> Int {
        // Where a pipe has room at all, this much does not have to wait.
        let limit = hasReader ? Int(PIPE_BUF) : bytes.count
        while true {
            let result = bytes.prefix(limit).withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if result >= 0 { return result }
            switch Errno(rawValue: errno) {
            case .interrupted: continue
            case .wouldBlock: return 0
            case let error: throw OutputError(errno: error)
            }
        }
    }

    private static let hasReader = StandardOutput.isPipeOrSocket

    /// Lets whoever reads standard output come to its end.
    static func closeOutput() { _ = close(STDOUT_FILENO) }
}
