import Packets
import Testing

@Suite struct ParseErrorTests {
    @Test(
        "an error is one line with the protocol, the reason and the place",
        arguments: [
            (
                ParseError(.ipv4, .truncated(needed: 20, available: 12), at: 12),
                "IPv4: needs 20 bytes, has 12 (at byte 12)"
            ),
            (ParseError(.ipv6, .wrongVersion(4), at: 0), "IPv6: wrong version 4 (at byte 0)"),
            (
                ParseError(.icmpv4, .badChecksum(expected: 0xABC, found: 0), at: 2),
                "ICMP: wrong checksum 0x0000, not 0x0abc (at byte 2)"
            ),
            (
                ParseError(.ipv4Options, .badOption(type: 7), at: 3),
                "IPv4 options: malformed option of type 7 (at byte 3)"
            ),
        ])
    func description(error: ParseError, text: String) {
        #expect(error.description == text)
    }
}
