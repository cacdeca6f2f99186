import Addresses
import Packets
import Testing

/// What the vectors don't say of multicast listeners and routers.
@Suite struct MulticastListenerTests {
    private let zeros = String(repeating: "00", count: 16)

    private func error(in hexadecimal: String) -> ParseError? {
        let bytes = bytes(hexadecimal)
        return parseError { () throws(ParseError) in _ = try ICMPv6Message(of: bytes) }
    }

    @Test("a query of 24 bytes is MLDv1, one of 28 MLDv2, and between them is none")
    func queryVersions() throws {
        let query = "8200 0000 2710 0000" + zeros
        let group = IPv6Address(rawValue: 0)
        #expect(
            try ICMPv6Message(of: bytes(query)).body
                == .multicastListenerQuery(maximumResponseDelay: 10_000, group: group))
        #expect(error(in: query + "02") == ParseError(.icmpv6, .truncated(needed: 28, available: 25), at: 25))
        #expect(
            try ICMPv6Message(of: bytes(query + "027d 0000")).body
                == .multicastListenerQueryV2(
                    maximumResponseCode: ExponentialCode(rawValue: 10_000), MulticastQuery(group: group)))
    }

    @Test("what follows a report or the last source of a query is payload")
    func trailing() throws {
        #expect(try ICMPv6Message(of: bytes("8300 0000 0000 0000" + zeros + "0102")).length == 24)
        #expect(try ICMPv6Message(of: bytes("8200 0000 2710 0000" + zeros + "027d 0000 0102")).length == 28)
        #expect(try ICMPv6Message(of: bytes("8f00 0000 0000 0000 0102")).length == 8)
        #expect(try ICMPv6Message(of: bytes("9800 0000 0102")).length == 4)
    }

    @Test(
        "counts are not believed",
        arguments: [
            // Sources of a query, records of a report, sources and auxiliary data of a record.
            ("8200 0000 2710 0000 | 027d ffff", 28 + 65_535 * 16),
            ("8f00 0000 0000 ffff", 28),
            ("8f00 0000 0000 0001 0400 ffff |", 28 + 65_535 * 16),
            ("8f00 0000 0000 0001 04ff 0000 |", 28 + 255 * 4),
        ])
    func counts(hexadecimal: String, needed: Int) {
        let message = hexadecimal.replacing("|", with: zeros)
        let length = bytes(message).count
        #expect(error(in: message) == ParseError(.icmpv6, .truncated(needed: needed, available: length), at: length))
    }

    @Test("a solicitation of multicast routers has four bytes, and no message has fewer than it needs")
    func routerSolicitation() {
        let written = ICMPv6Message(.multicastRouterSolicitation).bytes(in: nil)
        #expect(written == bytes("9800 0000"))
        #expect(error(in: "9800 00") == ParseError(.icmpv6, .truncated(needed: 8, available: 3), at: 3))
        #expect(error(in: "9714 0000") == ParseError(.icmpv6, .truncated(needed: 8, available: 4), at: 4))
    }
}
