/// Reads a capture file, of either format, from bytes that come in pieces of any size.
///
/// ```swift
/// var decoder = CaptureDecoder()
/// decoder.append(bytes)
/// while let packet = try decoder.next() { print(packet.bytes.count) }
/// try decoder.finish()
/// ```
///
/// The first bytes tell the format. Both byte orders are read; of pcap the timestamps in microseconds and in
/// nanoseconds; of pcapng any number of sections, all kinds of packet blocks, and timestamps of any resolution. Blocks
/// of other kinds are passed over. Whatever lengths the file claims, ``next()`` waits for no more than 1 MiB.
public struct CaptureDecoder: Sendable {
    private var bytes: [UInt8] = []
    /// How many of `bytes` have been read, and how many of the file.
    private var read = 0
    private var offset = 0
    private var state = State.start

    private enum State {
        case start
        case pcap(PcapFile)
        case pcapng(PcapngSection)
    }

    /// Begins at the start of a file.
    public init() {}

    /// The file's format; `nil` until ``next()`` has seen how the file begins.
    public var format: CaptureFormat? {
        switch state {
        case .start: nil
        case .pcap: .pcap
        case .pcapng: .pcapng
        }
    }

    /// Takes the next bytes of the file.
    public mutating func append(_ piece: RawSpan) {
        // Moving the unread bytes to the front only when they are fewer than the read ones: the work stays linear.
        if read > bytes.count / 2 {
            bytes.removeSubrange(..<read)
            read = 0
        }
        piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// The next packet, or `nil` if that needs more bytes.
    ///
    /// - Throws: when the bytes are no capture, or break their format's rules; the error's offset is that in the file.
    ///   There is no way on from there: the next call throws the same error.
    public mutating func next() throws(ParseError) -> CapturedPacket? {
        // A span of the property itself would keep `state` from being changed.
        let bytes = bytes
        while true {
            switch try Self.step(bytes.span.bytes.extracting(droppingFirst: read), at: offset, &state) {
            case .end, .incomplete: return nil
            case .read(let length, let packet):
                read += length
                offset += length
                if let packet { return packet }
            }
        }
    }

    /// Says that the file ends here: to be called when ``next()`` has returned `nil`.
    ///
    /// - Throws: when the bytes end in the middle of something, or there is nothing at all.
    public func finish() throws(ParseError) {
        var state = state
        let step = try Self.step(bytes.span.bytes.extracting(droppingFirst: read), at: offset, &state)
        if case .incomplete(let error) = step { throw error.moved(by: offset) }
    }

    private static func step(
        _ unread: RawSpan, at offset: Int, _ state: inout State
    ) throws(ParseError) -> CaptureStep {
        do {
            switch state {
            case .start: return try begin(unread, &state)
            case .pcap(let file): return try file.read(unread)
            case .pcapng(var section):
                // The section's interfaces are in one place only, or appending to them would copy them.
                state = .start
                defer { state = .pcapng(section) }
                return try section.read(unread)
            }
        } catch {
            throw error.moved(by: offset)
        }
    }

    private static func begin(_ bytes: RawSpan, _ state: inout State) throws(ParseError) -> CaptureStep {
        let missing = { (layer: ParseError.Layer, needed: Int, available: Int) in
            CaptureStep.incomplete(ParseError(layer, .truncated(needed: needed, available: available), at: available))
        }
        guard bytes.byteCount >= 4 else { return missing(.capture, 4, bytes.byteCount) }
        let number = bytes.uint32(at: 0)
        if number == PcapngSection.sectionHeader {
            state = .pcapng(PcapngSection())
            return .read(length: 0, nil)
        }
        guard let magic = PcapFile.Magic(number) else {
            throw ParseError(.capture, .unsupported("magic number 0x" + String(number, radix: 16)), at: 0)
        }
        guard bytes.byteCount >= PcapFile.headerLength else {
            return missing(.pcap, PcapFile.headerLength, bytes.byteCount)
        }
        state = .pcap(try PcapFile(parsing: bytes, magic: magic))
        return .read(length: PcapFile.headerLength, nil)
    }
}
