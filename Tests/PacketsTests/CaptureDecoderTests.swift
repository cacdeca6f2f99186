import Packets
import TestSupport
import Testing

@Suite struct CaptureDecoderTests {
    @Test(
        "captures that other programs wrote hold what tshark sees in them",
        arguments: [
            (
                CaptureFile.tcpdumpMicroseconds, LinkType.ethernet,
                ["1795390910.314251000 0  66 66", "1795390910.314262000 0  66 66"]
            ),
            (
                CaptureFile.tcpdumpNanoseconds, .ethernet,
                ["1795390909.277278242 0  46 46", "1795390909.277293346 0  46 46"]
            ),
            (CaptureFile.tcpdumpAny, .linuxCooked2, ["1795390911.341413000 0  30 52"]),
            (CaptureFile.scapyBigEndian, .raw, ["1600000000.123456789 0  28 28"]),
            (
                CaptureFile.editcapComment, .ethernet,
                ["1795390909.277278242 0  46 46", "1795390909.277293346 0  46 46"]
            ),
        ])
    func files(file: CaptureFile, linkType: LinkType, lines: [String]) throws {
        let packets = try CaptureDecoder.packets(of: file.bytes)
        #expect(packets.map(\.line) == lines)
        #expect(packets.allSatisfy { $0.interface.linkType == linkType })
    }

    @Test("a comment belongs to its packet")
    func comment() throws {
        #expect(
            try CaptureDecoder.packets(of: CaptureFile.editcapComment.bytes).map(\.comments) == [["and another"], []])
    }

    @Test("each packet has the link type of its own interface")
    func interfaces() throws {
        let packets = try CaptureDecoder.packets(of: CaptureFile.generatorInterfaces.bytes)
        #expect(packets.map(\.interface.linkType) == [.ethernet, .null, .ethernet, .ethernet, .ethernet])
        #expect(packets.map(\.interface.index) == [0, 1, 0, 0, 0])
        #expect(packets.map(\.interface.name) == ["eth0", "en1", "eth0", "eth0", "eth0"])
    }

    @Test("sections of both byte orders follow each other, and other blocks are passed over")
    func sections() throws {
        let lines = try CaptureDecoder.packets(of: CaptureFile.generatorSections.bytes).map(\.line)
        #expect(
            lines == [
                "1340954905.298858000 0 eth0 96 314", "1340954905.298858000 0 eth0 96 342",
                "1340954905.301858000 1 null1 168 168", " 0 silly ethernet interface 2 128 314",
                "1340954905.298858000 0 silly ethernet interface 2 128 342", " 0 silly ethernet interface 2 128 314",
                "1340954905.298858000 0 silly ethernet interface 2 128 342", "1340954905.301858000 1 null1 168 168",
            ])
    }

    @Test("a simple packet block is as long as the snap length lets it be")
    func simplePackets() throws {
        let lines = try CaptureDecoder.packets(of: CaptureFile.generatorSnapLength.bytes).map(\.line)
        #expect(
            lines == [
                " 0 eth0 314 314", " 0 eth0 315 342", "0.000000000 0 eth0 314 314", "0.000000000 0 eth0 315 342",
            ])
    }

    @Test("pieces of any size give the same packets", arguments: CaptureFile.all)
    func pieces(file: CaptureFile) throws {
        let file = file.bytes
        let whole = try CaptureDecoder.packets(of: file)
        for size in [1, 2, 3, 7, 64, 500] { #expect(try CaptureDecoder.packets(of: file, size: size) == whole) }
    }

    @Test("the format shows in the first bytes, and the decoder says which it was", arguments: CaptureFile.all)
    func format(file: CaptureFile) throws {
        let file = file.bytes
        var decoder = CaptureDecoder()
        #expect(decoder.format == nil)
        decoder.append(file)
        _ = try decoder.next()
        #expect(decoder.format == (file[0] == 0x0A ? .pcapng : .pcap))
        #expect(CaptureFormat(startOf: Array(file.prefix(12))) == decoder.format)
    }

    @Test(
        "what is no capture doesn't look like one",
        arguments: [[], [0x0A], Array("\n\r\r\n".utf8), Array("\n\r\r\n4500 001c".utf8), bytes("4500001c00010000")])
    func noCapture(file: [UInt8]) {
        #expect(CaptureFormat(startOf: file) == nil)
    }

    /// A count of units, and the moment that it names.
    struct Count: Sendable {
        let resolution: UInt8
        var offset: Int64 = 0
        let units: UInt64
        let time: CaptureTime

        static let all = [
            Count(resolution: 0, units: 3, time: CaptureTime(3, 0)),
            Count(resolution: 3, units: 1_001, time: CaptureTime(1, 1_000_000)),
            Count(resolution: 6, units: 1_500_000, time: CaptureTime(1, 500_000_000)),
            Count(resolution: 9, offset: 100, units: 7, time: CaptureTime(100, 7)),
            Count(resolution: 9, offset: -1, units: 7, time: CaptureTime(-1, 7)),
            Count(resolution: 12, units: 1_000_000_001_999, time: CaptureTime(1, 1)),
            Count(resolution: 29, units: .max, time: CaptureTime(0, 0)),
            Count(resolution: 127, units: .max, time: CaptureTime(0, 0)),
            Count(resolution: 0x80, units: 3, time: CaptureTime(3, 0)),
            Count(resolution: 0x80 | 10, units: 1_536, time: CaptureTime(1, 500_000_000)),
            Count(resolution: 0x80 | 127, units: .max, time: CaptureTime(0, 0)),
            Count(
                resolution: 0, offset: .max, units: .max,
                time: CaptureTime(nanosecondsSince1970: (Int128(UInt64.max) + Int128(Int64.max)) * 1_000_000_000)),
        ]
    }

    @Test("units of any resolution become nanoseconds", arguments: Count.all)
    func resolution(count: Count) throws {
        var file = CaptureFields()
        file.sectionHeader()
        let offset = (0..<8).map { UInt8(truncatingIfNeeded: count.offset >> (8 * $0)) }
        file.interface(options: [(9, [count.resolution]), (14, offset)])
        file.packet(units: count.units)
        #expect(try CaptureDecoder.packets(of: file.bytes).map(\.timestamp) == [count.time])
    }

    @Test("without a resolution they are microseconds")
    func microseconds() throws {
        var file = CaptureFields()
        file.sectionHeader()
        file.interface()
        file.packet(units: 1_500_000)
        #expect(try CaptureDecoder.packets(of: file.bytes).map(\.timestamp) == [CaptureTime(1, 500_000_000)])
    }

    @Test("a time offset has the section's byte order")
    func offsetByteOrder() throws {
        var file = CaptureFields(bigEndian: true)
        file.sectionHeader(minor: 2)
        file.interface(options: [(14, [0, 0, 0, 1, 0, 0, 0, 2])])
        file.packet(units: 1)
        #expect(try CaptureDecoder.packets(of: file.bytes).map(\.timestamp) == [CaptureTime(0x1_0000_0002, 1_000)])
    }

    @Test("the obsolete packet block is read too", arguments: [false, true])
    func obsoletePacketBlock(bigEndian: Bool) throws {
        var file = CaptureFields(bigEndian: bigEndian)
        file.sectionHeader()
        file.interface()
        file.interface(.ipv6, options: [(2, Array("eth1\0junk".utf8))])
        file.block(2) { block in
            block.add(UInt16(1), UInt16(0xFFFF), UInt32(0), UInt32(2_000_000), UInt32(3), UInt32(9))
            block.bytes += [7, 8, 9, 0]
            block.add(UInt16(1), UInt16(2))
            block.bytes += Array("hi".utf8) + [0, 0]
        }
        let packet = CapturedPacket(
            [7, 8, 9], at: CaptureTime(2, 0), on: CaptureInterface(.ipv6, name: "eth1", index: 1), originalLength: 9,
            comments: ["hi"])
        #expect(try CaptureDecoder.packets(of: file.bytes) == [packet])
    }
}
