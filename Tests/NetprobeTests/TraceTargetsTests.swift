import Testing

@testable import netprobe

@Suite("A file of targets")
struct TraceTargetsTests {
    private func targets(_ text: String, pieces: Int = 1 << 20) -> TraceTargets {
        var targets = TraceTargets()
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            targets.read(bytes[start..<min(start + pieces, bytes.count)])
        }
        targets.end()
        return targets
    }

    @Test("it names a host a line, beside comments and blanks, whatever the line ends", arguments: [1, 2, 7, 1000])
    func lines(pieces: Int) {
        let found = targets("# all\n198.18.0.1\r\n\n \t2001:db8::1 # one\nhost.example\nfe80::1%eth0", pieces: pieces)
        #expect(found.complaints.isEmpty)
        #expect(found.lines.map(\.number) == [2, 4, 5, 6])
        #expect(found.lines.map(\.host) == ["198.18.0.1", "2001:db8::1", "host.example", "fe80::1%eth0"])
    }

    private static let wrongLines = [
        ("1.2.3.256", "'1.2.3.256' is no IPv4 address"), ("::g", "can't stand here"), ("::1%", "the zone is missing"),
        ("a b", "'b' is too much"), ("-n", "'-n' is no name of a host"), ("a/b", "'a/b' is no name"),
        ("a\u{1b}[31m", "is no name"), (String(repeating: "x", count: 256), "longer than 255 bytes"),
        (String(repeating: " ", count: 5000), "longer than 4096 bytes"), ("a,b", "is no name"), ("\0", "is no name"),
    ]

    @Test("a wrong line is named by its number, and the others count", arguments: wrongLines)
    func wrong(line: String, reason: String) throws {
        let found = targets("good\n\(line)\nbetter")
        #expect(found.lines.map(\.host) == ["good", "better"])
        let complaint = try #require(found.complaints.first)
        #expect(found.complaints.count == 1 && complaint.line == 2)
        #expect(complaint.reason.contains(reason), "\(complaint.reason)")
        #expect(complaint.reason.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }

    @Test("a file without an end of line, or without anything, is read too")
    func ends() {
        #expect(targets("").lines.isEmpty)
        #expect(targets("\n\n").lines.isEmpty)
        #expect(targets("a").lines.map(\.host) == ["a"])
    }

    @Test("bytes that are no UTF-8 are no host")
    func notUTF8() {
        var found = TraceTargets()
        found.read([0xFF, 0xFE, 0x0A])
        found.end()
        #expect(found.lines.isEmpty && found.complaints.map(\.line) == [1])
    }
}
