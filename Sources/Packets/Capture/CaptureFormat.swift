/// The two formats of capture files.
public enum CaptureFormat: Hashable, Sendable {
    /// The classic format of libpcap, pcap-savefile(5): one link type, no comments, no names.
    case pcap
    /// Its successor, draft-ietf-opsawg-pcapng: any number of interfaces, and comments.
    case pcapng

    /// Whether a file is a capture at all, judged by its first bytes, of which 12 are enough.
    ///
    /// It is `nil` if not. A capture of a kind that ``CaptureDecoder`` knows only to refuse counts too.
    public init?(startOf bytes: RawSpan) {
        guard bytes.byteCount >= 4 else { return nil }
        if PcapFile.Magic(bytes.uint32(at: 0)) != nil {
            self = .pcap
        } else if bytes.uint32(at: 0) == PcapngSection.sectionHeader, bytes.byteCount >= 12,
            ByteOrder(of: bytes, at: 8, magic: PcapngSection.byteOrderMagic) != nil
        {
            self = .pcapng
        } else {
            return nil
        }
    }
}

extension ParseError.Layer {
    /// A capture file of no known format.
    public static var capture: Self { Self(rawValue: "capture") }
    /// A capture in the classic format.
    public static var pcap: Self { Self(rawValue: "pcap") }
    /// A capture in the pcapng format. An error in one of its blocks has the block's name, such as
    /// `pcapng enhanced packet block`.
    public static var pcapng: Self { Self(rawValue: "pcapng") }
}

/// The order of the bytes in the numbers of a capture: that of the host that wrote it.
enum ByteOrder {
    case little
    case big

    /// The order in which the four bytes at `offset` are the magic number; `nil` if they are in none.
    init?(of bytes: RawSpan, at offset: Int, magic: UInt32) {
        switch bytes.uint32(at: offset) {
        case magic: self = .big
        case magic.byteSwapped: self = .little
        default: return nil
        }
    }
}

extension RawSpan {
    func uint16(at offset: Int, _ order: ByteOrder) -> UInt16 {
        order == .big ? uint16(at: offset) : uint16(at: offset).byteSwapped
    }

    func uint32(at offset: Int, _ order: ByteOrder) -> UInt32 {
        order == .big ? uint32(at: offset) : uint32(at: offset).byteSwapped
    }
}

/// What a reader of one format found at the start of the bytes that it was given.
enum CaptureStep {
    /// Nothing, and nothing is missing either.
    case end
    /// The beginning of something; the error says how much is missing.
    case incomplete(ParseError)
    /// Something of this length: a packet, or what readers keep or pass over.
    case read(length: Int, CapturedPacket?)

    /// The end, or the beginning of something that needs `needed` bytes.
    static func missing(_ layer: ParseError.Layer, needed: Int, in bytes: RawSpan) -> CaptureStep {
        let available = bytes.byteCount
        return available == 0
            ? .end : .incomplete(ParseError(layer, .truncated(needed: needed, available: available), at: available))
    }
}
