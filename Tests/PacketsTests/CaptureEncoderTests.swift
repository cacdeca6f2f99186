import PacketSamples
import Packets
import TestSupport
import Testing

@Suite struct CaptureEncoderTests {
    private let raw = CaptureInterface(.raw)

    private func file(
        _ format: CaptureFormat, _ packets: [CapturedPacket], snapLength: Int = CapturedPacket.maximumLength
    ) throws -> [UInt8] {
        let interface = packets.first?.interface ?? raw
        var encoder = CaptureEncoder(format, interface: interface, snapLength: snapLength)
        var file = encoder.header
        for packet in packets { try encoder.append(packet, to: &file) }
        return file
    }

    private func again(
        _ format: CaptureFormat, _ packets: [CapturedPacket], snapLength: Int = CapturedPacket.maximumLength
    ) throws -> [CapturedPacket] {
        try CaptureDecoder.packets(of: file(format, packets, snapLength: snapLength))
    }

    @Test("random packets are read as they were written", arguments: [CaptureFormat.pcap, .pcapng])
    func roundTrip(format: CaptureFormat) throws {
        var random = SplitMix64(seed: 51)
        for _ in 0..<200 {
            let packets = (0..<random.below(20)).map { _ in random.capturedPacket(format, on: raw) }
            #expect(try again(format, packets) == packets)
        }
    }

    @Test("pcapng describes each interface where its first packet comes")
    func interfaces() throws {
        var random = SplitMix64(seed: 52)
        let interfaces = [
            CaptureInterface(.raw, name: "eth0"), CaptureInterface(.ethernet, name: "eth0", index: 1),
            CaptureInterface(.ipv6, index: 2), CaptureInterface(.ipv6, index: 3),
            CaptureInterface(LinkType(rawValue: 147), name: "größer", index: 4),
        ]
        var packets = interfaces.map { random.capturedPacket(.pcapng, on: $0) }
        packets += (0..<50).map { _ in random.capturedPacket(.pcapng, on: interfaces[random.below(5)]) }
        #expect(try again(.pcapng, packets) == packets)
    }

    @Test("a file of no packets is a capture", arguments: [CaptureFormat.pcap, .pcapng])
    func empty(format: CaptureFormat) throws {
        let header = CaptureEncoder(format, interface: raw, application: "netprobe").header
        #expect(CaptureFormat(startOf: header) == format)
        #expect(try CaptureDecoder.packets(of: header) == [])
    }

    @Test("a classic capture is what tcpdump writes")
    func pcapBytes() throws {
        let packets = try CaptureDecoder.packets(of: CaptureFile.tcpdumpNanoseconds.bytes)
        #expect(try file(.pcap, packets) == CaptureFile.tcpdumpNanoseconds.bytes)
    }

    @Test("pcapng's packets are what editcap writes")
    func pcapngBytes() throws {
        let packets = try CaptureDecoder.packets(of: CaptureFile.editcapComment.bytes)
        var encoder = CaptureEncoder(
            .pcapng, interface: packets[0].interface,
            application: "Editcap (Wireshark) 4.0.17 (Git v4.0.17 packaged as 4.0.17-0+deb12u3)")
        var file = encoder.header
        for packet in packets { try encoder.append(packet, to: &file) }
        // Where there are no options, editcap leaves out their end as well.
        let expected = CaptureFile.editcapComment.bytes
        #expect(file.prefix(file.count - 84) == expected.prefix(expected.count - 80))
    }

    @Test("a packet is cut to the snap length, and its own length stays", arguments: [CaptureFormat.pcap, .pcapng])
    func snapLength(format: CaptureFormat) throws {
        let packet = CapturedPacket(Array(0..<100), at: CaptureTime(1, 2), on: raw)
        let cut = CapturedPacket(Array(0..<13), at: CaptureTime(1, 2), on: raw, originalLength: 100)
        #expect(try again(format, [packet], snapLength: 13) == [cut])
        let long = CapturedPacket([UInt8](repeating: 1, count: 300_000), at: CaptureTime(1, 2), on: raw)
        #expect(try again(format, [long]).map(\.bytes.count) == [262_144])
        #expect(try again(format, [long]).map(\.originalLength) == [300_000])
    }

    @Test("an original length that can't be is the length, and the greatest one is 32 bits wide")
    func originalLength() throws {
        let short = CapturedPacket([1, 2, 3], at: CaptureTime(0, 0), on: raw, originalLength: -7)
        let long = CapturedPacket([1, 2, 3], at: CaptureTime(0, 0), on: raw, originalLength: .max)
        for format in [CaptureFormat.pcap, .pcapng] {
            #expect(try again(format, [short, long]).map(\.originalLength) == [3, Int(UInt32.max)])
        }
    }

    @Test("a time that a format has no room for is the nearest that it has")
    func times() throws {
        let times = [CaptureTime(-1, 0), CaptureTime(1 << 32, 0), CaptureTime(.max, 0), nil]
        let packets = times.map { CapturedPacket([], at: $0, on: raw) }
        let start = CaptureTime(0, 0)
        let endOfPcap = CaptureTime(1 << 32 - 1, 999_999_999)
        let endOfPcapng = CaptureTime(nanosecondsSince1970: Int128(UInt64.max))
        #expect(try again(.pcap, packets).map(\.timestamp) == [start, endOfPcap, endOfPcap, start])
        #expect(try again(.pcapng, packets).map(\.timestamp) == [start, CaptureTime(1 << 32, 0), endOfPcapng, start])
    }

    @Test("classic captures leave out comments and names, and refuse another link type")
    func classic() throws {
        let named = CaptureInterface(.raw, name: "eth0")
        let packet = CapturedPacket([1], at: CaptureTime(1, 1), on: named, comments: ["lost"])
        #expect(try again(.pcap, [packet]) == [CapturedPacket([1], at: CaptureTime(1, 1), on: raw)])

        var encoder = CaptureEncoder(.pcap, interface: named)
        var file = encoder.header
        var foreign = packet
        foreign.interface = CaptureInterface(.ethernet)
        #expect(throws: CaptureEncoder.ForeignLinkType.self) { try encoder.append(foreign, to: &file) }
        #expect(file == encoder.header)
        foreign.interface = CaptureInterface(.raw, name: "eth1", index: 7)
        try encoder.append(foreign, to: &file)
        #expect(try CaptureDecoder.packets(of: file).count == 1)
    }

    @Test("comments are cut where a character begins, and at a NUL")
    func comments() throws {
        func comment(_ text: String) throws -> [String] {
            try again(.pcapng, [CapturedPacket([1], at: CaptureTime(0, 0), on: raw, comments: [text])])[0].comments
        }
        #expect(try comment("") == [""])
        #expect(try comment("ends\0here") == ["ends"])
        let long = String(repeating: "ä", count: 40_000)
        #expect(try comment(long) == [String(long.prefix(32_767))])
        let many = CapturedPacket(
            [UInt8](repeating: 7, count: 262_144), at: CaptureTime(0, 0), on: raw,
            comments: Array(repeating: long, count: 30) + ["short"])
        let found = try again(.pcapng, [many])[0]
        #expect(found.comments == Array(repeating: String(long.prefix(32_767)), count: 11) + ["short"])
        #expect(found.bytes == many.bytes)
    }

    @Test("a time is seconds with nine decimals")
    func timeDescription() {
        #expect(CaptureTime(1_732_318_194, 1).description == "1732318194.000000001")
        #expect(CaptureTime(-1, 500_000_000).description == "-0.500000000")
        #expect(CaptureTime(0, 1) < CaptureTime(1, 0))
    }
}

extension SplitMix64 {
    /// A packet that the format can hold as it is.
    fileprivate mutating func capturedPacket(_ format: CaptureFormat, on interface: CaptureInterface) -> CapturedPacket
    {
        let bytes = PacketFormat.all[below(PacketFormat.all.count)].sample(&self).bytes
        let captured = Array(bytes.prefix(below(bytes.count + 1)))
        let seconds = format == .pcap ? Int128(integer() as UInt32) : Int128(below(18_446_744_073))
        let time = CaptureTime(nanosecondsSince1970: seconds * 1_000_000_000 + Int128(below(1_000_000_000)))
        let texts = ["", "sent", "unbeantwortet – warum?", "line\nline", "🛰"]
        let comments = format == .pcap ? [] : (0..<below(4)).map { _ in texts[below(texts.count)] }
        return CapturedPacket(
            captured, at: time, on: interface, originalLength: bytes.count, comments: comments)
    }
}
