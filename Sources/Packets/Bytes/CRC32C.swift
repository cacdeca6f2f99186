/// The checksum of SCTP: the cyclic redundancy check with Castagnoli's polynomial (RFC 9260 appendix A).
///
/// ```swift
/// var checksum = CRC32C()
/// checksum.add(header)
/// checksum.add(payload)
/// let field = checksum.value
/// ```
///
/// Parts may be added in any number of pieces: the result is that of all bytes in one piece.
public struct CRC32C: Sendable {
    private var register: UInt32 = 0xFFFF_FFFF

    /// The checksum of nothing, 0.
    public init() {}

    /// What the polynomial gives. On the wire its lowest byte comes first.
    public var value: UInt32 { ~register }

    /// Adds bytes, eight at a step.
    public mutating func add(_ bytes: RawSpan) {
        let tables = Self.tables
        var register = self.register
        var offset = 0
        while bytes.byteCount - offset >= 8 {
            // Lowest byte first, as the bits are numbered.
            let first = register ^ bytes.uint32(at: offset).byteSwapped
            let second = bytes.uint32(at: offset + 4).byteSwapped
            register =
                tables[7 * 256 + Self.byte(0, of: first)] ^ tables[6 * 256 + Self.byte(1, of: first)]
                ^ tables[5 * 256 + Self.byte(2, of: first)] ^ tables[4 * 256 + Self.byte(3, of: first)]
                ^ tables[3 * 256 + Self.byte(0, of: second)] ^ tables[2 * 256 + Self.byte(1, of: second)]
                ^ tables[1 * 256 + Self.byte(2, of: second)] ^ tables[Self.byte(3, of: second)]
            offset += 8
        }
        while offset < bytes.byteCount {
            register = tables[Self.byte(0, of: register ^ UInt32(bytes.uint8(at: offset)))] ^ register >> 8
            offset += 1
        }
        self.register = register
    }

    /// The checksum of one piece of bytes.
    public static func of(_ bytes: RawSpan) -> UInt32 {
        var checksum = CRC32C()
        checksum.add(bytes)
        return checksum.value
    }

    @inline(__always)
    private static func byte(_ index: UInt32, of value: UInt32) -> Int { Int(value >> (8 * index) & 0xFF) }

    /// Eight tables of 256: what each byte becomes with none to seven bytes of zeros behind it.
    private static let tables: [UInt32] = {
        var tables = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0x82F6_3B78 : 0) }
        }
        for index in 256..<8 * 256 {
            let previous = tables[index - 256]
            tables.append(previous >> 8 ^ tables[byte(0, of: previous)])
        }
        return tables
    }()
}
