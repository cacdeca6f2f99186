/// The parts of a classic capture (draft-ietf-opsawg-pcap).
extension [UInt8] {
    /// File header (section 4).
    mutating func appendPcapHeader(_ linkType: LinkType, snapLength: Int) {
        append(littleEndian: PcapFile.Magic.nanoseconds.rawValue)
        append(littleEndian: UInt16(2))
        append(littleEndian: UInt16(4))
        append(littleEndian: UInt64(0))
        append(littleEndian: UInt32(clamping: snapLength))
        append(littleEndian: UInt32(linkType.rawValue))
    }

    /// Packet record (section 5).
    mutating func appendPcapRecord(_ packet: CapturedPacket, snapLength: Int) {
        let last = UInt64(UInt32.max) * 1_000_000_000 + 999_999_999
        let time = Swift.min(UInt64(clamping: packet.timestamp?.nanosecondsSince1970 ?? 0), last)
        append(littleEndian: UInt32(time / 1_000_000_000))
        append(littleEndian: UInt32(time % 1_000_000_000))
        appendBytes(of: packet, snapLength: snapLength)
    }
}

/// The blocks of a pcapng capture (draft-ietf-opsawg-pcapng).
extension [UInt8] {
    /// Section header block (section 4.1) of a section whose length is not known yet.
    mutating func appendSectionHeader(hardware: String?, operatingSystem: String?, application: String?) {
        appendBlock(.sectionHeader) { block in
            block.append(littleEndian: PcapngSection.byteOrderMagic)
            block.append(littleEndian: UInt16(1))
            block.append(littleEndian: UInt16(0))
            block.append(littleEndian: UInt64.max)
            block.appendOption(PcapngOptions.hardware, hardware)
            block.appendOption(PcapngOptions.operatingSystem, operatingSystem)
            block.appendOption(PcapngOptions.application, application)
        }
    }

    /// Interface description block (section 4.2).
    mutating func appendInterface(_ interface: CaptureInterface, snapLength: Int) {
        appendBlock(.interfaceDescription) { block in
            block.append(littleEndian: UInt32(interface.linkType.rawValue))
            block.append(littleEndian: UInt32(clamping: snapLength))
            block.appendOption(PcapngOptions.name, interface.name)
            block.appendOption(PcapngOptions.timestampResolution, [9])
        }
    }

    /// Enhanced packet block (section 4.3).
    mutating func appendEnhancedPacket(_ packet: CapturedPacket, interface: Int, snapLength: Int) {
        let start = count
        appendBlock(.enhancedPacket) { block in
            block.append(littleEndian: UInt32(clamping: interface))
            let time = UInt64(clamping: packet.timestamp?.nanosecondsSince1970 ?? 0)
            block.append(littleEndian: UInt32(truncatingIfNeeded: time >> 32))
            block.append(littleEndian: UInt32(truncatingIfNeeded: time))
            block.appendBytes(of: packet, snapLength: snapLength)
            block.pad(from: start)
            for comment in packet.comments {
                let text = PcapngOptions.bytes(of: comment)
                // The option's head and padding, the end of options and the trailer.
                guard block.count - start + text.count + 15 <= PcapngSection.maximumBlockLength else { continue }
                block.appendOption(PcapngOptions.comment, text)
            }
        }
    }

    /// A block around its body, padded, with the end of its options.
    private mutating func appendBlock(_ kind: PcapngBlock.Kind, _ appendBody: (inout [UInt8]) -> Void) {
        let start = count
        append(littleEndian: kind.rawValue)
        append(littleEndian: UInt32(0))
        appendBody(&self)
        append(littleEndian: UInt32(0))
        let length = UInt32(clamping: count - start + 4)
        append(littleEndian: length)
        for index in 0..<4 { self[start + 4 + index] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(index))) }
    }

    private mutating func appendOption(_ code: UInt16, _ text: String?) {
        if let text { appendOption(code, PcapngOptions.bytes(of: text)) }
    }

    /// An option (section 3.5), in an array whose length is a multiple of 4 from the start of the block.
    private mutating func appendOption(_ code: UInt16, _ value: [UInt8]) {
        let start = count
        append(littleEndian: code)
        append(littleEndian: UInt16(clamping: value.count))
        append(contentsOf: value)
        pad(from: start)
    }

    /// Zeros up to the next 32-bit boundary after `start`.
    private mutating func pad(from start: Int) {
        append(contentsOf: repeatElement(0, count: (start - count) & 3))
    }

    /// Captured length, original length, and the bytes: alike in both formats.
    private mutating func appendBytes(of packet: CapturedPacket, snapLength: Int) {
        let captured = packet.bytes.prefix(snapLength)
        append(littleEndian: UInt32(clamping: captured.count))
        append(littleEndian: UInt32(clamping: Swift.max(packet.originalLength, packet.bytes.count)))
        append(contentsOf: captured)
    }

    private mutating func append(littleEndian value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}

extension PcapngOptions {
    /// A text as an option holds it: cut at a NUL, which would end it, and where a character begins.
    static func bytes(of text: String) -> [UInt8] {
        let bytes = Array(text.utf8.prefix { $0 != 0 })
        guard bytes.count > UInt16.max else { return bytes }
        var end = Int(UInt16.max)
        while end > 0 && bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(bytes.prefix(end))
    }
}
