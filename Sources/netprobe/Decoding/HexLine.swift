/// One line of hexadecimal text, taken apart: an offset, digits, and the characters that dumps print beside them.
struct HexLine {
    /// How many bytes came before, if the line says so.
    private(set) var offset: Int?
    /// The values of the digits, two for each byte.
    private(set) var digits: [UInt8] = []
    /// Where the first character stands that is no hexadecimal and no separator.
    private(set) var unreadable: Int?
    /// The line without the blanks at its end.
    private let text: [UInt8]

    /// - Parameter isBehindOffsets: whether the lines before say their offset. Among such lines a number alone is one,
    ///   too, with which `hexdump -C` and `od` close.
    init(_ line: ArraySlice<UInt8>, isBehindOffsets: Bool) {
        text = Array(line.reversed().drop(while: Self.isBlank).reversed())
        let start = text.firstIndex { !Self.isBlank($0) } ?? text.count
        guard !isComment, !(isRepetition && isBehindOffsets), start < text.count else { return }
        if let behind = readOffset(from: start, isBehindOffsets) {
            readDump(from: behind)
        } else {
            readDigits(from: start)
        }
    }

    var isEmpty: Bool { text.isEmpty }
    var isComment: Bool { text.first { !Self.isBlank($0) } == UInt8(ascii: "#") }
    /// Whether it stands for lines like the one before, up to the offset of the next.
    var isRepetition: Bool { text == [UInt8(ascii: "*")] }

    /// The character that begins at a byte of the line, as it may be shown.
    func character(at index: Int) -> String {
        String(String(decoding: text[index...].prefix(64), as: UTF8.self).prefix(1)).forTerminal
    }

    /// An offset ends with a colon, or with two blanks: `0x0010:  `, `00000010: `, `0010   `. In `od -A x -t x1` one
    /// blank and pairs of digits follow six digits.
    private mutating func readOffset(from start: Int, _ isBehindOffsets: Bool) -> Int? {
        let first = text[start...].starts(with: "0x".utf8) ? start + 2 : start
        let end = endOfDigits(from: first)
        let count = end - first
        guard (4...8).contains(count) else { return nil }
        let isMarked = end < text.count && text[end] == UInt8(ascii: ":") && isGap(end + 1)
        let isApart = end + 1 < text.count && isGap(end) && isGap(end + 1)
        let isBeforePairs =
            count >= 6 && isGap(end) && endOfDigits(from: min(end + 1, text.count)) == end + 3
            && isGap(end + 3)
        let isAlone = count >= 6 && end == text.count && isBehindOffsets
        guard isMarked || isApart || isBeforePairs || isAlone else { return nil }
        offset = text[first..<end].reduce(0) { $0 << 4 | Int(Self.value(of: $1) ?? 0) }
        return isMarked ? end + 1 : end
    }

    /// Groups of digits up to the column of characters, which two blanks announce. Only between eight bytes and eight
    /// do two blanks mean nothing, if groups are single bytes.
    private mutating func readDump(from start: Int) {
        var index = text[start...].firstIndex { !Self.isBlank($0) } ?? text.count
        var isMiddle = false
        while index < text.count {
            let end = endOfDigits(from: index)
            let group = text[index..<end]
            guard isGap(end), group.count.isMultiple(of: 2) || end == text.count else {
                // Lines of eight bytes have their characters there.
                if !isMiddle { unreadable = end }
                return
            }
            digits += group.compactMap(Self.value)
            let next = text[end...].firstIndex { !Self.isBlank($0) } ?? text.count
            isMiddle = next - end == 2 && group.count == 2 && digits.count == 16
            guard next - end == 1 || isMiddle else { return }
            index = next
        }
    }

    /// Digits with anything between them that people put there: blanks, colons, dashes, commas, `0x`. Between the two
    /// digits of a byte nothing stands: numbers of other sizes are words, or decimal, or no bytes at all.
    private mutating func readDigits(from start: Int) {
        var index = start
        while index < text.count {
            let isWhole = digits.count.isMultiple(of: 2)
            if let value = Self.value(of: text[index]) {
                let isPrefix =
                    value == 0 && isWhole && index + 1 < text.count
                    && text[index + 1] | 0x20 == UInt8(ascii: "x")
                if isPrefix { index += 1 } else { digits.append(value) }
            } else if !isWhole || !Self.isSeparator(text[index]) {
                unreadable = index
                return
            }
            index += 1
        }
    }

    private func endOfDigits(from start: Int) -> Int {
        text[start...].firstIndex { Self.value(of: $0) == nil } ?? text.count
    }

    private func isGap(_ index: Int) -> Bool { index >= text.count || Self.isBlank(text[index]) }
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
