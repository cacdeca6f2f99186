import Glibc
import Testing

/// What a shell does to the program's descriptors and limits; in the scripts, `$0` is the program.
@Suite("Descriptors and limits that fail")
struct FaultTests {
    /// Runs a bash script. Its own messages come after the program's.
    private func shell(_ script: String, _ arguments: String...) async throws -> Outcome {
        try await Program.run(["bash", "-c", script, Program.netprobe] + arguments)
    }

    @Test(
        "standard output that can't be written is said, and the status is 2",
        arguments: [
            "ping -c 1 ::1", "ping -j -c 1 ::1", "ping -f -c 1 ::1", "ping -V", "ping --help", "--version", "--help",
        ],
        [">/dev/full", ">&-"])
    func unwritableOutput(arguments: String, redirection: String) async throws {
        let outcome = try await shell(#"exec "$0" \#(arguments) \#(redirection)"#)
        let reason = redirection == ">&-" ? "Bad file descriptor" : "No space left on device"
        let name = arguments.hasPrefix("ping") ? "netprobe ping" : "netprobe"
        #expect(outcome.errors == "\(name): write error: \(reason)\n")
        #expect(outcome.status == 2)
    }

    @Test("a reader that goes away ends the program quietly", arguments: ["-A", "-f", "-A -j"])
    func closedPipe(pace: String) async throws {
        let outcome = try await shell(#""$0" ping \#(pace) 127.0.0.1 | head -c 100; echo " ${PIPESTATUS[0]}""#)
        #expect(outcome.output.hasSuffix(" 2\n"), "\(outcome.output)")
        #expect(outcome.errors == "")
    }

    @Test(
        "without standard input, standard error or any of the three it works all the same",
        arguments: ["<&-", "2>&-", "<&- >/dev/null 2>&-"])
    func closedDescriptors(redirections: String) async throws {
        let outcome = try await shell(#""$0" ping -c 1 127.0.0.1 \#(redirections)"#)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test("an error that no one can be told of keeps its status")
    func errorWithoutStandardError() async throws {
        let outcome = try await shell(#"exec "$0" ping -c 0 127.0.0.1 2>&-"#)
        #expect(outcome.status == 2 && outcome.output.isEmpty)
    }

    @Test("with too few descriptors it says so; with enough it works", arguments: 4...16)
    func descriptorLimit(limit: Int) async throws {
        let outcome = try await shell(#"ulimit -n "$1"; exec "$0" ping -c 3 -i 0.2 127.0.0.1"#, "\(limit)")
        if outcome.status == 127 { return #expect(outcome.errors.contains("shared libraries"), "\(outcome)") }
        if outcome.status == 0 { return #expect(outcome.lines.count > 5 && limit > 5, "\(outcome)") }
        #expect(outcome.isRefusal(by: "netprobe ping"), "\(outcome)")
        #expect(outcome.errors.hasSuffix(": Too many open files\n") && limit < 10, "\(outcome.errors)")
    }

    @Test("100 MB of memory are enough")
    func memoryLimit() async throws {
        let outcome = try await shell(#"ulimit -v 100000; exec "$0" ping -c 3 -i 0 -s 65507 127.0.0.1"#)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test("a huge environment and 4,000 arguments do no harm")
    func hugeStart() async throws {
        let script =
            #"big=$(head -c 100000 /dev/zero | tr '\0' x); export A=$big B=$big C=$big; exec "$0" ping $(yes -- -n | head -4000) -c 1 ::1"#
        let outcome = try await shell(script)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test("called without even a name for itself, it shows its help")
    func noArguments() async throws {
        var child = pid_t()
        var none: [UnsafeMutablePointer<CChar>?] = [nil]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        try #require(posix_spawn(&child, Program.netprobe, &actions, nil, &none, &none) == 0)
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1, errno == EINTR {}
        #expect(status == 0)
    }

    /// A pipe that nobody reads before it is full; then `then` goes on.
    private func fullPipe(blocking: Bool, _ options: String..., then: String) async throws -> Outcome {
        let script = """
            import os, select, signal, subprocess, sys
            reading, writing = os.pipe()
            os.set_blocking(writing, \(blocking ? "True" : "False"))
            program = subprocess.Popen([sys.argv[1], "ping", "-A", "-n", "127.0.0.1", *sys.argv[2:]], stdout=writing)
            while select.select([], [writing], [], 0)[1]: select.select([], [], [], 0.01)
            \(then)
            """
        return try await Program.run(["python3", "-c", script, Program.netprobe] + options)
    }

    @Test(
        "a reader that is slow to begin gets every line", .enabled(if: Requirements.python, "python3 is not installed"),
        arguments: [true, false])
    func slowReader(blocking: Bool) async throws {
        let outcome = try await fullPipe(
            blocking: blocking, "-c", "3000",
            then: """
                os.close(writing)
                while block := os.read(reading, 5000): sys.stdout.write(block.decode())
                sys.exit(program.wait())
                """)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let sequences = outcome.lines.compactMap { $0.firstMatch(of: #/icmp_seq=(\d+) /#)?.1 }
        #expect(sequences == (1...3000).map { "\($0)" })
    }

    @Test(
        "a reader that has stopped reading keeps no interruption from ending the program",
        .enabled(if: Requirements.python, "python3 is not installed"),
        arguments: ["SIGINT", "SIGTERM"], [true, false])
    func stuckReader(signal: String, blocking: Bool) async throws {
        let outcome = try await fullPipe(
            blocking: blocking, then: "program.send_signal(signal.\(signal)); print(program.wait(10))")
        #expect(outcome.output == (signal == "SIGINT" ? "-2\n" : "-15\n"), "\(outcome.errors)")
    }
}
