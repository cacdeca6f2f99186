import Addresses

/// Which interface an extended echo request asks for (RFC 8335 section 2.1).
public enum ICMPInterfaceIdentification: Hashable, Sendable {
    /// By its name (RFC 2863), in ASCII; more than 255 bytes are dropped.
    case name(String)
    /// By its index (RFC 2863).
    case index(UInt32)
    /// By an address: the number of its family as IANA lists them (1 IPv4, 2 IPv6, 16389 a 48-bit MAC), and its bytes;
    /// more than 255 are dropped.
    case address(family: UInt16, [UInt8])

    /// By an IP address.
    public static func address(_ address: IPAddress) -> Self {
        let bytes = serialized(capacity: 20) { address.serializeWithFamily(into: &$0) }
        return .address(family: address.byteCount == 4 ? 1 : 2, Array(bytes.dropFirst(4)))
    }
}

extension ICMPInterfaceIdentification {
    /// The object's type.
    var type: UInt8 {
        switch self {
        case .name: 1
        case .index: 2
        case .address: 3
        }
    }

    /// Bytes of the object's data.
    var length: Int {
        switch self {
        case .name(let name): Self.padded(min(255, name.utf8.count))
        case .index: 4
        case .address(_, let bytes): 4 + Self.padded(min(255, bytes.count))
        }
    }

    /// `nil` unless the data has the form that the type says.
    init?(parsing data: RawSpan, type: UInt8) {
        switch type {
        case 1:
            let bytes = data.array
            let name = bytes.prefix { $0 != 0 }
            guard !name.isEmpty, bytes.dropFirst(name.count).allSatisfy({ $0 == 0 }),
                Self.padded(name.count) == bytes.count, name.allSatisfy({ $0 < 0x80 })
            else { return nil }
            self = .name(String(decoding: name, as: UTF8.self))
        case 2:
            guard data.byteCount == 4 else { return nil }
            self = .index(data.uint32(at: 0))
        case 3:
            guard data.byteCount >= 4 else { return nil }
            let length = Int(data.uint8(at: 2))
            guard data.uint8(at: 3) == 0, data.byteCount == 4 + Self.padded(length) else { return nil }
            self = .address(family: data.uint16(at: 0), data.extracting(4..<4 + length).array)
        default: return nil
        }
    }

    func serialize(into output: inout OutputRawSpan) {
        let end = output.byteCount + length
        switch self {
        case .name(let name): output.append(contentsOf: Array(name.utf8.prefix(255)).span.bytes)
        case .index(let index): output.append(bigEndian: index)
        case .address(let family, let bytes):
            output.append(bigEndian: family)
            output.append(UInt8(clamping: bytes.count))
            output.append(0 as UInt8)
            output.append(contentsOf: Array(bytes.prefix(255)).span.bytes)
        }
        output.append(repeating: 0, count: end - output.byteCount, as: UInt8.self)
    }

    func fields(at offset: Int) -> [Field] {
        switch self {
        case .name(let name): return [.text("Name", name, offset..<offset + length)]
        case .index(let index): return [.number("Index", index, offset..<offset + 4)]
        case .address(let family, let bytes):
            let end = offset + 4 + bytes.count
            let padding = [UInt8](repeating: 0, count: offset + length - end)
            return [
                .number("AFI", family, offset..<offset + 2, meaning: Self.familyName(family)),
                .number("Address length", bytes.count, offset + 2..<offset + 3),
                .number("Reserved", 0, offset + 3..<offset + 4),
                .text("Address", Self.text(family, bytes), offset + 4..<end),
            ] + (padding.isEmpty ? [] : [.bytes("Padding", padding, at: end)])
        }
    }

    private static func familyName(_ family: UInt16) -> String? {
        switch family {
        case 1: "IPv4"
        case 2: "IPv6"
        case 16389: "48-bit MAC"
        default: nil
        }
    }

    private static func text(_ family: UInt16, _ bytes: [UInt8]) -> String {
        switch (family, bytes.count) {
        case (1, 4): "\(bytes.span.bytes.ipv4Address(at: 0))"
        case (2, 16): "\(bytes.span.bytes.ipv6Address(at: 0))"
        default: bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
        }
    }

    /// Up to 32-bit words.
    private static func padded(_ length: Int) -> Int { (length + 3) / 4 * 4 }
}
