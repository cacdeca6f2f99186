import Testing

@Suite("What sweep can't begin with")
struct SweepBadInputTests {
    private static let rows: [(arguments: String, says: String)] =
        together + targets + [
            ("-Z ::1", "'-Z'"), ("--nope ::1", "'--nope'"), ("--coun 1 ::1", "Did you mean '--count'?"),
            ("-c", "Missing value for '-c <count>'"), ("::1 -qc", "Missing value for '-c <count>'"),
            ("--count", "Missing value for '--count <count>'"), ("--quiet=yes ::1", "does not take any value"),
            ("-c 0 ::1", "invalid -c value: '0'"), ("-H 0 ::1", "1 <= value <= 255"), ("-H 300 ::1", "-H value"),
            ("-b 65508 ::1", "0 <= value <= 65507"), ("-O 256 ::1", "from 0 to 255 (0xff)"), ("-r -1 ::1", "-r value"),
            ("-B 9 ::1", "backoff factor 9 not valid, must be between 1.0 and 5.0"), ("-B nan ::1", "backoff factor"),
            ("-i inf ::1", "not a number of milliseconds"), ("-p -1 ::1", "0 <= milliseconds <= 2147483647"),
            ("-Q 1,other ::1", "'cumulative'"), ("-t 1s ::1", "not a number of milliseconds"),
            ("--timestamp-format iso8601 ::1", "not one of unix, ctime, iso, rfc3339"),
            ("-S nope ::1", "can't parse source address: nope"), ("-I nope0 ::1", "unknown interface -I 'nope0'"),
            ("--tcp 0 ::1", "1 <= value <= 65535"), ("--udp 65536 ::1", "1 <= value <= 65535"),
            ("--rate 0.0001 ::1", "0.001 to 10000000"), ("--scan --seed x ::1", "seed:position"),
            ("--scan --shard 0/4 ::1", "k/n such as 1/4"), ("--scan --shard 5/4 ::1", "k/n such as 1/4"),
            ("--exclude - -f -", "can't both be standard input"),
        ]

    /// What can't be asked for together.
    private static let together = [
        ("-c 1 -l ::1", "specify only one of c, l"), ("-C 1 -l ::1", "specify only one of c, l"),
        ("-a -u ::1", "specify only one of a, u"), ("-n -d ::1", "use either one of -d or -n"),
        ("-4 -6 ::1", "can't specify both -4 and -6"), ("-J ::1", "option -J, --json requires -c, -C, or -l"),
        ("--json --csv ::1", "specify only one of --json, --csv"), ("-f x ::1", "specify either -f or targets"),
        ("-g -f x", "specify only one of f, g"), ("-i 5 --rate 5 ::1", "specify only one of -i, --rate"),
        ("--tcp 1 --udp 1 ::1", "specify only one of --tcp, --udp"), ("-6 --icmp-timestamp ::1", "IPv4 only"),
        ("--icmp-timestamp -b 8 127.0.0.1", "cannot change ICMP Timestamp size"), ("--tcp 1 -b 8 ::1", "-b"),
        ("-I lo --oiface lo ::1", "specify only --oiface or -I"), ("--seed 1 ::1", "--seed is for --scan"),
        ("--shard 1/2 ::1", "--shard is for --scan"), ("--include-reserved ::1", "is for --scan"),
        ("--scan -c 1 ::1", "-c is not for --scan"), ("--scan -l ::1", "-l is not for --scan"),
        ("--scan -x 1 ::1", "-x is not for --scan"), ("--scan -d ::1", "-d is not for --scan"),
    ]

    private static let targets = [
        ("0.0.0.0/0", "--scan keeps none"), ("::/0", "--scan keeps none"), ("-g 0.0.0.0/0", "--scan keeps none"),
        ("-g 2001:db8::/64", "--scan keeps none"), ("-g ::1 1::", "--scan keeps none"),
        ("10.0.0.0/7", "more addresses than the 16777216"), ("127.0.0.9-127.0.0.1", "the range ends before it starts"),
        ("-g 127.0.0.9 127.0.0.1", "the range ends before it starts"), ("-g 127.0.0.1 ::1", "begins in one family"),
        ("-g 127.0.0.0", "-g takes a prefix or two addresses"), ("-g 1 2 3", "not 3 words"), ("-g", "not 0 words"),
        ("-g localhost/24", "'localhost/24': "), ("-g 127.0.0.1 localhost", "can't parse address localhost"),
        ("127.0.0.0/33", "netmask must be between 0 and 32 (is: '33')"), ("::1/", "(is: '')"),
        ("127.0.0.1-host", "'host' is no address to end a range with"), ("-g fe80::1%a fe80::2%b", "different scopes"),
        ("-6 -g 127.0.0.0/30", "Address family for hostname not supported"), ("--scan host", "no names"),
        ("--scan fe80::1%lo", "no zones"), ("--scan -6 127.0.0.1", "Address family for hostname not supported"),
        ("--scan 224.0.0.0/4", "--include-reserved"), ("--scan --seed 1:9 198.18.0.0/30", "position 9"),
    ]

    private func run(_ name: String, _ arguments: String) async throws -> Outcome {
        let script = #"exec -a "$1" "$0" ${2:+$2} "${@:3}""#
        let (link, command) = name == "netprobe sweep" ? ("netprobe", "sweep") : (name, "")
        let texts = arguments.split(separator: " ").map(String.init)
        return try await Program.run(["bash", "-c", script, Program.netprobe, link, command] + texts)
    }

    /// One line that says what is wrong, under the program's name.
    private func expectRefusal(_ outcome: Outcome, by name: String, status: Int32, says: String) {
        #expect(outcome.status == status && outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome)")
        #expect(outcome.errors.hasPrefix("\(name): ") && outcome.errors.contains(says), "\(outcome.errors)")
    }

    @Test("it says what is wrong in one line, prints nothing and ends with 3", arguments: rows)
    func oneLine(arguments: String, says: String) async throws {
        let outcome = try await run("netprobe sweep", arguments)
        expectRefusal(outcome, by: "netprobe sweep", status: 3, says: says)
    }

    @Test(
        "called as fping it ends with 1, as fping does", arguments: ["fping", "fping4", "fping6"],
        [("-c1 -l x", "specify only one of c, l"), ("-Z", "'-Z'"), ("-g 1.2.3.4/0", "--scan"), ("-t", "Missing value")])
    func fping(name: String, row: (arguments: String, says: String)) async throws {
        // fping6 takes no IPv4, which is as wrong.
        let says = name == "fping6" && row.says == "--scan" ? "Address family" : row.says
        expectRefusal(try await run(name, row.arguments), by: name, status: 1, says: says)
    }

    @Test("a file that can't be read is what the system refuses: 4", arguments: ["-f", "--exclude"])
    func noFile(option: String) async throws {
        for name in ["netprobe sweep", "fping"] {
            let arguments = "\(option) /nonexistent/file" + (option == "-f" ? "" : " 127.0.0.1")
            let outcome = try await run(name, arguments)
            expectRefusal(outcome, by: name, status: 4, says: "/nonexistent/file: No such file or directory")
        }
    }

    @Test("a directory is no list of targets")
    func directory() async throws {
        let outcome = try await run("netprobe sweep", "-f /")
        #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errors.contains("Is a directory"), "\(outcome)")
    }

    @Test(
        "an ordinary user is held to the safe limits",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser),
        arguments: [("-p 5", "-p must be >= 10"), ("-i 0.9", "-i must be >= 1"), ("--rate 2000", "1 to 1000")])
    func limits(arguments: String, says: String) async throws {
        let script = #"user "$netprobe" sweep \#(arguments) 127.0.0.1"#
        let outcome = try await AsUser.run(script, granting: "cap_net_raw=p")
        expectRefusal(outcome, by: "netprobe sweep", status: 3, says: says)
    }

    @Test(
        "without privilege, what needs a raw socket is refused with the remedy, and echoes are not",
        .enabled(if: Requirements.ordinaryUser, Requirements.whyNoUser))
    func unprivileged() async throws {
        for (arguments, option) in [("--tcp 22", "--tcp"), ("--udp 53", "--udp"), ("--icmp-timestamp", "--icmp-time")] {
            let outcome = try await AsUser.run(
                #"user "$netprobe" sweep \#(arguments) 127.0.0.1"#, granting: nil, in: "ping-sockets.lab")
            expectRefusal(outcome, by: "netprobe sweep", status: 4, says: "setcap cap_net_raw=p")
            #expect(outcome.errors.contains(option), "\(outcome)")
        }
        let echo = try await AsUser.run(#"user "$netprobe" sweep 127.0.0.1"#, granting: nil, in: "ping-sockets.lab")
        #expect(echo.status == 0 && echo.output == "127.0.0.1 is alive\n", "\(echo)")
    }

    @Test(
        "whatever it quotes does nothing to the terminal, is cut, and takes no time",
        arguments: BadInputTests.hostileTexts,
        [
            "-c @ ::1", "-i @ ::1", "-B @ ::1", "-Q @ ::1", "-S @ ::1", "-I @ ::1", "-O @ ::1", "--rate @ ::1",
            "--timestamp-format=@ ::1", "--scan --seed=@ ::1", "--scan --shard=@ ::1", "--scan x@", "-g x@", "x@/8",
            "--@ ::1", "::1-@", "-g ::1 @",
        ])
    func quoting(text: String, arguments: String) async throws {
        let script = #"exec "$0" sweep "# + arguments.replacing("@", with: "-\(text)", maxReplacements: 1)
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe], limit: .seconds(30))
        expectHarmless(outcome)
        #expect(outcome.status == 3, "\(outcome)")
    }

    @Test("so it is with names that can't be found", arguments: BadInputTests.hostileTexts)
    func names(text: String) async throws {
        for script in [#""$0" sweep -- \#(text)"#, #"printf '%s\n' \#(text) | "$0" sweep"#] {
            let outcome = try await Program.run(["bash", "-c", script, Program.netprobe], limit: .seconds(30))
            expectHarmless(outcome)
            #expect(outcome.status == 2, "\(outcome)")
        }
    }

    private func expectHarmless(_ outcome: Outcome) {
        let isHarmless = outcome.errors.unicodeScalars.allSatisfy { scalar in
            scalar == "\n" || ![.control, .format, .unassigned].contains(scalar.properties.generalCategory)
        }
        #expect(isHarmless && outcome.output.isEmpty && outcome.errors.utf8.count < 1200, "\(outcome)")
    }

    @Test("help is for whoever asks, and the version", arguments: ["-h", "--help", "-v", "--version"])
    func help(argument: String) async throws {
        for name in ["netprobe sweep", "fping"] {
            let outcome = try await run(name, argument)
            #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
            #expect(outcome.output.contains(argument.contains("h") ? "Examples:" : "netprobe 0."), "\(outcome)")
        }
    }
}
