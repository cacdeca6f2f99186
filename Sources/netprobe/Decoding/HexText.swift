/// Packets as hexadecimal text: what `tcpdump -x`, `xxd`, `hexdump -C` and Wireshark print, and digits alone.
///
/// Lines are fed one by one. An empty line, and a line whose offset is zero, begin a new packet. `hexdump` and `od` close
/// with an offset alone.
struct HexText {
    /// What is wrong with a line, and where: both counted from 1.
    struct Flaw: Error, Equatable, CustomStringConvertible {
        let line: Int
        let column: Int
        let reason: String
        var description: String { "line \(line), column \(column): \(reason)" }
    }

    private var bytes: [UInt8] = []
    /// The first digit of a byte whose second has not come.
    private var half: UInt8?
    private var lineNumber = 0
    /// Whether the packet's lines begin with offsets.
    private var hasOffsets = false
    /// A line that is no hexadecimal: a heading, if a line with the offset zero follows, as in `tcpdump -x`.
    private var heading: Flaw?

    /// Reads a line without its end; gives the packet that ended before it.
    mutating func read(_ line: ArraySlice<UInt8>) throws(Flaw) -> [UInt8]? {
        lineNumber += 1
        let text = HexLine(line)
        if text.isComment { return nil }
        if text.isEmpty { return try end() }
        if hasOffsets, let count = text.loneNumber, count == bytes.count { return try end() }
        var finished: [UInt8]?
        if let offset = text.offset {
            if offset == 0 {
                heading = nil
                finished = try end()
            }
            guard offset == bytes.count, half == nil else {
                throw flaw(at: 0, "the offset is \(offset), where \(bytes.count) bytes came before")
            }
            hasOffsets = true
        }
        if let unreadable = text.unreadable {
            let flaw = flaw(at: unreadable, "'\(text.character(at: unreadable))' is no hexadecimal digit")
            guard text.offset == nil else { throw flaw }
            guard heading == nil else { return nil }
            let finished = try end()
            heading = flaw
            return finished
        }
        if let heading { throw heading }
        for digit in text.digits { append(digit) }
        return finished
    }

    /// Gives the packet that has been read so far, if any.
    mutating func end() throws(Flaw) -> [UInt8]? {
        if let heading { throw heading }
        guard half == nil else { throw flaw(at: 0, "the packet ends inside a byte: an odd number of digits") }
        guard !bytes.isEmpty else { return nil }
        defer { (bytes, hasOffsets) = ([], false) }
        return bytes
    }

    private mutating func append(_ digit: UInt8) {
        if let high = half {
            bytes.append(high << 4 | digit)
            half = nil
        } else {
            half = digit
        }
    }

    private func flaw(at column: Int, _ reason: String) -> Flaw {
        Flaw(line: lineNumber, column: column + 1, reason: reason)
    }
}
