import Foundation
import Packets
import TestSupport
import Testing

/// What Wireshark's programs say of captures that were written here.
@Suite(
    .enabled(
        if: ChildProcess.output(ofShell: "command -v tshark && command -v capinfos") != nil, "tshark is not installed"))
struct CaptureReadersTests {
    private func output(of command: String, reading file: [UInt8]) throws -> [String] {
        let path = FileManager.default.temporaryDirectory.appending(path: "netprobe-\(UUID().uuidString)")
        try Data(file).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let output = ChildProcess.output(ofShell: "timeout 60 \(command) '\(path.path)' 2>&1")
        return try #require(output, "\(command) fails").split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("Running as user \"root\"") }
    }

    /// Time, interface, bytes here and on the network, link type in Wireshark's numbers, comment.
    private static let fields = [
        "frame.time_epoch", "frame.interface_id", "frame.interface_name", "frame.cap_len", "frame.len",
        "frame.encap_type", "frame.comment",
    ]

    private func tshark(_ file: [UInt8]) throws -> [String] {
        let fields = Self.fields.map { "-e \($0)" }.joined(separator: " ")
        return try output(of: "tshark -n -T fields -E separator=';' \(fields) -r", reading: file)
    }

    /// The registry's link types and Wireshark's numbers for them (`WTAP_ENCAP_…`).
    private static let linkTypes: [(LinkType, Int)] = [
        (.null, 15), (.ethernet, 1), (.raw, 7), (.linuxCooked, 25), (.ipv4, 129), (.ipv6, 130), (.linuxCooked2, 210),
    ]
    private static let bytes = CaptureFile.tcpdumpNanoseconds.bytes.suffix(46)

    private func packet(on interface: CaptureInterface, _ nanoseconds: Int64, comments: [String]) -> CapturedPacket {
        CapturedPacket(
            Array(Self.bytes), at: CaptureTime(1_732_318_194, nanoseconds), on: interface, originalLength: 1_500,
            comments: comments)
    }

    @Test("a classic capture of each link type is read with its nanoseconds", arguments: linkTypes)
    func pcap(linkType: LinkType, number: Int) throws {
        let interface = CaptureInterface(linkType)
        var encoder = CaptureEncoder(.pcap, interface: interface)
        var file = encoder.header
        try encoder.append(packet(on: interface, 1, comments: []), to: &file)
        try encoder.append(packet(on: interface, 999_999_999, comments: []), to: &file)
        #expect(
            try tshark(file) == [
                "1732318194.000000001;;;46;1500;\(number);", "1732318194.999999999;;;46;1500;\(number);",
            ])
        let infos = try output(of: "capinfos", reading: file)
        #expect(
            infos.contains { $0.hasPrefix("File type:") && $0.contains("nanosecond") })
        #expect(infos.contains { $0.hasPrefix("Number of packets:") && $0.hasSuffix(" 2") })
    }

    @Test("one pcapng capture of all link types is read with its nanoseconds, names and comments")
    func pcapng() throws {
        let interfaces = Self.linkTypes.enumerated().map { place, type in
            CaptureInterface(type.0, name: "link\(place)", index: place)
        }
        var encoder = CaptureEncoder(
            .pcapng, interface: interfaces[0], hardware: "abacus", operatingSystem: "Linux", application: "netprobe")
        var file = encoder.header
        for interface in interfaces {
            let packet = packet(on: interface, Int64(interface.index), comments: ["hop \(interface.index) größer"])
            try encoder.append(packet, to: &file)
        }
        let lines = Self.linkTypes.enumerated().map { place, type in
            "1732318194.00000000\(place);\(place);link\(place);46;1500;\(type.1);hop \(place) größer"
        }
        #expect(try tshark(file) == lines)
        let infos = try output(of: "capinfos", reading: file)
        for line in ["abacus", "Linux", "netprobe"] { #expect(infos.contains { $0.hasSuffix(" " + line) }) }
        #expect(infos.contains { $0.hasPrefix("Number of packets:") && $0.hasSuffix(" 7") })
    }

    @Test("tshark sees in other programs' captures what is seen here", arguments: CaptureFile.all)
    func others(file: CaptureFile) throws {
        let file = file.bytes
        let lines = try CaptureDecoder.packets(of: file).map { packet in
            "\(packet.timestamp?.description ?? "");\(packet.bytes.count);\(packet.originalLength)"
        }
        let fields = "-e frame.time_epoch -e frame.cap_len -e frame.len -e frame.encap_type"
        let found = try output(of: "tshark -n -T fields -E separator=';' \(fields) -r", reading: file)
        // tshark has lines for custom blocks, too: only packets have a link type.
        let packets = found.filter { !$0.hasSuffix(";") }
        #expect(packets.map { $0[..<($0.lastIndex(of: ";") ?? $0.endIndex)] } == lines.map { $0[...] })
    }
}
