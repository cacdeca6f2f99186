import Testing

@Suite("decode of hexadecimal text")
struct DecodeTextTests {
    @Test("every style is read", arguments: PacketText.dumps)
    func style(_ style: PacketText) async throws {
        let outcome = try await DecodeTests.decode(input: style.text)
        #expect(outcome.lines == [Echo.line, Echo.replyLine], "\(outcome.errors)")
        #expect(outcome.status == 0 && outcome.errors == "")
    }

    @Test("lines that end as in other systems are read", arguments: PacketText.dumps)
    func carriageReturns(_ style: PacketText) async throws {
        let outcome = try await DecodeTests.decode(input: style.text.replacing("\n", with: "\r\n"))
        #expect(outcome.lines == [Echo.line, Echo.replyLine], "\(outcome.errors)")
    }

    @Test("lines that a dump leaves out, because they are like the one before, are there", arguments: PacketText.zeros)
    func leftOut(_ style: PacketText) async throws {
        let outcome = try await DecodeTests.decode("--json", input: style.text)
        #expect(outcome.output.contains(#","captured":148,"line":"IP6 ::1 > ::1: ICMP6, echo request, id 7125"#))
        #expect(outcome.status == 0 && outcome.errors == "")
    }

    @Test("characters beside a dump are no digits, whatever they are")
    func characters() async throws {
        let text = """
            00000000: 4500 0024 0000 4000 4011 0000 7f00 0001  abcd 0123 4567 8
            00000010: 7f00 0001 1388 1389 0010 0000 6465 6164  dead beef dead b
            00000020: 6265 6566                                beef
            """
        let outcome = try await DecodeTests.decode(input: text)
        #expect(outcome.output == "IP 127.0.0.1.5000 > 127.0.0.1.5001: UDP, length 8\n", "\(outcome)")
    }

    @Test("each packet is printed as soon as the line behind it has come")
    func asItComes() async throws {
        let running = try RunningProgram(
            [Program.netprobe, "decode"], input: "\(Echo.digits)\n\n\(Echo.replyDigits)\n", staysOpen: true)
        try running.expect(Echo.line + "\n")
        #expect(!running.output.contains("reply"))
    }

    @Test("text that was cut into pieces anywhere is the same")
    func pieces() async throws {
        let outcome = try await DecodeTests.script(
            #"while IFS= read -rN 1 c; do printf %s "$c"; sleep 0.001; done <dump | "$0" decode"#,
            files: ["dump": Array(PacketText.dumps[0].text.utf8)])
        #expect(outcome.lines == [Echo.line, Echo.replyLine], "\(outcome.errors)")
    }

    @Test("text is read up to what can't be right, whose line and column are named", arguments: FlawedText.all)
    func flaws(_ flawed: FlawedText) async throws {
        let outcome = try await DecodeTests.decode(input: flawed.text)
        #expect(outcome.errors == "netprobe decode: standard input: \(flawed.says)\n")
        #expect(outcome.lines == Array(repeating: Echo.line, count: flawed.packets))
        #expect(outcome.status == 1)
    }

    @Test(
        "--link says what packets begin with, where their bytes may be anything",
        arguments: [
            ("ipv4", Echo.digits, Echo.line), ("ipv6", Echo.digits, "[IPv6: needs 40 bytes, has 32 "),
            ("ethernet", "45000020ee32004000400140a87f0000017f", "00:40:00:40:01:40 > 45:00:00:20:ee:32, "),
        ])
    func link(name: String, digits: String, line: String) async throws {
        let outcome = try await DecodeTests.decode("--link", name, input: digits)
        #expect(outcome.output.hasPrefix(line), "\(outcome)")
        #expect(outcome.lines.count == 1 && outcome.status == 0)
    }
}
