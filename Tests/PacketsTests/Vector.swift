import Foundation
import Packets
import Testing

/// A packet that others made, from `Vectors`: see the README there.
struct Vector: Sendable, CustomTestStringConvertible {
    /// The file's name without `.txt`.
    let file: String
    let name: String
    let origin: String
    /// `ipv4`, `ipv6` or `ethernet`: what the bytes begin with.
    let link: String
    /// What tcpdump prints of it.
    let line: String
    let bytes: [UInt8]

    var testDescription: String { "\(file): \(name)" }

    /// Every vector of every file.
    static let all: [Vector] = {
        let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")
        let files = (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "txt" }.sorted { $0.path < $1.path }.flatMap { file in
            ((try? String(contentsOf: file, encoding: .utf8)) ?? "").components(separatedBy: "\n\n")
                .compactMap { Vector(block: $0, of: file.deletingPathExtension().lastPathComponent) }
        }
    }()

    private init?(block: String, of file: String) {
        var labels: [String: String] = [:]
        var digits = ""
        for line in block.split(separator: "\n") {
            if line.hasPrefix("# "), let colon = line.firstIndex(of: ":") {
                let label = line[line.index(line.startIndex, offsetBy: 2)..<colon]
                labels[String(label)] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            } else if !line.hasPrefix("#") {
                digits += line.filter(\.isHexDigit)
            }
        }
        guard let name = labels["name"], let link = labels["link"] else { return nil }
        self.file = file
        self.name = name
        self.link = link
        origin = labels["from"] ?? ""
        line = labels["line"] ?? ""
        bytes = PacketsTests.bytes(digits)
    }
}

extension Vector {
    /// What the library makes of bytes of the vector's kind.
    func dissect(_ bytes: [UInt8]) throws(ParseError) -> Dissection {
        let links: [String: LinkType] = [
            "ethernet": .ethernet, "ipv4": .ipv4, "ipv6": .ipv6, "linux-cooked": .linuxCooked,
            "linux-cooked2": .linuxCooked2,
        ]
        let packet = try LinkPacket(
            parsing: bytes.span.bytes, linkType: links[link] ?? .raw, verifyingChecksums: false)
        return Dissection(
            description: packet.description, layers: packet.layers(of: bytes.span.bytes),
            written: serialized { packet.serialize(into: &$0) }, error: packet.error)
    }

    struct Dissection {
        let description: String
        let layers: [Field]
        let written: [UInt8]
        let error: ParseError?
    }
}
