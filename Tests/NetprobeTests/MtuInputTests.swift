import Probing
import Testing

@testable import netprobe

@Suite("What mtu can't begin with")
struct MtuInputTests {
    private static let rows: [(arguments: String, says: String)] = [
        ("", "a host is required"), ("-n", "a host is required"), ("::1 ::2", "'::2' is too much"),
        ("-l 67 ::1", "invalid -l value: '67': out of range: 68 <= value <= 128000"), ("-l 128001 ::1", "invalid -l"),
        ("-l x ::1", "not a whole number"), ("-m 0 ::1", "1 <= value <= 255"), ("-m 256 ::1", "1 <= value <= 255"),
        ("-p 0 ::1", "invalid -p value"), ("-p 65536 ::1", "invalid -p value"), ("-p nosuch ::1", "invalid -p value"),
        ("-I -p 5 ::1", "-p is for UDP"), ("-n -b ::1", "only one of -n and -b"), ("-4 -6 ::1", "only one -4 or -6"),
        ("-w x ::1", "invalid -w value: 'x'"), ("-w 1,2 ::1", "invalid -w value: '1,2'"), ("-w -1 ::1", "0 <= seconds"),
        ("--attempts 0 ::1", "1 <= value <= 20"), ("--attempts 21 ::1", "1 <= value <= 20"),
        ("-t 256 ::1", "from 0 to 255"), ("--fwmark x ::1", "invalid --fwmark"), ("-i nope0 ::1", "unknown interface"),
        ("-s nope ::1", "invalid -s value"), ("-4 -s ::1 h", "-s ::1 is no source for IPv4"),
        ("-Z ::1", "'-Z'"), ("--nope ::1", "'--nope'"), ("-l", "Missing value for '-l <bytes>'"), ("-n=1 ::1", "-="),
        ("nosuchhost.invalid", "nosuchhost.invalid: "), ("1.2.3.256", "1.2.3.256: "), ("::g", "::g: "),
        ("-6 127.0.0.1", "127.0.0.1: Address family for hostname not supported"),
        ("-4 ::1", "::1: Address family for hostname not supported"), ("fe80::1%nope0", "fe80::1%nope0: "),
        // The network that the tests are in has no routes.
        ("198.18.0.1", "Network is unreachable"), ("2001:db8::1", "Network is unreachable"),
        ("-s 198.18.0.77 127.0.0.1", "198.18.0.77 is no address of this host"), ("fe80::1", "fe80::1%eth0 or -i eth0"),
    ]

    @Test("it says what is wrong in one line, prints nothing and ends with 2", arguments: rows)
    func oneLine(arguments: String, says: String) async throws {
        let texts = arguments.split(separator: " ").map(String.init)
        let outcome = try await Program.run([Program.netprobe, "mtu"] + texts)
        #expect(outcome.isRefusal(by: "netprobe mtu"), "\(outcome)")
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
    }

    @Test(
        "through a link it speaks under the link's name",
        arguments: [("tracepath", "::g"), ("tracepath6", "127.0.0.1"), ("tracepath", "198.18.0.1")])
    func link(name: String, host: String) async throws {
        let script = #"exec -a "$1" "$0" "$2""#
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe, name, host])
        #expect(outcome.isRefusal(by: name), "\(outcome)")
    }

    @Test(
        "whatever it quotes does nothing to the terminal, is cut, and takes no time",
        arguments: BadInputTests.hostileTexts,
        [
            "@", "::1 @", "-l @ ::1", "-m @ ::1", "-p @ ::1", "-w @ ::1", "-i @ ::1", "-s @ ::1", "-t @ ::1",
            "--attempts @ ::1", "--fwmark @ ::1", "--@ ::1", "-@ ::1",
        ])
    func quoting(text: String, arguments: String) async throws {
        let script = #"exec "$0" mtu "# + arguments.replacing("@", with: "-\(text)", maxReplacements: 1)
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe], limit: .seconds(30))
        #expect(outcome.isRefusal(by: "netprobe mtu"), "\(outcome)")
        #expect(outcome.errors.utf8.count < 1200, "\(outcome.errors.utf8.count) bytes")
    }

    @Test("help is for whoever asks, and the version", arguments: [["-h"], ["--help"], ["-V"], ["--version"]])
    func help(arguments: [String]) async throws {
        let outcome = try await Program.run([Program.netprobe, "mtu"] + arguments)
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        #expect(outcome.output.contains(arguments[0].lowercased().contains("v") ? "netprobe 0." : "Examples:"))
    }

    @Test("a full disk is an error, and nobody reading any more is none to speak of")
    func output() async throws {
        let full = try await Program.run(["sh", "-c", "exec \(Program.netprobe) mtu -n 127.0.0.1 >/dev/full"])
        #expect(full.status == 2 && full.errors == "netprobe mtu: write error: No space left on device\n")
        let closed = try await Program.run(["bash", "-c", "\(Program.netprobe) mtu -n 127.0.0.1 | exit 0"])
        #expect(closed.errors.isEmpty, "\(closed)")
    }

    // MARK: - The grammar

    private func request(_ texts: String...) throws -> MtuRequest {
        let command = try MtuCommand.reading(ShortOptions(texts, valueLetters: MtuCommand.valueLetters))
        return try MtuRequest(command, programName: "netprobe mtu")
    }

    @Test("without options it is tracepath's: UDP to port 44444, 30 hops, beginning with the longest packet")
    func defaults() throws {
        let request = try request("host")
        #expect(request.host == "host" && request.trace.probe.method == .udp(port: 44444))
        #expect(request.trace.configuration.maximumHops == 30 && request.trace.dontFragment)
        #expect(request.maximumLength == 65_535 && request.attempts == 3)
    }

    @Test(
        "every option has a long name that means the same",
        arguments: [
            ("-4", "--ipv4"), ("-6", "--ipv6"), ("-n", "--numeric"), ("-b", "--both"), ("-l1400", "--length=1400"),
            ("-m9", "--max-hops=9"), ("-p53", "--port=53"), ("-I", "--icmp"), ("-t8", "--tos=8"), ("-w2", "--wait=2"),
            ("-s::1", "--source=::1"), ("-ilo", "--interface=lo"),
        ])
    func longNames(short: String, long: String) throws {
        let (first, second) = (try request(short, "h"), try request(long, "h"))
        #expect("\(first)" == "\(second)")
        #expect("\(first)" != "\(try request("h"))")
    }

    @Test("short options stand together as getopt(3) has it")
    func cluster() throws {
        let request = try request("-nIm", "9", "h")
        #expect(!request.display.showsNames && request.trace.probe.method == .icmp)
        #expect(request.trace.configuration.maximumHops == 9)
    }
}
