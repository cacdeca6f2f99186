import Foundation
import Testing

@Suite("Names in a sweep", .enabled(if: Requirements.python, "needs python3"))
struct SweepNameTests {
    /// A network of its own: the name server of one test is not that of another.
    private let network = Network("pair.lab")

    /// Runs a program at a client whose name server is on its loopback, and knows these records.
    private func run(
        _ records: String, hosts: String = "127.0.0.1 localhost\n::1 localhost", _ command: [String]
    ) async throws -> Outcome {
        let script = """
            d=$(mktemp -d) && chmod 755 $d && cd $d || exit 9
            echo nameserver 127.0.0.1 >resolv.conf; echo "$HOSTS" >hosts; echo "$RECORDS" >records; chmod 644 *
            mount --bind resolv.conf /etc/resolv.conf && mount --bind hosts /etc/hosts || exit 9
            export LAB_OWNER=$$
            '\(Program.repository.path)/Tests/Lab/nameserver.py' 127.0.0.1 53 records >/dev/null || exit 9
            cd / && rm -r $d
            exec "$@"
            """
        return try await network.run(
            ["unshare", "-m", "bash", "-c", script, "sh"] + command, environment: ["HOSTS": hosts, "RECORDS": records])
    }

    private func sweep(_ records: String, _ line: String) async throws -> Outcome {
        let arguments = line.split(separator: " ").map(String.init)
        return try await run(records, [Program.netprobe, "sweep", "-i1", "-r0", "-t2000"] + arguments)
    }

    /// Each host has two addresses of each family, of which only one of IPv4 is asked before all others.
    private static let records = """
        a.example A 127.0.0.11
        a.example A 127.0.0.12
        b.example A 127.0.0.21
        c.example CNAME b.example
        six.example AAAA ::1
        both.example A 127.0.0.31
        both.example AAAA ::1
        empty.example TXT nothing
        127.0.0.11 PTR eleven.example
        127.0.0.21 PTR b.example
        ::1 PTR one.example
        fails.example CODE 2
        refuses.example CODE 5
        """

    // MARK: - Forward

    @Test("a name is asked at its address, through an alias too")
    func forward() async throws {
        let outcome = try await sweep(Self.records, "b.example c.example six.example")
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(
            outcome.lines.sorted() == ["b.example is alive", "c.example is alive", "six.example is alive"], "\(outcome)"
        )
    }

    @Test("names and addresses are asked in the order in which they are given, however long a name takes")
    func order() async throws {
        let targets = ["127.0.0.1", "a.example", "127.0.0.2", "b.example"]
        let outcome = try await sweep("a.example DELAY 300\n" + Self.records, targets.joined(separator: " "))
        #expect(outcome.lines == targets.map { "\($0) is alive" }, "\(outcome)")
    }

    @Test("many names are looked up at once: none is told before forty are asked for")
    func atOnce() async throws {
        let names = (1...40).map { "h\($0).example" }
        let outcome = try await sweep("* HOLD 40\n* A 127.0.0.9", "-4 " + names.joined(separator: " "))
        #expect(outcome.status == 0 && outcome.lines == names.map { "\($0) is alive" }, "\(outcome)")
    }

    @Test("who is named twice is asked twice")
    func twice() async throws {
        let outcome = try await sweep(Self.records, "b.example b.example b.example")
        #expect(outcome.lines == Array(repeating: "b.example is alive", count: 3), "\(outcome)")
        let named = try await sweep(Self.records, "-n 127.0.0.21 127.0.0.21")
        #expect(named.lines == Array(repeating: "b.example is alive", count: 2), "\(named)")
    }

    @Test(
        "a name that can't be looked up is told of with the reason, the others are asked, and the status is 2",
        arguments: [
            ("nobody.example", "Name or service not known"), ("empty.example", "No address associated with hostname"),
            ("-6 b.example", "No address associated with hostname"), ("x..y", "Name or service not known"),
            ("fails.example", "Temporary failure in name resolution"),
        ])
    func unknown(words: String, reason: String) async throws {
        let name = words.split(separator: " ").last.map(String.init) ?? ""
        let outcome = try await sweep(Self.records, "\(words) ::1")
        #expect(outcome.status == 2 && outcome.lines == ["::1 is alive"], "\(outcome)")
        #expect(outcome.errorLines == ["\(name): \(reason)"], "\(outcome)")
        let quiet = try await sweep(Self.records, "-q \(words) ::1")
        #expect(quiet.status == 2 && quiet.output.isEmpty && quiet.errors.isEmpty, "\(quiet)")
    }

    @Test("a hosts file of names counts before the name server, and an answer that lies does nothing to the terminal")
    func hostile() async throws {
        let records = "b.example A 127.0.0.99\n127.0.0.5 PTR \\x1b[31mred.example"
        let command = [Program.netprobe, "sweep", "-A", "b.example"]
        let outcome = try await run(records, hosts: "127.0.0.21 b.example", command)
        #expect(outcome.output == "127.0.0.21 is alive\n", "\(outcome)")
        let red = try await sweep(records, "-d 127.0.0.5")
        #expect(red.lines.count == 1 && !red.output.utf8.contains(0x1B), "\(red)")
    }

    @Test("more names than are read ahead come through standard input, each looked up and asked once")
    func many() async throws {
        let script = #"for i in {1..1000}; do echo h$i.example; done | "$0" sweep -i0 -r0 -4 | sort | uniq | wc -l"#
        let outcome = try await run("* A 127.0.0.9", ["bash", "-c", script, Program.netprobe])
        #expect(outcome.output == "1000\n", "\(outcome)")
    }

    // MARK: - Beside fping

    private static let comparisons = [
        "a.example b.example", "-m a.example", "-A b.example", "-mA a.example", "-4 both.example", "-6 both.example",
        "-A both.example", "-n 127.0.0.11 b.example 127.0.0.77", "-d 127.0.0.11 a.example 127.0.0.77", "-An 127.0.0.11",
        "-An 127.0.0.77", "-Ad a.example", "-Adm a.example", "-n 127.77", "-Ad 127.77 ::1", "-n ::1",
        "-g -n 127.0.0.20/30", "-g -An 127.0.0.20/30", "-C1 -n 127.0.0.11 127.0.0.1", "-c1 a.example 127.0.0.1",
        "nobody.example b.example", "nobody.example", "-q nobody.example", "-6 b.example", "-4 ::1", "fails.example",
        "localhost", "fe80::1%nope0",
    ]

    @Test(
        "a link named fping calls targets as fping(8) does",
        .enabled(if: Program.isInstalled("fping"), "fping is not installed"), arguments: comparisons)
    func sameNames(line: String) async throws {
        let arguments = ["-r0", "-t2000", "-p100"] + line.split(separator: " ").map(String.init)
        let theirs = try await run(Self.records, ["fping"] + arguments)
        let link = ["bash", "-c", #"exec -a fping "$0" "$@""#, Program.netprobe]
        let ours = try await run(Self.records, link + arguments)
        #expect(ours.status == theirs.status)
        #expect(comparable(ours.output) == comparable(theirs.output))
        #expect(comparable(ours.errors) == comparable(theirs.errors))
    }

    /// Lines without times, and as a set: who answers first is told of first, and each family has its own socket.
    private func comparable(_ text: String) -> [String] {
        text.split(separator: "\n").map { line in
            let words = line.split(separator: " ").map { word in
                word.wholeMatch(of: #/\(?\d+\.\d+(\/\d+\.\d+)*/#) == nil ? String(word) : "T"
            }
            return words.joined(separator: " ")
        }.sorted()
    }
}
