import Packets

extension CaptureDecoder {
    mutating func append(_ bytes: [UInt8]) {
        append(bytes.span.bytes)
    }

    /// All packets of a file that comes in pieces of `size` bytes, by default in one.
    static func packets(of file: [UInt8], size: Int = .max) throws(ParseError) -> [CapturedPacket] {
        var decoder = CaptureDecoder()
        var packets: [CapturedPacket] = []
        var start = 0
        while start < file.count {
            let end = start + min(size, file.count - start)
            decoder.append(Array(file[start..<end]))
            start = end
            while let packet = try decoder.next() { packets.append(packet) }
        }
        try decoder.finish()
        return packets
    }
}

extension CaptureFormat {
    init?(startOf bytes: [UInt8]) {
        self.init(startOf: bytes.span.bytes)
    }
}

extension CaptureTime {
    /// Whole seconds and nanoseconds.
    init(_ seconds: Int64, _ nanoseconds: Int64) {
        self.init(nanosecondsSince1970: Int128(seconds) * 1_000_000_000 + Int128(nanoseconds))
    }
}

extension CapturedPacket {
    /// What `tshark` says of a packet: time, interface, bytes here and on the network.
    var line: String {
        let name = interface.name ?? ""
        return "\(timestamp?.description ?? "") \(interface.index) \(name) \(bytes.count) \(originalLength)"
    }
}

/// A file of blocks and fields for what no program writes.
struct CaptureFields {
    var bytes: [UInt8] = []
    let bigEndian: Bool

    init(bigEndian: Bool = false) {
        self.bigEndian = bigEndian
    }

    mutating func add(_ values: any FixedWidthInteger & Sendable...) {
        for value in values { add(integer: value) }
    }

    private mutating func add(integer value: some FixedWidthInteger) {
        withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// A block of pcapng; its length is right unless another is given.
    mutating func block(_ type: UInt32, length: UInt32? = nil, _ body: (inout CaptureFields) -> Void) {
        var fields = CaptureFields(bigEndian: bigEndian)
        body(&fields)
        let length = length ?? UInt32(fields.bytes.count + 12)
        add(type, length)
        bytes += fields.bytes
        add(length)
    }

    mutating func sectionHeader(major: UInt16 = 1, minor: UInt16 = 0) {
        block(0x0A0D_0D0A) { $0.add(0x1A2B_3C4D as UInt32, major, minor, Int64(-1)) }
    }

    mutating func interface(_ linkType: LinkType = .raw, snapLength: UInt32 = 0, options: [(UInt16, [UInt8])] = []) {
        block(1) { block in
            block.add(linkType.rawValue, UInt16(0), snapLength)
            for (code, value) in options {
                block.add(code, UInt16(value.count))
                block.bytes += value + [UInt8](repeating: 0, count: -value.count & 3)
            }
        }
    }

    /// An enhanced packet block of four bytes.
    mutating func packet(interface: UInt32 = 0, units: UInt64) {
        block(6) { block in
            block.add(interface, UInt32(units >> 32), UInt32(truncatingIfNeeded: units), UInt32(4), UInt32(4))
            block.bytes += [1, 2, 3, 4]
        }
    }
}
