import Testing

@Suite("What connect and listen can't begin with")
struct EndpointInputTests {
    static let long = String(repeating: "x", count: 300)

    static let connecting = [
        BadInput(says: "a host and a port are needed"),
        BadInput("localhost", says: "a host and a port are needed"),
        BadInput("localhost", "1", "2", says: "a host and a port are needed"),
        BadInput("", "80", says: "the host is empty"),
        BadInput(long, "80", says: "the host has 300 characters; a name has 253 at most"),
        BadInput("localhost", "0", says: "invalid port: '0': not a number from 1 to 65535"),
        BadInput("localhost", "65536", says: "invalid port: '65536'"),
        BadInput("localhost", "99999999999999999999", says: "invalid port: "),
        BadInput("localhost", "-1", says: "-1"),
        BadInput("localhost", "+80", says: "invalid port: '+80'"),
        BadInput("localhost", "http", says: "invalid port: 'http'"),
        BadInput("localhost", "", says: "invalid port: ''"),
        BadInput("nosuchhost.invalid", "80", says: "nosuchhost.invalid: "),
        BadInput("1.2.3.256", "80", says: "1.2.3.256: "),
        BadInput("-4", "-6", "localhost", "80", says: "only one of -4 and -6"),
        BadInput("-4", "::1", "80", says: "::1: "),
        BadInput("-u", "--sctp", "localhost", "80", says: "only one of --udp, --sctp, --unix and --tipc"),
        BadInput("-U", "--tipc", "x", says: "only one of --udp, --sctp, --unix and --tipc"),
        BadInput("-U", says: "--unix takes one operand"),
        BadInput("-U", "/tmp/a", "/tmp/b", says: "--unix takes one operand"),
        BadInput("-U", "", says: "path is empty"),
        BadInput("-U", "@", says: "name is empty after the @"),
        BadInput("-U", "/" + long, says: "has 301 bytes; 108 are the most"),
        BadInput("-U", "@" + long, says: "has 300 bytes; 107 are the most"),
        BadInput("-U", "-4", "/tmp/a", says: "-4 and -6 are for Internet addresses"),
        BadInput("-U", "-I", "lo", "/tmp/a", says: "-I is for Internet addresses"),
        BadInput("-U", "-s", "127.0.0.1", "/tmp/a", says: "-s is for Internet addresses"),
        BadInput("-U", "-t", "rdm", "/tmp/a", says: "not one of stream, seqpacket, datagram"),
        BadInput("--tipc", "-t", "raw", "1:2", says: "not one of stream, seqpacket, rdm, datagram"),
        BadInput("-t", "stream", "localhost", "80", says: "--type is for --unix and --tipc"),
        BadInput("--tipc", "4711", says: "invalid TIPC service: '4711'"),
        BadInput("--tipc", "4711:1-5", says: "invalid TIPC service: '4711:1-5'"),
        BadInput("--tipc", "4294967296:1", says: "invalid TIPC service"),
        BadInput("--tipc", "1:2:3", says: "invalid TIPC service"),
        BadInput("-I", "nope0", "localhost", "80", says: "unknown interface: 'nope0'"),
        BadInput("-s", "::g", "localhost", "80", says: "invalid source address: '::g'"),
        BadInput("-6", "-s", "127.0.0.1", "localhost", "80", says: "127.0.0.1 is no source for IPv6"),
        BadInput("-s", "198.18.0.77", "127.0.0.1", "80", says: "it is no address of this host"),
        BadInput("-w", "0", "localhost", "80", says: "invalid -w value: '0': less than 0.001"),
        BadInput("-w", "-1", "localhost", "80", says: "invalid -w value: '-1'"),
        BadInput("-w", "soon", "localhost", "80", says: "not a number of seconds"),
        BadInput("-c", "1", "localhost", "80", says: "-c and -i are for --probe"),
        BadInput("-p", "-c", "0", "localhost", "80", says: "invalid -c value"),
        BadInput("-p", "-i", "nan", "localhost", "80", says: "not a number of seconds"),
        BadInput("--nope", "localhost", "80", says: "'--nope'"),
        BadInput("--" + long, "localhost", "80", says: "Unknown option"),
        BadInput("localhost", "80", "-w", says: "Missing value for '-w"),
        BadInput("fe80::1", "80", says: "fe80::1%eth0 or -I eth0"),
    ]

    static let listening = [
        BadInput(says: "a port is needed"),
        BadInput("127.0.0.1", "80", "81", says: "a port is needed"),
        BadInput("65536", says: "invalid port: '65536': not a number from 0 to 65535"),
        BadInput("127.0.0.1", says: "invalid port: '127.0.0.1'"),
        BadInput("198.18.0.77", "0", says: "it is no address of this host"),
        BadInput("nosuchhost.invalid", "0", says: "nosuchhost.invalid: "),
        BadInput("--echo", "--discard", "0", says: "only one of --echo and --discard"),
        BadInput("--tipc", "1:5-2", says: "invalid TIPC service: '1:5-2'"),
        BadInput("-U", "/nonexistent/socket", says: "No such file or directory"),
        BadInput("-4", "::1", "0", says: "::1: "),
        BadInput("--exec", "sh", "0", says: "'--exec'"),
        BadInput("-p", "0", says: "'-p'"),
    ]

    @Test("connect says what is wrong in one line, prints nothing and ends with 2", arguments: connecting)
    func connect(_ input: BadInput) async throws { try await check("connect", input) }

    @Test("listen says what is wrong in one line, prints nothing and ends with 2", arguments: listening)
    func listen(_ input: BadInput) async throws { try await check("listen", input) }

    private func check(_ command: String, _ input: BadInput) async throws {
        let outcome = try await Program.run([Program.netprobe, command] + input.arguments, limit: .seconds(10))
        #expect(outcome.isRefusal(by: "netprobe \(command)"), "\(outcome)")
        #expect(outcome.errors.contains(input.says), "\(outcome.errors)")
    }

    @Test(
        "whatever they quote does nothing to the terminal", arguments: BadInputTests.hostileTexts,
        ["connect @ 80", "connect ::1 @", "connect -U /tmp/@", "connect --tipc @", "listen @ 80", "connect -s @ ::1 1"])
    func quoting(text: String, arguments: String) async throws {
        let script = #"exec "$0" "# + arguments.replacing("@", with: text, maxReplacements: 1)
        let outcome = try await Program.run(["bash", "-c", script, Program.netprobe], limit: .seconds(5))
        let isOneLine = outcome.errors.count(where: { $0 == "\n" }) == 1
        #expect(outcome.status > 0 && isOneLine && !outcome.errors.unicodeScalars.contains("\u{1B}"), "\(outcome)")
        #expect(outcome.errors.utf8.count < 1200)
    }

    @Test("a kernel without the protocol is said to be", arguments: [("--tipc 1:2", "tipc"), ("--sctp ::1 1", "sctp")])
    func missingProtocol(arguments: String, module: String) async throws {
        guard !(module == "tipc" ? Requirements.tipc : Requirements.sctp) else { return }
        let words = arguments.split(separator: " ").map(String.init)
        let outcome = try await Program.run([Program.netprobe, "connect"] + words)
        #expect(outcome.isRefusal(by: "netprobe connect"), "\(outcome)")
        #expect(outcome.errors.contains("not supported by this kernel; module \(module)"), "\(outcome.errors)")
    }
}
