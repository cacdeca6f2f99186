import Foundation
import Testing

/// A program that ran to its end, or that runs.
struct Outcome {
    let status: Int32
    /// The signal that ended it, where one did.
    let signal: Int32?
    let output: String
    let errors: String

    /// The lines of standard output, without the empty one at the end.
    var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }
    /// The lines of standard error.
    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
}

/// Programs as people run them.
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
    static let lab = repository.appendingPathComponent("Tests/Lab/lab").path

    /// Whether the real root runs the tests, not that of a user namespace.
    static let isRealRoot: Bool = {
        let map = (try? String(contentsOfFile: "/proc/self/uid_map", encoding: .utf8)) ?? ""
        let fields = map.split(whereSeparator: \.isWhitespace)
        return geteuid() == 0 && fields.count == 3 && fields[2] == "4294967295"
    }()

    static func isInstalled(_ name: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return (path.split(separator: ":") + ["/usr/sbin", "/sbin"])
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    /// Runs a command to its end. One that takes longer than `limit` is ended, and fails the test.
    /// - Parameter during: called once the program runs, with its process id.
    @discardableResult
    static func run(
        _ command: [String], environment: [String: String] = [:], input: String = "", limit: Duration = .seconds(60),
        during: ((pid_t) throws -> Void)? = nil
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = Pipe()
        let errors = Pipe()
        let inputs = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = inputs
        try process.run()
        let identifier = process.processIdentifier

        let collected = Collected()
        let group = DispatchGroup()
        for (pipe, key) in [(output, \Collected.output), (errors, \Collected.errors)] {
            DispatchQueue.global().async(group: group) {
                collected.set(key, pipe.fileHandleForReading.readDataToEndOfFile())
            }
        }
        let overtime = DispatchWorkItem { kill(identifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Int(limit.components.seconds)), execute: overtime)
        try inputs.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try inputs.fileHandleForWriting.close()
        try during?(identifier)
        process.waitUntilExit()
        overtime.cancel()
        group.wait()
        let ended = process.terminationReason == .uncaughtSignal
        if ended, process.terminationStatus == SIGKILL { Issue.record("\(command) did not end within \(limit)") }
        return Outcome(
            status: ended ? -1 : process.terminationStatus, signal: ended ? process.terminationStatus : nil,
            output: String(decoding: collected.output, as: UTF8.self),
            errors: String(decoding: collected.errors, as: UTF8.self))
    }

    /// Runs `netprobe ping` on loopback or wherever the tests are.
    static func ping(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
        try run([netprobe, "ping"] + arguments, environment: environment)
    }

    /// Runs a command at a node of a virtual network.
    static func run(
        _ command: [String], at node: String, of scenario: String, limit: Duration = .seconds(60),
        during: ((pid_t) throws -> Void)? = nil
    ) throws -> Outcome {
        try run([lab, "run", scenario, node] + command, limit: limit, during: during)
    }
}

/// What two readers collect.
private final class Collected: @unchecked Sendable {
    private let lock = NSLock()
    var output = Data()
    var errors = Data()

    func set(_ key: ReferenceWritableKeyPath<Collected, Data>, _ data: Data) {
        lock.withLock { self[keyPath: key] = data }
    }
}
