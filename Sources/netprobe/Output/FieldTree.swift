import Packets

/// Fields for people: a line each, its place at the left, and its parts below it, further in.
struct FieldTree {
    /// Bytes: a string takes several times as long to grow.
    private var lines: [UInt8] = []

    /// The lines that fields and comments have made.
    var text: String { String(decoding: lines, as: UTF8.self) }

    /// Columns of the place: `65535-65535`.
    private static let placeWidth = 11
    /// Bytes of a payload that are shown.
    private static let shownBytes = 32

    mutating func add(comment: String) { add(place: "", level: 0, "Comment: \(comment.forTerminal)") }

    mutating func add(_ field: Field) { add(field, level: 0) }

    private mutating func add(_ field: Field, level: Int) {
        let meaning = field.meaning.map(\.forTerminal)
        var line = field.name.forTerminal
        if let value = Self.text(of: field.value) {
            line += ": " + value + (meaning.map { " (\($0))" } ?? "")
        } else if let meaning {
            line += ": " + meaning
        }
        add(place: Self.place(field.bytes), level: level, line)
        for part in field.fields { add(part, level: level + 1) }
    }

    private mutating func add(place: String, level: Int, _ line: String) {
        let margin = Self.placeWidth - place.utf8.count
        lines += repeatElement(UInt8(ascii: " "), count: max(0, margin))
        lines += place.utf8
        lines += repeatElement(UInt8(ascii: " "), count: 2 * level + 2)
        lines += line.utf8
        lines.append(UInt8(ascii: "\n"))
    }

    /// The first and the last byte, counted from 0.
    private static func place(_ bytes: Range<Int>) -> String {
        switch bytes.count {
        case 0: ""
        case 1: "\(bytes.lowerBound)"
        default: "\(bytes.lowerBound)-\(bytes.upperBound - 1)"
        }
    }

    private static func text(of value: Field.Value) -> String? {
        switch value {
        case .group: return nil
        case .number(let number): return "\(number)"
        case .hexadecimal(let number, let digits): return "0x" + netprobe.hexadecimal(number, digits: digits)
        case .text(let text): return text.forTerminal
        case .bytes(let bytes):
            let shown = hexadecimal(bytes.prefix(shownBytes))
            return bytes.count > shownBytes ? "\(shown)… (\(bytes.count) bytes)" : shown
        }
    }

    /// Two digits a byte.
    static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
        let digit = { (value: UInt8) in value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10) }
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 0x0F))
        }
        return String(decoding: text, as: UTF8.self)
    }
}
