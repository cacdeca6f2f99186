import Addresses
import Packets
import Testing

@Suite struct IGMPMessageTests {
    static let group = v4(239, 1, 2, 3)
    static let any = IPv4Address(rawValue: 0)

    @Test(
        "scapy's messages mean the same here, both ways",
        arguments: [
            // IGMP(type=0x11, mrcode=10, gaddr="239.1.2.3"), IGMPv3(type=0x30, mrcode=20)/IGMPv3mra(…), and so on
            ("1100eeff00000000", .query(group: any, maximumResponseTenths: 0)),
            ("110afdf0ef010203", .query(group: group, maximumResponseTenths: 10)),
            ("1200fcfaef010203", .reportV1(group: group)),
            ("1600f8faef010203", .reportV2(group: group)),
            ("1700f7faef010203", .leave(group: group)),
            (
                "110aee73ef0102030f7d0000",
                .queryV3(
                    MulticastQuery(group: group, suppressesRouterProcessing: true, robustness: 7),
                    maximumResponseCode: ExponentialCode(rawValue: 10))
            ),
            (
                "110a6f37ef010203027d0002c612000ac612000b",
                .queryV3(
                    MulticastQuery(group: group, sources: [v4(198, 18, 0, 10), v4(198, 18, 0, 11)]),
                    maximumResponseCode: ExponentialCode(rawValue: 10))
            ),
            ("2200e8f90000000104000000ef010203", .reportV3(MulticastReport([.init(.toExclude, group: group)]))),
            (
                "22003f460000000202020000ef0102036e657470726f626503000000ef010204",
                .reportV3(
                    MulticastReport([
                        .init(.isExclude, group: group, auxiliaryData: Array("netprobe".utf8)),
                        .init(.toInclude, group: v4(239, 1, 2, 4)),
                    ]))
            ),
            (
                "3014cf6c007d0002",
                .routerAdvertisement(
                    MulticastRouterAdvertisement(advertisementInterval: 20, queryInterval: 125, robustnessVariable: 2))
            ),
            ("3100ceff", .routerSolicitation),
            ("3200cdff", .routerTermination),
        ] as [(String, IGMPMessage.Body)])
    func scapy(hexadecimal: String, body: IGMPMessage.Body) throws {
        #expect(try IGMPMessage(of: bytes(hexadecimal)) == IGMPMessage(body))
        #expect(IGMPMessage(body).bytes() == bytes(hexadecimal))
    }

    @Test(
        "a query's version follows from its length and its time",
        arguments: [
            ("1100eeff00000000", 1, .seconds(10)), ("1164ee9b00000000", 2, .seconds(10)),
            ("1180ebff0000000002800000", 3, .milliseconds(12_800)), ("1100ebff0000000003000000", 3, .zero),
        ] as [(String, Int, Duration)])
    func version(hexadecimal: String, version: Int, time: Duration) throws {
        let message = try IGMPMessage(of: bytes(hexadecimal))
        #expect(message.version == version)
        #expect(message.maximumResponseTime == time)
    }

    @Test("a query with a length between those of versions 2 and 3 is none", arguments: 9...11)
    func queryBetween(length: Int) {
        let bytes = Array(bytes("1164ee9b0000000000000000").prefix(length))
        let error = parseError { () throws(ParseError) in _ = try IGMPMessage(of: bytes) }
        #expect(error == ParseError(.igmp, .badLength(length), at: 8))
    }

    @Test("what stands behind a message is payload, and under its checksum")
    func payload() throws {
        let report = IGMPMessage(.reportV2(group: Self.group))
        let bytes = report.bytes(payload: [1, 2, 3])
        #expect(bytes[2...3] == [0xF4, 0xF8])
        #expect(try IGMPMessage(of: bytes) == report)
        #expect(report.length == 8)
    }

    @Test(
        "types that are no affair of IGMP keep their second byte, and the rest as payload",
        arguments: [0x13, 0x14, 0x15, 0x23, 0xFF] as [UInt8])
    func other(type: UInt8) throws {
        let message = IGMPMessage(.other(type: type, code: 7))
        #expect(try IGMPMessage(of: message.bytes(payload: [0, 0, 3, 0xFF])) == message)
        #expect(message.length == 4)
    }

    @Test("a wrong checksum is refused, or kept if nobody minds it")
    func wrongChecksum() throws {
        let wrong = IGMPMessage(.reportV2(group: Self.group), checksum: 0xBAD0)
        let error = parseError { () throws(ParseError) in _ = try IGMPMessage(of: wrong.bytes()) }
        #expect(error == ParseError(.igmp, .badChecksum(expected: 0xF8FA, found: 0xBAD0), at: 2))
        #expect(try IGMPMessage(of: wrong.bytes(), verifyingChecksum: false) == wrong)
    }

    @Test(
        "a count that there are not enough bytes for is refused where they end",
        arguments: [
            ("1100eeff000000", 8), ("1164ec1e00000000027d0001", 16), ("1164ec1e00000000027dffff", 12 + 65_535 * 4),
            ("2200e8f9000000", 8), ("2200e8f90000ffff", 16), ("2200e8f90000000104000001ef010203", 20),
            ("2200e8f900000001040100ffef010203", 16 + 255 * 4), ("2200e8f90000000104ff0000ef010203", 16 + 255 * 4),
            ("3014cf6c007d00", 8), ("1f20000000000000", 24), ("160000", 4),
        ])
    func truncated(hexadecimal: String, needed: Int) {
        let bytes = bytes(hexadecimal)
        let error = parseError { () throws(ParseError) in _ = try IGMPMessage(of: bytes, verifyingChecksum: false) }
        #expect(error == ParseError(.igmp, .truncated(needed: needed, available: bytes.count), at: bytes.count))
    }

    @Test("auxiliary data that fills no 32-bit word ends in zeros")
    func auxiliaryData() throws {
        let record = MulticastAddressRecord(.isInclude, group: Self.group, auxiliaryData: [1, 2, 3, 4, 5])
        let message = IGMPMessage(.reportV3(MulticastReport([record])))
        #expect(message.bytes().suffix(8) == [1, 2, 3, 4, 5, 0, 0, 0])
        #expect(message.length == message.bytes().count)
    }

    @Test(
        "the line of a query of version 3 says its time as tcpdump does",
        arguments: [
            (0, " [max resp time 0.0s]"), (100, ""), (0x80, " [max resp time 12.8s]"), (0xA2, " [max resp time 57.6s]"),
            (0xA3, " [max resp time 1m]"), (0xD0, " [max resp time 6m49s]"), (0xFF, " [max resp time 52m54s]"),
        ] as [(UInt8, String)])
    func time(code: UInt8, text: String) {
        let message = IGMPMessage(
            .queryV3(MulticastQuery(group: Self.any), maximumResponseCode: ExponentialCode(rawValue: code)))
        #expect(message.line() == "igmp query v3" + text)
    }
}

@Suite struct ExponentialCodeTests {
    @Test("codes of eight and of sixteen bits mean what the RFCs' formulas say")
    func formulas() {
        for code in UInt8.min ... .max {
            let (mantissa, exponent) = (Int(code & 0x0F), Int(code >> 4 & 7))
            let value = code < 128 ? Int(code) : (mantissa | 0x10) << (exponent + 3)
            #expect(ExponentialCode(rawValue: code).value == value)
        }
        for code in UInt16.min ... .max {
            let (mantissa, exponent) = (Int(code & 0x0FFF), Int(code >> 12 & 7))
            let value = code < 32_768 ? Int(code) : (mantissa | 0x1000) << (exponent + 3)
            if ExponentialCode(rawValue: code).value != value { Issue.record("\(code)") }
        }
    }

    @Test("every number becomes the code of the largest that is not above it")
    func rounding() {
        for code in UInt8.min ..< .max {
            let next = ExponentialCode(rawValue: code + 1).value
            #expect(ExponentialCode<UInt8>(roundingDown: ExponentialCode(rawValue: code).value).rawValue == code)
            #expect(ExponentialCode<UInt8>(roundingDown: next - 1).rawValue == code)
        }
        #expect(ExponentialCode<UInt8>(roundingDown: .max).rawValue == 0xFF)
        #expect(ExponentialCode<UInt8>(roundingDown: .min).rawValue == 0)
        #expect(ExponentialCode<UInt16>(roundingDown: 8_387_583).rawValue == 0xFFFE)
        #expect(ExponentialCode<UInt16>(roundingDown: .max).rawValue == 0xFFFF)
    }
}
