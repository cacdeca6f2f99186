import Addresses
import Packets
import Testing

@Suite struct ICMPExtensionsTests {
    @Test(
        "scapy's structures mean the same here, both ways",
        arguments: [
            // ICMPExtensionMPLS(stack=[MPLS(label=24005, cos=5, s=0, ttl=1), …]), and so on
            (
                "20007e130010010105dc5a01fffffefe000001ff",
                [
                    .mplsLabelStack([
                        MPLSLabel(label: 24005, trafficClass: 5, isBottomOfStack: false, timeToLive: 1),
                        MPLSLabel(label: 0xF_FFFF, trafficClass: 7, isBottomOfStack: false, timeToLive: 254),
                        MPLSLabel(label: 0, isBottomOfStack: true, timeToLive: 255),
                    ])
                ]
            ),
            (
                "20006417001c020f0000000200010000c61200fe0865746830000000000005dc",
                [
                    .interfaceInformation(
                        ICMPInterfaceInformation(
                            role: .incoming, index: 2, address: .v4(v4(198, 18, 0, 254)), name: "eth0", mtu: 1500))
                ]
            ),
            (
                "200089ef001c0283144769676162697445746865726e6574302f310000002400",
                [
                    .interfaceInformation(
                        ICMPInterfaceInformation(role: .outgoing, name: "GigabitEthernet0/1", mtu: 9216))
                ]
            ),
            (
                "20001b55000cf7016e657470726f62650008010103e81101",
                [
                    .unknown(classNumber: 247, type: 1, data: Array("netprobe".utf8)),
                    .mplsLabelStack([MPLSLabel(label: 16001, isBottomOfStack: true, timeToLive: 1)]),
                ]
            ),
            ("2000dfff", []),
            // From a reply of Linux 6.18 to an extended echo request
            ("20006ac40008030172320000", [.interfaceIdentification(.name("r2"))]),
            // From scapy's vectors of extended echo
            ("2000dcf30008030200000002", [.interfaceIdentification(.index(2))]),
            (
                "20009f2600180303000210002001 0db8000000000000000000000003",
                [.interfaceIdentification(.address(.v6(v6(0, 3))))]
            ),
        ] as [(String, [ICMPExtensionObject])])
    func meanings(hexadecimal: String, objects: [ICMPExtensionObject]) throws {
        let bytes = bytes(hexadecimal)
        #expect(try ICMPExtensions(of: bytes) == ICMPExtensions(objects))
        #expect(serialized { ICMPExtensions(objects).serialize(into: &$0) } == bytes)
    }

    @Test(
        "objects that break the format of their class are kept as bytes",
        arguments: [
            "0009 0101 03e8110100",  // a label and a byte more
            "0008 0209 00000001",  // an interface without the MTU that its type has
            "000c 0208 00000001 00000000",  // an interface with more than its type has
            "0008 0238 00000001",  // an interface with reserved bits
            "000c 0204 00030000 c6120001",  // an address of another family
            "0008 0202 08616200",  // a name longer than the object
            "0008 0202 04610062",  // a name that goes on behind its end
            "0008 0202 04ff6162",  // a name that is no UTF-8
            "0008 0301 65006800",  // the same for a query
            "0006 0302 0001",  // half an index
            "000c 0303 00010500 c6120001",  // an address longer than the object
            "0008 0304 00000001",  // no type of a query
        ])
    func broken(hexadecimal: String) throws {
        let object = bytes(hexadecimal)
        let structure = bytes("20000000") + object
        let unknown = ICMPExtensionObject.unknown(classNumber: object[2], type: object[3], data: object.after(4))
        let extensions = ICMPExtensions([unknown], checksum: 0)
        #expect(try ICMPExtensions(of: structure) == extensions)
        #expect(serialized { extensions.serialize(into: &$0) } == structure)
    }

    @Test(
        "what can't be a structure is refused",
        arguments: [
            ("200000", .truncated(needed: 4, available: 3), 3),
            ("10000000", .wrongVersion(1), 0),
            ("20000000 0003 0101", .badLength(3), 4),
            ("20000000 0004 0101 0009 0101 03e81101", .badLength(9), 8),
            ("20000000 0004 0101 0004", .truncated(needed: 4, available: 2), 8),
            ("2000bad0 0008 0101 03e81101", .badChecksum(expected: 0xca0d, found: 0xbad0), 2),
        ] as [(String, ParseError.Reason, Int)])
    func refused(hexadecimal: String, reason: ParseError.Reason, offset: Int) {
        let bytes = bytes(hexadecimal)
        let error = parseError { () throws(ParseError) in _ = try ICMPExtensions(of: bytes) }
        #expect(error == ParseError(.icmpExtensions, reason, at: offset))
    }

    @Test("a checksum of zero says that there is none, and is never the right one")
    func zeroChecksum() throws {
        #expect(try ICMPExtensions(of: bytes("20000000")) == ICMPExtensions([], checksum: 0))
        let object = ICMPExtensionObject.unknown(classNumber: 4, type: 4, data: [0xDB, 0xF5])
        let bytes = serialized { ICMPExtensions([object]).serialize(into: &$0) }
        #expect(bytes == PacketsTests.bytes("2000 ffff 0006 0404 dbf5"))
        #expect(try ICMPExtensions(of: bytes) == [object])
    }
}

extension ICMPExtensions {
    init(of bytes: [UInt8]) throws(ParseError) {
        try self.init(parsing: bytes.span.bytes)
    }
}
