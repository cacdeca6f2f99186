import Addresses
import Testing

@testable import netprobe

@Suite("The targets of a sweep")
struct SweepTargetTests {
    // MARK: - Words

    @Test(
        "a word is an address, a range or a name",
        arguments: [
            ("198.18.0.1", "address 198.18.0.1"), ("127.1", "address 127.0.0.1"), ("0x7f000001", "address 127.0.0.1"),
            ("::1", "address ::1"), ("fe80::1%lo", "address fe80::1%lo"), ("host", "name host"),
            ("my-host", "name my-host"), ("10-20", "name 10-20"), ("a/b", "refused"), ("198.18.0.0/24", "254"),
            ("198.18.0.9/24", "254"), ("198.18.0.0/30", "2"), ("198.18.0.0/31", "2"), ("198.18.0.1/32", "1"),
            ("198.18.0.1-198.18.0.9", "9"), ("198.18.0.255-198.18.1.0", "2"), ("2001:db8::/120", "256"),
            ("2001:db8::1-2001:db8::3", "3"), ("fe80::1%br-lan-fe80::2%br-lan", "2"), ("fe80::%lo/127", "2"),
            ("0.0.0.0/0", "4294967294"), ("0.0.0.0-255.255.255.255", "4294967296"), ("::/1", "\(UInt128(1) << 127)"),
            ("::/0", "\(UInt128.max)"), ("198.18.0.9-198.18.0.1", "refused"), ("198.18.0.1-::1", "refused"),
            ("198.18.0.1-0.9", "refused"), ("198.18.0.1-host", "refused"), ("198.18.0.0/33", "refused"),
            ("198.18.0.0/", "refused"), ("198.18.0.0/-1", "refused"), ("198.18.0.0/99999999999999999999", "refused"),
            ("::/129", "refused"), ("1.2.3.256", "name 1.2.3.256"), ("::g", "name ::g"), ("", "name "), ("-", "name -"),
            ("/", "refused"), ("fe80::1%a-fe80::2%b", "refused"),
        ])
    func word(text: String, meaning: String) {
        let read: String
        do throws(UsageError) {
            read =
                switch try SweepWord(text, withRanges: true) {
                case .address(let address): "address \(address)"
                case .range(let range): "\(range.count)"
                case .name(let name): "name \(name)"
                }
        } catch {
            read = "refused"
        }
        #expect(read == meaning)
    }

    @Test("for fping, prefixes and ranges are names like others")
    func withoutRanges() throws {
        for text in ["198.18.0.0/24", "198.18.0.1-198.18.0.9", "198.18.0.0/33"] {
            guard case .name(text) = try SweepWord(text, withRanges: false) else {
                Issue.record("\(text) is no name")
                continue
            }
        }
    }

    @Test("the addresses of a range are those from its first to its last, at the end of the address space too")
    func lastAddresses() throws {
        let range = try #require(try SweepRange("255.255.255.254-255.255.255.255"))
        #expect((0..<2).map { range[$0] } == [range.first, range.last])
        let range6 = try #require(try SweepRange("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127"))
        #expect((0..<2).map { range6[$0] } == [range6.first, range6.last])
    }

    // MARK: - Sweeps of the loopback network

    /// Runs a sweep, of which nobody is waited for long.
    private func sweep(_ line: String, input: String = "") async throws -> Outcome {
        let arguments = line.split(separator: " ").map(String.init)
        return try await Program.run([Program.netprobe, "sweep", "-i0", "-r0"] + arguments, input: input)
    }

    private func alive(_ addresses: [String]) -> [String] { addresses.map { "\($0) is alive" } }

    @Test(
        "targets are asked in the order in which they are given, as often as they are given",
        arguments: [
            ("127.0.0.2 ::1 127.0.0.1", ["127.0.0.2", "::1", "127.0.0.1"]),
            ("127.0.0.1 127.0.0.1", ["127.0.0.1", "127.0.0.1"]), ("127.1 127.0.0.1", ["127.1", "127.0.0.1"]),
            ("127.0.0.4/30 ::1", ["127.0.0.5", "127.0.0.6", "::1"]),
            ("-g 127.0.0.4/30", ["127.0.0.5", "127.0.0.6"]), ("-g 127.0.0.4/31", ["127.0.0.4", "127.0.0.5"]),
            ("-g 127.0.0.4 127.0.0.6", ["127.0.0.4", "127.0.0.5", "127.0.0.6"]),
            ("127.0.0.4-127.0.0.5 127.0.0.9/32", ["127.0.0.4", "127.0.0.5", "127.0.0.9"]),
            ("-A 127.1", ["127.0.0.1"]), ("-6 ::1", ["::1"]), ("-4 127.0.0.1", ["127.0.0.1"]),
        ])
    func order(line: String, expected: [String]) async throws {
        let outcome = try await sweep(line)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        // Each family has a socket of its own, and they are read one after the other.
        for colons in [true, false] {
            let isOfFamily = { (text: String) in text.contains(":") == colons }
            #expect(outcome.lines.filter(isOfFamily) == alive(expected).filter(isOfFamily), "\(outcome)")
        }
    }

    @Test("the first word of each line of standard input is a target, whatever the line ends with")
    func standardInput() async throws {
        let text = "127.0.0.1 first\n\n  # nothing\n\t127.0.0.2\r\n127.0.0.3/32\n#\n127.0.0.4"
        let expected = alive(["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"])
        for arguments in ["", "-f -"] {
            let outcome = try await sweep(arguments, input: text)
            #expect(outcome.status == 0 && outcome.errors.isEmpty && outcome.lines == expected, "\(outcome)")
        }
    }

    @Test("a target is asked as soon as its line has come, while the pipe stays open")
    func asItComes() async throws {
        let command = [Program.netprobe, "sweep", "-i0", "-r0"]
        let script = #"coproc S { exec "$@"; }; for i in {1..3}; do echo 127.0.0.$i >&${S[1]}; read -r l <&${S[0]}; "#
            + #"echo "$l"; done; exec {S[1]}>&-; wait $S_PID; echo $?"#
        let outcome = try await Program.run(["bash", "-c", script, "bash"] + command)
        #expect(outcome.lines == alive(["127.0.0.1", "127.0.0.2", "127.0.0.3"]) + ["0"], "\(outcome)")
    }

    @Test("lines that are wrong are named, by what they are or where they stand, and the others are asked")
    func badLines() async throws {
        let long = String(repeating: "x", count: 10_000_000)
        let text = "127.0.0.1\n\(long)\n127.0.0.9-127.0.0.2\n127.0.0.2\n0.0.0.0/0\na\0b\n::/64\n127.0.0.3"
        let outcome = try await sweep("", input: text)
        #expect(outcome.status == 2, "\(outcome)")
        #expect(outcome.lines == alive(["127.0.0.1", "127.0.0.2", "127.0.0.3"]), "\(outcome)")
        let errors = outcome.errorLines
        #expect(errors.count == 5 && errors.allSatisfy { $0.utf8.count < 300 && !$0.utf8.contains(0) }, "\(errors)")
        try #require(errors.count == 5)
        #expect(errors[0].hasPrefix("standard input:2: ") && errors[0].contains("longer than"))
        #expect(errors[1].contains("ends before it starts"))
        #expect(errors[2].contains("--scan") && errors[4].contains("--scan"))
    }

    @Test("a hundred thousand lines of nothing are no targets")
    func emptyLines() async throws {
        let outcome = try await sweep("", input: String(repeating: "\n# 127.0.0.1\n", count: 50_000))
        #expect(outcome.status == 1 && outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome)")
    }

    @Test("empty lines without end can be interrupted")
    func interruptedInput() async throws {
        let script = #"yes '' | timeout -s INT -k 20 1 "$0" sweep; echo ${PIPESTATUS[1]}"#
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe])
        // 124: timeout(1) had to send its signal, and that was enough; 137 is what follows if it was not.
        #expect(outcome.lines == ["124"], "\(outcome)")
    }

    @Test("a file, and who is excluded by another: addresses, prefixes and ranges of both families")
    func exclusions() async throws {
        let script = """
            d=$(mktemp -d) && trap 'rm -r "$d"' EXIT
            printf '127.0.0.2 # one\\r\\n\\n#127.0.0.1\\n127.0.0.8/30\\n127.0.0.4-127.0.0.5\\n::1\\n' >$d/not
            printf '127.0.0.0/28\\n::1\\n' >$d/all
            "$0" sweep -i0 -r0 --exclude $d/not -f $d/all
            echo $?
            """
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe])
        let expected = [1, 3, 6, 7, 12, 13, 14].map { "127.0.0.\($0)" }
        #expect(outcome.lines == alive(expected) + ["0"] && outcome.errors.isEmpty, "\(outcome)")
    }

    @Test(
        "a list of exclusions with one wrong line excludes everything", arguments: ["host", "1.2.3.4/33", "9-1", "::g"])
    func wrongExclusions(line: String) async throws {
        let script = #"printf '127.0.0.1\n%s\n' "$1" | "$0" sweep --exclude - 127.0.0.2"#
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe, line])
        #expect(outcome.status == 3 && outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome)")
        #expect(outcome.errors.contains("standard input:2: "), "\(outcome)")
    }

    @Test(
        "the smallest and largest numbers neither trap nor hang it: it can be interrupted",
        arguments: [
            "-l -p 10 -Q 1e-9 127.0.0.1", "-l -p 0 127.0.0.1", "-c 2147483647 -p 0 -t 9 127.0.0.1",
            "-C 1000000 -p 0 127.0.0.1", "-r 2147483647 -t 0 127.0.0.1", "-i 2147483647 127.0.0.1 127.0.0.2",
            "-c2 -p 2147483647 127.0.0.1", "-q -g 127.0.0.0/8", "--rate 0.001 127.0.0.1 127.0.0.2",
            "--scan --include-reserved --rate 10000 ::/65",
        ])
    func extremes(line: String) async throws {
        let script = #"timeout -s INT -k 20 0.3 "$0" sweep "$@" >/dev/null 2>&1; echo $?"#
        let arguments = line.split(separator: " ").map(String.init)
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe] + arguments)
        #expect(outcome.output == "124\n", "\(outcome)")
    }

    @Test("a part of very many, and the last position, are parts and positions like others")
    func largestShards() async throws {
        let many = "18446744073709551615"
        for options in ["--shard \(many)/\(many)", "--shard 2/\(many) --seed 1:3"] {
            let outcome = try await sweep("--scan --include-reserved -t 1 \(options) 127.0.0.0/30")
            #expect(outcome.status == 1 && outcome.output.isEmpty, "\(outcome)")
        }
    }

    @Test("a link-local address is asked on its interface; where there is none, it is unknown")
    func zones() async throws {
        let outcome = try await sweep("fe80::1%nope0 ::1")
        #expect(outcome.status == 2 && outcome.lines == alive(["::1"]), "\(outcome)")
        #expect(outcome.errorLines == ["fe80::1%nope0: Name or service not known"], "\(outcome)")
    }

    @Test("called as fping, prefixes are asked for by -g alone")
    func fping() async throws {
        let script = #"exec -a fping "$0" -r0 127.0.0.4/30"#
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe])
        #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errors.hasPrefix("127.0.0.4/30: "), "\(outcome)")
    }
}
