import Addresses
import TestSupport
import Testing

@Suite struct PrefixTests {
    @Test(
        "reading a prefix keeps the network and drops the rest of the address",
        arguments: [
            ("198.18.5.0/15", "198.18.0.0/15"), ("198.18.5.7/32", "198.18.5.7/32"), ("198.18.5.7/0", "0.0.0.0/0"),
        ])
    func parsingIPv4(text: String, canonical: String) throws {
        #expect(try IPv4Prefix(parsing: text).description == canonical)
    }

    // RFC 4291 §2.3: the same prefix in three texts.
    @Test(
        "an IPv6 prefix is read from every text of its address",
        arguments: [
            "2001:0DB8:0000:CD30:0000:0000:0000:0000/60", "2001:0DB8::CD30:0:0:0:0/60", "2001:0DB8:0:CD30::/60",
            "2001:0DB8:0:CD30:123:4567:89AB:CDEF/60",
        ])
    func parsingIPv6(text: String) throws {
        #expect(try IPv6Prefix(parsing: text).description == "2001:db8:0:cd30::/60")
    }

    @Test(
        "the bounds and the mask of a network follow from its length",
        arguments: [
            ("198.18.0.0/15", "198.18.0.0", "198.19.255.255", "255.254.0.0"),
            ("0.0.0.0/0", "0.0.0.0", "255.255.255.255", "0.0.0.0"),
            ("198.18.0.1/32", "198.18.0.1", "198.18.0.1", "255.255.255.255"),
        ])
    func bounds(text: String, first: String, last: String, netmask: String) throws {
        let prefix = try IPv4Prefix(parsing: text)
        #expect([prefix.first, prefix.last, prefix.netmask].map(\.description) == [first, last, netmask])
    }

    @Test("a network contains its first and last address, and not the ones before and after")
    func contains() throws {
        let prefix = try IPv6Prefix(parsing: "2001:db8::/32")
        #expect(prefix.contains(prefix.first) && prefix.contains(prefix.last))
        #expect(!prefix.contains(IPv6Address(rawValue: prefix.first.rawValue - 1)))
        #expect(!prefix.contains(IPv6Address(rawValue: prefix.last.rawValue + 1)))
    }

    @Test("two networks overlap exactly when their ranges do")
    func overlaps() {
        var generator = SplitMix64(seed: 12)
        for _ in 0..<10_000 {
            // Few different bits, so that both answers come up often.
            let prefixes = (0..<2).map { _ in
                IPv4Prefix(
                    IPv4Address(rawValue: .random(in: 0..<16, using: &generator)),
                    length: .random(in: 27...32, using: &generator))
            }
            #expect(prefixes[0].overlaps(prefixes[1]) == prefixes[0].range.overlaps(prefixes[1].range))
        }
    }

    @Test("a prefix made exactly refuses an address that has bits behind it, and a length out of bounds")
    func exactly() {
        #expect(IPv4Prefix(exactly: IPv4Address(198, 18, 0, 0), length: 15)?.description == "198.18.0.0/15")
        #expect(IPv4Prefix(exactly: IPv4Address(198, 18, 5, 0), length: 15) == nil)
        #expect(IPv4Prefix(exactly: .any, length: 33) == nil)
        #expect(IPv4Prefix(exactly: .any, length: -1) == nil)
    }

    @Test("prefixes are ordered by address, and a larger network before a smaller one")
    func order() throws {
        let texts = ["0.0.0.0/0", "0.0.0.0/8", "9.0.0.0/8", "10.0.0.0/8", "10.0.0.0/16"]
        let prefixes = try texts.map { text throws(AddressError) in try IPv4Prefix(parsing: text) }
        #expect(prefixes.reversed().sorted() == prefixes)
    }

    @Test("a random prefix survives printing and reading")
    func roundTrip() {
        var generator = SplitMix64(seed: 5)
        for _ in 0..<5_000 {
            let prefix = IPv6Prefix(.random(using: &generator), length: .random(in: 0...128, using: &generator))
            #expect(IPv6Prefix(prefix.description) == prefix)
        }
    }
}
