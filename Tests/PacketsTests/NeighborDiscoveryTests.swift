import Addresses
import Packets
import Testing

/// What the vectors don't say of neighbour discovery.
@Suite struct NeighborDiscoveryTests {
    private let ends = PseudoHeader.v6(source: v6(2, 2), destination: v6(1, 1))

    private func error(in hexadecimal: String) -> ParseError? {
        let bytes = bytes(hexadecimal)
        return parseError { () throws(ParseError) in _ = try ICMPv6Message(of: bytes) }
    }

    /// A router solicitation with these options.
    private func options(_ hexadecimal: String) throws -> [NeighborDiscoveryOption]? {
        let message = try ICMPv6Message(of: bytes("8500 0000 0000 0000" + hexadecimal))
        guard case .routerSolicitation(let options) = message.body else { return nil }
        return options
    }

    @Test(
        "a message that ends before its fixed fields do is refused",
        arguments: [("85", 8), ("86", 16), ("87", 24), ("88", 24), ("89", 40)])
    func truncated(type: String, needed: Int) {
        let message = type + String(repeating: "00", count: needed - 2)
        #expect(
            error(in: message) == ParseError(.icmpv6, .truncated(needed: needed, available: needed - 1), at: needed - 1)
        )
    }

    @Test(
        "an option that breaks its format is named with its place",
        arguments: [
            // Without a length byte, with a length of none, longer than the message.
            ("01", 1), ("0100 0000 0000 0000", 1), ("0102 0000 0000 0000", 1),
            // A prefix, an MTU, a route and servers of lengths that they don't have.
            ("0301 0000 0000 0000", 3), ("0502" + String(repeating: "00", count: 14), 5),
            ("1804" + String(repeating: "00", count: 30), 24), ("1902" + String(repeating: "00", count: 14), 25),
            // A search list: a label without its end, a name without its end, a pointer.
            ("1f02 0000 0000 0000 0861 6161 6161 6161", 31), ("1f02 0000 0000 0000 0761 6161 6161 6161", 31),
            ("1f02 0000 0000 0000 0161 c008 0000 0000", 31),
        ] as [(String, UInt8)])
    func badOption(hexadecimal: String, type: UInt8) {
        // Behind an MTU.
        let error = error(in: "8500 0000 0000 0000 0501 0000 0000 05dc" + hexadecimal)
        #expect(error == ParseError(.icmpv6, .badOption(type: type), at: 16))
    }

    @Test("whole units of padding behind a search list are kept, as an option that nobody knows")
    func overlongPadding() throws {
        let option = "1f03 0000 0000 0e10 0161 0000 0000 0000 0000 0000 0000 0000"
        #expect(try options(option) == [.unknown(type: 31, data: Array(bytes(option).dropFirst(2)))])
    }

    @Test("a short link-layer address is filled up with zeros")
    func shortAddress() throws {
        let message = ICMPv6Message(.routerSolicitation(options: [.sourceLinkLayerAddress([0xAA])]))
        let written = message.bytes(in: ends)
        #expect(written.count == message.length)
        #expect(written.after(8) == bytes("0101 aa00 0000 0000"))
    }

    @Test("a route is as long as its prefix needs, unless it is set to something else")
    func routeLength() throws {
        let prefix = IPv6Address(rawValue: 0x2001_0db8 << 96)
        var route = RouteInformation(prefix: prefix, prefixLength: 32, preference: .high, routeLifetime: 600)
        #expect(NeighborDiscoveryOption.routeInformation(route).length == 16)
        #expect(try options("1802 2008 0000 0258 2001 0db8 0000 0000") == [.routeInformation(route)])
        route.lengthUnits = 3
        #expect(
            try options("1803 2008 0000 0258 2001 0db8 0000 0000 0000 0000 0000 0000") == [.routeInformation(route)])
        route.lengthUnits = 200
        #expect(NeighborDiscoveryOption.routeInformation(route).length == 24)
    }

    @Test("a code that neighbour discovery doesn't have makes it another message")
    func otherCode() throws {
        let message = try ICMPv6Message(of: bytes("8501 0000 0102 0304 ff"))
        #expect(message.body == .other(type: 133, code: 1, restOfHeader: 0x0102_0304))
        #expect(message.length == 8)
    }

    @Test("a name is labels of 1 to 63 bytes, 255 bytes in all")
    func domainNames() {
        let long = String(repeating: "a", count: 63)
        #expect(DomainName("lab.example.org.")?.length == 17)
        #expect(DomainName("lab.example.org.") == DomainName("lab.example.org"))
        #expect(DomainName("\(long).\(long).\(long).\(long.dropLast(2))")?.length == 255)
        #expect(DomainName("\(long).\(long).\(long).\(long.dropLast())") == nil)
        #expect(DomainName(long + "a") == nil)
        for text in ["", ".", "a..b", ".a"] { #expect(DomainName(text) == nil, "\(text)") }
    }

    @Test("what a terminal could take for something else is a number in a name's text")
    func escapedName() {
        #expect(DomainName(labels: [Array("a.b\u{1B}\\".utf8), [0xFF]])?.description == #"a\046b\027\092.\255"#)
    }
}
