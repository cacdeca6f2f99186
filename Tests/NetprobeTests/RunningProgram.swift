import Glibc

/// A program that was started and has not been waited for. One thread at a time may use it.
final class RunningProgram: @unchecked Sendable {
    let identifier: pid_t
    private(set) var output = ""
    private(set) var errors = ""
    /// What it prints goes here, -1 once it has closed it.
    private var readEnds: [Int32]
    private let command: [String]
    private let start = ContinuousClock.now
    private var hasEnded = false

    /// Its standard input, where that stays open as long as this object lives.
    private var writeEnd: Int32 = -1

    /// Starts a program found in `PATH`, in an environment to which `environment` is added. Its standard input holds
    /// `input`, and then ends unless it `staysOpen`.
    init(
        _ command: [String], environment: [String: String] = [:], input: String = "", staysOpen: Bool = false
    ) throws {
        let pipes = try (0..<3).map { _ in try Pipe() }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, pipe) in pipes.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, number == 0 ? pipe.readEnd : pipe.writeEnd, Int32(number))
        }
        // No signal is blocked or ignored, whatever the tests' own threads do.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let settings = environment.map { "\($0)=\($1)" }
        var arguments = (["/usr/bin/env"] + settings + command).map { strdup($0) } + [nil]
        var inherited = Self.environment.map { strdup($0) } + [nil]
        defer { for pointer in arguments + inherited { free(pointer) } }
        var child = pid_t()
        let problem = posix_spawn(&child, "/usr/bin/env", &actions, &attributes, &arguments, &inherited)
        for (number, pipe) in pipes.enumerated() { close(number == 0 ? pipe.readEnd : pipe.writeEnd) }
        identifier = child
        readEnds = [pipes[1].readEnd, pipes[2].readEnd]
        self.command = command
        // A program that does not read its input may end before it has it all.
        var rest = Array(input.utf8)[...]
        while !rest.isEmpty,
            case let count = rest.withUnsafeBytes({
                Glibc.send(pipes[0].writeEnd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }), count > 0
        {
            rest = rest.dropFirst(count)
        }
        if staysOpen { writeEnd = pipes[0].writeEnd } else { close(pipes[0].writeEnd) }
        guard problem == 0 else {
            hasEnded = true
            throw Failure("\(command): errno \(problem)")
        }
    }

    deinit {
        for end in readEnds + [writeEnd] where end >= 0 { close(end) }
        guard !hasEnded else { return }
        kill(identifier, SIGKILL)
        waitpid(identifier, nil, 0)
    }

    func send(_ signal: Int32) { kill(identifier, signal) }

    /// Waits until the program has printed this so many times, on standard output or standard error.
    func expect(_ text: String, times: Int = 1, within limit: Duration = .seconds(20)) throws {
        let end = ContinuousClock.now + limit
        while max(output.count(of: text), errors.count(of: text)) < times {
            guard ContinuousClock.now < end, readEnds.contains(where: { $0 >= 0 }) else {
                throw Failure("\(command) did not print '\(text)' but: \(output)\(errors)")
            }
            read(until: end)
        }
    }

    /// Reads until the program has ended. One that takes longer is ended, and is an error.
    func outcome(within limit: Duration = .seconds(60)) throws -> Outcome {
        let end = ContinuousClock.now + limit
        while readEnds.contains(where: { $0 >= 0 }) {
            guard ContinuousClock.now < end else {
                throw Failure("\(command) did not end within \(limit): \(output)\(errors)")
            }
            read(until: end)
        }
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) == -1, errno == EINTR {}
        hasEnded = true
        return Outcome(waitStatus: status, output: output, errors: errors, duration: ContinuousClock.now - start)
    }

    /// Takes in what has been printed, waiting for it.
    private func read(until end: ContinuousClock.Instant) {
        var descriptors = readEnds.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let left = (end - .now) / .milliseconds(1)
        poll(&descriptors, nfds_t(descriptors.count), Int32(max(1, min(left, 60_000))))
        for (index, descriptor) in descriptors.enumerated() where descriptor.revents != 0 {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = Glibc.read(descriptor.fd, &buffer, buffer.count)
            if count > 0 {
                let text = String(decoding: buffer.prefix(count), as: UTF8.self)
                if index == 0 { output += text } else { errors += text }
            } else if count == 0 || errno != EINTR {
                close(descriptor.fd)
                readEnds[index] = -1
            }
        }
    }

    private static let environment: [String] = {
        guard let file = fopen("/proc/self/environ", "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = getc(file), byte >= 0 { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }()
}

/// Two connected ends that no other program inherits. Swift does not see `pipe2`, which could make a pipe so.
private struct Pipe {
    let readEnd: Int32
    let writeEnd: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Failure("socketpair: errno \(errno)") }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }
}

/// Why a test could not do what it was to do.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension String {
    func count(of part: String) -> Int { ranges(of: part).count }
}
