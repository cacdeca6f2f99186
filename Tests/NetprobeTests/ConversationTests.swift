import Glibc
import Testing

@Suite("Talking to others")
struct ConversationTests {
    static let hasPython = Requirements.python
    static let hasSocat = Program.isInstalled("socat")
    static let streams = Channel.streams
    static let withoutHalves = Channel.withoutHalves.filter(\.isThere)
    static let socatStreams = Channel.streams.filter { $0.socat != nil }
    /// Hears the whole question before it answers: the end of the question must not be the end of the connection.
    static let answering = """
        c, _ = s.accept()
        heard = b''
        while part := c.recv(65536): heard += part
        c.sendall(b'heard ' + heard)
        """

    @Test(
        "connect says what its input holds, and hears the answer after the end of the input",
        .enabled(if: hasPython, "needs python3"), arguments: streams)
    func connectToPython(channel: Channel) async throws {
        let server = try Server(python: Self.answering, channel)
        let outcome = try await Program.run(
            [Program.netprobe, "connect"] + channel.options + server.address, input: "question")
        #expect(outcome.output == "heard question")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
    }

    @Test(
        "listen hears a question to its end, and its input is the answer",
        .enabled(if: hasPython, "needs python3"), arguments: streams)
    func listenToPython(channel: Channel) async throws {
        let server = try Server(channel, input: "answer")
        let client = """
            from socket import *
            setdefaulttimeout(20)
            s = socket(\(channel.python))
            s.connect(\(channel.python(server.address)))
            s.sendall(b'question')
            s.shutdown(SHUT_WR)
            heard = b''
            while part := s.recv(65536): heard += part
            print(heard.decode())
            """
        let outcome = try await Program.run(["python3", "-c", client])
        #expect(outcome.output == "answer\n", "\(outcome)")
        let ours = try server.program.outcome()
        #expect(ours.output == "question")
        #expect(ours.status == 0, "\(ours)")
    }

    @Test("connect talks to socat", .enabled(if: hasSocat, "needs socat"), arguments: socatStreams)
    func connectToSocat(channel: Channel) async throws {
        let address = channel.isInternet ? [channel.host, "0"] : channel.newAddress()
        let where_ = channel.isInternet ? "0" : String(address[0].drop { $0 == "@" })
        let server = try RunningProgram([
            "socat", "-d", "-d", "\(channel.socat?.server ?? ""):\(where_)", "SYSTEM:x=$(cat); echo heard $x",
        ])
        try server.expect("listening on ")
        try server.expect("\n", times: 1)
        let line = server.errors.split(separator: "\n").first { $0.contains("listening on ") } ?? ""
        let port = line.split(separator: ":").last.map(String.init) ?? ""
        let target = channel.isInternet ? [channel.host, port] : address
        let outcome = try await Program.run(
            [Program.netprobe, "connect"] + channel.options + target, input: "question")
        #expect(outcome.output == "heard question\n")
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test("listen talks to socat", .enabled(if: hasSocat, "needs socat"), arguments: socatStreams)
    func listenToSocat(channel: Channel) async throws {
        let server = try Server(channel, input: "answer")
        let outcome = try await Program.run(
            ["socat", "-t", "20", "-", channel.socatClient(server.address)], input: "question")
        #expect(outcome.output == "answer", "\(outcome)")
        #expect(try server.program.outcome().output == "question")
    }

    @Test(
        "where there is no half-close, the peer's end is the end, and its answer comes before",
        .enabled(if: hasPython && !withoutHalves.isEmpty, "needs python3, and a kernel with SCTP or TIPC"),
        arguments: withoutHalves)
    func withoutHalvesToPython(channel: Channel) async throws {
        let server = try Server(
            python: """
                c, _ = s.accept()
                c.sendall(b'heard ' + c.recv(1000))
                c.shutdown(SHUT_RDWR)
                """, channel)
        let outcome = try await Program.run(
            [Program.netprobe, "connect"] + channel.options + server.address, input: "question")
        #expect(outcome.output == "heard question" && outcome.status == 0, "\(outcome)")
    }

    @Test(
        "where there is no half-close, silence is the end",
        .enabled(if: !withoutHalves.isEmpty, "needs a kernel with SCTP or TIPC"), arguments: withoutHalves)
    func withoutHalvesSilence(channel: Channel) async throws {
        let server = try Server(channel, "--echo")
        let script = #"head -c 200000 /dev/zero | "$0" connect -w 5 "$@" | wc -c"#
        let outcome = try await Program.run(
            ["bash", "-c", script, Program.netprobe] + channel.options + server.address)
        #expect(outcome.output == "200000\n" && outcome.errors.isEmpty, "\(outcome)")
        let listener = try server.program.outcome()
        #expect(listener.status == 0 && listener.errors.contains("200000 bytes sent, 200000 received"), "\(listener)")
    }

    @Test("ten megabytes of any bytes arrive as they were, both ways", arguments: streams)
    func bulk(channel: Channel) async throws {
        let server = try Server(channel, "--echo")
        // Bytes come back while others still go: more than all the buffers between hold.
        let script = """
            file=$(mktemp) && head -c 10000000 /dev/urandom >"$file"
            "$0" connect "$@" <"$file" | cmp - "$file" && echo same
            status=$?; rm "$file"; exit $status
            """
        let outcome = try await Program.run(
            ["bash", "-c", script, Program.netprobe] + channel.options + server.address)
        #expect(outcome.output == "same\n", "\(outcome)")
        #expect(try server.program.outcome().errors.contains("10000000 bytes sent, 10000000 received"))
    }

    @Test(
        "a datagram is a message of its own, and its answer too", .enabled(if: hasPython, "needs python3"),
        arguments: Channel.datagrams)
    func datagramsToPython(channel: Channel) async throws {
        let server = try Server(
            python: """
                data, sender = s.recvfrom(65536)
                s.sendto(b'first ' + data, sender)
                s.sendto(b'', sender)
                s.sendto(b'second', sender)
                """, channel)
        let outcome = try await Program.run(
            [Program.netprobe, "connect", "-w", "0.5"] + channel.options + server.address, input: "question ")
        #expect(outcome.output == "first question second")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
    }

    @Test(
        "listen answers the sender of the last datagram", .enabled(if: hasPython, "needs python3"),
        arguments: Channel.datagrams)
    func datagramsFromPython(channel: Channel) async throws {
        let server = try Server(channel, input: "answer")
        let own = channel.newAddress()
        let client = """
            from socket import *
            setdefaulttimeout(20)
            s = socket(\(channel.python))
            s.bind(\(channel.python(own)))
            \(channel.kind == .path ? "import os; os.chmod(s.getsockname(), 0o777)" : "")
            s.sendto(b'question', \(channel.python(server.address)))
            print(s.recv(65536).decode())
            """
        let outcome = try await Program.run(["python3", "-c", client])
        #expect(outcome.output == "answer\n", "\(outcome)")
        server.program.send(SIGINT)
        let ours = try server.program.outcome()
        #expect(ours.output == "question")
        #expect(ours.status == 0, "\(ours)")
        if channel.kind == .path { unlink(own[0]) }
    }

    @Test(
        "datagrams go to socat and back", .enabled(if: hasSocat, "needs socat"),
        arguments: Channel.datagrams.filter { $0.socat != nil })
    func datagramsWithSocat(channel: Channel) async throws {
        let server = try Server(channel, "--echo")
        let outcome = try await Program.run(
            ["socat", "-t", "1", "-", channel.socatClient(server.address)], input: "question")
        #expect(outcome.output == "question", "\(outcome)")
    }

    @Test("a peer that has nothing to say still gets all of the listener's input")
    func wholeInput() async throws {
        let server = try Server(Channel.streams[0], input: String(repeating: "x", count: 100_000))
        let outcome = try await Program.run([Program.netprobe, "connect"] + server.address)
        #expect(outcome.output.utf8.count == 100_000)
        #expect(try server.program.outcome().status == 0)
    }

    @Test("both ends end when both inputs have", arguments: Channel.streams)
    func bothWays(channel: Channel) async throws {
        let server = try Server(channel, input: "from the listener")
        let outcome = try await Program.run(
            [Program.netprobe, "connect"] + channel.options + server.address, input: "from the caller")
        #expect(outcome.output == "from the listener" && outcome.status == 0, "\(outcome)")
        let other = try server.program.outcome()
        #expect(other.output == "from the caller" && other.status == 0, "\(other)")
    }

    @Test("messages keep their bounds", .enabled(if: hasPython, "needs python3"))
    func messages() async throws {
        let channel = Channel.streams[4]
        let server = try Server(
            python: """
                c, _ = s.accept()
                for part in (b'one', b'', b'three'): c.send(part)
                print(len(c.recv(100000)))
                """, channel)
        let outcome = try await Program.run(
            [Program.netprobe, "connect"] + channel.options + server.address, input: "question")
        #expect(outcome.output == "onethree" && outcome.status == 0, "\(outcome)")
        #expect(try server.program.outcome().lines.last == "8")
    }

    @Test("the end of what the peer says is the end of the output, while the input goes on")
    func peerEndsFirst() async throws {
        let server = try Server(
            python: "c, _ = s.accept(); c.shutdown(SHUT_WR); print(c.recv(100), flush=True)", Channel.streams[0])
        let client = try RunningProgram(
            [Program.netprobe, "connect"] + server.address, input: "still here", staysOpen: true)
        // The server has ended its own sending, and still hears.
        try server.program.expect("still here")
        #expect(try server.program.outcome().status == 0)
        client.send(SIGINT)
        #expect(try client.outcome().status == 0)
    }
}
