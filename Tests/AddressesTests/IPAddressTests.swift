import Addresses
import Testing

@Suite struct IPAddressTests {
    @Test(
        "the text decides the family",
        arguments: [
            ("198.18.0.1", IPFamily.v4), ("2001:db8::1", .v6), ("::ffff:198.18.0.1", .v6),
        ])
    func family(text: String, family: IPFamily) throws {
        let address = try IPAddress(parsing: text)
        #expect(address.family == family)
        #expect(address.description == text)
    }

    @Test(
        "appended to bytes it is the same text, behind what is there",
        arguments: ["0.0.0.0", "198.18.100.29", "::", "2001:db8::1", "::ffff:198.18.0.1", "1:2:3:4:5:6:7:8"])
    func appended(text: String) throws {
        var bytes = Array("> ".utf8)
        try IPAddress(parsing: text).append(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "> " + text)
    }

    @Test("every IPv4 address comes before every IPv6 address")
    func order() {
        #expect(IPAddress(IPv4Address.broadcast) < IPAddress(IPv6Address.any))
        #expect(IPAddress(IPv4Address.loopback) < IPAddress(IPv4Address.broadcast))
    }

    @Test("an IPv4-mapped address is not equal to its IPv4 address")
    func mapped() {
        #expect(IPAddress(IPv6Address(mapping: .loopback)) != IPAddress(IPv4Address.loopback))
    }

    @Test("the number of bytes decides the family, and any other number makes no address")
    func bytes() {
        #expect(IPAddress(bytes: [127, 0, 0, 1]) == .v4(.loopback))
        #expect(IPAddress(bytes: IPv6Address.loopback.bytes) == .v6(.loopback))
        #expect(IPAddress(bytes: [UInt8](repeating: 0, count: 8)) == nil)
    }

    @Test("bytes are lent in network order, 4 or 16 of them", arguments: ["198.18.0.1", "2001:db8::1"])
    func lentBytes(text: String) throws {
        let address = try IPAddress(parsing: text)
        let copy = address.withBytes { bytes in bytes.indices.map { bytes[$0] } }
        #expect(copy == address.bytes)
        #expect(IPAddress(bytes: copy) == address)
    }

    @Test(
        "what both families have is asked of the address inside",
        arguments: [
            ("0.0.0.0", \IPAddress.isUnspecified), ("::", \.isUnspecified),
            ("127.0.0.1", \.isLoopback), ("::1", \.isLoopback),
            ("224.0.0.1", \.isMulticast), ("ff02::1", \.isMulticast),
            ("169.254.0.1", \.isLinkLocal), ("fe80::1", \.isLinkLocal),
        ] as [(String, KeyPath<IPAddress, Bool> & Sendable)])
    func properties(text: String, property: KeyPath<IPAddress, Bool> & Sendable) throws {
        let all = [\IPAddress.isUnspecified, \.isLoopback, \.isMulticast, \.isLinkLocal]
        let address = try IPAddress(parsing: text)
        #expect(all.filter { address[keyPath: $0] } == [property])
    }
}
