import Glibc
import Testing

@Suite("netprobe listen")
struct ListenTests {
    static let tcp = Channel.streams[0]
    static let path = Channel.streams[2]

    /// Runs `netprobe connect` to a server.
    private func connect(
        _ server: Server, _ channel: Channel = tcp, input: String = "", _ arguments: String...
    ) async throws -> Outcome {
        try await Program.run(
            [Program.netprobe, "connect"] + channel.options + arguments + server.address, input: input)
    }

    @Test("whoever comes second is refused, unless it is to be kept open")
    func one() async throws {
        let server = try Server(Self.tcp)
        let first = try RunningProgram([Program.netprobe, "connect"] + server.address, staysOpen: true)
        try server.program.expect("connection from ")
        let second = try await connect(server)
        #expect(second.status == 1 && second.errors.contains("Connection refused"), "\(second)")
        first.send(SIGINT)
        #expect(try first.outcome().status == 0)
        #expect(try server.program.outcome().status == 0)
    }

    @Test("kept open it takes one after the other")
    func sequence() async throws {
        let server = try Server(Self.tcp, "--keep-open")
        for word in ["one ", "two ", "three"] { #expect(try await connect(server, input: word).status == 0) }
        try server.program.expect("one two three")
        server.program.send(SIGTERM)
        #expect(try server.program.outcome().status == 0)
    }

    @Test("an echo service serves many at once, while others say nothing", arguments: Channel.streams)
    func echo(channel: Channel) async throws {
        let server = try Server(channel, "-k", "--echo")
        let idle = try (0..<3).map { _ in
            try RunningProgram([Program.netprobe, "connect"] + channel.options + server.address, staysOpen: true)
        }
        try server.program.expect("connection from ", times: 3)
        try await withThrowingTaskGroup(of: Outcome.self) { group in
            for number in 0..<4 {
                group.addTask {
                    try await self.connect(server, channel, input: "client \(number)")
                }
            }
            var outputs: Set<String> = []
            for try await outcome in group { outputs.insert(outcome.output) }
            #expect(outputs == Set((0..<4).map { "client \($0)" }))
        }
        for program in idle {
            program.send(SIGINT)
            #expect(try program.outcome().status == 0)
        }
        server.program.send(SIGINT)
        #expect(try server.program.outcome().status == 0)
    }

    @Test("datagrams are echoed to their own sender each", arguments: Channel.datagrams)
    func datagramEcho(channel: Channel) async throws {
        let server = try Server(channel, "--echo")
        try await withThrowingTaskGroup(of: (String, Outcome).self) { group in
            for number in 0..<4 {
                group.addTask {
                    let text = "client \(number)"
                    return (text, try await self.connect(server, channel, input: text, "-w", "1"))
                }
            }
            for try await (text, outcome) in group {
                #expect(outcome.output == text && outcome.status == 0, "\(outcome)")
            }
        }
        server.program.send(SIGINT)
        #expect(try server.program.outcome().status == 0)
    }

    @Test("a discard service says nothing and takes everything", arguments: [tcp, path, Channel.streams[4]])
    func discard(channel: Channel) async throws {
        let server = try Server(channel, "--discard")
        let outcome = try await connect(server, channel, input: String(repeating: "x", count: 100_000))
        #expect(outcome.output == "" && outcome.status == 0, "\(outcome)")
        #expect(try server.program.outcome().errors.contains("0 bytes sent, 100000 received"))
    }

    @Test("on all addresses it hears IPv6 and IPv4; with -4 or -6 only one", arguments: [[], ["-4"], ["-6"]])
    func families(options: [String]) async throws {
        let server = try RunningProgram([Program.netprobe, "listen", "-vk", "--echo"] + options + ["0"])
        try server.expect("listening on ")
        try server.expect("\n", times: 2)
        let port = server.errors.split(whereSeparator: { $0 == ":" || $0 == "\n" }).last.map(String.init) ?? ""
        for (host, excluded) in [("127.0.0.1", "-6"), ("::1", "-4")] {
            let outcome = try await Program.run([Program.netprobe, "connect", host, port], input: "x")
            #expect(outcome.status == (options == [excluded] ? 1 : 0), "\(host): \(outcome)")
        }
    }

    @Test("without descriptors for more it says so, and takes the next when one has ended")
    func exhausted() async throws {
        let name = "@netprobe-\(getpid())-exhausted"
        let script = #"ulimit -n 8; exec "$0" listen -vkU --echo "$1""#
        let server = try RunningProgram(["bash", "-c", script, Program.netprobe, name])
        try server.expect("listening on ")
        func client() throws -> RunningProgram {
            try RunningProgram([Program.netprobe, "connect", "-U", name], input: "hello", staysOpen: true)
        }
        // Below 8 there are the standard three, the signals, the listener, and room for three.
        let served = try (0..<3).map { _ in try client() }
        for program in served { try program.expect("hello") }
        let waiting = try client()
        try server.expect("Too many open files")
        for program in served {
            program.send(SIGINT)
            #expect(try program.outcome().status == 0)
        }
        try waiting.expect("hello")
        waiting.send(SIGINT)
        #expect(try waiting.outcome().status == 0)
        server.send(SIGINT)
        #expect(try server.outcome().status == 0)
    }

    @Test(
        "the file of a Unix socket is gone when it has ended", .enabled(if: !Program.isRealRoot, "root becomes nobody"))
    func fileIsRemoved() async throws {
        let server = try Server(Self.path)
        #expect(access(server.address[0], F_OK) == 0)
        server.program.send(SIGINT)
        #expect(try server.program.outcome().status == 0)
        #expect(access(server.address[0], F_OK) != 0)
    }

    @Test("a file that is there already is an error that says what to do, and stays")
    func staleFile() async throws {
        let path = "/tmp/netprobe-\(getpid())-stale"
        _ = try await Program.run([
            "python3", "-c", "import socket; socket.socket(socket.AF_UNIX).bind('\(path)')",
        ])
        defer { unlink(path) }
        let outcome = try await Program.run([Program.netprobe, "listen", "--unix", path])
        #expect(outcome.isRefusal(by: "netprobe listen"), "\(outcome)")
        #expect(outcome.errors.contains("Address already in use") && outcome.errors.contains("remove it"))
        #expect(access(path, F_OK) == 0)
    }

    @Test("a port that is taken is an error")
    func takenPort() async throws {
        let server = try Server(Self.tcp)
        let outcome = try await Program.run([Program.netprobe, "listen"] + server.address)
        #expect(
            outcome.isRefusal(by: "netprobe listen") && outcome.errors.contains("Address already in use"), "\(outcome)")
    }

    @Test(
        "nobody came in time: status 1, and no sooner",
        arguments: [[], ["-k"], ["-k", "--echo"], ["-u"], ["-u", "--echo"]])
    func nobody(options: [String]) async throws {
        let outcome = try await Program.run([Program.netprobe, "listen", "-w", "0.3"] + options + ["127.0.0.1", "0"])
        #expect(outcome.status == 1 && outcome.errors == "netprobe listen: nobody came for 0.3 s\n", "\(outcome)")
        #expect(outcome.duration >= .milliseconds(300))
    }

    @Test("a peer that breaks off is an error, which a listener that is kept open survives", arguments: [false, true])
    func reset(keepsOpen: Bool) async throws {
        let server = try keepsOpen ? Server(Self.tcp, "-k", staysOpen: true) : Server(Self.tcp, staysOpen: true)
        let reset = """
            from socket import *
            import struct
            s = create_connection(('\(server.address[0])', \(server.address[1])))
            s.send(b'x')
            s.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack('ii', 1, 0))
            """
        #expect(try await Program.run(["python3", "-c", reset]).status == 0)
        try server.program.expect("Connection reset by peer")
        if keepsOpen { server.program.send(SIGINT) }
        #expect(try server.program.outcome().status == (keepsOpen ? 0 : 1))
    }

    @Test("root may listen on ports below 1024", .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser))
    func lowPort() async throws {
        let server = try RunningProgram([Program.netprobe, "listen", "-v", "127.0.0.1", "7"])
        try server.expect("listening on 127.0.0.1:7\n")
        #expect(try await Program.run([Program.netprobe, "connect", "127.0.0.1", "7"], input: "x").status == 0)
        #expect(try server.outcome().output == "x")
    }
}
