import Addresses
import Testing

@Suite struct ZonedAddressTests {
    // RFC 4007 §11.2 and §11.3.
    @Test(
        "a zone is an interface name or an index behind a percent sign",
        arguments: [
            ("fe80::1234%1", "1"), ("ff02::5678%5", "5"), ("fe80::1%eth0", "eth0"),
            ("fe80::1%wlp0s20f3.100", "wlp0s20f3.100"),
            ("fe80::1%123456789012345", "123456789012345"), ("::1%lo", "lo"), ("fe80::1%...", "..."),
            ("fe80::1%bür0", "bür0"),
        ])
    func zone(text: String, zone: String) throws {
        let address = try ZonedAddress(parsing: text)
        #expect(address.zone == zone)
        #expect(address.description == text)
    }

    @Test("an address of either family needs no zone", arguments: ["198.18.0.1", "fe80::1"])
    func noZone(text: String) throws {
        let address = try ZonedAddress(parsing: text)
        #expect(address.zone == nil)
        #expect(address.description == text)
    }

    @Test(
        "a zone that no interface can have is refused, with the place where it goes wrong",
        arguments: [
            ("198.18.0.1%eth0", .zoneOnIPv4, 10), ("fe80::1%", .emptyZone, 8),
            ("fe80::1%1234567890123456", .zoneTooLong, 8),
            ("fe80::1%eth/0", .malformedZone, 11), ("fe80::1%eth 0", .malformedZone, 11),
            ("fe80::1%e\u{1b}[2J", .malformedZone, 9),
            ("fe80::1%ü\u{202e}", .malformedZone, 9), ("fe80::1%e\u{0}", .malformedZone, 9),
            ("fe80::1%a%b", .malformedZone, 9),
            ("fe80::1%.", .malformedZone, 8), ("fe80::1%..", .malformedZone, 8), ("%eth0", .empty, 0),
            ("fe80:1%eth0", .tooFewGroups(found: 2), 6),
        ] as [(String, AddressError.Reason, Int)])
    func badZones(text: String, reason: AddressError.Reason, offset: Int) {
        #expect(throws: AddressError(reason, in: text, at: offset)) { try ZonedAddress(parsing: text) }
    }

    @Test("bytes that are not UTF-8 are no zone")
    func notUTF8() {
        let bytes = Array("fe80::1%e".utf8) + [0xff]
        let reason = #expect(throws: AddressError.self) { try ZonedAddress(parsingUTF8: bytes.span) }?.reason
        #expect(reason == .malformedZone)
    }

    @Test("an address is put together with its zone under the same rules")
    func together() throws {
        let address = IPAddress(IPv6Address(rawValue: 0xfe80 << 112 | 1))
        #expect(try ZonedAddress(address: address, zone: "eth0") == ZonedAddress(parsing: "fe80::1%eth0"))
        #expect(try ZonedAddress(address: address, zone: nil) == ZonedAddress(address))
        #expect(throws: AddressError(.emptyZone, in: "fe80::1%", at: 8)) {
            try ZonedAddress(address: address, zone: "")
        }
        #expect(throws: AddressError(.zoneOnIPv4, in: "127.0.0.1%lo", at: 9)) {
            try ZonedAddress(address: .v4(.loopback), zone: "lo")
        }
    }

    @Test("addresses are ordered by address, then without a zone before with one, then by zone")
    func order() throws {
        let texts = ["198.18.0.1", "fe80::1", "fe80::1%a", "fe80::1%b", "fe80::2"]
        let addresses = try texts.map { text throws(AddressError) in try ZonedAddress(parsing: text) }
        #expect(addresses.reversed().sorted() == addresses)
    }
}
