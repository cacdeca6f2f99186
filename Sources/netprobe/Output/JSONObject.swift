import Packets

/// One JSON object on one line (RFC 8259), written field by field in order.
struct JSONObject {
    private var text = "{"

    mutating func add(_ name: String, _ value: String?) { if let value { addRaw(name, Self.quoted(value)) } }
    mutating func add(_ name: String, _ value: (some BinaryInteger)?) { if let value { addRaw(name, "\(value)") } }
    mutating func add(_ name: String, _ value: Bool) { addRaw(name, value ? "true" : "false") }
    /// A time in seconds, with nine decimals.
    mutating func add(_ name: String, _ value: Duration?) { if let value { addRaw(name, value.seconds) } }
    /// A time in seconds since 1970, with nine decimals.
    mutating func add(_ name: String, _ value: CaptureTime?) { if let value { addRaw(name, "\(value)") } }
    mutating func add(_ name: String, _ value: Double) { addRaw(name, "\(value)") }
    mutating func add(_ name: String, _ value: JSONObject) { addRaw(name, value.text + "}") }
    mutating func add(_ name: String, _ values: [JSONObject]) {
        addRaw(name, "[" + values.map { $0.text + "}" }.joined(separator: ",") + "]")
    }
    mutating func add(_ name: String, _ values: [String]) {
        addRaw(name, "[" + values.map(Self.quoted).joined(separator: ",") + "]")
    }

    private mutating func addRaw(_ name: String, _ value: String) {
        if text.utf8.count > 1 { text += "," }
        text += "\"\(name)\":\(value)"
    }

    /// The object with a line feed.
    var line: String { text + "}\n" }

    private static func quoted(_ value: String) -> String {
        var quoted = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}":
                quoted += "\\u\(hexadecimal(scalar.value, digits: 4))"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

/// A number in hexadecimal with at least so many digits.
func hexadecimal(_ value: some BinaryInteger, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}
