import Packets

extension Target {
    /// Packets of links, by what tells them apart: the fuzzer need not find it.
    static let links =
        [
            Target("linux-cooked") { link($0, .linuxCooked) },
            Target("linux-cooked-2") { link($0, .linuxCooked2) },
            Target("raw") { link($0, .raw) },
        ]
        + [EtherType.arp, .mpls, .vlan].map { type in
            Target("ethernet-\(type == .vlan ? "vlan" : "\(type)".lowercased())") { bytes in
                let header =
                    [UInt8](repeating: 2, count: 12) + [UInt8(type.rawValue >> 8), UInt8(type.rawValue & 0xFF)]
                link((header + array(bytes)).span.bytes, .ethernet)
            }
        }

    private static func link(_ bytes: RawSpan, _ linkType: LinkType) {
        expectStable(
            bytes, parse: { try LinkPacket(parsing: $0, linkType: linkType, verifyingChecksums: false) },
            length: \.length, serialize: { $0.serialize(into: &$1) })
        guard let packet = try? LinkPacket(parsing: bytes, linkType: linkType, verifyingChecksums: false) else {
            return
        }
        precondition(!packet.description.isEmpty)
        expectInside(packet.layers(of: bytes), 0..<bytes.byteCount)
    }

    static func array(_ bytes: RawSpan) -> [UInt8] {
        (0..<bytes.byteCount).map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
}
