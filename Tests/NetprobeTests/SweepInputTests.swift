import Testing

@Suite("What sweep can't begin with")
struct SweepInputTests {
    private static let rows: [(arguments: String, says: String)] = [
        ("0.0.0.0/0", "--scan keeps none"), ("::/64", "--scan keeps none"), ("-g ::/64", "--scan keeps none"),
        ("-g 2001:db8:: 2001:db8::ffff:ffff", "--scan keeps none"), ("198.18.0.9-198.18.0.1", "ends before it starts"),
        ("-g 198.18.0.9 198.18.0.1", "ends before it starts"), ("198.18.0.1-::1", "begins in one family"),
        ("198.18.0.0/33", "netmask must be between 0 and 32"), ("::/129", "netmask must be between 0 and 128"),
        ("-g x", "-g takes a prefix or two addresses"), ("-c 0 ::1", "-c"), ("-c x ::1", "-c"), ("-i -1 ::1", "-i"),
        ("-i nan ::1", "-i"), ("-i inf ::1", "-i"), ("-p 1e99 ::1", "-p"), ("-t x ::1", "-t"), ("-b 65508 ::1", "-b"),
        ("-H 0 ::1", "-H"), ("-H 256 ::1", "-H"), ("-O 256 ::1", "-O"), ("-B 0.9 ::1", "between 1.0 and 5.0"),
        ("-r -1 ::1", "-r"), ("-Q x ::1", "-Q"), ("-Q 1,x ::1", "cumulative"), ("-x 0 ::1", "-x"), ("-k 0 ::1", "-k"),
        ("-c 1 -l ::1", "specify only one of c, l"), ("-a -u ::1", "specify only one of a, u"), ("-S x ::1", "source address"),
        ("-I nope0 ::1", "unknown interface"), ("-J ::1", "requires -c, -C, or -l"), ("--tcp 0 ::1", "--tcp"),
        ("--tcp 1 --udp 1 ::1", "specify only one of"), ("--icmp-timestamp -6 ::1", "IPv4 only"),
        ("--json --csv ::1", "specify only one of"), ("--seed 1 ::1", "--seed is for --scan"),
        ("--scan --seed x ::1", "--seed"), ("--scan --seed 1:2:3 ::1", "--seed"), ("--scan --shard 0/3 ::1", "--shard"),
        ("--scan --shard 4/3 ::1", "--shard"), ("--scan --rate x ::1", "--rate"), ("--scan --rate 1e99 ::1", "--rate"),
        ("--scan -l ::1", "-l is not for --scan"), ("--scan localhost", "no names"), ("--scan ::/0", "too many"),
        ("--scan 224.0.0.0/4", "--include-reserved"), ("--scan --seed 1:99 198.18.0.0/28", "behind the last of 16"),
        ("--svg /tmp/x.svg 127.0.0.1", "there is none"), ("--plot --csv 127.0.0.1", "--plot is for output as text"),
        ("-f x ::1", "either -f or targets"), ("--nope", "'--nope'"), ("-Z", "'-Z'"), ("-c", "Missing value"),
        ("--timestamp-format x -D ::1", "--timestamp-format"),
    ]

    @Test("it says what is wrong in one line, prints nothing and ends with 3", arguments: rows)
    func oneLine(arguments: String, says: String) async throws {
        let texts = arguments.split(separator: " ").map(String.init)
        let outcome = try await Program.run([Program.netprobe, "sweep"] + texts)
        #expect(outcome.status == 3 && outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome)")
        #expect(outcome.errors.hasPrefix("netprobe sweep: ") && outcome.errors.contains(says), "\(outcome.errors)")
    }

    @Test("what the system refuses is one line too, and ends with 4", arguments: [
        ("-f /nonexistent", "No such file"), ("--exclude /nonexistent ::1", "No such file"),
        ("--scan --exclude /nonexistent ::1", "No such file"), ("-S 198.18.0.77 127.0.0.1", "198.18.0.77"),
    ])
    func refused(arguments: String, says: String) async throws {
        let texts = arguments.split(separator: " ").map(String.init)
        let outcome = try await Program.run([Program.netprobe, "sweep"] + texts)
        #expect(outcome.status == 4 && outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome)")
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
    }

    @Test("lines that are no targets are told of, and the others run")
    func lines() async throws {
        let long = String(repeating: "a", count: 10_000_000)
        let input = "127.0.0.1 and more\r\n# nothing\n\n127.0.0.0/30\nbad/33\n9.9.9.9-9.9.9.1\nx\0y\n\(long)\n::1"
        let outcome = try await Program.run([Program.netprobe, "sweep", "-i", "1"], input: input)
        #expect(Set(outcome.lines) == ["127.0.0.1 is alive", "127.0.0.2 is alive", "::1 is alive"])
        #expect(outcome.lines.count == 4 && outcome.errorLines.count == 4 && outcome.status == 2, "\(outcome)")
        #expect(outcome.errors.contains("standard input:8: longer than 4096 bytes"), "\(outcome.errors)")
    }

    @Test("a name that does not resolve is reported, and the others run")
    func names() async throws {
        let outcome = try await Program.run([Program.netprobe, "sweep", "nosuch.invalid", "127.0.0.1", "localhost"])
        #expect(outcome.lines == ["127.0.0.1 is alive", "localhost is alive"])
        #expect(outcome.errors.hasPrefix("nosuch.invalid: ") && outcome.status == 2, "\(outcome)")
    }

    @Test("a list of exclusions with a wrong line is refused whole, for all modes", arguments: ["-c1", "-a", "--scan"])
    func exclusions(option: String) async throws {
        let outcome = try await Program.run(
            [Program.netprobe, "sweep", option, "--exclude", "-", "127.0.0.0/28"], input: "127.0.0.8/29\n127.0.0.256\n")
        #expect(outcome.status == 3 && outcome.errors.contains("standard input:2: "), "\(outcome)")
        let right = try await Program.run(
            [Program.netprobe, "sweep", option, "-i1", "-t100", "--exclude", "-", "127.0.0.0/28"],
            input: "127.0.0.8/29 127.0.0.0-127.0.0.1 # two\n::1\n")
        #expect(Set(right.lines.map { $0.prefix(9) }) == Set((2...7).map { "127.0.0.\($0)" }), "\(right)")
    }

    @Test("whatever it quotes does nothing to the terminal", arguments: BadInputTests.hostileTexts, ["@", "-c @", "-f /@", "-I @"])
    func quoting(text: String, arguments: String) async throws {
        let script = #"exec "$0" sweep "# + arguments.replacing("@", with: "-\(text)", maxReplacements: 1)
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe], limit: .seconds(30))
        #expect(outcome.status > 0 && outcome.errors.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 }, "\(outcome)")
    }
}
