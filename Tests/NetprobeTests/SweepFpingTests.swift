import Testing

@Suite("A link named fping beside fping(8)")
struct SweepFpingTests {
    static let hasFping = Program.isInstalled("fping")

    /// Between two neighbours: 198.18.1.2 answers, 198.18.1.9 is nobody.
    private static let neighbours = [
        "198.18.1.2", "198.18.1.2 198.18.1.1", "-a 198.18.1.2 198.18.1.9 -r0 -t100", "-u 198.18.1.2 198.18.1.9 -r0 -t100",
        "-e 198.18.1.2", "-A localhost", "-n 127.0.0.1", "-A -n 127.0.0.1", "-d localhost", "-m localhost", "-4 localhost",
        "-c2 -p50 198.18.1.2", "-c 2 -p 50 198.18.1.2 127.0.0.1", "-q -c2 -p50 198.18.1.2 198.18.1.9 -t40",
        "-C3 -p50 -q 198.18.1.2 198.18.1.9 -t40", "-C 2 -p 50 198.18.1.2 -t40", "-c2 -p50 -t40 198.18.1.9",
        "-o -q -c3 -p50 -t40 198.18.1.9", "-c1 -D 198.18.1.2", "-s 198.18.1.2", "-s -q 198.18.1.2 198.18.1.9 -r0 -t50",
        "-q 198.18.1.2", "-q 198.18.1.9 -r0 -t50", "-r1 -t50 -B1 198.18.1.9",
        "-g 198.18.1.0/30 -r0 -t50", "-g 198.18.1.1 198.18.1.3 -r0 -t50", "-a -g 198.18.1.0/29 -r0 -t50",
        "-q -c1 -g 198.18.1.0/29 -t50", "-g 198.18.1.2/32", "-b0 -c1 198.18.1.2", "-b 1000 -c 1 198.18.1.2",
        "-b 4000 -c1 198.18.1.2", "-R -c1 198.18.1.2", "-M -c1 198.18.1.2", "-H1 -c1 198.18.1.2", "-O 0x10 -c1 198.18.1.2",
        "-I lo 127.0.0.1", "-S 198.18.1.1 198.18.1.2", "-i 1 198.18.1.2 198.18.1.1",
        "-x1 198.18.1.2 198.18.1.9 -r0 -t50", "-x2 198.18.1.2 198.18.1.9 -r0 -t50", "198.18.1.2 198.18.1.2",
        "-c1 198.18.1.2 198.18.1.2", "nosuch.invalid", "nosuch.invalid 198.18.1.2", "-q nosuch.invalid 198.18.1.2",
        "-c1 nosuch.invalid 198.18.1.2", "-6 ::1", "::1 127.0.0.1", "-c2 -p50 ::1", "-4 ::1", "-6 127.0.0.1",
        "-c3 -p500 -Q1 198.18.1.2", "-c3 -p500 -Q1 198.18.1.2 198.18.1.9 -t100", "-N -c2 -p1000 -Q1 198.18.1.2",
        "-c2 -p50 -q -s 198.18.1.2", "-e -a 198.18.1.2", "-B1.5 -r1 -t68 -c1 198.18.1.2", "-C5 -q -B1 -r1 -i10 -p60 198.18.1.2",
        "-v",
    ]

    @Test("the same lines and the same exit status", .enabled(if: hasFping, "fping is not installed"), arguments: neighbours)
    func sameLines(arguments: String) async throws { try await compare(arguments, in: .pair) }

    @Test(
        "what routers say is said in the same words", .enabled(if: hasFping, "fping is not installed"),
        arguments: [0, 1, 2, 3, 9, 10, 13, 200, 201].map { "203.0.113.\($0)" })
    func sameErrors(host: String) async throws {
        try await compare("-r0 -t200 \(host)", in: .refusals)
        try await compare("-c2 -p100 -t90 \(host)", in: .refusals)
    }

    @Test(
        "what can't be an argument has the same exit status", .enabled(if: hasFping, "fping is not installed"),
        arguments: [
            "-c1 -l ::1", "-a -u ::1", "-b 70000 ::1", "-c 0 ::1", "-c x ::1", "-B 0.5 ::1", "-g 10.0.0.0/33", "-g ::1/64",
            "-f x -g 10.0.0.1", "-f /nonexistent", "-Z", "--nope", "-x 0 ::1", "-g 10.0.0.9 10.0.0.1", "-p", "-I nope0 ::1",
        ])
    func sameRefusals(arguments: String) async throws {
        let (ours, theirs) = try await run(arguments, in: .pair)
        #expect(ours.status == theirs.status && ours.output.isEmpty, "\(ours) \(theirs)")
        #expect(ours.errorLines.count == 1 && ours.errors.hasPrefix("fping: "), "\(ours)")
    }

    @Test("an interruption ends with the same summary", .enabled(if: hasFping, "fping is not installed"))
    func sameInterruption() async throws {
        let script = #"timeout -s INT 0.7 "$@""#
        let ours = try await Network.pair.run(
            ["bash", "-c", script, "sh", "bash", "-c", Self.asFping, Program.netprobe, "-l", "-p200", "198.18.1.2"])
        let theirs = try await Network.pair.run(["bash", "-c", script, "sh", "fping", "-l", "-p200", "198.18.1.2"])
        #expect(Self.comparable(ours).suffix(3) == Self.comparable(theirs).suffix(3))
    }

    // MARK: - Running both

    private static let asFping = #"exec -a fping "$0" "$@""#

    private func compare(_ arguments: String, in network: Network) async throws {
        var (ours, theirs) = try await run(arguments, in: network)
        // A machine under load keeps either waiting now and then.
        for _ in 0..<4 where Self.comparable(ours) != Self.comparable(theirs) {
            (ours, theirs) = try await run(arguments, in: network)
        }
        #expect(Self.comparable(ours) == Self.comparable(theirs), "\(ours)\n\(theirs)")
    }

    private func run(_ arguments: String, in network: Network) async throws -> (Outcome, Outcome) {
        let words = arguments.split(separator: " ").map(String.init)
        let ours = try await network.run(["bash", "-c", Self.asFping, Program.netprobe] + words)
        return (ours, try await network.run(["fping"] + words))
    }

    /// Lines without what differs from run to run, in no order: who is unreachable is told as soon as it is known.
    private static func comparable(_ outcome: Outcome) -> [String] {
        func lines(_ text: String) -> [String] {
            text.replacing(#/(^|[^\d.])\d+\.\d+($|(?=[^\d.]))/#.anchorsMatchLineEndings()) { "\($0.1)T" }
                .replacing(#/\b\d+ (ms|sec)\b/#) { "T \($0.1)" }
                .replacing(#/[\d:]{8}\]/#, with: "TIME]")
                .replacing(#/fping: Version.*|fping from netprobe.*/#, with: "version")
                .replacing(#/fping: comments to.*\n/#, with: "")
                .replacing(#/(SET|CHART|BEGIN|END) .*/#) { "\($0.1)" }
                .split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }.sorted()
        }
        return lines(outcome.output) + ["--"] + lines(outcome.errors) + ["exit status \(outcome.status)"]
    }
}
