// What `Packets` makes of packets, for programs that others wrote to look at.
//
//     PacketOracle                                        names the formats of which it can make packets
//     PacketOracle FORMAT COUNT SEED THEIRS CAPTURE       writes CAPTURE: the packets of the capture THEIRS, and COUNT
//                                                         random ones; prints each as a line of JSON

import Foundation
import PacketSamples
import Packets
import TestSupport

/// A packet as it was read.
struct Reading: Encodable {
    let bytes: String
    /// Its link type.
    let link: UInt16
    /// The bytes that its value is written as.
    var written = ""
    /// What is wrong with it.
    var error: String?
    /// Every field by its path, for example `UDP/Source port`, with its values in order.
    var fields: [String: [String]] = [:]

    init(_ packet: CapturedPacket) {
        bytes = hexadecimal(packet.bytes)
        link = packet.interface.linkType.rawValue
        do throws(ParseError) {
            let span = packet.bytes.span.bytes
            let value = try LinkPacket(parsing: span, linkType: packet.interface.linkType)
            written = hexadecimal(serialized { value.serialize(into: &$0) })
            error = value.error?.description
            for layer in value.layers(of: span) { add(layer, as: layer.name) }
        } catch {
            self.error = error.description
        }
    }

    private mutating func add(_ field: Field, as path: String) {
        if let text = text(field.value) { fields[path, default: []].append(text) }
        for part in field.fields { add(part, as: "\(path)/\(part.name)") }
    }

    private func text(_ value: Field.Value) -> String? {
        switch value {
        case .group: nil
        case .number(let number), .hexadecimal(let number, _): "\(number)"
        case .text(let text): text
        case .bytes(let bytes): hexadecimal(bytes)
        }
    }
}

func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

func packets(ofCapture path: String) throws -> [CapturedPacket] {
    var decoder = CaptureDecoder()
    decoder.append(Array(try Data(contentsOf: URL(filePath: path))).span.bytes)
    var packets: [CapturedPacket] = []
    while let packet = try decoder.next() { packets.append(packet) }
    try decoder.finish()
    return packets
}

func capture(of packets: [CapturedPacket]) throws -> [UInt8] {
    var encoder = CaptureEncoder(.pcapng, interface: packets.first?.interface ?? CaptureInterface(.raw))
    var file = encoder.header
    for packet in packets { try encoder.append(packet, to: &file) }
    return file
}

let arguments = CommandLine.arguments.dropFirst()
if arguments.isEmpty {
    for format in PacketFormat.all { print(format.name) }
    exit(0)
}
guard arguments.count == 5, let format = PacketFormat.all.first(where: { $0.name == arguments[1] }),
    let count = Int(arguments[2]), count >= 0, let seed = UInt64(arguments[3])
else {
    print("PacketOracle FORMAT COUNT SEED THEIRS CAPTURE")
    exit(2)
}
var random = SplitMix64(seed: seed)
let ours = (0..<count).map { _ in
    let packet = format.sample(&random)
    return CapturedPacket(packet.bytes, at: CaptureTime(nanosecondsSince1970: 0), on: CaptureInterface(packet.linkType))
}
let all = try packets(ofCapture: arguments[4]) + ours
try Data(try capture(of: all)).write(to: URL(filePath: arguments[5]))
let encoder = JSONEncoder()
encoder.outputFormatting = .withoutEscapingSlashes
for packet in all { print(String(decoding: try encoder.encode(Reading(packet)), as: UTF8.self)) }
