import Testing

@Suite("What trace can't begin with")
struct TraceInputTests {
    private static let rows: [(arguments: String, says: String)] = [
        ("", "a host is required"), ("-n", "a host is required"), ("-m 256 ::1", "1 <= value <= 255"),
        ("-f 31 ::1", "first hop -f 31 is beyond the last, -m 30"), ("-p 65536 ::1", "invalid -p value: '65536'"),
        ("-M nope ::1", "unknown method -M 'nope'"), ("--confidence 100 --paths ::1", "0 < percent < 100"),
        ("-g 1,2,3,4,5,6,7,8,9 127.0.0.1", "the IPv4 header has room for 8"), ("-Z ::1", "'-Z'"),
        ("--nope ::1", "'--nope'"), ("-q", "Missing value for '-q <count>'"), ("::1 -q", "Missing value"),
        ("--coun 1 ::1", "'--coun'"), ("-n=1 ::1", "-="), ("127.0.0.1 70000", "invalid packet length value"),
        ("nosuchhost.invalid", "nosuchhost.invalid: "), ("1.2.3.256", "1.2.3.256: "), ("::g", "::g: "),
        ("-6 127.0.0.1", "127.0.0.1: Address family for hostname not supported"),
        ("-4 ::1", "::1: Address family for hostname not supported"), ("fe80::1%nope0", "fe80::1%nope0: "),
        ("-g nosuch.invalid 127.0.0.1", "nosuch.invalid: "), ("-g 2,::1 ::1", "the only type of routing header is 0"),
        ("--targets /nonexistent/file", "/nonexistent/file: No such file"), ("-i nope0 ::1", "unknown interface"),
    ]

    @Test("it says what is wrong in one line, prints nothing and ends with 2", arguments: rows)
    func oneLine(arguments: String, says: String) async throws {
        let texts = arguments.split(separator: " ").map(String.init)
        let outcome = try await Program.run([Program.netprobe, "trace"] + texts)
        #expect(outcome.isRefusal(by: "netprobe trace"), "\(outcome)")
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
    }

    @Test(
        "what the system refuses is one line too, and ends with 1",
        arguments: [
            ("198.18.0.1", "Network is unreachable"), ("2001:db8::1", "Network is unreachable"),
            ("-s 198.18.0.77 127.0.0.1", "198.18.0.77 is no address of this host"),
            ("fe80::1", "fe80::1%eth0 or -i eth0"),
        ])
    func refused(arguments: String, says: String) async throws {
        let texts = arguments.split(separator: " ").map(String.init)
        let outcome = try await Program.run([Program.netprobe, "trace"] + texts)
        #expect(outcome.status == 1 && outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome)")
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
    }

    @Test(
        "through a link it speaks under the link's name",
        arguments: [("traceroute", "::g"), ("traceroute6", "127.0.0.1")])
    func link(name: String, host: String) async throws {
        let script = #"exec -a "$1" "$0" "$2""#
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe, name, host])
        #expect(outcome.isRefusal(by: name), "\(outcome)")
    }

    @Test(
        "whatever it quotes does nothing to the terminal, is cut, and takes no time",
        arguments: BadInputTests.hostileTexts,
        [
            "@ ::1 x y", "-q @ ::1", "-M @ ::1", "-T -O @ ::1", "-P @ ::1", "-p @ ::1", "-w @ ::1", "-s @ ::1",
            "-g @ 127.0.0.1", "-i @ ::1", "-t @ ::1", "--asn-server @ ::1", "--confidence @ --paths ::1", "--@ ::1",
            "--targets /@", "@",
        ])
    func quoting(text: String, arguments: String) async throws {
        let script = #"exec "$0" trace "# + arguments.replacing("@", with: "-\(text)", maxReplacements: 1)
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe], limit: .seconds(30))
        #expect(outcome.isRefusal(by: "netprobe trace"), "\(outcome)")
        #expect(outcome.errors.utf8.count < 1200, "\(outcome.errors.utf8.count) bytes")
    }

    @Test("bad lines of a file do nothing to the terminal either", arguments: BadInputTests.hostileTexts)
    func hostileLines(text: String) async throws {
        let script = #"printf '%s/\n' \#(text) | "$0" trace --targets - -nq1"#
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe], limit: .seconds(30))
        #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome)")
        let isHarmless = outcome.errors.unicodeScalars.allSatisfy { scalar in
            scalar == "\n" || ![.control, .format, .unassigned].contains(scalar.properties.generalCategory)
        }
        #expect(isHarmless && outcome.errors.utf8.count < 2400, "\(outcome.errors)")
    }

    @Test("help is for whoever asks, and the version", arguments: [["-h"], ["--help"], ["-V"], ["--version"]])
    func help(arguments: [String]) async throws {
        let outcome = try await Program.run([Program.netprobe, "trace"] + arguments)
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        #expect(
            outcome.output.contains(
                arguments[0].lowercased().hasSuffix("v") || arguments == ["--version"] ? "netprobe 0." : "Examples:"))
    }
}
