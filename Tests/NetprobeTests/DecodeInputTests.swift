import Testing

/// What `netprobe decode` says of input that is wrong: one line, the documented status, and nothing lost before it.
@Suite("Bad input to netprobe decode")
struct DecodeInputTests {
    @Test(
        "text that is wrong is named by line and column, and what came before is printed",
        arguments: [
            ("450000zz", 0, "line 1, column 7: 'z' is no hexadecimal digit"),
            ("\(DecodeTests.packet)\n\n4500 00\u{1b}[2J", 1, #"line 3, column 8: '\u{1B}' is no hexadecimal digit"#),
            (
                "\(DecodeTests.packet)\n\n450", 1,
                "line 3, column 1: the packet ends inside a byte: an odd number of digits"
            ),
            ("0000  45 00\n0010  00", 0, "line 2, column 1: the offset is 16, where 2 bytes came before"),
            ("no packet at all", 0, "line 1, column 1: 'n' is no hexadecimal digit"),
            ("", 0, "nothing in it"),
        ])
    func text(_ input: String, printed: Int, message: String) async throws {
        let outcome = try await DecodeTests.decode(input: input)
        #expect(outcome.errors == "netprobe decode: standard input: \(message)\n", "\(outcome)")
        #expect(outcome.lines.count == printed && outcome.status == 1)
    }

    @Test(
        "arguments that are wrong are a usage error",
        arguments: [
            (["--link", "wifi"], "invalid -l value: 'wifi': not one of ipv4, ipv6 and ethernet"),
            (["-c", "0"], "invalid -c value: '0': out of range: 1 <= value <= 9223372036854775807"),
            (["--tree", "--json"], "only one of --tree and --json can be"),
            (["--frobnicate"], "Unknown option '--frobnicate'"),
            (["/"], "/: Is a directory"),
        ])
    func arguments(_ arguments: [String], message: String) async throws {
        let outcome = try await Program.run([Program.netprobe, "decode"] + arguments, input: "")
        #expect(outcome.errorLines.first?.hasPrefix("netprobe decode: \(message)") == true, "\(outcome)")
        #expect(outcome.status == 2 && outcome.output.isEmpty)
    }

    @Test("a capture that breaks off is printed up to there")
    func truncated() async throws {
        let outcome = try await DecodeTests.script(
            """
            printf '\\xd4\\xc3\\xb2\\xa1\\x02\\0\\x04\\0\\0\\0\\0\\0\\0\\0\\0\\0\\xff\\xff\\0\\0\\x65\\0\\0\\0' >capture
            for i in 1 2; do printf '\\1\\0\\0\\0\\0\\0\\0\\0\\x1f\\0\\0\\0\\x1f\\0\\0\\0' >>capture; bytes >>capture; done
            truncate -s -5 capture; "$0" decode capture
            """)
        #expect(outcome.lines == ["00:00:01.000000 " + DecodeTests.line], "\(outcome)")
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains("pcap") && outcome.status == 1, "\(outcome)")
    }

    @Test(
        "whatever comes in, it ends, in bounded time and memory, and says no more than one line",
        arguments: [
            "head -c 3000000 /dev/urandom", "head -c 100000000 /dev/zero",
            "head -c 20000000 /dev/zero | tr '\\0' 4", "printf '\\x0a\\x0d\\x0d\\x0a'; head -c 1000000 /dev/zero",
            "{ printf '\\xd4\\xc3\\xb2\\xa1\\x02\\0\\x04\\0'; head -c 1000000 /dev/urandom; }",
        ])
    func anything(_ command: String) async throws {
        let outcome = try await DecodeTests.script("ulimit -v 400000; \(command) | \"$0\" decode >/dev/null")
        #expect(
            outcome.signal == nil && [0, 1].contains(outcome.status) && outcome.errorLines.count <= 1, "\(outcome)")
    }

    @Test("a reader that stops to read is no error, a full disk is one")
    func output() async throws {
        let closed = try await DecodeTests.script(
            "for i in {1..20000}; do echo $packet; echo; done >text; \"$0\" decode text | head -1; echo ${PIPESTATUS[0]}"
        )
        #expect(closed.lines.first == DecodeTests.line && closed.errors.isEmpty, "\(closed)")
        let full = try await DecodeTests.script("echo $packet | \"$0\" decode >/dev/full")
        #expect(full.errors == "netprobe decode: write error: No space left on device\n" && full.status == 2, "\(full)")
    }

    @Test(
        "it reads what root may read, and then is nobody without a privilege",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser))
    func privileges() async throws {
        let outcome = try await DecodeTests.script(
            """
            echo $packet >secret; chmod 600 secret; chown \(AsUser.id) secret; chmod 700 .; chown \(AsUser.id) .
            mkfifo wait; { sleep 1; } >wait &
            "$0" decode secret wait >lines 2>errors & program=$!
            until [ -s lines ]; do sleep 0.02; done
            grep -E '^(Uid|CapPrm|CapEff|NoNewPrivs|Seccomp):' /proc/$program/status | tr -s '\\t' ' '
            cat lines
            """)
        let user = "Uid: 65534 65534 65534 65534"
        let none = "0000000000000000"
        let wanted = [user, "CapPrm: \(none)", "CapEff: \(none)", "NoNewPrivs: 1", "Seccomp: 2"]
        #expect(outcome.lines == wanted + ["secret: " + DecodeTests.line], "\(outcome)")
    }
}
