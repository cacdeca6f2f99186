import Addresses
import Testing

@Suite struct AddressErrorTests {
    @Test(
        "a bad IPv4 text is refused for the right reason, at the right place",
        arguments: [
            ("", .empty, 0), ("1.2.3", .tooFewParts(found: 3), 5), ("1.2.3.4.5", .tooManyParts, 8),
            ("1..2.3", .emptyPart, 2),
            (".1.2.3", .emptyPart, 0), ("1.2.3.", .emptyPart, 6), ("1.2.3.4.", .emptyPart, 8),
            ("198.18.0.256", .partTooLarge(maximum: 255), 9),
            ("1.2.3.99999999999999999999", .partTooLarge(maximum: 255), 6), ("198.18.0.010", .leadingZero, 9),
            ("00.0.0.0", .leadingZero, 0),
            ("0x7f.0.0.1", .notDecimal, 1), (" 1.2.3.4", .notDecimal, 0), ("1.2.3.4 ", .notDecimal, 7),
            ("1.2.3.4\n", .notDecimal, 7),
            ("1.2.3.-4", .notDecimal, 6), ("1.2.3.+4", .notDecimal, 6), ("1.2.3.٤", .notDecimal, 6),
            ("1.2.3.4\u{301}", .notDecimal, 7),
            ("1.2.3.4/24", .notDecimal, 7), ("1.2.3.4%1", .misplacedZone, 7), ("1.2.3.4\0", .notDecimal, 7),
            ("é.1.2.3", .notDecimal, 0),
        ] as [(String, AddressError.Reason, Int)])
    func ipv4(text: String, reason: AddressError.Reason, offset: Int) {
        #expect(throws: AddressError(reason, in: text, at: offset)) { try IPv4Address(parsing: text) }
    }

    @Test(
        "a bad classic IPv4 text is refused for the right reason, at the right place",
        arguments: [
            ("", .empty, 0), ("08", .notOctal, 1), ("0x", .notHexadecimal, 2), ("0x.1", .notHexadecimal, 2),
            ("1a", .notDecimal, 1),
            ("1g", .notDecimal, 1), ("4294967296", .partTooLarge(maximum: 4_294_967_295), 0),
            ("1.16777216", .partTooLarge(maximum: 16_777_215), 2),
            ("1.2.65536", .partTooLarge(maximum: 65_535), 4), ("256.1", .partTooLarge(maximum: 255), 0),
            ("1.2.3.256", .partTooLarge(maximum: 255), 6),
            ("1.2.3.4.5", .tooManyParts, 8), ("127.", .emptyPart, 4), (".1", .emptyPart, 0), ("127.1 ", .notDecimal, 5),
            ("99999999999999999999999999", .partTooLarge(maximum: 4_294_967_295), 0),
        ] as [(String, AddressError.Reason, Int)])
    func classic(text: String, reason: AddressError.Reason, offset: Int) {
        #expect(throws: AddressError(reason, in: text, at: offset)) { try IPv4Address(parsingClassic: text) }
    }

    @Test(
        "a bad IPv6 text is refused for the right reason, at the right place",
        arguments: [
            ("", .empty, 0), (":", .looseColon, 0), (":1::", .looseColon, 0), (":::", .looseColon, 2),
            ("1::2:", .looseColon, 4),
            ("1:::2", .looseColon, 3), ("1::2::3", .secondCompression, 4), ("::1::", .secondCompression, 3),
            ("1:2:3:4:5:6:7", .tooFewGroups(found: 7), 13), ("1:2:3:4:5:6:7:8:9", .tooManyGroups, 16),
            ("1:2:3:4:5:6:7:8::", .tooManyGroups, 15),
            ("::1:2:3:4:5:6:7:8", .tooManyGroups, 0), ("2001:db8::12345", .groupTooLong, 10),
            ("::00001", .groupTooLong, 2),
            ("2001:db8::g", .notHexadecimal, 10), ("2001:db8::1g", .notHexadecimal, 11), ("::1 ", .notHexadecimal, 3),
            ("::1/64", .notHexadecimal, 3),
            ("fe80::1%eth0", .misplacedZone, 7), ("fe80::%eth0", .misplacedZone, 6),
            ("1:2:3:4:5:6:7:1.2.3.4", .tooManyGroups, 14),
            ("::1.2.3", .tooFewParts(found: 3), 7), ("::1.2.3.256", .partTooLarge(maximum: 255), 8),
            ("::1.2.3.4::", .notDecimal, 9),
            ("::f.2.3.4", .notDecimal, 2), ("::1.2.3.04", .leadingZero, 8), ("[::1]", .notHexadecimal, 0),
            ("1.2.3.4", .tooFewGroups(found: 2), 7),
            ("::é", .notHexadecimal, 2),
        ] as [(String, AddressError.Reason, Int)])
    func ipv6(text: String, reason: AddressError.Reason, offset: Int) {
        #expect(throws: AddressError(reason, in: text, at: offset)) { try IPv6Address(parsing: text) }
    }

    @Test(
        "a bad prefix is refused for the right reason, at the right place",
        arguments: [
            ("", .empty, 0), ("198.18.0.0", .missingPrefixLength, 10), ("198.18.0.0/", .missingPrefixLength, 11),
            ("198.18.0/24", .tooFewParts(found: 3), 8),
            ("198.18.0.0/33", .prefixLengthTooLarge(maximum: 32), 11),
            ("198.18.0.0/99999999999999999999", .prefixLengthTooLarge(maximum: 32), 11),
            ("198.18.0.0/08", .malformedPrefixLength, 11), ("198.18.0.0/-1", .malformedPrefixLength, 11),
            ("198.18.0.0/2x", .malformedPrefixLength, 12),
            ("198.18.0.0/24/24", .malformedPrefixLength, 13), ("/24", .empty, 0),
            ("198.18.0.256/24", .partTooLarge(maximum: 255), 9),
        ] as [(String, AddressError.Reason, Int)])
    func prefix(text: String, reason: AddressError.Reason, offset: Int) {
        #expect(throws: AddressError(reason, in: text, at: offset)) { try IPv4Prefix(parsing: text) }
    }

    @Test(
        "a bad range is refused for the right reason, at the right place",
        arguments: [
            ("::2-::1", .reversedRange, 4), ("::1-", .empty, 4), ("-::1", .empty, 0),
            ("::1-::2-::3", .notHexadecimal, 7), ("::1-::g", .notHexadecimal, 6),
            ("::1-1.2.3.4", .tooFewGroups(found: 2), 11), ("::/129", .prefixLengthTooLarge(maximum: 128), 3),
        ] as [(String, AddressError.Reason, Int)])
    func range(text: String, reason: AddressError.Reason, offset: Int) {
        #expect(throws: AddressError(reason, in: text, at: offset)) { try AddressRange<IPv6Address>(parsing: text) }
    }

    @Test(
        "the description names the text, the place, the offending thing and what would be right",
        arguments: [
            ("198.18.0.256", #""198.18.0.256", character 10: "256" is more than 255, the most that fits here"#),
            (
                "198.18.0.010",
                #""198.18.0.010", character 10: "010" starts with 0, which some programs read as octal; write it without"#
            ),
            ("198.18.1", #""198.18.1", at the end: an IPv4 address is four numbers as in 198.18.0.1; here are 3"#),
            ("", "an empty text is not an address: write one like 198.18.0.1 or 2001:db8::1"),
            ("::1::2", #""::1::2", character 4: "::" can stand only once in an IPv6 address"#),
        ])
    func description(text: String, expected: String) {
        let error = #expect(throws: AddressError.self) { try IPAddress(parsing: text) }
        #expect(error?.description == expected)
    }

    @Test(
        "what could act on a terminal is escaped",
        arguments: [
            ("1.2.3.\u{1b}[2J", #""1.2.3.\u{1b}[2J""#), ("1\n2", #""1\u{a}2""#), (#"1"2\"#, #""1\"2\\""#),
            ("1\u{202e}2", #""1\u{202e}2""#),
            ("1\u{9b}2", #""1\u{9b}2""#), ("1ü", #""1ü""#),
        ])
    func escaping(text: String, quoted: String) {
        let error = #expect(throws: AddressError.self) { try IPAddress(parsing: text) }
        #expect(error?.description.hasPrefix(quoted + ", ") == true)
    }

    @Test("a long text is cut in the description and whole in the error")
    func length() {
        let text = String(repeating: "x", count: 100_000)
        let error = #expect(throws: AddressError.self) { try IPAddress(parsing: text) }
        #expect(error?.text == text)
        #expect(error.map { $0.description.count < 250 } == true)
    }
}
