/// The head of a pcapng block (draft-ietf-opsawg-pcapng section 3.1).
struct PcapngBlock {
    /// Bytes of a block without a body.
    static let overhead = 12

    let kind: Kind
    /// Bytes of the block, head and trailer included.
    let length: Int

    /// What a block is, as far as packets are concerned.
    enum Kind: UInt32 {
        case interfaceDescription = 1
        case packet = 2
        case simplePacket = 3
        case enhancedPacket = 6
        case sectionHeader = 0x0A0D_0D0A
        /// Anything else; 0 is reserved.
        case other = 0

        /// Bytes of the block with all its fields and no options.
        var minimumLength: Int {
            switch self {
            case .sectionHeader: 28
            case .interfaceDescription: 20
            case .enhancedPacket, .packet: 32
            case .simplePacket: 16
            case .other: PcapngBlock.overhead
            }
        }

        /// The block's name in an error.
        var name: String {
            switch self {
            case .sectionHeader: "section header block"
            case .interfaceDescription: "interface description block"
            case .enhancedPacket: "enhanced packet block"
            case .packet: "packet block"
            case .simplePacket: "simple packet block"
            case .other: "block"
            }
        }
    }

    /// Reads type and length from bytes that are long enough for both.
    init(parsing bytes: RawSpan, _ order: ByteOrder) throws(ParseError) {
        kind = Kind(rawValue: bytes.uint32(at: 0, order)) ?? .other
        length = Int(bytes.uint32(at: 4, order))
        let longest = kind == .other ? Int.max : PcapngSection.maximumBlockLength
        guard length % 4 == 0, length >= kind.minimumLength, length <= longest else {
            throw ParseError(layer, .badLength(length), at: 4)
        }
    }

    var layer: ParseError.Layer { .pcapng(kind) }

    /// The length stands at the block's end once more.
    func checkTrailer(_ trailer: UInt32, at offset: Int) throws(ParseError) {
        guard trailer == length else { throw ParseError(layer, .badLength(Int(trailer)), at: offset) }
    }
}

extension ParseError.Layer {
    /// A block of a pcapng file.
    static func pcapng(_ kind: PcapngBlock.Kind) -> Self { Self(rawValue: "pcapng \(kind.name)") }
}

/// The options of a block, read one after the other (section 3.5).
struct PcapngOptions {
    static let comment: UInt16 = 1
    /// In section headers: the hardware, the operating system, and the program that wrote the file.
    static let hardware: UInt16 = 2
    static let operatingSystem: UInt16 = 3
    static let application: UInt16 = 4
    /// In interface descriptions.
    static let name: UInt16 = 2
    static let timestampResolution: UInt16 = 9
    static let timestampOffset: UInt16 = 14

    private var offset: Int
    private let order: ByteOrder
    private let layer: ParseError.Layer

    struct Option {
        let code: UInt16
        let value: Range<Int>

        /// Throws unless the value has this length.
        func require(_ length: Int, _ layer: ParseError.Layer) throws(ParseError) {
            guard value.count == length else {
                throw ParseError(layer, .badLength(value.count), at: value.lowerBound - 2)
            }
        }
    }

    /// The options that begin at `offset` of a block.
    init(at offset: Int, _ order: ByteOrder, _ layer: ParseError.Layer) {
        self.offset = offset
        self.order = order
        self.layer = layer
    }

    /// The next option; `nil` at the end, which an option of its own marks, or the end of the block.
    mutating func next(in block: RawSpan) throws(ParseError) -> Option? {
        guard offset + 4 <= block.byteCount else { return nil }
        let code = block.uint16(at: offset, order)
        guard code != 0 else { return nil }
        let length = Int(block.uint16(at: offset + 2, order))
        let start = offset + 4
        guard length <= block.byteCount - start else { throw ParseError(layer, .badLength(length), at: offset + 2) }
        offset = start + (length + 3) / 4 * 4
        return Option(code: code, value: start..<start + length)
    }

    /// A text, which ends at a zero byte at the latest; what is no UTF-8 is replaced (section 3.6.3).
    static func text(_ bytes: RawSpan) -> String {
        String(decoding: bytes.array.prefix { $0 != 0 }, as: UTF8.self)
    }
}
