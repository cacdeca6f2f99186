import Addresses
import Packets
import Testing

@Suite struct ICMPv4MessageTests {
    /// The ICMP message in a captured IPv4 packet.
    private func message(in packet: [UInt8]) throws -> (message: ICMPv4Message, bytes: [UInt8]) {
        let bytes = packet.after(try IPv4Header(of: packet).length)
        return (try ICMPv4Message(of: bytes), bytes)
    }

    @Test(
        "the kernel's and ping's messages mean what they were made for",
        arguments: [
            (CapturedIPv4.echoRequest, .echoRequest(ICMPEcho(identifier: 0x2879, sequenceNumber: 1))),
            (CapturedIPv4.echoReply, .echoReply(ICMPEcho(identifier: 0x2879, sequenceNumber: 1))),
            (CapturedIPv4.timeExceeded, .timeExceeded(.inTransit)),
            (CapturedIPv4.prohibited, .destinationUnreachable(.prohibited)),
            (CapturedIPv4.hostUnreachable, .destinationUnreachable(.host)),
            (CapturedIPv4.networkUnreachable, .destinationUnreachable(.network)),
            (CapturedIPv4.portUnreachable, .destinationUnreachable(.port)),
            (CapturedIPv4.protocolUnreachable, .destinationUnreachable(.protocolNumber)),
            (
                CapturedIPv4.timestampReply,
                .timestampReply(
                    ICMPTimestamp(
                        echo: ICMPEcho(identifier: 0x1234, sequenceNumber: 7),
                        originate: InternetTimestamp(rawValue: 0x0102_0304),
                        receive: InternetTimestamp(rawValue: 0x03a4_f455),
                        transmit: InternetTimestamp(rawValue: 0x03a4_f455)))
            ),
        ] as [([UInt8], ICMPv4Message.Body)])
    func captured(packet: [UInt8], body: ICMPv4Message.Body) throws {
        #expect(try message(in: packet).message == ICMPv4Message(body))
    }

    @Test("a router that can't cut a packet says how long one may be")
    func nextHopMTU() throws {
        let bytes = CapturedIPv4.fragmentationNeededHead.after(20)
        let message = try ICMPv4Message(of: bytes, verifyingChecksum: false)
        #expect(message.body == .destinationUnreachable(.fragmentationNeeded, nextHopMTU: 1300))
    }

    @Test("captured messages come out as they went in", arguments: CapturedIPv4.all.filter { $0[9] == 1 })
    func capturedRoundTrip(_ packet: [UInt8]) throws {
        let bytes = packet.after(try IPv4Header(of: packet).length)
        let message = try ICMPv4Message(of: bytes, verifyingChecksum: false)
        #expect(message.bytes(payload: bytes.after(message.length)) == bytes)
    }

    @Test(
        "scapy's messages mean the same here, both ways",
        arguments: [
            // ICMP(type=5, code=1, gw="198.18.1.254")/b"quoted", and so on with each type
            ("0501ec9fc61201fe71756f746564", .redirect(.host, gateway: v4(198, 18, 1, 254))),
            ("0400b5b10000000071756f746564", .sourceQuench),
            ("0c0099b11400000071756f746564", .parameterProblem(.pointer, pointer: 20)),
            ("0c00a4910920000071756f746564", .parameterProblem(.pointer, pointer: 9, originalDatagramWords: 32)),
            ("0304b1ad0000050071756f746564", .destinationUnreachable(.fragmentationNeeded, nextHopMTU: 1280)),
            ("0b00ae910020000071756f746564", .timeExceeded(.inTransit, originalDatagramWords: 32)),
            ("1100a8ae000100020000000071756f746564", .addressMaskRequest(ICMPEcho(identifier: 1, sequenceNumber: 2))),
        ] as [(String, ICMPv4Message.Body)])
    func scapy(hexadecimal: String, body: ICMPv4Message.Body) throws {
        let bytes = bytes(hexadecimal)
        #expect(try ICMPv4Message(of: bytes) == ICMPv4Message(body))
        #expect(ICMPv4Message(body).bytes(payload: bytes.after(ICMPv4Message(body).length)) == bytes)
    }

    @Test("the length of the quoted packet is counted in 32-bit words")
    func originalDatagramLength() {
        #expect(ICMPv4Message(.timeExceeded(.inTransit, originalDatagramWords: 32)).originalDatagramLength == 128)
        #expect(ICMPv4Message(.timeExceeded(.inTransit)).originalDatagramLength == nil)
    }

    @Test(
        "a type that has no codes is another message with one",
        arguments: [0, 4, 8, 10, 13, 14, 15, 16, 17, 18, 42] as [UInt8])
    func unknownCode(type: UInt8) throws {
        let message = ICMPv4Message(.other(type: type, code: 9, restOfHeader: 0x0001_0002))
        #expect(try ICMPv4Message(of: message.bytes()) == message)
    }

    @Test("the checksum 0xFFFF is no error where 0x0000 belongs, and is kept")
    func otherZero() throws {
        let echo = ICMPEcho(identifier: 0xFFFF, sequenceNumber: 0)
        #expect(
            try ICMPv4Message(of: bytes("0000ffffffff0000")) == ICMPv4Message(.echoReply(echo), checksum: 0xFFFF))
    }

    @Test("a wrong checksum is refused")
    func wrongChecksum() {
        var bytes = CapturedIPv4.echoReply.after(20)
        bytes[8] ^= 0x01
        let error = parseError { () throws(ParseError) in _ = try ICMPv4Message(of: bytes) }
        #expect(error == ParseError(.icmpv4, .badChecksum(expected: 0xb9ae, found: 0xb8ae), at: 2))
    }

    @Test("a wrong checksum survives the round trip if nobody minds it")
    func keptChecksum() throws {
        let wrong = ICMPv4Message(.sourceQuench, checksum: 0x1234)
        #expect(try ICMPv4Message(of: wrong.bytes(), verifyingChecksum: false) == wrong)
    }

    @Test("an echo reply of nothing but zeros has the checksum 0xFFFF")
    func allZeros() throws {
        let reply = ICMPv4Message(.echoReply(ICMPEcho(identifier: 0, sequenceNumber: 0)))
        #expect(reply.bytes() == bytes("0000ffff00000000"))
        #expect(try ICMPv4Message(of: reply.bytes()) == reply)
    }

    @Test(
        "too few bytes are refused",
        arguments: [
            ("0800b0ae287900", 8, 7), ("0e00ebca123400070102030403a4f45503a4f4", 20, 19),
            ("1200edff1234000000ffff", 12, 11), ("1e00edff12340000000100020000030000000f", 20, 19),
        ])
    func truncated(hexadecimal: String, needed: Int, available: Int) {
        let bytes = bytes(hexadecimal)
        let error = parseError { () throws(ParseError) in _ = try ICMPv4Message(of: bytes) }
        #expect(error == ParseError(.icmpv4, .truncated(needed: needed, available: available), at: available))
    }

    @Test("a router advertisement counts the routers that follow, unless it says otherwise")
    func routers() throws {
        // ICMP(type=9, code=16)/b"\x02\x02\x07\x08" and so on: two routers, the second never to be used
        let bytes = bytes("09108fff02020708c61200fe00000000c61200fd80000000")
        let head = ICMPRouterAdvertisement(code: .noCommonTraffic)
        let message = try ICMPv4Message(of: bytes, verifyingChecksum: false)
        #expect(message.body == .routerAdvertisement(head))
        #expect(
            head.entries(of: bytes.after(8).span.bytes) == [
                .init(address: v4(198, 18, 0, 254)), .init(address: v4(198, 18, 0, 253), preference: .min),
            ])
        let more = ICMPv4Message(.routerAdvertisement(ICMPRouterAdvertisement(addressCount: 3)))
        #expect(try ICMPv4Message(of: more.bytes(payload: bytes.after(8))) == more)
    }

    @Test("no count and no size of entries makes routers of bytes that are not there")
    func hostileRouters() {
        let two = [UInt8](repeating: 1, count: 17)
        for (count, size, found) in [(255, 2, 2), (1, 2, 1), (2, 4, 1), (9, 255, 0), (9, 1, 0), (9, 0, 0)] {
            let head = ICMPRouterAdvertisement(addressCount: UInt8(count), addressEntrySize: UInt8(size))
            #expect(head.entries(of: two.span.bytes).count == found)
        }
    }

    /// The line as tcpdump 4.99.3 prints it of the same bytes.
    @Test(
        "lines are tcpdump's also where bytes are missing and where codes mean nothing",
        arguments: [
            (ICMPv4Message(.destinationUnreachable(.host)), 19, "[|icmp]"),
            (ICMPv4Message(.destinationUnreachable(.port)), 23, "[|icmp]"),
            (ICMPv4Message(.timeExceeded(.inTransit)), 19, "[|icmp]"),
            (ICMPv4Message(.timeExceeded(.inTransit)), 20, "ICMP time exceeded in-transit, length 28"),
            (
                ICMPv4Message(.redirect(.init(rawValue: 7), gateway: v4(198, 18, 0, 9))), 20,
                "ICMP redirect-#7 0.0.0.0 to 198.18.0.9, length 28"
            ),
            (ICMPv4Message(.other(type: 4, code: 1, restOfHeader: 0)), 0, "ICMP source quench, length 8"),
            (
                ICMPv4Message(.other(type: 13, code: 1, restOfHeader: 0x0007_0001)), 12,
                "ICMP time stamp query id 7 seq 1, length 20"
            ),
            (ICMPv4Message(.other(type: 18, code: 1, restOfHeader: 0)), 3, "[|icmp]"),
            (ICMPv4Message(.routerAdvertisement(.init(addressCount: 2))), 8, "[|icmp]"),
            (
                ICMPv4Message(.routerAdvertisement(.init(lifetime: 59, addressEntrySize: 3))), 12,
                "ICMP router advertisement lifetime 59 1: [size 3], length 20"
            ),
        ] as [(ICMPv4Message, Int, String)])
    func lines(message: ICMPv4Message, payloadLength: Int, line: String) {
        let payload = ([0x45] + [UInt8](repeating: 0, count: 23)).prefix(payloadLength)
        #expect(message.summary(payload: Array(payload).span.bytes) == line)
    }

    @Test("codes say in words what they mean")
    func words() {
        #expect(ICMPv4UnreachableCode.prohibited.description == "communication administratively prohibited")
        #expect(ICMPv4UnreachableCode(rawValue: 99).description == "code 99")
    }
}
