import Glibc
import Testing

@Suite("netprobe connect, where it does not go well")
struct ConnectTests {
    @Test(
        "refused: status 1, one line, and nothing on standard output",
        arguments: [["127.0.0.1", "9"], ["::1", "9"], ["-u", "-w5", "127.0.0.1", "9"], ["-U", "@netprobe-nobody"]])
    func refused(arguments: [String]) async throws {
        let outcome = try await Program.run([Program.netprobe, "connect"] + arguments, input: "x")
        #expect(outcome.status == 1 && outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome)")
        #expect(outcome.errors.contains("Connection refused; nobody listens there"), "\(outcome.errors)")
    }

    @Test("a Unix socket that is not there, or of another type, is told")
    func unixErrors() async throws {
        let missing = try await Program.run([Program.netprobe, "connect", "-U", "/nonexistent/socket"])
        #expect(missing.status == 1 && missing.errors.contains("No such file or directory"), "\(missing)")
        let server = try Server(Channel.streams[2])
        let other = try await Program.run([Program.netprobe, "connect", "-U", "-t", "seqpacket"] + server.address)
        #expect(other.status == 1 && other.errors.contains("another --type"), "\(other)")
    }

    @Test("an address that does not answer is given up when the time is over, and no sooner")
    func timeout() async throws {
        // The only place in the backlog is taken, so that the kernel drops what would open another connection.
        let script = """
            import sys, time
            from socket import *
            s = socket(); s.bind(('127.0.0.1', 0)); s.listen(0)
            taken = create_connection(s.getsockname())
            print('port', s.getsockname()[1], flush=True)
            time.sleep(60)
            """
        let server = try RunningProgram(["python3", "-c", script])
        try server.expect("port ")
        try server.expect("\n")
        let port = server.output.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
        let outcome = try await Program.run([Program.netprobe, "connect", "-w", "0.3", "127.0.0.1", port])
        #expect(outcome.status == 1 && outcome.errors.contains("127.0.0.1:\(port): timed out"), "\(outcome)")
        #expect(outcome.duration >= .milliseconds(300))
    }

    @Test("of a name each address is tried, and what failed before is told")
    func eachAddress() async throws {
        // A host of two addresses, of which only the one to be tried second listens.
        let hosts = "::1 both.test\\n127.0.0.1 both.test\\n"
        let server = try Server(Channel.streams[0], input: "hello")
        let script = """
            printf '\(hosts)' >/run/hosts && mount --bind /run/hosts /etc/hosts && exec "$0" connect -v both.test \
            \(server.address[1])
            """
        let outcome = try await Program.run(["unshare", "-m", "bash", "-c", script, Program.netprobe])
        #expect(outcome.output == "hello" && outcome.status == 0, "\(outcome)")
        #expect(outcome.errors.contains("[::1]:\(server.address[1]): Connection refused"), "\(outcome.errors)")
        #expect(outcome.errors.contains("connected to 127.0.0.1:\(server.address[1])"), "\(outcome.errors)")
    }

    @Test("silence ends it when the time is over, and no sooner", arguments: Channel.streams)
    func silence(channel: Channel) async throws {
        let server = try Server(channel, staysOpen: true)
        let outcome = try RunningProgram(
            [Program.netprobe, "connect", "-w", "0.3"] + channel.options + server.address, staysOpen: true
        ).outcome()
        #expect(outcome.status == 1 && outcome.errors.contains("nothing came or went for 0.3 s"), "\(outcome)")
        #expect(outcome.duration >= .milliseconds(300))
    }

    @Test("a datagram that nobody answers: status 1")
    func noAnswer() async throws {
        let server = try Server(Channel.datagrams[0], "--discard")
        let outcome = try await Program.run(
            [Program.netprobe, "connect", "-u", "-w", "0.3"] + server.address, input: "question")
        #expect(outcome.status == 1 && outcome.errors.contains("no answer for 0.3 s"), "\(outcome)")
    }

    @Test("a signal ends it, status 0", arguments: [SIGINT, SIGTERM])
    func signals(signal: Int32) async throws {
        let server = try Server(Channel.streams[0], staysOpen: true)
        let client = try RunningProgram([Program.netprobe, "connect", "-v"] + server.address, staysOpen: true)
        try client.expect("connected to")
        client.send(signal)
        #expect(try client.outcome().status == 0)
    }

    @Test("a reader of standard output that goes away ends it without a word")
    func closedOutput() async throws {
        let server = try Server(Channel.streams[0], "--echo")
        let script = #"yes | "$0" connect "$@" | head -n 1"#
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe] + server.address)
        #expect(outcome.output == "y\n" && outcome.errors.isEmpty, "\(outcome)")
    }

    @Test("an output that can't be written is an error")
    func fullOutput() async throws {
        let server = try Server(Channel.streams[0], input: "answer")
        let script = #"exec "$0" connect "$@" >/dev/full"#
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe] + server.address)
        #expect(outcome.status == 2)
        #expect(outcome.errors == "netprobe connect: write error: No space left on device\n")
    }

    @Test("--source is the address that the peer sees")
    func source() async throws {
        let server = try Server(Channel.streams[0])
        let outcome = try await Program.run([Program.netprobe, "connect", "-s", "127.0.0.5"] + server.address)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try server.program.outcome().errors.contains("connection from 127.0.0.5:"))
    }

    @Test("--interface keeps to the interface, whatever the way")
    func interface() async throws {
        let script =
            #""$0" connect -w 1 -I client 198.18.2.1 9; echo $?; "$0" connect -w 1 -I host 198.18.1.2 9; echo $?"#
        let outcome = try await Network.pair.run(["bash", "-c", script, Program.netprobe])
        #expect(outcome.output == "2\n1\n", "\(outcome)")
        #expect(outcome.errors.contains("unknown interface: 'client'"))
    }

    @Test("an ordinary user needs nothing", .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser))
    func ordinaryUser() async throws {
        let script = """
            socket=$(user mktemp -u /tmp/netprobe-XXXXXX)
            echo answer | user "$netprobe" listen --unix "$socket" & server=$!
            until [ -S "$socket" ]; do kill -0 $server || exit 9; sleep 0.02; done
            echo question | user "$netprobe" connect --unix "$socket" && wait $server && [ ! -e "$socket" ]
            """
        let outcome = try await AsUser.run(script, granting: nil)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(Set(outcome.lines) == ["question", "answer"])
    }

    @Test("nothing is left of any privilege while it talks, in its only thread")
    func privileges() async throws {
        let server = try Server(Channel.streams[0], staysOpen: true)
        let client = try RunningProgram([Program.netprobe, "connect", "-v"] + server.address, staysOpen: true)
        try client.expect("connected to ")
        for program in [server.program, client] {
            let state = try RunningProgram(["cat", "/proc/\(program.identifier)/status"]).outcome().lines
            let zero = "0000000000000000"
            for line in ["CapPrm:\t\(zero)", "CapEff:\t\(zero)", "NoNewPrivs:\t1", "Seccomp:\t2", "Threads:\t1"] {
                #expect(state.contains(line), "\(state)")
            }
        }
    }
}
