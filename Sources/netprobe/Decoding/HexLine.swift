/// One line of hexadecimal text, taken apart: an offset, digits, and the characters that dumps print beside them.
struct HexLine {
    /// How many bytes came before, if the line says so.
    private(set) var offset: Int?
    /// The number that is all of the line, if it may be an offset.
    private(set) var loneNumber: Int?
    /// The values of the digits, two for each byte.
    private(set) var digits: [UInt8] = []
    /// Where the first character stands that is no hexadecimal and no separator.
    private(set) var unreadable: Int?
    private let text: [UInt8]

    init(_ line: ArraySlice<UInt8>) {
        text = Array(line)
        let start = text.firstIndex { !Self.isBlank($0) } ?? text.count
        guard !isComment, start < text.count else { return }
        if let behind = readOffset(from: start) { readDump(from: behind) } else { readDigits(from: start) }
    }

    var isEmpty: Bool { text.allSatisfy(Self.isBlank) }
    var isComment: Bool { text.first { !Self.isBlank($0) } == UInt8(ascii: "#") }

    /// The character that begins at a byte of the line, as it may be shown.
    func character(at index: Int) -> String {
        String(String(decoding: text[index...], as: UTF8.self).prefix(1)).forTerminal
    }

    /// An offset ends with a colon, with two blanks, or with one in front of a byte alone: `0x0010:  4500`,
    /// `00000010: 4500`, `0010   45`, `000010 45`.
    private mutating func readOffset(from start: Int) -> Int? {
        let first = text[start...].starts(with: "0x".utf8) ? start + 2 : start
        let end = endOfDigits(from: first)
        guard (4...8).contains(end - first) else { return nil }
        let number = text[first..<end].reduce(0) { $0 << 4 | Int(Self.value(of: $1) ?? 0) }
        let isBlankBehind = end == text.count || Self.isBlank(text[end])
        let next = text[end...].firstIndex { !Self.isBlank($0) } ?? text.count
        if next == text.count, isBlankBehind { loneNumber = number }
        let isMarked = end < text.count && text[end] == UInt8(ascii: ":")
            && (end + 1 == text.count || Self.isBlank(text[end + 1]))
        let isApart = next < text.count && next - end >= 2
        let isBeforeByte = end - first >= 6 && next - end == 1 && endOfDigits(from: next) - next == 2
        guard isMarked || isApart || isBeforeByte else { return nil }
        offset = number
        return isMarked ? end + 1 : end
    }

    private func endOfDigits(from start: Int) -> Int {
        text[start...].firstIndex { Self.value(of: $0) == nil } ?? text.count
    }

    /// Groups of digits up to the column of characters, which two blanks or a bar announce. Only between eight bytes
    /// and eight do two blanks mean nothing, if groups are single bytes.
    private mutating func readDump(from start: Int) {
        var index = text[start...].firstIndex { !Self.isBlank($0) } ?? text.count
        while index < text.count {
            let end = endOfDigits(from: index)
            let group = text[index..<end]
            guard !group.isEmpty, group.count.isMultiple(of: 2), end == text.count || Self.isBlank(text[end]) else {
                if digits.isEmpty { unreadable = end < text.count ? end : index }
                return
            }
            digits += group.compactMap(Self.value)
            let next = text[end...].firstIndex { !Self.isBlank($0) } ?? text.count
            let isMiddle = next - end == 2 && group.count == 2 && digits.count == 16
            guard next - end == 1 || isMiddle else { return }
            index = next
        }
    }

    /// Digits with anything between them that people put there: blanks, colons, dashes, commas, `0x`.
    private mutating func readDigits(from start: Int) {
        var index = start
        while index < text.count {
            if let value = Self.value(of: text[index]) {
                let isPrefix = value == 0 && digits.count.isMultiple(of: 2) && index + 1 < text.count
                    && text[index + 1] | 0x20 == UInt8(ascii: "x")
                if isPrefix { index += 1 } else { digits.append(value) }
            } else if !Self.isSeparator(text[index]) {
                unreadable = index
                return
            }
            index += 1
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    private static func isSeparator(_ byte: UInt8) -> Bool { isBlank(byte) || ":-,".utf8.contains(byte) }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
