import Packets

/// Packets out of an input of which nobody said what it is: a capture, hexadecimal text, or the bytes of one packet.
///
/// ```swift
/// reader.append(bytes)            // or reader.end(), once
/// while let packet = try reader.next() { … }
/// ```
struct PacketReader {
    /// What is wrong with the input, in words.
    struct Damage: Error, CustomStringConvertible { let description: String }

    private enum Form {
        /// Not enough has come to tell.
        case unknown
        case capture(CaptureDecoder)
        case text(HexText)
        case bytes
    }

    private var form = Form.unknown
    /// What has come and is not read yet: an input that is not told yet, lines, bytes.
    private var pending: [UInt8] = []
    /// How many of `pending` have been read.
    private var read = 0
    private var hasEnded = false
    private let link: LinkType?

    /// So many bytes tell a capture from anything else.
    private static let tellingLength = 12
    /// More bytes than any packet has, and any line that makes sense.
    private static let limit = 1 << 20

    /// - Parameter link: what packets begin with that don't say it themselves; `nil` to have their bytes tell.
    init(link: LinkType?) { self.link = link }

    /// Takes what came next.
    mutating func append(_ bytes: ArraySlice<UInt8>) {
        guard case .capture(var decoder) = form else {
            pending.removeFirst(read)
            read = 0
            pending += bytes
            return
        }
        form = .unknown
        decoder.append(bytes.span.bytes)
        form = .capture(decoder)
    }

    /// Says that nothing more comes.
    mutating func end() { hasEnded = true }

    /// The next packet; `nil` if more has to come first.
    ///
    /// - Throws: `ParseError`, `HexText.Flaw` or ``Damage``: what comes behind can't be read.
    mutating func next() throws -> CapturedPacket? {
        switch form {
        case .unknown:
            guard hasEnded || pending.count >= Self.tellingLength else { return nil }
            try tell()
            return try next()
        case .capture(var decoder):
            form = .unknown
            defer { form = .capture(decoder) }
            let packet = try decoder.next()
            if packet == nil && hasEnded { try decoder.finish() }
            return packet
        case .text(var text):
            defer { form = .text(text) }
            return try nextPacket(of: &text)
        case .bytes:
            if pending.count > Self.limit {
                throw Damage(description: "neither a capture nor hexadecimal text, and too long for one packet")
            }
            guard hasEnded, !pending.isEmpty else { return nil }
            defer { pending = [] }
            return try captured(pending)
        }
    }

    private mutating func tell() throws {
        if CaptureFormat(startOf: pending.span.bytes) != nil {
            var decoder = CaptureDecoder()
            decoder.append(pending.span.bytes)
            pending = []
            form = .capture(decoder)
        } else if pending.isEmpty {
            throw Damage(description: "nothing in it")
        } else {
            form = Self.isText(pending) ? .text(HexText()) : .bytes
        }
    }

    /// No packet is without a zero, and all but printable.
    private static func isText(_ bytes: [UInt8]) -> Bool {
        let printable = bytes.count { $0 >= 0x20 && $0 < 0x7F || (0x09...0x0D).contains($0) }
        return !bytes.contains(0) && printable >= bytes.count / 10 * 9
    }

    private mutating func nextPacket(of text: inout HexText) throws -> CapturedPacket? {
        while let end = endOfLine {
            let line = pending[read..<end]
            read = min(end + 1, pending.count)
            if let packet = try text.read(line) { return try captured(packet) }
        }
        guard pending.count - read <= Self.limit else { throw Damage(description: "a line without an end") }
        return hasEnded ? try text.end().map(captured) : nil
    }

    /// Where the next line ends; `nil` if it may go on.
    private var endOfLine: Int? {
        pending[read...].firstIndex(of: UInt8(ascii: "\n")) ?? (hasEnded && read < pending.count ? pending.count : nil)
    }

    private func captured(_ bytes: [UInt8]) throws -> CapturedPacket {
        guard let link = link ?? .guess(bytes) else {
            throw Damage(description: "neither IP nor Ethernet: --link says what it begins with")
        }
        return CapturedPacket(bytes, at: nil, on: CaptureInterface(link))
    }
}
