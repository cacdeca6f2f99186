import Testing

@Suite("Bad input of listen --raw")
struct ListenRawInputTests {
    static let rows = [
        BadInput("-i", "nope", says: "no interface is called 'nope'; ip link lists"),
        BadInput("-i", "", says: "no interface is called ''"),
        BadInput("-i", "lo\u{1B}[31m", says: #"no interface is called 'lo\u{1B}[31m'"#),
        BadInput("-i", says: "Missing value"),
        BadInput("-i", "lo", "icm", says: "filter 'icm': "),
        BadInput("-i", "lo", "--filter", "tcp port", says: "filter 'tcp port': "),
        BadInput("-i", "lo", "host", "1.2.3.4.5", says: "filter 'host 1.2.3.4.5': "),
        BadInput("-i", "lo", "tcp", "port", "http\u{1B}[31m", says: #"\u{1B}[31m"#),
        BadInput("--filter", "tcp", "udp", says: "only one of --filter and a filter behind the options"),
        BadInput("-p", "icmp", "-i", "lo", says: "say so in the filter, as in -i lo icmp"),
        BadInput("-4", "-i", "lo", says: "say so in the filter, as in -i lo ip"),
        BadInput("-4", "-6", says: "only one of -4 and -6"),
        BadInput("-6", "-p", "igmp", says: "-6 -p icmp"),
        BadInput("-p", "256", says: "invalid -p value: '256': not one of icmp, igmp, udp, tcp and all"),
        BadInput("-p", "icmpv6", says: "invalid -p value: 'icmpv6'"),
        BadInput("-p", "-1", says: "invalid -p value: '-1'"),
        BadInput("--promiscuous", says: "--promiscuous is for an interface"),
        BadInput("--promiscuous", "-i", "any", says: "--promiscuous is for one interface"),
        BadInput("-c", "0", says: "invalid -c value: '0': out of range"),
        BadInput("-c", "x", says: "invalid -c value: 'x': not a whole number"),
        BadInput("--duration", "soon", says: "invalid --duration value: 'soon': not a number of seconds"),
        BadInput("--duration", "0", says: "invalid --duration value: '0'"),
        BadInput("-d", "-1", says: "invalid --duration value: '-1': out of range"),
        BadInput("-d", "inf", says: "invalid --duration value: 'inf'"),
        BadInput("--tree", "--json", says: "only one of --tree and --json"),
        BadInput("-q", "--json", says: "only one of --quiet and --json"),
        BadInput("--json", "-w", "-", says: "--pcap - writes packets to standard output"),
        BadInput("--rotate-size", "1M", says: "are for --pcap"),
        BadInput("--files", "3", says: "are for --pcap"),
        BadInput("-w", "x", "--files", "3", says: "--files needs --rotate-size or --rotate-time"),
        BadInput("-w", "x", "--rotate-size", "1M", says: "need --files"),
        BadInput("-w", "-", "--rotate-size", "1M", "--files", "3", says: "it can't be rotated"),
        BadInput("-w", "x", "--rotate-size", "1M", "--files", "1", says: "invalid --files value: '1': out of range"),
        BadInput("-w", "x", "--rotate-size", "10", "--files", "3", says: "invalid --rotate-size value: '10': out of range"),
        BadInput("-w", "x", "--rotate-size", "M", "--files", "3", says: "invalid --rotate-size value: 'M'"),
        BadInput("-w", "x", "--rotate-size", "99999999999999999999G", "--files", "3", says: "out of range"),
        BadInput("-w", "x", "--rotate-time", "0", "--files", "3", says: "invalid --rotate-time value: '0'"),
        BadInput("-w", "", says: "a file has a name"),
        BadInput("--nope", says: "Unknown option '--nope'"),
        BadInput("-k", says: "Unknown option '-k'"),
    ]

    @Test("what can't be is said in one line, and nothing is heard", arguments: rows)
    func refused(_ row: BadInput) async throws {
        let outcome = try await Program.run([Program.netprobe, "listen", "--raw"] + row.arguments)
        #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errorLines.count { $0.hasPrefix("netprobe listen: ") } == 1, "\(outcome)")
        #expect(outcome.errors.contains(row.says), "\(outcome.errors)")
    }

    @Test("--raw has a help of its own, which that of listen names")
    func help() async throws {
        let raw = try await Program.run([Program.netprobe, "listen", "--raw", "--help"])
        #expect(raw.status == 0 && raw.output.contains("--promiscuous") && raw.output.contains("Examples:"))
        let listen = try await Program.run([Program.netprobe, "listen", "--help"])
        #expect(listen.status == 0 && listen.output.contains("listen --raw --help"))
    }
}
