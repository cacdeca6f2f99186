import Testing

@Suite("What netprobe sweep prints")
struct SweepOutputTests {
    static func sweep(_ arguments: String, in network: Network = .pair) async throws -> Outcome {
        try await network.run([Program.netprobe, "sweep"] + arguments.split(separator: " ").map(String.init))
    }

    @Test("a port that is closed makes a target unreachable, and it is told who refuses", arguments: ["tcp", "udp"])
    func refused(method: String) async throws {
        let outcome = try await Self.sweep("--\(method) 79 198.18.1.2 2001:db8:1::2")
        #expect(outcome.lines == ["198.18.1.2 is unreachable", "2001:db8:1::2 is unreachable"])
        #expect(
            outcome.errorLines == [
                "Connection refused by 198.18.1.2 (port 79)", "Connection refused by 2001:db8:1::2 (port 79)",
            ])
        #expect(outcome.status == 1)
    }

    @Test("where each probe is shown, a refusal is one")
    func eachRefused() async throws {
        let outcome = try await Self.sweep("--tcp 79 -c2 -p20 198.18.1.2")
        #expect(
            SweepFpingTests.lines(of: outcome) == [
                "198.18.1.2 : [0], refused, T ms (NaN avg, 100% loss)",
                "198.18.1.2 : [1], refused, T ms (NaN avg, 100% loss)", "----", "",
                "198.18.1.2 : xmt/rcv/%loss = 2/0/100%", "exit status 1",
            ])
    }

    @Test("another address that answers stands in the line, on standard output")
    func otherSource() async throws {
        let outcome = try await Self.sweep("203.0.113.6", in: .hostile)
        #expect(outcome.output == "203.0.113.6 is alive [<- 203.0.113.206]\n")
        #expect(outcome.errors == "")
    }

    @Test("an ICMPv6 error is told of, and what it says")
    func ipv6Errors() async throws {
        let outcome = try await Self.sweep("-r0 -t300 2001:db8:113::1 2001:db8:113::201", in: .refusals)
        #expect(
            outcome.errorLines.sorted() == [
                "ICMPv6 Destination Unreachable (Communication with destination administratively prohibited) from "
                    + "2001:db8:1::2 for ICMPv6 Echo Request sent to 2001:db8:113::1",
                "ICMPv6 Time Exceeded (Hop limit exceeded in transit) from 2001:db8:2::2 for ICMPv6 Echo Request "
                    + "sent to 2001:db8:113::201",
            ])
    }

    @Test("-s has percentiles")
    func percentiles() async throws {
        let outcome = try await Self.sweep("-s -q -c3 -p10 198.18.1.2")
        for name in ["50th", "90th", "99th"] {
            #expect(
                outcome.errorLines.contains { $0.wholeMatch(of: #/ [\d.]+ ms \((\d+th) percentile\)/#)?.1 == name[...] }
            )
        }
    }

    @Test("fping's JSON has an object a line: answers, time-outs, summaries and statistics")
    func json() async throws {
        let outcome = try await Self.sweep("-J -s -c1 -t50 198.18.1.2 198.18.1.7")
        let types = outcome.lines.map { $0.split(separator: "\"").dropFirst().first ?? "" }
        #expect(types == ["resp", "timeout", "summary", "summary", "stats"])
        #expect(outcome.errors == "")
    }

    @Test("reports are of an interval, or of all intervals until now", arguments: [("", false), (",cumulative", true)])
    func intervals(keyword: String, isCumulative: Bool) async throws {
        let outcome = try await Self.sweep("-c25 -p100 -Q1\(keyword) 198.18.1.2")
        let counts = outcome.errorLines.compactMap { $0.firstMatch(of: #/ = (\d+)\//#).flatMap { Int($0.1) } }
        try #require(counts.count >= 3)
        #expect((counts[1] * 2 > counts[0] * 3) == isCumulative)
        #expect(counts.last == 25)
    }

    @Test("Netdata gets charts, and values each interval")
    func netdata() async throws {
        let outcome = try await Self.sweep("-N -c3 -p1000 -Q1 198.18.1.2")
        #expect(outcome.lines.count { $0.hasPrefix("CHART ") } == 3)
        #expect(outcome.lines.count { $0.hasPrefix("BEGIN fping.198_18_1_2_") } >= 6)
    }

    @Test("the time of replies is written in each format", arguments: ["unix", "ctime", "iso", "rfc3339"])
    func timestamps(format: String) async throws {
        let outcome = try await Self.sweep("-D --timestamp-format=\(format) -c1 198.18.1.2")
        let time = try #require(outcome.output.firstMatch(of: #/^\[([^\]]+)\] 198\.18\.1\.2 : \[0\], /#)?.1)
        switch format {
        case "unix": #expect(time.wholeMatch(of: #/\d{10,}\.\d{5}/#) != nil)
        case "ctime": #expect(time.wholeMatch(of: #/\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}/#) != nil)
        case "iso": #expect(time.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}/#) != nil)
        default: #expect(time.wholeMatch(of: #/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/#) != nil)
        }
    }
}
