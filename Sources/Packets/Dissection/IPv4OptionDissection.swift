extension [IPv4Option] {
    /// A group for each option and a field for the padding; `bytes` are what all of them were read from.
    func fields(of bytes: RawSpan) -> [Field] {
        var fields: [Field] = []
        var offset = 0
        for option in self {
            fields.append(option.field.moved(by: offset))
            offset += option.length
        }
        guard offset < bytes.byteCount else { return fields }
        let padding = bytes.extracting(droppingFirst: offset).array
        return fields + [.bytes("End of option list and padding", padding, at: offset)]
    }
}

extension IPv4Option {
    /// The option as a group, which begins at 0.
    fileprivate var field: Field {
        let meaning = isCopied ? "copied into fragments" : nil
        switch self {
        case .noOperation: return .number("No operation", type, 0..<1)
        case .malformed(let bytes, let error):
            return .bytes("Malformed options", bytes, at: 0, meaning: error.description)
        default: break
        }
        let head: [Field] = [
            .hexadecimal("Type", type, 0..<1, meaning: meaning),
            .number("Length", length, 1..<2),
        ]
        return .group(name, 0..<length, head + contents)
    }

    private var name: String {
        switch self {
        case .noOperation: "No operation"
        case .recordRoute: "Record route"
        case .looseSourceRoute: "Loose source route"
        case .strictSourceRoute: "Strict source route"
        case .timestamp: "Internet timestamp"
        case .routerAlert: "Router alert"
        case .security: "Security"
        case .streamIdentifier: "Stream identifier"
        case .unknown: "Unknown option"
        case .malformed: "Malformed options"
        }
    }

    private var contents: [Field] {
        switch self {
        case .noOperation, .malformed: []
        case .recordRoute(let route), .looseSourceRoute(let route), .strictSourceRoute(let route): route.fields
        case .timestamp(let timestamp): timestamp.fields
        case .routerAlert(let value): [.number("Value", value, 2..<4)]
        case .security(let security):
            [
                .hexadecimal("Security", security.security, 2..<4),
                .hexadecimal("Compartments", security.compartments, 4..<6),
                .hexadecimal("Handling restrictions", security.handlingRestrictions, 6..<8),
                Field(
                    "Transmission control code",
                    .hexadecimal(UInt64(security.transmissionControlCode & 0xFF_FFFF), digits: 6), 8..<11),
            ]
        case .streamIdentifier(let identifier): [.number("Stream identifier", identifier, 2..<4)]
        case .unknown(_, let data): data.isEmpty ? [] : [.bytes("Data", data, at: 2)]
        }
    }
}

extension RouteRecord {
    fileprivate var fields: [Field] {
        [.number("Pointer", pointer, 2..<3, meaning: "\(recorded.count) of \(slots.count) passed")]
            + Field.list("Route data", slots, at: 3)
    }
}

extension IPv4TimestampOption {
    fileprivate var fields: [Field] {
        var fields: [Field] = [
            .number("Pointer", pointer, 2..<3, meaning: "\(recorded.count) of \(entries.count) written"),
            .number("Overflow", overflow & 0x0F, 3..<4),
            .number("Flag", form.rawValue, 3..<4, meaning: form.meaning),
        ]
        var offset = 4
        for entry in entries {
            if let address = entry.address {
                fields.append(.text("Internet address", address, offset..<offset + 4))
                offset += 4
            }
            let milliseconds = entry.timestamp.millisecondsSinceMidnight
            fields.append(
                .number(
                    "Timestamp", entry.timestamp.rawValue, offset..<offset + 4,
                    meaning: milliseconds.map { "\($0) ms since midnight UT" } ?? "not a standard time"))
            offset += 4
        }
        return fields
    }
}

extension IPv4TimestampOption.Form {
    fileprivate var meaning: String {
        switch self {
        case .timestampsOnly: "timestamps only"
        case .withAddresses: "addresses and timestamps"
        case .prespecified: "addresses prespecified"
        }
    }
}
