/// A section of a pcapng capture: its byte order and the interfaces that packets refer to (draft-ietf-opsawg-pcapng
/// section 4.1).
struct PcapngSection {
    static let sectionHeader: UInt32 = 0x0A0D_0D0A
    static let byteOrderMagic: UInt32 = 0x1A2B_3C4D
    /// A block that is kept has room for the longest packet and a dozen of the longest comments.
    static let maximumBlockLength = 1 << 20

    private var order = ByteOrder.little
    private var interfaces: [Interface] = []
    private var passing: Passing?

    private struct Interface {
        var interface: CaptureInterface
        let snapLength: Int
        var unit = CaptureTime.Unit()
    }

    /// A block of no interest here, of which some bytes have been passed over. It may be of any length: nothing of it
    /// is kept.
    private struct Passing {
        let block: PcapngBlock
        var passed: Int
    }

    /// Reads a block, or passes over a part of one.
    mutating func read(_ bytes: RawSpan) throws(ParseError) -> CaptureStep {
        if passing != nil { return try pass(bytes) }
        guard bytes.byteCount >= PcapngBlock.overhead else {
            return .missing(.pcapng, needed: PcapngBlock.overhead, in: bytes)
        }
        if bytes.uint32(at: 0) == Self.sectionHeader {
            guard let order = ByteOrder(of: bytes, at: 8, magic: Self.byteOrderMagic) else {
                throw ParseError(.pcapng(.sectionHeader), .unsupported("byte-order magic"), at: 8)
            }
            self.order = order
        }
        let block = try PcapngBlock(parsing: bytes, order)
        guard block.kind != .other else {
            passing = Passing(block: block, passed: 8)
            return .read(length: 8, nil)
        }
        guard bytes.byteCount >= block.length else { return .missing(block.layer, needed: block.length, in: bytes) }
        try block.checkTrailer(bytes.uint32(at: block.length - 4, order), at: block.length - 4)
        return .read(length: block.length, try packet(in: bytes.extracting(first: block.length - 4), of: block))
    }

    private mutating func pass(_ bytes: RawSpan) throws(ParseError) -> CaptureStep {
        guard let passing else { return .end }
        let left = passing.block.length - passing.passed
        if left > 4 && bytes.byteCount > 0 {
            let length = min(left - 4, bytes.byteCount)
            self.passing?.passed += length
            return .read(length: length, nil)
        }
        guard left == 4 && bytes.byteCount >= 4 else {
            let reason = ParseError.Reason.truncated(
                needed: passing.block.length, available: passing.passed + bytes.byteCount)
            return .incomplete(ParseError(passing.block.layer, reason, at: bytes.byteCount))
        }
        try passing.block.checkTrailer(bytes.uint32(at: 0, order), at: 0)
        self.passing = nil
        return .read(length: 4, nil)
    }

    /// What a whole block without its trailer holds.
    private mutating func packet(in bytes: RawSpan, of block: PcapngBlock) throws(ParseError) -> CapturedPacket? {
        switch block.kind {
        case .sectionHeader: try begin(bytes)
        case .interfaceDescription: try describe(bytes, block)
        case .enhancedPacket: return try packet(bytes, block, interface: bytes.uint32(at: 8, order))
        case .packet: return try packet(bytes, block, interface: UInt32(bytes.uint16(at: 8, order)))
        case .simplePacket: return try simplePacket(bytes, block)
        case .other: break
        }
        return nil
    }
}

extension PcapngSection {
    /// Section header block (section 4.1). Minor version 2 was once written for the same format.
    private mutating func begin(_ bytes: RawSpan) throws(ParseError) {
        let (major, minor) = (bytes.uint16(at: 12, order), bytes.uint16(at: 14, order))
        guard major == 1, minor == 0 || minor == 2 else {
            throw ParseError(.pcapng(.sectionHeader), .unsupported("version \(major).\(minor)"), at: 12)
        }
        interfaces = []
    }

    /// Interface description block (section 4.2).
    private mutating func describe(_ bytes: RawSpan, _ block: PcapngBlock) throws(ParseError) {
        let linkType = LinkType(rawValue: bytes.uint16(at: 8, order))
        let snapLength = Int(bytes.uint32(at: 12, order))
        var described = Interface(
            interface: CaptureInterface(linkType, index: interfaces.count),
            snapLength: snapLength == 0 ? .max : snapLength)
        var options = PcapngOptions(at: 16, order, block.layer)
        while let option = try options.next(in: bytes) {
            let value = option.value
            switch option.code {
            case PcapngOptions.name: described.interface.name = PcapngOptions.text(bytes.extracting(value))
            case PcapngOptions.timestampResolution:
                try option.require(1, block.layer)
                described.unit.resolution = bytes.uint8(at: value.lowerBound)
            case PcapngOptions.timestampOffset:
                try option.require(8, block.layer)
                let halves = [bytes.uint32(at: value.lowerBound, order), bytes.uint32(at: value.lowerBound + 4, order)]
                let (high, low) = order == .big ? (halves[0], halves[1]) : (halves[1], halves[0])
                described.unit.offset = Int64(bitPattern: UInt64(high) << 32 | UInt64(low))
            default: break
            }
        }
        interfaces.append(described)
    }

    /// Enhanced packet block (section 4.3), and the obsolete packet block (appendix A), which differs only in how it
    /// names the interface.
    private func packet(
        _ bytes: RawSpan, _ block: PcapngBlock, interface: UInt32
    ) throws(ParseError) -> CapturedPacket {
        let captured = Int(bytes.uint32(at: 20, order))
        guard captured <= CapturedPacket.maximumLength, captured <= bytes.byteCount - 28 else {
            throw ParseError(block.layer, .badLength(captured), at: 20)
        }
        let described = try described(interface, block)
        var comments: [String] = []
        var options = PcapngOptions(at: 28 + (captured + 3) / 4 * 4, order, block.layer)
        while let option = try options.next(in: bytes) {
            guard option.code == PcapngOptions.comment else { continue }
            comments.append(PcapngOptions.text(bytes.extracting(option.value)))
        }
        let count = UInt64(bytes.uint32(at: 12, order)) << 32 | UInt64(bytes.uint32(at: 16, order))
        return CapturedPacket(
            bytes.extracting(28..<28 + captured).array, at: described.unit.time(count), on: described.interface,
            originalLength: max(captured, Int(bytes.uint32(at: 24, order))), comments: comments)
    }

    /// Simple packet block (section 4.4): of the first interface, and at no known time.
    private func simplePacket(_ bytes: RawSpan, _ block: PcapngBlock) throws(ParseError) -> CapturedPacket {
        let described = try described(0, block)
        let original = Int(bytes.uint32(at: 8, order))
        let captured = min(original, described.snapLength)
        guard captured <= CapturedPacket.maximumLength, captured <= bytes.byteCount - 12 else {
            throw ParseError(block.layer, .badLength(captured), at: 8)
        }
        return CapturedPacket(
            bytes.extracting(12..<12 + captured).array, at: nil, on: described.interface, originalLength: original)
    }

    private func described(_ index: UInt32, _ block: PcapngBlock) throws(ParseError) -> Interface {
        guard Int(index) < interfaces.count else {
            throw ParseError(block.layer, .undescribedInterface(index), at: block.kind == .simplePacket ? 0 : 8)
        }
        return interfaces[Int(index)]
    }
}
