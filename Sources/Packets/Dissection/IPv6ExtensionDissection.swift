import Addresses

/// What a header says, to people.
extension IPv6ExtensionHeader {
    /// What tcpdump prints of it, between the addresses and the payload.
    ///
    /// - Parameters:
    ///   - following: bytes that come behind the header, of which a fragment says that they are its part.
    func summary(following: Int) -> String {
        switch body {
        case .hopByHopOptions: "HBH"
        case .routing(let routing): "RT6 (len=\(length / 8 - 1), \(routing.summary))"
        case .fragment(let offset, _, _): "frag (\(Int(offset) * 8)|\(following))"
        case .authentication(let header):
            "AH(spi=\(hexadecimal(header.securityParametersIndex)),seq=0x\(String(header.sequenceNumber, radix: 16)),"
                + "icv=0x\(hexadecimalDigits(header.integrityCheckValue))):"
        case .destinationOptions: "DSTOPT"
        case .malformed(.hopByHopOptions, _, _): "HBH"
        case .malformed(.destinationOptions, _, _): "DSTOPT"
        case .malformed(_, _, let error): "[\(error)]"
        }
    }

    /// Whether tcpdump says nothing of what follows.
    var isUnknownRoute: Bool {
        if case .routing(let routing) = body, case .unknown = routing.route { true } else { false }
    }

    /// The header's fields with their places.
    func fields(of bytes: RawSpan) -> [Field] {
        let next = IPProtocol(rawValue: bytes.uint8(at: 0))
        var fields = [Field.number("Next header", next.rawValue, 0..<1, meaning: next.description)]
        switch body {
        case .fragment: fields.append(.reserved(bytes, 1..<2))
        default:
            let name = protocolNumber == .authentication ? "Payload length" : "Header extension length"
            fields.append(.number(name, bytes.uint8(at: 1), 1..<2, meaning: "\(length) bytes"))
        }
        switch body {
        case .hopByHopOptions(let options), .destinationOptions(let options):
            var offset = 2
            for option in options {
                fields.append(option.field.moved(by: offset))
                offset += option.length
            }
        case .routing(let routing): fields += routing.fields(of: bytes)
        case .fragment(let offset, let moreFragments, let identification):
            fields += [
                .number("Fragment offset", offset, 2..<4, meaning: "\(Int(offset) * 8) bytes"),
                .number("Reserved", bytes.uint8(at: 3) >> 1 & 0b11, 3..<4),
                .flag("More fragments", moreFragments, 3..<4),
                .hexadecimal("Identification", identification, 4..<8),
            ]
        case .authentication(let header):
            fields += [
                .reserved(bytes, 2..<4),
                .hexadecimal("Security parameters index", header.securityParametersIndex, 4..<8),
                .number("Sequence number", header.sequenceNumber, 8..<12),
                .bytes("Integrity check value", header.integrityCheckValue, at: 12),
            ]
        case .malformed(_, let bytes, let error):
            fields.append(.bytes("Malformed", bytes, at: 2, meaning: error.description))
        }
        return fields
    }
}

extension IPv6RoutingHeader {
    /// What tcpdump prints of the header behind its length.
    fileprivate var summary: String {
        var parts = ["type=\(type)\(type == 0 ? " [Deprecated]" : "")", "segleft=\(segmentsLeft)"]
        switch route {
        case .source, .home: break
        case .segments(let way):
            parts.append("last-entry=\(way.segments.count - 1)")
            if way.flags != 0 { parts.append("flags=0x\(String(way.flags, radix: 16))") }
            parts.append("tag=\(String(way.tag, radix: 16))")
        case .unknown: return parts.joined(separator: ", ") + " (unknown type"
        }
        parts += addresses.enumerated().map { "[\($0)]\($1)" }
        return parts.joined(separator: ", ")
    }

    private var addresses: [IPv6Address] {
        switch route {
        case .source(let addresses): addresses
        case .home(let address): [address]
        case .segments(let way): way.segments
        case .unknown: []
        }
    }

    /// The fields behind the header's length.
    fileprivate func fields(of bytes: RawSpan) -> [Field] {
        let addressesEnd = 2 + Self.addressesOffset + 16 * addresses.count
        let head: [Field] = [
            .number("Routing type", type, 2..<3, meaning: name),
            .number("Segments left", segmentsLeft, 3..<4),
        ]
        let addresses = addresses.enumerated().map { index, address in
            let start = 2 + Self.addressesOffset + 16 * index
            return Field.text("Address[\(index)]", address, start..<start + 16)
        }
        switch route {
        case .source, .home: return head + [.reserved(bytes, 4..<8)] + addresses
        case .segments(let way):
            return head + [
                .number("Last entry", bytes.uint8(at: 4), 4..<5),
                .hexadecimal("Flags", way.flags, 5..<6),
                .hexadecimal("Tag", way.tag, 6..<8),
            ] + addresses
                + (way.objects.isEmpty ? [] : [.bytes("Type length value objects", way.objects, at: addressesEnd)])
        case .unknown(_, let data): return head + [.bytes("Type-specific data", data, at: 4)]
        }
    }

    private var name: String? {
        switch route {
        case .source: "source route, deprecated"
        case .home: "home address"
        case .segments: "segment routing"
        case .unknown: nil
        }
    }
}

extension IPv6Option {
    /// The option as a group, which begins at 0.
    fileprivate var field: Field {
        guard self != .pad1 else { return .number("Pad1", type, 0..<1) }
        let head: [Field] = [
            .hexadecimal("Option type", type, 0..<1, meaning: unknownAction.meaning),
            .number("Option data length", length - 2, 1..<2),
        ]
        return .group(name, 0..<length, head + (length > 2 ? [contents] : []))
    }

    private var name: String {
        switch self {
        case .pad1: "Pad1"
        case .padN: "PadN"
        case .routerAlert: "Router alert"
        case .jumboPayload: "Jumbo payload"
        case .tunnelEncapsulationLimit: "Tunnel encapsulation limit"
        case .homeAddress: "Home address"
        case .unknown: "Unknown option"
        }
    }

    private var contents: Field {
        switch self {
        case .pad1, .unknown: .bytes("Option data", data, at: 2)
        case .padN: .bytes("Padding", data, at: 2)
        case .routerAlert(let value): .number("Value", value, 2..<4)
        case .jumboPayload(let length): .number("Jumbo payload length", length, 2..<6)
        case .tunnelEncapsulationLimit(let limit): .number("Limit", limit, 2..<3)
        case .homeAddress(let address): .text("Home address", address, 2..<18)
        }
    }

    private var data: [UInt8] {
        switch self {
        case .padN(let data), .unknown(_, let data): data
        default: []
        }
    }
}

extension IPv6Option.UnknownAction {
    fileprivate var meaning: String {
        switch self {
        case .skip: "skip if unknown"
        case .discard: "discard if unknown"
        case .discardAndReport: "discard and report if unknown"
        case .discardAndReportUnicast: "discard if unknown, and report unless multicast"
        }
    }
}

extension Field {
    /// Bytes that mean nothing and should be zero.
    static func reserved(_ bytes: RawSpan, _ place: Range<Int>) -> Field {
        .bytes("Reserved", bytes.extracting(place).array, at: place.lowerBound)
    }
}
