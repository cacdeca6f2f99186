import Addresses
import TestSupport
import Testing

@Suite struct AddressRangeTests {
    @Test(
        "a range is read from two addresses, a prefix, or one address",
        arguments: [
            ("198.18.0.1-198.18.0.9", "198.18.0.1-198.18.0.9", 9), ("198.18.5.0/30", "198.18.5.0-198.18.5.3", 4),
            ("198.18.0.1", "198.18.0.1", 1), ("198.18.0.1-198.18.0.1", "198.18.0.1", 1),
        ] as [(String, String, UInt128)])
    func parsing(text: String, canonical: String, count: UInt128) throws {
        let range = try AddressRange<IPv4Address>(parsing: text)
        #expect(range.description == canonical)
        #expect(range.count == count)
    }

    @Test("all of IPv4 has 2^32 addresses, and all of IPv6 more than can be counted")
    func wholeSpaces() throws {
        #expect(try AddressRange<IPv4Address>(parsing: "0.0.0.0/0").count == 1 << 32)
        #expect(try AddressRange<IPv6Address>(parsing: "::/0").count == nil)
        #expect(try AddressRange<IPv6Address>(parsing: "::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").count == .max)
    }

    @Test("iteration gives every address once, in order")
    func iteration() throws {
        let range = try AddressRange<IPv4Address>(parsing: "198.18.0.254-198.18.1.1")
        #expect(range.map(\.description) == ["198.18.0.254", "198.18.0.255", "198.18.1.0", "198.18.1.1"])
    }

    @Test("iteration ends behind the last address of the space")
    func lastAddresses() {
        let ipv4 = AddressRange(IPv4Address(rawValue: .max - 1)...(.broadcast))
        #expect(Array(ipv4).map(\.rawValue) == [.max - 1, .max])
        let ipv6 = AddressRange(IPv6Address(rawValue: .max - 1)...IPv6Address(rawValue: .max))
        #expect(Array(ipv6).map(\.rawValue) == [.max - 1, .max])
    }

    @Test("an iterator that has ended stays at its end")
    func exhausted() {
        var iterator = AddressRange(IPv4Address.broadcast...(.broadcast)).makeIterator()
        #expect(iterator.next() == .broadcast)
        #expect(iterator.next() == nil)
        #expect(iterator.next() == nil)
    }

    @Test("the index of an address finds it again")
    func indexes() {
        var generator = SplitMix64(seed: 7)
        for _ in 0..<10_000 {
            let bounds = [IPv6Address.random(using: &generator), .random(using: &generator)].sorted()
            let range = AddressRange(bounds[0]...bounds[1])
            let index = UInt128.random(in: 0...range.last.rawValue - range.first.rawValue, using: &generator)
            #expect(range.index(of: range[index]) == index)
        }
    }

    @Test("the first index is that of the first address, the last that of the last, up to 2^128 - 1")
    func outermostIndexes() throws {
        let range = try AddressRange<IPv6Address>(parsing: "::/0")
        #expect(range[0] == .any)
        #expect(range[.max] == IPv6Address(rawValue: .max))
        #expect(range.index(of: IPv6Address(rawValue: .max)) == .max)
    }

    @Test("an address outside of a range has no index in it")
    func outside() throws {
        let range = try AddressRange<IPv4Address>(parsing: "198.18.0.1-198.18.0.9")
        #expect(range.index(of: IPv4Address(198, 18, 0, 0)) == nil)
        #expect(range.index(of: IPv4Address(198, 18, 0, 10)) == nil)
    }

    @Test("ranges that share one address overlap, neighbours do not")
    func overlaps() throws {
        let range = try AddressRange<IPv4Address>(parsing: "198.18.0.1-198.18.0.9")
        #expect(try range.overlaps(.init(parsing: "198.18.0.9-198.18.0.12")))
        #expect(try range.overlaps(.init(parsing: "198.18.0.0-198.18.0.12")))
        #expect(try !range.overlaps(.init(parsing: "198.18.0.10-198.18.0.12")))
        #expect(try !range.overlaps(.init(parsing: "198.18.0.0")))
    }

    @Test("bounds in the wrong order make no range")
    func reversed() {
        #expect(AddressRange(first: IPv4Address.broadcast, last: .any) == nil)
        #expect(AddressRange(first: IPv4Address.any, last: .any)?.count == 1)
    }

    @Test("ranges are ordered by first address, then by last")
    func order() throws {
        let texts = ["9.0.0.0", "10.0.0.0-10.0.0.1", "10.0.0.0-10.0.0.2", "10.0.0.1"]
        let ranges = try texts.map { text throws(AddressError) in try AddressRange<IPv4Address>(parsing: text) }
        #expect(ranges.reversed().sorted() == ranges)
    }

    @Test("a random range survives printing and reading")
    func roundTrip() {
        var generator = SplitMix64(seed: 8)
        for _ in 0..<5_000 {
            let bounds = [IPv6Address.random(using: &generator), .random(using: &generator)].sorted()
            let range = AddressRange(bounds[0]...bounds[1])
            #expect(AddressRange(range.description) == range)
        }
    }
}
