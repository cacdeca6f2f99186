/// Text that comes in pieces, as lines, none of which is kept if it is too long.
struct BoundedLines {
    /// One line.
    struct Line {
        /// Which it is, from 1.
        let number: Int
        /// What is in front of `#`, where a comment begins, in words; `nil` if it is too long.
        let words: [ArraySlice<UInt8>]?
    }

    /// Bytes of the longest line: longer than a domain name and a comment beside it.
    static let longest = 4096

    private var number = 0
    /// The beginning of a line whose end has not been read yet.
    private var pending: [UInt8] = []
    private var isTooLong = false

    /// Reads what comes next; the lines that end in it.
    mutating func read(_ bytes: ArraySlice<UInt8>) -> [Line] {
        var lines: [Line] = []
        var rest = bytes
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            append(rest[..<end])
            lines.append(endLine())
            rest = rest[(end + 1)...]
        }
        append(rest)
        return lines
    }

    /// The text is over; its last line, if that has no end of its own.
    mutating func end() -> Line? { pending.isEmpty && !isTooLong ? nil : endLine() }

    private mutating func append(_ bytes: ArraySlice<UInt8>) {
        let room = Self.longest - pending.count
        isTooLong = isTooLong || bytes.count > room
        pending += bytes.prefix(room)
    }

    private mutating func endLine() -> Line {
        number += 1
        defer {
            pending.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        guard !isTooLong else { return Line(number: number, words: nil) }
        let text = pending.prefix { $0 != UInt8(ascii: "#") }
        return Line(number: number, words: text.split { [0x20, 0x09, 0x0D].contains($0) })
    }
}
