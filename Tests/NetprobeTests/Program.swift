import Foundation
import Testing

/// Programs as people run them, each to its end.
enum Program {
    /// The netprobe to test: the release build that `packaging/test` names, else the one built beside the tests.
    static let netprobe: String = {
        if let path = ProcessInfo.processInfo.environment["NETPROBE_BINARY"] { return path }
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        var directory = tests.deletingLastPathComponent()
        while directory.path != "/" {
            let candidate = directory.appendingPathComponent("netprobe").path
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
            directory.deleteLastPathComponent()
        }
        return "netprobe"
    }()

    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Whether the real root runs the tests, not that of a user namespace.
    static let isRealRoot: Bool = {
        let map = (try? String(contentsOfFile: "/proc/self/uid_map", encoding: .utf8)) ?? ""
        let fields = map.split(whereSeparator: \.isWhitespace)
        return geteuid() == 0 && fields.count == 3 && fields[2] == "4294967295"
    }()

    static func isInstalled(_ name: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let directories = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"]
        return
            directories
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    /// Runs a command to its end. One that takes longer than `limit` is ended, and is an error.
    /// - Parameter during: called once the program runs.
    @discardableResult
    static func run(
        _ command: [String], environment: [String: String] = [:], input: String = "", limit: Duration = .seconds(60),
        during: (@Sendable (RunningProgram) throws -> Void)? = nil
    ) async throws -> Outcome {
        try await aside {
            let running = try RunningProgram(command, environment: environment, input: input)
            try during?(running)
            return try running.outcome(within: limit)
        }
    }

    /// Runs `netprobe ping` where the tests are.
    static func ping(_ arguments: String..., environment: [String: String] = [:]) async throws -> Outcome {
        try await run([netprobe, "ping"] + arguments, environment: environment)
    }

    /// Does what blocks on a thread that may block, and no more such things at once than a small machine bears.
    static func aside<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            threads.async {
                places.wait()
                defer { places.signal() }
                continuation.resume(with: Swift.Result { try body() })
            }
        }
    }

    private static let threads = DispatchQueue(label: "programs", attributes: .concurrent)
    private static let places = DispatchSemaphore(value: 6)
}
