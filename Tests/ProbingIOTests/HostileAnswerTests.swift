import Addresses
import TestSupport
import Testing

@testable import ProbingIO

@Suite("Hostile answers from a name server")
struct HostileAnswerTests {
    /// What the first record of an answer begins with: the name that was asked, a PTR or TXT record of a minute.
    private static let pointer = "c00c000c00010000003c"
    private static let text = "c00c001000010000003c"

    private static let malformedNames = [
        "MESSAGE", "MESSAGE 00", "MESSAGE 8580", "MESSAGE 858000010001000000",
        "MESSAGE 8580ffffffffffffffff", "MESSAGE 85800001ffff00000000",
        "MESSAGE \(String(repeating: "c0", count: 4000))",
        // The record begins at octet 42, and its data at 54: a pointer to itself, and beyond the end.
        "ANSWER \(pointer)0002c036", "ANSWER \(pointer)0002ffff", "ANSWER \(pointer)000603616263c036",
        // Data of no octets, of more than there are, a label of more than there are, and one of a kind that is none.
        "ANSWER \(pointer)0000", "ANSWER \(pointer)ffff0361626300", "ANSWER \(pointer)00053f616263",
        "ANSWER \(pointer)000240ff", "ANSWER c02a000c00010000003c0002c00c", "ANSWER", "ANSWER c0",
    ]

    /// One server for all of them, each at an address whose name has as many octets.
    private static let lab = Result {
        try LabNameServer(
            malformedNames.enumerated().map { "198.18.0.\(10 + $0) \($1)\n" }.joined()
                + malformedTexts.enumerated().map { "a\($0).example \($1)\n" }.joined())
    }

    @Test("a malformed answer is no name", arguments: malformedNames.indices)
    func malformedName(number: Int) throws {
        let resolver = NameResolver(server: try Self.lab.get().server, patience: .milliseconds(20))
        #expect(try resolver.settledName(of: "198.18.0.\(10 + number)") == .none, "\(Self.malformedNames[number])")
    }

    private static let malformedTexts = [
        "ANSWER \(text)0000", "ANSWER \(text)0003ff6162", "ANSWER \(text)ffff0161", "ANSWER \(text)000102",
        "MESSAGE 8580", "ANSWER c0",
    ]

    @Test("a malformed answer is no text", arguments: malformedTexts.indices)
    func malformedText(number: Int) throws {
        let resolver = NameResolver(server: try Self.lab.get().server, patience: .milliseconds(20))
        #expect(resolver.settledTexts(of: "a\(number).example") == .none, "\(Self.malformedTexts[number])")
    }

    @Test(
        "a name with what no host name has is none",
        arguments: ["ev\\x1b[31mil.example", "a\\x00b.example", "a\\xffb.example", "a\\x0ab.example", "a b.example"])
    func oddName(name: String) throws {
        let lab = try LabNameServer("198.18.0.1 PTR \(name)")
        let resolver = NameResolver(server: lab.server, patience: .milliseconds(20))
        #expect(try resolver.settledName(of: "198.18.0.1") == .none)
    }

    @Test("a text may hold any octets, and is cut")
    func oddTexts() throws {
        let lab = try LabNameServer(
            """
            odd.example TXT \\x1b[31m\\x00\\xff
            long.example TXT \(String(repeating: "x", count: 5000))
            \((0..<100).map { "many.example TXT \($0)\n" }.joined())
            long.example TRUNCATED
            many.example TRUNCATED
            """)
        let resolver = NameResolver(server: lab.server)
        #expect(resolver.settledTexts(of: "odd.example") == .found(["\u{1B}[31m\0\u{FFFD}"]))
        #expect(resolver.settledTexts(of: "long.example").value?.map(\.utf8.count) == [DNSChannel.longestText])
        #expect(resolver.settledTexts(of: "many.example").value?.count == DNSChannel.mostTexts)
    }

    @Test("a name that can't be asked for has no texts", arguments: oddQuestions)
    func oddQuestion(name: String) throws {
        let resolver = NameResolver(server: try Self.lab.get().server)
        #expect(resolver.settledTexts(of: name) == .none)
    }

    private static let oddQuestions = [
        "", ".", "..", "a..b", "\0", "é", "a\\", "\\999", String(repeating: "x", count: 64) + ".example",
        String(repeating: "xxxxxxx.", count: 32) + "example", String(repeating: ".", count: 100_000),
    ]

    @Test("answers of random octets are read to the end")
    func random() throws {
        var generator = SplitMix64(seed: 7)
        let lines = (0..<300).flatMap { number in
            let octets = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                let octet = UInt8.random(in: 0...255, using: &generator)
                return (octet < 16 ? "0" : "") + String(octet, radix: 16)
            }
            let start = [Self.pointer, Self.text, "", "c00c"][number % 4]
            return [
                "198.18.1.\(number % 250) ANSWER \(start)\(octets.joined())",
                "t\(number).example ANSWER \(start)\(octets.joined())",
            ]
        }
        let lab = try LabNameServer(lines.joined(separator: "\n"))
        let resolver = NameResolver(server: lab.server, patience: .milliseconds(20))
        for number in 0..<250 { resolver.lookUpName(of: .v4(IPv4Address(198, 18, 1, UInt8(number)))) }
        for number in 0..<300 { resolver.lookUpTexts(of: "t\(number).example") }
        resolver.settle()
        #expect(!resolver.isBusy)
    }
}
