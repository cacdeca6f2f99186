/// What the file header of a classic capture says of its packet records (draft-ietf-opsawg-pcap section 4).
struct PcapFile {
    static let headerLength = 24
    static let recordHeaderLength = 16

    let order: ByteOrder
    let nanosecondsPerUnit: Int128
    let interface: CaptureInterface

    /// What the magic number says. It was written in the host's byte order.
    enum Magic: UInt32 {
        case microseconds = 0xA1B2_C3D4
        case nanoseconds = 0xA1B2_3C4D
        /// Alexey Kuznetsov's patches of libpcap, as of Red Hat Linux 6.1, have longer packet headers.
        case modified = 0xA1B2_CD34

        /// The magic number in any byte order.
        init?(_ number: UInt32) {
            guard let magic = Magic(rawValue: number) ?? Magic(rawValue: number.byteSwapped) else { return nil }
            self = magic
        }
    }

    /// Reads the file header from bytes that are long enough and begin with a magic number.
    init(parsing bytes: RawSpan, magic: Magic) throws(ParseError) {
        order = bytes.uint32(at: 0) == magic.rawValue ? .big : .little
        switch magic {
        case .microseconds: nanosecondsPerUnit = 1_000
        case .nanoseconds: nanosecondsPerUnit = 1
        case .modified: throw ParseError(.pcap, .unsupported("modified format (magic number 0xa1b2cd34)"), at: 0)
        }
        let (major, minor) = (bytes.uint16(at: 4, order), bytes.uint16(at: 6, order))
        guard (major, minor) == (2, 4) else {
            throw ParseError(.pcap, .unsupported("version \(major).\(minor)"), at: 4)
        }
        let linkType = bytes.uint32(at: 20, order)
        guard linkType & Self.reserved == 0 else {
            throw ParseError(.pcap, .unsupported("link type \(linkType)"), at: 20)
        }
        interface = CaptureInterface(LinkType(rawValue: UInt16(truncatingIfNeeded: linkType)))
    }

    /// Reads a packet record (section 5).
    func read(_ bytes: RawSpan) throws(ParseError) -> CaptureStep {
        guard bytes.byteCount >= Self.recordHeaderLength else {
            return .missing(.pcap, needed: Self.recordHeaderLength, in: bytes)
        }
        let captured = Int(bytes.uint32(at: 8, order))
        guard captured <= CapturedPacket.maximumLength else { throw ParseError(.pcap, .badLength(captured), at: 8) }
        let end = Self.recordHeaderLength + captured
        guard bytes.byteCount >= end else { return .missing(.pcap, needed: end, in: bytes) }
        let seconds = Int128(bytes.uint32(at: 0, order)) * 1_000_000_000
        let fraction = Int128(bytes.uint32(at: 4, order)) * nanosecondsPerUnit
        let packet = CapturedPacket(
            bytes.extracting(Self.recordHeaderLength..<end).array,
            at: CaptureTime(nanosecondsSince1970: seconds + fraction), on: interface,
            originalLength: max(captured, Int(bytes.uint32(at: 12, order))))
        return .read(length: end, packet)
    }

    /// The bits of the link type field that have no meaning; the highest ones are the length of Ethernet's checksum.
    private static let reserved: UInt32 = 0x0BFF_0000
}
