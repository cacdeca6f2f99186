import Testing

@testable import netprobe

@Suite("The grammar of ping")
struct PingCommandTests {
    private static let flagLetters = "346aAbBCdDfHjLnOqrRUvV"
    private static let flags = flagLetters.map { ["-\($0)", "host"] }
    private static let values = PingArguments.valueLetters.map { ["-\($0)", "7", "host"] }
    private static let mixtures: [[String]] = [
        ["host"], [], ["-c3", "host"], ["-qc3", "host"], ["-fqc", "3", "host"], ["host", "-q"], ["-W", "-1", "host"],
        ["-I", "eth0", "-I198.18.0.1", "host"], ["-c", "1", "-c", "2", "host"], ["-q", "-q", "host"], ["--", "-q"],
        ["-c", "1", "--", "-host", "-q"], ["a", "b", "-n", "c"],
    ]

    @Test("short options mean the same with and without ArgumentParser", arguments: flags + values + mixtures)
    func bothReadersAgree(arguments: [String]) throws {
        let options = ShortOptions(arguments, valueLetters: PingArguments.valueLetters)
        let direct = try #require(PingArguments(options))
        #expect(try direct == PingCommand.parse(options.separated).arguments)
    }

    @Test("every short option of the grammar is read without ArgumentParser")
    func everyLetterIsKnown() {
        let help = PingCommand.helpMessage(columns: 200)
        let letters = help.matches(of: #/(?m)^  -(.)[,]/#).map { String($0.1) }
        #expect(letters.count == Self.flagLetters.count + PingArguments.valueLetters.count + 1)
        for letter in letters where letter != "h" {
            #expect((Self.flagLetters + PingArguments.valueLetters).contains(letter), "-\(letter)")
        }
    }

    @Test("every short option has a long name that means the same")
    func longNames() throws {
        let help = PingCommand.helpMessage(columns: 200)
        for match in help.matches(of: #/(?m)^  -(.), --([a-z0-9-]+)( <)?/#) where match.1 != "h" {
            let value = match.3 == nil ? [] : ["7"]
            let short = try PingArguments.reading(["-\(match.1)"] + value + ["host"])
            let long = try PingArguments.reading(["--\(match.2)"] + value + ["host"])
            #expect(short == long, "--\(match.2)")
        }
    }

    @Test(
        "what is wrong is left to ArgumentParser to explain",
        arguments: [["-z", "host"], ["-c"], ["-qc"], ["--nonsense", "host"], ["-h"], ["-q=1", "host"]])
    func errorsAreExplained(arguments: [String]) {
        #expect(throws: (any Error).self) { try PingArguments.reading(arguments) }
    }
}
