/// What a packet says, to people.
extension LinuxCookedPacket: CustomStringConvertible {
    /// One line, as tcpdump prints it: in the second version the interface and the direction, and the line of the packet
    /// behind them. tcpdump names the interface as the reading host does; here it is a number.
    public var description: String { description(interfaceName: nil) }

    /// The same, with the interface's name in the place of its number, as tcpdump has it where the packet came in.
    public func description(interfaceName: String?) -> String {
        switch version {
        case .v1: return summary
        case .v2(let index):
            let name = interfaceName ?? "if\(index)"
            return name + String(repeating: " ", count: max(1, 6 - name.utf8.count))
                + direction.abbreviation + String(repeating: " ", count: 4 - direction.abbreviation.utf8.count)
                + summary
        }
    }

    private var summary: String {
        if let line = payload.frameDescription(trailerLength: trailer.count) { return line }
        if let error = payload.error { return "[\(error)]" }
        return "ethertype Unknown (\(hexadecimal(payload.etherType.rawValue))), length \(length)"
    }

    /// The packet's layers in order, each a group of fields.
    ///
    /// - Parameters:
    ///   - bytes: those that the packet was read from; places are counted from their start.
    public func layers(of bytes: RawSpan) -> [Field] {
        let end = min(bytes.byteCount, headerLength + payload.length)
        let layers = [Field.group("Linux cooked capture", 0..<headerLength, fields(of: bytes))]
        return layers + payload.layers(of: bytes.extracting(headerLength..<end)).moved(by: headerLength)
            + (trailer.isEmpty ? [] : [.bytes("Trailer", trailer, at: end)])
    }

    private func fields(of bytes: RawSpan) -> [Field] {
        let way = direction.abbreviation
        switch version {
        case .v1:
            let type = EtherType(rawValue: bytes.uint16(at: 14))
            return [
                .number("Packet type", direction.rawValue, 0..<2, meaning: way),
                .number("ARPHRD_ type", hardwareType, 2..<4),
                .number("Link-layer address length", bytes.uint16(at: 4), 4..<6),
                .bytes("Link-layer address", bytes.extracting(6..<14).array, at: 6),
                .hexadecimal("Protocol type", type.rawValue, 14..<16, meaning: type.description),
            ]
        case .v2(let index):
            let type = EtherType(rawValue: bytes.uint16(at: 0))
            return [
                .hexadecimal("Protocol type", type.rawValue, 0..<2, meaning: type.description),
                .number("Reserved", bytes.uint16(at: 2), 2..<4),
                .number("Interface index", index, 4..<8),
                .number("ARPHRD_ type", hardwareType, 8..<10),
                .number("Packet type", direction.rawValue, 10..<11, meaning: way),
                .number("Link-layer address length", bytes.uint8(at: 11), 11..<12),
                .bytes("Link-layer address", bytes.extracting(12..<20).array, at: 12),
            ]
        }
    }
}

extension LinuxCookedPacket.Direction {
    /// As tcpdump abbreviates it.
    fileprivate var abbreviation: String {
        switch self {
        case .incoming: "In"
        case .broadcast: "B"
        case .multicast: "M"
        case .otherHost: "P"
        case .outgoing: "Out"
        default: "?"
        }
    }
}
