import Addresses
import Testing

@Suite struct IPv6AddressTests {
    // RFC 4291 §2.2, forms 1 to 3.
    @Test(
        "every text form of RFC 4291 is read",
        arguments: [
            ("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", 0xabcd_ef01_2345_6789_abcd_ef01_2345_6789),
            ("2001:DB8:0:0:8:800:200C:417A", 0x2001_0db8_0000_0000_0008_0800_200c_417a),
            ("2001:DB8::8:800:200C:417A", 0x2001_0db8_0000_0000_0008_0800_200c_417a),
            ("FF01:0:0:0:0:0:0:101", 0xff01_0000_0000_0000_0000_0000_0000_0101),
            ("FF01::101", 0xff01_0000_0000_0000_0000_0000_0000_0101),
            ("0:0:0:0:0:0:0:1", 1), ("::1", 1), ("0:0:0:0:0:0:0:0", 0), ("::", 0),
            ("0:0:0:0:0:0:13.1.68.3", 0x0d01_4403), ("::13.1.68.3", 0x0d01_4403),
            ("0:0:0:0:0:FFFF:129.144.52.38", 0xffff_8190_3426), ("::FFFF:129.144.52.38", 0xffff_8190_3426),
        ] as [(String, UInt128)])
    func textForms(text: String, number: UInt128) throws {
        #expect(try IPv6Address(parsing: text).rawValue == number)
    }

    // The examples of RFC 5952 §1, §2 and §4, and what §4 makes of each.
    @Test(
        "the text of an address is the canonical one of RFC 5952",
        arguments: [
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8::1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8::0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:0db8::1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:0:1::1", "2001:db8::1:0:0:1"),
            ("2001:DB8:0:0:1::1", "2001:db8::1:0:0:1"), ("2001:0db8::0001", "2001:db8::1"),
            ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
            ("2001:db8:aaaa:bbbb:cccc:dddd:eeee:AAAA", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa"),
            ("2001:db8:aaaa:bbbb:cccc:dddd::1", "2001:db8:aaaa:bbbb:cccc:dddd:0:1"),
            ("0:0:0:0:0:ffff:192.0.2.1", "::ffff:192.0.2.1"), ("::ffff:c000:201", "::ffff:192.0.2.1"),
        ])
    func canonicalText(text: String, canonical: String) throws {
        #expect(try IPv6Address(parsing: text).description == canonical)
    }

    @Test("runs of zeros at either end are shortened too", arguments: ["::", "::1", "1::", "::1:0:1", "1:0:1::"])
    func zerosAtTheEnds(text: String) throws {
        #expect(try IPv6Address(parsing: text).description == text)
    }

    @Test("an address of the deprecated form ::a.b.c.d is printed without dots")
    func ipv4Compatible() throws {
        #expect(try IPv6Address(parsing: "::13.1.68.3").description == "::d01:4403")
    }

    @Test("the bytes of an address are in network order, and sixteen of them make it again")
    func bytes() throws {
        let address = try IPv6Address(parsing: "2001:db8::ff")
        #expect(address.bytes == [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff])
        #expect(IPv6Address(bytes: address.bytes) == address)
        #expect(IPv6Address(bytes: address.bytes.dropFirst()) == nil)
        #expect(IPv6Address(bytes: address.bytes + [0]) == nil)
    }

    @Test("an address takes sixteen bytes of memory, so that arrays of them are dense")
    func size() {
        #expect(MemoryLayout<IPv6Address>.stride == 16)
    }

    @Test(
        "every class of addresses ends where its RFC ends it",
        arguments: [
            (\IPv6Address.isLinkLocal, "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),  // RFC 4291 §2.4
            (\IPv6Address.isUniqueLocal, "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),  // RFC 4193 §3.1
            (\IPv6Address.isMulticastLinkLocal, "ff02::", "ff02:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),  // RFC 4291 §2.7
            (\IPv6Address.isMulticastLinkLocal, "ff12::", "ff12:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            (\IPv6Address.isIPv4Mapped, "::ffff:0.0.0.0", "::ffff:255.255.255.255"),  // RFC 4291 §2.5.5.2
            (\IPv6Address.isLoopback, "::1", "::1"),  // RFC 4291 §2.5.3
        ] as [(KeyPath<IPv6Address, Bool> & Sendable, String, String)])
    func classes(property: KeyPath<IPv6Address, Bool> & Sendable, first: String, last: String) throws {
        let first = try IPv6Address(parsing: first)
        let last = try IPv6Address(parsing: last)
        #expect(first[keyPath: property] && last[keyPath: property])
        #expect(!IPv6Address(rawValue: first.rawValue - 1)[keyPath: property])
        #expect(!IPv6Address(rawValue: last.rawValue + 1)[keyPath: property])
    }

    @Test("multicast is ff00::/8, up to the last address there is")
    func multicast() throws {
        #expect(try IPv6Address(parsing: "ff00::").isMulticast)
        #expect(IPv6Address(rawValue: .max).isMulticast)
        #expect(try !IPv6Address(parsing: "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").isMulticast)
    }

    @Test("only :: is unspecified")
    func unspecified() {
        #expect(IPv6Address.any.isUnspecified && !IPv6Address.loopback.isUnspecified)
    }

    @Test("an IPv4-mapped address gives back the IPv4 address, and no other address does")
    func mapped() throws {
        #expect(try IPv6Address(parsing: "::ffff:198.18.0.1").ipv4Mapped == IPv4Address(198, 18, 0, 1))
        #expect(try IPv6Address(parsing: "::198.18.0.1").ipv4Mapped == nil)
    }
}
