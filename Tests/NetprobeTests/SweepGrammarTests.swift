import Addresses
import Probing
import Testing

@testable import Privileges
@testable import netprobe

extension SweepRequest {
    /// What words between blanks ask for, of root or of an ordinary user.
    static func reading(
        _ line: String, asRoot: Bool = true, isFping: Bool = false, family: IPFamily? = nil
    ) throws -> SweepRequest {
        let caller = Caller(userID: asRoot ? 0 : 1000, groupID: asRoot ? 0 : 1000, isAtSecure: false, sudo: nil)
        return try SweepRequest(
            try SweepArguments.reading(line.split(separator: " ").map(String.init)), caller: caller,
            programName: isFping ? "fping" : "netprobe sweep", isFping: isFping, family: family)
    }

    /// How a sweep with a record of each target goes.
    var tracked: SweepConfiguration? { if case .tracked(let configuration) = mode { configuration } else { nil } }
    /// What a scan asks for.
    var scan: SweepScanRequest? { if case .scan(let scan) = mode { scan } else { nil } }
}

@Suite("The grammar of sweep")
struct SweepGrammarTests {
    private static let flagLetters = "46aAdDegJlmMnNoqRsuv"
    private static let flags = flagLetters.map { ["-\($0)", "host"] }
    private static let values = SweepArguments.valueLetters.map { ["-\($0)", "7", "host"] }
    private static let mixtures: [[String]] = [
        ["host"], [], ["a", "b", "c"], ["-c1", "host"], ["-qc1", "host"], ["-aeC", "1", "host"], ["host", "-a"],
        ["-t", "-1", "host"], ["-c", "1", "-c", "2", "host"], ["--", "-n"], ["-q", "--", "-host", "-n"],
    ]

    @Test("short options mean the same with and without ArgumentParser", arguments: flags + values + mixtures)
    func bothReadersAgree(arguments: [String]) throws {
        let options = ShortOptions(arguments, valueLetters: SweepArguments.valueLetters)
        let direct = try #require(SweepArguments(options))
        #expect(try direct == SweepCommand.parse(options.separated).arguments)
    }

    @Test("every short option of the grammar is read without ArgumentParser")
    func everyLetterIsKnown() {
        let help = SweepCommand.helpMessage(columns: 200)
        let letters = help.matches(of: #/(?m)^  -(.)[, ]/#).map { String($0.1) }
        #expect(letters.count == Self.flagLetters.count + SweepArguments.valueLetters.count + 1)
        for letter in letters where letter != "h" {
            #expect((Self.flagLetters + SweepArguments.valueLetters).contains(letter), "-\(letter)")
        }
    }

    @Test("a long name means the same as its letter")
    func longNames() throws {
        let help = SweepCommand.helpMessage(columns: 200)
        for match in help.matches(of: #/(?m)^  -(.), --([a-z0-9-]+)( <|, )?/#) where match.1 != "h" {
            let value = match.3 == nil ? [] : ["7"]
            let short = try SweepArguments.reading(["-\(match.1)"] + value + ["host"])
            let long = try SweepArguments.reading(["--\(match.2)"] + value + ["host"])
            #expect(short == long, "--\(match.2)")
        }
    }

    @Test(
        "every option of fping(8) is one of sweep, wherever it stands",
        arguments: [
            "-4", "--ipv4", "-6", "--ipv6", "-a", "--alive", "-A", "--addr", "-b 8", "-b8", "--size=8", "--size 8",
            "-B 2", "--backoff=2", "-c 3", "--count=3", "-C3", "--vcount 3", "-d", "--rdns", "-D", "--timestamp",
            "--timestamp-format=iso", "--timestamp-format iso", "-e", "--elapsed", "-f x", "--file=x", "-g",
            "--generate", "-H 9", "--ttl=9", "-i 5", "--interval=5", "-I lo", "--iface=lo", "-J", "--json", "-k 7",
            "--fwmark=7", "-l", "--loop", "-m", "--all", "-M", "--dontfrag", "-n", "--name", "-N", "--netdata", "-o",
            "--outage", "-O 0x10", "--tos=16", "-p 20", "--period=20", "-q", "--quiet", "-Q 1,cumulative",
            "--squiet=1", "-r 1", "--retry=1", "-R", "--random", "-s", "--stats", "-S 127.0.0.1", "--src=::1", "-t 9",
            "--timeout=9", "-u", "--unreach", "-v", "--version", "-x 1", "--reachable=1", "-X 1",
            "--fast-reachable=1", "--check-source", "--icmp-timestamp", "--print-tos", "--print-ttl",
            "--print-reply-dst", "--print-srcaddr", "--seqmap-timeout=9", "--oiface=lo",
        ])
    func wholeGrammar(option: String) throws {
        let texts = option.split(separator: " ").map(String.init)
        let before = try SweepArguments.reading(texts + ["host", "other"])
        let after = try SweepArguments.reading(["host", "other"] + texts)
        #expect(before == after && before.operands == ["host", "other"])
        var none = SweepArguments()
        none.operands = before.operands
        #expect(before != none)
    }

    @Test("-T has no effect, as in newer versions of fping")
    func ignored() throws {
        #expect(try SweepArguments.reading(["-T", "7", "h"]) == SweepArguments.reading(["h"]))
    }

    @Test("--json is fping's for who calls it by that name, and -J is always")
    func json() throws {
        #expect(try SweepRequest.reading("--json -c1 h").display.form == .json)
        #expect(try SweepRequest.reading("--json -c1 h", isFping: true).display.form == .fpingJSON)
        #expect(try SweepRequest.reading("-J -c1 h").display.form == .fpingJSON)
        #expect(try SweepRequest.reading("--csv h", isFping: true).display.form == .csv)
    }

    @Test(
        "what is shown follows fping's rules",
        arguments: [
            ("h", "verbose"), ("-a h", "alive"), ("-u h", "unreachable"), ("-q h", "quiet"), ("-Q1 h", "quiet"),
            ("-x1 h", ""), ("-X1 h", ""), ("-ax1 h", "alive"), ("-c1 h", "each"), ("-C1 h", "each"), ("-l h", "each"),
            ("-c1 -q h", "quiet"), ("-c1 -Q1 h", "quiet"), ("-l -Q1 h", "quiet"), ("-a -c1 h", "each"),
            // No fault of this program: -q says nothing to a loop.
            ("-l -q h", "each quiet"), ("-Q0 -l h", "each quiet"),
        ])
    func display(line: String, shown: String) throws {
        let display = try SweepRequest.reading(line).display
        let all: [(Bool, String)] = [
            (display.isVerbose, "verbose"), (display.showsAlive, "alive"), (display.showsUnreachable, "unreachable"),
            (display.showsEach, "each"), (display.isQuiet, "quiet"),
        ]
        #expect(all.filter(\.0).map(\.1).joined(separator: " ") == shown)
    }

    @Test("Netdata's form is that of reports; without any it is as if it were not asked for")
    func netdata() throws {
        #expect(try SweepRequest.reading("-N -l -Q1 h").display.form == .netdata)
        #expect(try SweepRequest.reading("-N h").display.form == .text)
    }

    @Test("-Q takes seconds, and whether reports are of all since the beginning")
    func reports() throws {
        let display = try SweepRequest.reading("-l -Q 0.5,cumulative h").display
        #expect(display.reportInterval == .milliseconds(500) && display.isCumulative)
        let other = try SweepRequest.reading("-l -Q 2 h").display
        #expect(other.reportInterval == .seconds(2) && !other.isCumulative)
    }

    @Test("-D writes the time as --timestamp-format says, which alone does nothing")
    func timestamps() throws {
        #expect(try SweepRequest.reading("-D h").display.timestamps == .unix)
        #expect(try SweepRequest.reading("-D --timestamp-format rfc3339 h").display.timestamps == .rfc3339)
        #expect(try SweepRequest.reading("--timestamp-format iso h").display.timestamps == nil)
    }

    @Test(
        "answers are waited for half a second; where each probe counts a period, but no more than two seconds",
        arguments: [
            ("h", 500), ("-c1 h", 1000), ("-C1 -p 300 h", 300), ("-l -p 5000 h", 2000), ("-c1 -p 5000 -t 4000 h", 4000),
            ("-t 0.5 h", 0.5), ("-p 300 h", 500),
        ] as [(String, Double)])
    func timeouts(line: String, milliseconds: Double) throws {
        #expect(try SweepRequest.reading(line).tracked?.timeout == .microseconds(Int64(milliseconds * 1000)))
    }

    @Test("what is not said is as fping has it")
    func defaults() throws {
        let request = try SweepRequest.reading("h")
        let configuration = try #require(request.tracked)
        #expect(configuration.mode == .alive(retries: 3) && configuration.backoff == 1.5)
        #expect(configuration.interval == .milliseconds(10) && configuration.period == .seconds(1))
        #expect(request.probe.payloadLength == 56 && request.probe.method == .echo && request.family == nil)
        #expect(request.targets == .words(["h"]))
        #expect(try SweepRequest.reading("").targets == .file("-"))
    }

    @Test("-X ends a sweep at its goal, -x does not")
    func goals() throws {
        let (fast, slow) = (try SweepRequest.reading("-X 3 h"), try SweepRequest.reading("-x 3 h"))
        #expect(fast.tracked?.goal == 3 && fast.display.goal == 3)
        #expect(slow.tracked?.goal == nil && slow.display.goal == 3)
    }

    @Test("ICMP timestamps are of IPv4 alone")
    func icmpTimestamps() throws {
        #expect(try SweepRequest.reading("--icmp-timestamp h").family == .v4)
        #expect(throws: UsageError.self) { try SweepRequest.reading("--icmp-timestamp h", family: .v6) }
    }

    // MARK: - What ordinary users may do

    @Test(
        "an ordinary user may not send faster than fping's safe limits allow, and root may",
        arguments: [
            ("-i 0.999 h", "-i must be >= 1"), ("-i 0 h", "-i must be >= 1"), ("-p 5 h", "-p must be >= 10"),
            ("-c1 -p 9.9 h", "-p must be >= 10"), ("--rate 1001 h", "1 to 1000"), ("--rate 0 h", "1 to 1000"),
            ("--scan --rate 1001 127.0.0.1", "1 to 1000"), ("--scan -i 0.5 127.0.0.1", "-i must be >= 1"),
        ])
    func limits(line: String, says: String) throws {
        let error = try #require(throws: UsageError.self) { try SweepRequest.reading(line, asRoot: false) }
        #expect(error.description.contains(says), "\(error)")
        _ = try SweepRequest.reading(line, asRoot: true)
    }

    @Test(
        "an ordinary user may send up to these limits",
        arguments: ["-i 1 h", "-p 10 h", "--rate 1000 h", "--scan 127.0.0.1", "--scan --rate 1000 127.0.0.1", "h"])
    func withinLimits(line: String) throws {
        _ = try SweepRequest.reading(line, asRoot: false)
    }

    // MARK: - Scans

    @Test("a scan takes its order, its part, its pace and its prefixes with all their addresses")
    func scans() throws {
        let request = try SweepRequest.reading("--scan --seed 7:9 --shard 2/3 --rate 50 -r 1 -t 250 198.18.0.0/30 ::1")
        let scan = try #require(request.scan)
        #expect(scan.seed == 7 && scan.position == 9 && scan.shard == 1 && scan.shards == 3)
        #expect(scan.rate == 50 && scan.attempts == 2 && scan.timeout == .milliseconds(250))
        #expect(scan.ranges.map(\.count) == [4, 1])
        #expect(try SweepRequest.reading("--scan --rate 0 ::1").scan?.rate == nil)
        #expect(try SweepRequest.reading("--scan -g 198.18.0.0/30").scan?.ranges.map(\.count) == [4])
    }

    // MARK: - Numbers

    static let numericOptions = [
        "-b", "-B", "-c", "-C", "-H", "-i", "-k", "-O", "-p", "-Q", "-r", "-t", "-x", "-X", "--rate", "--tcp", "--udp",
        "--seqmap-timeout", "--scan --seed", "--scan --shard",
    ]

    @Test(
        "what is no number, or is too large, is refused by its option",
        arguments: numericOptions,
        ["x", "nan", "inf", "-1", "1e400", "99999999999999999999", "0x", "1,5", "१", "=1", "1:2:3", "5/4/3"])
    func noNumber(option: String, value: String) throws {
        let words = option.split(separator: " ").map(String.init) + [value, "127.0.0.1"]
        let error = try #require(throws: UsageError.self) {
            try SweepRequest.reading(words.joined(separator: " "))
        }
        let name = option == "-B" ? "backoff" : words[words.count - 3]
        #expect(error.description.contains(name), "\(error)")
    }

    @Test("so is nothing at all", arguments: numericOptions)
    func emptyValue(option: String) throws {
        let texts = option.split(separator: " ").map(String.init) + ["", "127.0.0.1"]
        let caller = Caller(userID: 0, groupID: 0, isAtSecure: false, sudo: nil)
        #expect(throws: UsageError.self) {
            try SweepRequest(
                try SweepArguments.reading(texts), caller: caller, programName: "netprobe sweep", isFping: false)
        }
    }

    @Test(
        "the largest numbers are taken as they are",
        arguments: [
            "-b 65507", "-B 5", "-c 2147483647", "-C 1000000", "-H 255", "-i 2147483647", "-k 4294967295", "-O 255",
            "-p 2147483647", "-l -Q 2147483647", "-r 2147483647", "-t 2147483647", "-x 2147483647", "-X 2147483647",
            "--rate 10000000", "--rate 0.001", "--tcp 65535", "--udp 65535", "-i 1e-9", "-t 0", "-c1 -p 0",
            "--scan --seed 18446744073709551615:18446744073709551615",
            "--scan --shard 18446744073709551615/18446744073709551615",
        ])
    func largestNumbers(options: String) throws {
        _ = try SweepRequest.reading(options + " 127.0.0.1")
    }
}
