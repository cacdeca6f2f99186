import Glibc
import Testing

@Suite("netprobe called as fping beside fping(8)")
struct SweepFpingTests {
    static let hasPeer = {
        guard let peer = try? RunningProgram(["fping", "-v"]).outcome() else { return false }
        return peer.output.contains("Version 5.")
    }()

    /// The same arguments in the same place.
    struct Case: Sendable, CustomTestStringConvertible {
        let place: String
        let arguments: String
        /// What is on standard input, as printf(1) has it.
        var input: String?
        var testDescription: String { "\(place): \(input.map { "printf '\($0)' | " } ?? "")fping \(arguments)" }

        var network: Network {
            switch place {
            case "chain": .chain
            case "hostile": .hostile
            case "refusals": .refusals
            default: .pair
            }
        }

        /// The command line, with `program` called as fping.
        func command(_ program: String) -> [String] {
            let call = "exec -a fping \"$0\" \(arguments)"
            return ["bash", "-c", input.map { "printf '\($0)' | (\(call))" } ?? call, program]
        }

        /// Left out is where netprobe differs for a reason:
        /// - what newer versions do: ICMPv6 errors are told of, -g takes IPv6 addresses, -a, -u and -x leave -c alone,
        ///   and the titles of Netdata's charts do without the host;
        /// - replies with a wrong checksum do not count;
        /// - duplicates do not make up for lost replies in loops;
        /// - targets that do not answer are told of when that is known, and not after all others.
        static let all: [Case] = alive + counts + lists + names + ends + refusals + misbehaviours

        private static let hosts = "198.18.1.2 198.18.1.9 2001:db8:1::2"

        private static let alive: [Case] = [
            "198.18.1.2", "2001:db8:1::2", "-r1 -t100 \(hosts)", "-a -r0 -t100 \(hosts)", "-u -r0 -t100 \(hosts)",
            "-e 198.18.1.2", "-a -e 198.18.1.2", "-q -r0 -t100 \(hosts)", "-D -e 198.18.1.2", "-A 198.18.1.2",
            "-r0 -t50 198.18.1.9", "198.18.1.2 198.18.1.2", "-B1 -r2 -t50 198.18.1.9", "-i0.1 198.18.1.1 198.18.1.2",
            "-b0 198.18.1.2", "-b1000 198.18.1.2", "-R 198.18.1.2", "-O 184 198.18.1.2", "-M 198.18.1.2",
            "-b 4000 198.18.1.2", "-I lo 127.0.0.1", "::1 127.0.0.1", "-4 ::1", "-6 127.0.0.1", "-v",
            "-S 198.18.1.1 198.18.1.2", "-H 9 198.18.1.2", "-4 198.18.1.2", "-6 2001:db8:1::2",
        ].map { Case(place: "pair", arguments: $0) }

        private static let counts: [Case] = [
            "-c3 -p20 198.18.1.2", "-c2 -p100 -t45 \(hosts)", "-c2 -p100 -t45 -q \(hosts)", "-C3 -p100 -t45 \(hosts)",
            "-C3 -p100 -t45 -q \(hosts)", "-c2 -p100 -t45 -o \(hosts)", "-c2 -p20 -D 198.18.1.2", "-c1 -b12 198.18.1.2",
            "-c 2 -p 20 -H 1 -O 0x10 198.18.1.2", "-C5 -q -B1 -r1 -i10 -p60 198.18.1.2", "-c2 -p20 ::1",
            "-c2 -p20 -t10 198.18.1.9", "-c3 -p100 -Q1 198.18.1.2", "-c2 -p600 -t45 -Q1 \(hosts)",
            "-c8 -p300 -t100 -o -Q1 \(hosts)",
            "-N -c5 -p300 -t100 -Q1 \(hosts)", "-c1 -e 198.18.1.2",
            "-c1 198.18.1.2 198.18.1.2",
        ].map { Case(place: "pair", arguments: $0) }

        private static let lists: [Case] = [
            "-g 198.18.1.0/30", "-g 198.18.1.1 198.18.1.2", "-g -r0 -t50 198.18.1.8/29",
            "-g 198.18.1.2/32", "-g -q -c1 -t50 198.18.1.8/29", "-q nobody.invalid", "-c1 nobody.invalid 198.18.1.2",
            "-q nobody.invalid 198.18.1.2",
        ].map { Case(place: "pair", arguments: $0) }

        private static let names: [Case] =
            [
                "localhost", "-A localhost", "-m localhost", "-m -A localhost", "-n 127.0.0.1", "-d 127.0.0.1",
                "-n -A 127.0.0.1", "-c1 -A localhost 198.18.1.2", "nobody.invalid 198.18.1.2",
            ].map { Case(place: "pair", arguments: $0) } + [
                Case(place: "pair", arguments: "", input: "198.18.1.2\\n"),
                Case(place: "pair", arguments: "-a", input: "# none\\n\\n  198.18.1.2 router\\r\\n198.18.1.1"),
                Case(place: "pair", arguments: "-f - -c1", input: "198.18.1.2\\nlocalhost\\n"),
            ]

        private static let ends: [Case] = [
            "-s 198.18.1.2", "-s -q -c2 -p20 198.18.1.2", "-s -r0 -t50 \(hosts)", "-s -q nobody.invalid 198.18.1.2",
            "-x1 -r0 -t50 \(hosts)", "-x2 -r0 -t50 \(hosts)", "-x3 -r0 -t50 \(hosts)", "-x1 -s 198.18.1.2",
        ].map { Case(place: "pair", arguments: $0) }

        private static let refusals: [Case] =
            [0, 1, 2, 3, 9, 10, 13, 200, 201].map { Case(place: "refusals", arguments: "-r0 -t300 203.0.113.\($0)") }
            + [
                "-c1 -t300 203.0.113.1", "-c1 -q -t300 203.0.113.1", "-s -q -c1 -t300 203.0.113.1",
            ].map { Case(place: "refusals", arguments: $0) }
            + ["-r0 -t300 -H2 198.18.6.2", "-c2 -p100 -H3 198.18.6.2", "-H6 198.18.6.2"]
            .map { Case(place: "chain", arguments: $0) }

        private static let misbehaviours: [Case] =
            [1, 2, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17].flatMap { number in
                ["-r0 -t200", "-c2 -p250"]
                    .map { Case(place: "hostile", arguments: "\($0) 203.0.113.\(number)") }
            }
            + ["-r0 -t400 203.0.113.9", "-q -c2 -p100 203.0.113.2", "-C2 -q -p100 203.0.113.2"]
            .map { Case(place: "hostile", arguments: $0) }
    }

    @Test(
        "the same lines and the same exit status",
        .enabled(if: hasPeer, "fping 5 is not installed"), arguments: Case.all)
    func sameLines(_ example: Case) async throws {
        var (ours, theirs) = try await run(example)
        // A machine under load keeps either waiting now and then, and a reply counts as missing.
        for _ in 0..<4 where ours != theirs { (ours, theirs) = try await run(example) }
        #expect(ours == theirs)
    }

    private func run(_ example: Case) async throws -> (ours: [String], theirs: [String]) {
        let ours = try await example.network.run(example.command(Program.netprobe))
        let theirs = try await example.network.run(example.command("/usr/bin/fping"))
        return (Self.lines(of: ours), Self.lines(of: theirs))
    }

    static func lines(of outcome: Outcome) -> [String] {
        (comparable(outcome.output) + "----\n" + comparable(outcome.errors) + "exit status \(outcome.status)")
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Text without what differs from run to run.
    static func comparable(_ text: String) -> String {
        // Who looks for a neighbour that is not there tells of it when the kernel gives up, after three seconds or more.
        text.replacing(#/(?m)^ICMP Host Unreachable from 198.18.1.1 .*\n/#, with: "")
            .replacing(#/\d+(\.\d+)? ms/#, with: "T ms")
            .replacing(#/\(\d+(\.\d+)? avg/#, with: "(T avg")
            .replacing(#/(?m)min\/avg\/max = .*$/#, with: "min/avg/max = T")
            .replacing(#/ +\d+\.\d{3} sec/#, with: " T sec")
            .replacing(#/fping: Version.*|fping from netprobe.*/#, with: "version")
            .replacing(#/fping: comments to.*\n/#, with: "")
            .replacing(#/(?m)^SET (min|avg|max) = \d+$/#) { "SET \($0.1) = T" }
            .replacing(#/ for host [^ ']+'/#, with: "'")
            .replacing(#/\[\d+\.\d{5}\]/#, with: "[TIME]")
            .replacing(#/\[\d\d:\d\d:\d\d\]/#, with: "[TIME]")
            .replacing(#/(?m)^(\S+ +:)(( -| \d+\.?\d*)+)$/#) { match in
                match.1 + match.2.split(separator: " ").map { $0 == "-" ? " -" : " T" }.joined()
            }
    }

    @Test(
        "what can't be an argument has the same exit status, and one line that says so",
        .enabled(if: hasPeer, "fping 5 is not installed"),
        arguments: [
            "-c1 -l ::1", "-a -u ::1", "-b 70000 ::1", "-c 0 ::1", "-c x ::1", "-B 0.5 ::1", "-g 10.0.0.0/33",
            "-g ::1/64",
            "-f x -g 10.0.0.1", "-f /nonexistent", "-Z", "--nope", "-x 0 ::1", "-g 10.0.0.9 10.0.0.1", "-p",
            "-I nope0 ::1",
        ])
    func sameRefusals(arguments: String) async throws {
        let example = Case(place: "pair", arguments: arguments)
        let ours = try await example.network.run(example.command(Program.netprobe))
        let theirs = try await example.network.run(example.command("/usr/bin/fping"))
        #expect(ours.status == theirs.status && ours.output.isEmpty, "\(ours) \(theirs)")
        #expect(ours.errorLines.count == 1 && ours.errors.hasPrefix("fping: "), "\(ours)")
    }

    // MARK: - Signals

    /// Asks for the state of things, then interrupts; what came of it, each kind of line once where several follow.
    private func interrupted(_ program: String, _ arguments: String) async throws -> [String] {
        let example = Case(place: "pair", arguments: arguments)
        let outcome = try await example.network.run(example.command(program)) { running in
            try running.expect("[1], ")
            running.send(SIGQUIT)
            try running.expect("min/avg/max")
            running.send(SIGINT)
        }
        let lines = Self.lines(of: outcome).map { line in
            line.replacing(#/\[\d+\]/#, with: "[N]").replacing(#/\d+\/\d+\/0%/#, with: "N/N/0%")
        }
        return lines.enumerated().filter { $0.offset == 0 || lines[$0.offset - 1] != $0.element }.map(\.element)
    }

    @Test("a loop tells how things stand when asked, and ends with its summary", .enabled(if: hasPeer))
    func signals() async throws {
        let ours = try await interrupted(Program.netprobe, "-l -p50 198.18.1.2")
        let theirs = try await interrupted("/usr/bin/fping", "-l -p50 198.18.1.2")
        #expect(ours == theirs)
    }
}
