import Addresses
import Testing

@Suite struct IPv4AddressTests {
    @Test("the number of an address is in host byte order, its octets and bytes in network order")
    func byteOrder() {
        let address = IPv4Address(198, 18, 0, 1)
        #expect(address.rawValue == 0xc612_0001)
        #expect(address.octets == (198, 18, 0, 1))
        #expect(address.bytes == [198, 18, 0, 1])
    }

    @Test("exactly four bytes make an address")
    func bytes() {
        #expect(IPv4Address(bytes: [198, 18, 0, 1]) == IPv4Address(198, 18, 0, 1))
        #expect(IPv4Address(bytes: [198, 18, 0]) == nil)
        #expect(IPv4Address(bytes: [198, 18, 0, 1, 0]) == nil)
    }

    @Test("an address takes four bytes of memory, so that arrays of them are dense")
    func size() {
        #expect(MemoryLayout<IPv4Address>.stride == 4)
    }

    @Test("addresses are ordered as numbers and not as text")
    func order() {
        #expect(IPv4Address(9, 0, 0, 0) < IPv4Address(10, 0, 0, 0))
        #expect(IPv4Address(127, 255, 255, 255) < IPv4Address(128, 0, 0, 0))
    }

    @Test("the named addresses are those of their RFCs")
    func names() {
        #expect(
            "\(IPv4Address.any) \(IPv4Address.loopback) \(IPv4Address.broadcast)" == "0.0.0.0 127.0.0.1 255.255.255.255"
        )
    }

    @Test(
        "every class of addresses ends where its RFC ends it",
        arguments: [
            (\IPv4Address.isLoopback, "127.0.0.0", "127.255.255.255"),  // RFC 1122 §3.2.1.3
            (\IPv4Address.isMulticast, "224.0.0.0", "239.255.255.255"),  // RFC 1112 §4
            (\IPv4Address.isLinkLocal, "169.254.0.0", "169.254.255.255"),  // RFC 3927 §1
            (\IPv4Address.isPrivate, "10.0.0.0", "10.255.255.255"),  // RFC 1918 §3, here and below
            (\IPv4Address.isPrivate, "172.16.0.0", "172.31.255.255"),
            (\IPv4Address.isPrivate, "192.168.0.0", "192.168.255.255"),
        ] as [(KeyPath<IPv4Address, Bool> & Sendable, String, String)])
    func classes(property: KeyPath<IPv4Address, Bool> & Sendable, first: String, last: String) throws {
        let first = try IPv4Address(parsing: first)
        let last = try IPv4Address(parsing: last)
        #expect(first[keyPath: property] && last[keyPath: property])
        #expect(!IPv4Address(rawValue: first.rawValue - 1)[keyPath: property])
        #expect(!IPv4Address(rawValue: last.rawValue + 1)[keyPath: property])
    }

    @Test("only 0.0.0.0 is unspecified, and only 255.255.255.255 is the limited broadcast")
    func singleAddresses() {
        #expect(IPv4Address.any.isUnspecified && !IPv4Address(0, 0, 0, 1).isUnspecified)
        #expect(IPv4Address.broadcast.isLimitedBroadcast && !IPv4Address(198, 18, 0, 255).isLimitedBroadcast)
    }

    @Test("a substring, and bytes out of a larger buffer, are read as a string is")
    func otherTexts() throws {
        let line = "from 198.18.0.1 to 198.18.0.2"
        #expect(try IPv4Address(parsing: line.dropFirst(5).prefix(10)) == IPv4Address(198, 18, 0, 1))
        #expect(try IPv4Address(parsingUTF8: Array(line.utf8).span.extracting(19..<29)) == IPv4Address(198, 18, 0, 2))
    }

    // The examples of the inet_aton(3) manual, and what people type to ping.
    @Test(
        "the classic form takes one to four numbers in three bases",
        arguments: [
            ("127.1", "127.0.0.1"), ("127.0.1", "127.0.0.1"), ("2130706433", "127.0.0.1"), ("0x7f000001", "127.0.0.1"),
            ("0177.0.0.01", "127.0.0.1"), ("0X7F.1", "127.0.0.1"), ("10.65535", "10.0.255.255"), ("1.2.3.4", "1.2.3.4"),
            ("4294967295", "255.255.255.255"), ("0", "0.0.0.0"), ("198.18.258", "198.18.1.2"),
        ])
    func classicForms(text: String, canonical: String) throws {
        #expect(try IPv4Address(parsingClassic: text).description == canonical)
    }

    @Test(
        "the strict form takes none of the short, octal and hexadecimal ones",
        arguments: [
            "127.1", "2130706433", "0x7f000001", "0177.0.0.01", "0x7f.0.0.1",
        ])
    func strictForm(text: String) {
        #expect(IPv4Address(text) == nil)
    }
}
