import Testing

@testable import netprobe

@Suite("The grammar of trace")
struct TraceCommandTests {
    private static let flagLetters = "46ADdeFIrnSTUV"
    private static let flags = flagLetters.map { ["-\($0)", "host"] }
    private static let values = TraceArguments.valueLetters.map { ["-\($0)", "7", "host"] }
    private static let mixtures: [[String]] = [
        ["host"], [], ["host", "100"], ["-q1", "host"], ["-nq1", "host"], ["-nIq", "1", "host"], ["host", "-n"],
        ["-w", "-1", "host"], ["-g", "a,b", "-gc", "host"], ["-q", "1", "-q", "2", "host"], ["--", "-n"],
        ["-q", "1", "--", "-host", "-n"],
    ]

    @Test("short options mean the same with and without ArgumentParser", arguments: flags + values + mixtures)
    func bothReadersAgree(arguments: [String]) throws {
        let options = ShortOptions(arguments, valueLetters: TraceArguments.valueLetters)
        let direct = try #require(TraceArguments(options))
        #expect(try direct == TraceCommand.parse(options.separated).arguments)
    }

    @Test("every short option of the grammar is read without ArgumentParser")
    func everyLetterIsKnown() {
        let help = TraceCommand.helpMessage(columns: 200)
        let letters = help.matches(of: #/(?m)^  -(.)[,]/#).map { String($0.1) }
        #expect(letters.count == Self.flagLetters.count + TraceArguments.valueLetters.count + 1)
        for letter in letters where letter != "h" {
            #expect((Self.flagLetters + TraceArguments.valueLetters).contains(letter), "-\(letter)")
        }
    }

    @Test("every short option has a long name that means the same")
    func longNames() throws {
        let help = TraceCommand.helpMessage(columns: 200)
        for match in help.matches(of: #/(?m)^  -(.), --([a-z0-9-]+)( <|, )?/#) where match.1 != "h" {
            let value = match.3 == nil ? [] : ["7"]
            let short = try TraceArguments.reading(["-\(match.1)"] + value + ["host"])
            let long = try TraceArguments.reading(["--\(match.2)"] + value + ["host"])
            #expect(short == long, "--\(match.2)")
        }
    }

    @Test(
        "every option of traceroute(8) is one of trace",
        arguments: [
            "-4", "-6", "-A", "--as-path-lookups", "-D", "--dccp", "-d", "--debug", "-e", "--extensions", "-F",
            "--dont-fragment", "-f 2", "--first=2", "-g a,b", "--gateway=a", "-I", "--icmp", "-i lo", "--interface=lo",
            "-l 5", "--flowlabel=5", "-m 9", "--max-hops=9", "-M tcp", "--module=tcp", "-N 1", "--sim-queries=1", "-n",
            "-O ack", "--options=ack", "-P 89", "--protocol=89", "-p 53", "--port=53", "-q 1", "--queries=1", "-r",
            "-s ::1", "--source=::1", "-S", "--sctp", "-T", "--tcp", "-t 8", "--tos=8", "-U", "--udp", "-UL", "-V",
            "--version",
            "-w 1,2,3", "--wait=1/2/3", "-z 20", "--sendwait=20", "--sport=5000", "--fwmark=1", "--mtu", "--back",
        ])
    func wholeGrammar(option: String) throws {
        let texts = option.split(separator: " ").map(String.init)
        let arguments = try TraceArguments.reading(texts + ["host", "100"])
        #expect(arguments.operands == ["host", "100"])
        var none = TraceArguments()
        none.operands = arguments.operands
        #expect(arguments != none)
    }

    @Test("-UL is one option, but for what follows --")
    func udpLite() throws {
        let option = try TraceArguments.reading(["-UL", "host"])
        #expect(option.udpLite && !option.udp)
        #expect(try TraceArguments.reading(["--", "-UL"]).operands == ["-UL"])
    }

    @Test(
        "what is wrong is left to ArgumentParser to explain",
        arguments: [
            ["-Z", "host"], ["-q"], ["-nq"], ["--nonsense", "host"], ["-h"], ["-n=1", "host"], ["-UX", "host"],
        ])
    func errorsAreExplained(arguments: [String]) {
        #expect(throws: (any Error).self) { try TraceArguments.reading(arguments) }
    }
}
