import Packets

/// Packets as hexadecimal text: what `tcpdump -x`, `xxd`, `hexdump -C`, `od -A x -t x1` and Wireshark print, and digits
/// alone.
///
/// Lines are fed one by one. An empty line, and a line whose offset is zero, begin a new packet.
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
    /// Where the bytes of the last line begin.
    private var lineStart = 0
    /// Whether the packet's lines say their offsets.
    private var hasOffsets = false
    /// Whether the last line comes again, up to the offset of the next.
    private var isRepeated = false
    private var lineNumber = 0
    /// The first of the lines that are no hexadecimal: headings, if a line with the offset zero follows, as in
    /// `tcpdump -v -x`.
    private var heading: Flaw?

    /// Reads a line without its end; gives the packet that ended before it.
    mutating func read(_ line: ArraySlice<UInt8>) throws(Flaw) -> [UInt8]? {
        lineNumber += 1
        let text = HexLine(line, isBehindOffsets: hasOffsets)
        if text.isComment { return nil }
        if text.isEmpty { return heading == nil ? try end() : nil }
        if text.isRepetition, hasOffsets {
            isRepeated = true
            return nil
        }
        let flaw = text.unreadable.map { self.flaw(at: $0, "'\(text.character(at: $0))' is no hexadecimal digit") }
        // In the middle of digits alone there is no heading.
        if let flaw, text.offset == nil, hasOffsets || bytes.isEmpty { return try end(before: flaw) }
        let finished = try text.offset.flatMap { offset throws(Flaw) in try begin(at: offset) }
        if let flaw = heading ?? flaw { throw flaw }
        lineStart = bytes.count
        for digit in text.digits { append(digit) }
        guard bytes.count <= CapturedPacket.maximumLength else {
            throw self.flaw(at: 0, "the packet has more than \(CapturedPacket.maximumLength) bytes")
        }
        return finished
    }

    /// Gives the packet that has been read so far, if any.
    mutating func end() throws(Flaw) -> [UInt8]? {
        if let heading { throw heading }
        guard half == nil else { throw flaw(at: 0, "the packet ends inside a byte: an odd number of digits") }
        guard !isRepeated else { throw flaw(at: 0, "the packet ends with *, and no offset says where") }
        hasOffsets = false
        guard !bytes.isEmpty else { return nil }
        defer { bytes = [] }
        return bytes
    }

    /// Gives the packet before what may be a heading.
    private mutating func end(before line: Flaw) throws(Flaw) -> [UInt8]? {
        if heading != nil { return nil }
        defer { heading = line }
        return try end()
    }

    /// What is before a line with an offset has to fit it; an offset of zero begins a new packet.
    private mutating func begin(at offset: Int) throws(Flaw) -> [UInt8]? {
        var finished: [UInt8]?
        if offset == 0 {
            heading = nil
            finished = try end()
        } else if isRepeated, offset <= CapturedPacket.maximumLength {
            let line = bytes[lineStart...]
            while !line.isEmpty, bytes.count < offset { bytes += line }
        }
        isRepeated = false
        guard offset == bytes.count, half == nil else {
            throw flaw(at: 0, "the offset is \(offset), where \(bytes.count) bytes came before")
        }
        hasOffsets = true
        return finished
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
