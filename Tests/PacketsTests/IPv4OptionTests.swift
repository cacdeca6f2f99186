import Addresses
import PacketSamples
import Packets
import Testing

@Suite struct IPv4OptionTests {
    private func options(of packet: [UInt8]) throws -> [IPv4Option] {
        try IPv4Header(of: packet).options
    }

    @Test("a record of the route holds the routers in order, and empty slots behind them")
    func recordRoute() throws {
        let route = [
            v4(198, 18, 1, 1), v4(198, 18, 2, 1), v4(198, 18, 3, 1), v4(198, 18, 3, 2), v4(198, 18, 3, 2),
            v4(198, 18, 2, 2), v4(198, 18, 1, 2),
        ]
        guard case .recordRoute(let record) = try options(of: CapturedIPv4.recordRouteReply).first else {
            Issue.record("no record of the route")
            return
        }
        #expect(Array(record.recorded) == route)
        #expect(record.slots.count == 9)
    }

    @Test("a record without slots is full when its pointer stands anywhere behind it")
    func fullRecord() throws {
        let expected = RouteRecord(slots: [], pointer: 5)
        #expect(try options(of: CapturedIPv4.fullRecordReply) == [.recordRoute(expected)])
        #expect(expected.recorded.isEmpty)
    }

    @Test("a loose source route behind its padding is read")
    func looseSourceRoute() throws {
        let route = RouteRecord(slots: [v4(198, 18, 3, 2), v4(198, 18, 3, 2)])
        #expect(try options(of: CapturedIPv4.sourceRouteProbe) == [.noOperation, .looseSourceRoute(route)])
    }

    /// scapy: `IPOption_SSRR(routers=["198.18.2.1"])`
    @Test("a strict source route is read")
    func strictSourceRoute() throws {
        let list = bytes("890704c612020100")
        #expect(
            try IPv4Option.list(of: list) == [.strictSourceRoute(RouteRecord(slots: [v4(198, 18, 2, 1)]))])
    }

    @Test("timestamps with addresses, and the hops that found no room")
    func timestampsAndAddresses() throws {
        guard case .timestamp(let option) = try options(of: CapturedIPv4.timestampsAndAddressesReply).first else {
            Issue.record("no timestamps")
            return
        }
        let routers = [v4(198, 18, 1, 1), v4(198, 18, 1, 2), v4(198, 18, 2, 2), v4(198, 18, 3, 2)]
        #expect(option.form == .withAddresses)
        #expect(option.overflow == 2)
        #expect(option.recorded.map(\.address) == routers)
        #expect(option.recorded.allSatisfy { $0.timestamp.millisecondsSinceMidnight == 61_135_512 })
    }

    @Test("timestamps alone, and the entries that nobody filled")
    func timestampsOnly() throws {
        guard case .timestamp(let option) = try options(of: CapturedIPv4.timestampsOnlyReply).first else {
            Issue.record("no timestamps")
            return
        }
        #expect(option.form == .timestampsOnly)
        #expect(option.recorded.count == 7)
        #expect(option.entries.count == 9)
        #expect(option.entries.allSatisfy { $0.address == nil })
    }

    @Test("timestamps of the routers that the sender named")
    func prespecified() throws {
        guard case .timestamp(let option) = try options(of: CapturedIPv4.prespecifiedReply).first else {
            Issue.record("no timestamps")
            return
        }
        #expect(option.form == .prespecified)
        #expect(option.recorded.map(\.address) == [v4(198, 18, 1, 2), v4(198, 18, 2, 2)])
    }

    @Test("a timestamp with its highest bit set is no time of day")
    func nonStandardTime() {
        #expect(InternetTimestamp(rawValue: 0x8000_0001).millisecondsSinceMidnight == nil)
        #expect(InternetTimestamp(rawValue: 86_399_999).millisecondsSinceMidnight == 86_399_999)
    }

    @Test("a router alert is read")
    func routerAlert() throws {
        #expect(try options(of: CapturedIPv4.routerAlertRequest) == [.routerAlert(0)])
    }

    /// scapy: `options=[IPOption(b"\x9e\x04\x00\x2a"), IPOption(b"\x5e\x03\x07")]`
    @Test("options that nobody knows keep their bytes")
    func unknownOptions() throws {
        let list = bytes("9e04002a5e030700")
        #expect(
            try IPv4Option.list(of: list) == [
                .unknown(type: 0x9e, data: [0x00, 0x2a]), .unknown(type: 0x5e, data: [0x07]),
            ])
    }

    /// scapy: `IPOption_Security(security=0xf135, compartment=1, handling_restrictions=0x4142,
    /// transmission_control_code="xyz")/IPOption_Stream_Id(security=42)`
    @Test("security and stream identifier of RFC 791 are read")
    func securityAndStream() throws {
        let list = bytes("820bf1350001414278797a8804002a00")
        let security = IPv4SecurityOption(
            security: 0xf135, compartments: 1, handlingRestrictions: 0x4142, transmissionControlCode: 0x78797a)
        #expect(try IPv4Option.list(of: list) == [.security(security), .streamIdentifier(42)])
    }

    @Test("a security option of RFC 1108 keeps its bytes")
    func otherSecurity() throws {
        let list = bytes("8204ab0000000000")
        #expect(try IPv4Option.list(of: list) == [.unknown(type: 130, data: [0xab, 0])])
    }

    @Test("a packet keeps its malformed options in their place, and what is behind the header is read")
    func malformedInPacket() throws {
        let packet = bytes("46000020000100004001cfb3c6120101cb007109 01070303 0800f7fe00010000")
        let read = try IPv4Packet(of: packet)
        let error = ParseError(.ipv4, .badOption(type: 7), at: 21)
        #expect(read.header.options == [.noOperation, .malformed([7, 3, 3], error)])
        #expect(read.error == error)
        #expect(read.payload.protocolNumber == .icmp)
        #expect(LinkPacket.ipv4(read).bytes == packet)
    }

    @Test("nothing behind the end of the list is read")
    func endOfList() throws {
        let list = bytes("0100070304ff")
        #expect(try IPv4Option.list(of: list) == [.noOperation])
    }

    @Test("a list is padded with zeros to 32-bit words")
    func padding() {
        let list = serialized { IPv4Option.serializeList([.noOperation, .routerAlert(1)], into: &$0) }
        #expect(list == bytes("0194040001000000"))
    }

    @Test("an empty record for a route is what `ping -R` sends")
    func emptyRecord() {
        let list = serialized { IPv4Option.serializeList([.recordRoute(RouteRecord(emptySlots: 9))], into: &$0) }
        #expect(list == bytes("072704") + [UInt8](repeating: 0, count: 37))
    }

    @Test(
        "an option that breaks its format is refused, with the place",
        arguments: [
            ("0107", UInt8(7), 1),  // no length
            ("0701", 7, 0),  // a length that doesn't count itself
            ("010107080400000000", 7, 2),  // longer than the bytes that are there
            ("0702", 7, 0),  // no pointer
            ("0706040000000000", 7, 0),  // a slot of three bytes
            ("0707030000000000", 7, 0),  // a pointer into the option's head
            ("0707050000000000", 7, 0),  // a pointer into a slot
            ("4403050000000000", 68, 0),  // no flags
            ("4408050200000000", 68, 0),  // an unknown flag
            ("4408050100000000", 68, 0),  // half an entry
            ("4408040000000000", 68, 0),  // a pointer into the option's head
            ("4408070000000000", 68, 0),  // a pointer into an entry
            ("9403000000000000", 148, 0),  // an alert of one byte
            ("8803000000000000", 136, 0),  // half a stream
        ])
    func refused(list: String, type: UInt8, offset: Int) {
        let list = bytes(list)
        let error = parseError { () throws(ParseError) in _ = try IPv4Option.list(of: list) }
        #expect(error == ParseError(.ipv4Options, .badOption(type: type), at: offset))
    }
}
