import Packets

/// One JSON object on one line (RFC 8259), written field by field in order.
struct JSONObject {
    /// The object without its end. Bytes: a string takes several times as long to grow.
    private var text = [UInt8(ascii: "{")]

    mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        begin(name)
        appendQuoted(value)
    }
    mutating func add(_ name: String, _ value: (some BinaryInteger)?) { if let value { addRaw(name, "\(value)") } }
    mutating func add(_ name: String, _ value: Bool) { addRaw(name, value ? "true" : "false") }
    /// A time in seconds, with nine decimals.
    mutating func add(_ name: String, _ value: Duration?) { if let value { addRaw(name, value.seconds) } }
    /// A time in seconds since 1970, with nine decimals.
    mutating func add(_ name: String, _ value: CaptureTime?) { if let value { addRaw(name, "\(value)") } }
    mutating func add(_ name: String, _ value: Double) { addRaw(name, "\(value)") }
    mutating func add(_ name: String, _ value: JSONObject) {
        begin(name)
        append(value)
    }
    mutating func add(_ name: String, _ values: [JSONObject]) { add(name, values) { $0.append($1) } }
    mutating func add(_ name: String, _ values: [String]) { add(name, values) { $0.appendQuoted($1) } }

    mutating func add(_ name: String, numbers: [Int]) {
        add(name, numbers) { $0.text += "\($1)".utf8 }
    }

    /// Times in nanoseconds, as seconds; `null` for those that there are not.
    mutating func add(_ name: String, seconds values: [Int64?]) {
        add(name, values) { object, value in
            object.text += (value.map { Duration.nanoseconds($0).seconds } ?? "null").utf8
        }
    }

    /// Appends the object with a line feed.
    func append(to line: inout [UInt8]) {
        line += text
        line += [UInt8(ascii: "}"), UInt8(ascii: "\n")]
    }

    /// The object with a line feed.
    var line: String { String(decoding: text, as: UTF8.self) + "}\n" }

    private mutating func add<Value>(
        _ name: String, _ values: [Value], append: (inout JSONObject, Value) -> Void
    ) {
        begin(name)
        text.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            append(&self, value)
        }
        text.append(UInt8(ascii: "]"))
    }

    private mutating func addRaw(_ name: String, _ value: String) {
        begin(name)
        text += value.utf8
    }

    private mutating func begin(_ name: String) {
        if text.count > 1 { text.append(UInt8(ascii: ",")) }
        text.append(UInt8(ascii: "\""))
        text += name.utf8
        text += "\":".utf8
    }

    private mutating func append(_ object: JSONObject) {
        text += object.text
        text.append(UInt8(ascii: "}"))
    }

    private mutating func appendQuoted(_ value: String) { text.append(jsonString: value) }
}

extension [UInt8] {
    /// Appends a text as a JSON string (RFC 8259 §7), in its quotation marks.
    mutating func append(jsonString value: String) {
        append(UInt8(ascii: "\""))
        if value.isPlain({ (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            self += value.utf8
        } else {
            self += Self.escaped(value).utf8
        }
        append(UInt8(ascii: "\""))
    }

    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\": escaped += "\\\(scalar)"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}":
                escaped += "\\u\(hexadecimal(scalar.value, digits: 4))"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

/// A number in hexadecimal with at least so many digits.
func hexadecimal(_ value: some BinaryInteger, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}
