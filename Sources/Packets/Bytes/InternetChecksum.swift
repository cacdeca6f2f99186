/// The checksum of IPv4, ICMP, IGMP, UDP and TCP: the ones' complement of the ones' complement sum of all 16-bit
/// words (RFC 1071).
///
/// ```swift
/// var checksum = InternetChecksum()
/// checksum.add(header)
/// checksum.add(payload)
/// let field = checksum.value
/// ```
///
/// Parts may be added in any number of pieces, also of odd length: the result is that of all bytes in one piece.
public struct InternetChecksum: Sendable {
    /// Words in the machine's own byte order (RFC 1071 section 2B: the sum doesn't care). Every addition adds at most
    /// 33 bits: there is room for the carries of two thousand million of them.
    private var sum: UInt64 = 0
    private var endsInsideWord = false

    /// The checksum of nothing, `0xFFFF`.
    public init() {}

    /// Adds bytes as they are on the wire.
    @inline(__always)
    public mutating func add(_ bytes: RawSpan) {
        append(UInt64(Self.sum(of: bytes)))
        if bytes.byteCount & 1 == 1 { endsInsideWord.toggle() }
    }

    /// Adds a 16-bit field, given in host byte order.
    @inline(__always)
    public mutating func add(_ value: UInt16) {
        append(UInt64(value.bigEndian))
    }

    /// Adds a 32-bit field, given in host byte order.
    @inline(__always)
    public mutating func add(_ value: UInt32) {
        append(UInt64(value.bigEndian))
    }

    /// Adds a 128-bit field, given in host byte order.
    @inline(__always)
    public mutating func add(_ value: UInt128) {
        append(Self.sumOfHalves(UInt64(truncatingIfNeeded: value >> 64).bigEndian))
        append(Self.sumOfHalves(UInt64(truncatingIfNeeded: value).bigEndian))
    }

    /// What belongs in the checksum field, in host byte order.
    ///
    /// Over bytes that hold their own checksum it is zero exactly if that checksum is right.
    @inline(__always)
    public var value: UInt16 { UInt16(bigEndian: ~Self.fold(sum)) }

    /// The checksum of one piece of bytes.
    @inline(__always)
    public static func of(_ bytes: RawSpan) -> UInt16 {
        UInt16(bigEndian: ~sum(of: bytes))
    }

    /// The checksum after one 16-bit word under it has changed (RFC 1624 equation 3).
    ///
    /// - Parameters:
    ///   - checksum: the checksum field so far.
    ///   - old: the word as it was.
    ///   - new: the word as it is now.
    public static func updating(_ checksum: UInt16, replacing old: UInt16, with new: UInt16) -> UInt16 {
        ~fold(UInt64(~checksum) + UInt64(~old) + UInt64(new))
    }

    /// The checksum after one 32-bit field under it has changed (RFC 1624 equation 3).
    public static func updating(_ checksum: UInt16, replacing old: UInt32, with new: UInt32) -> UInt16 {
        ~fold(UInt64(~checksum) + UInt64(~old) + UInt64(new))
    }
}

extension InternetChecksum {
    /// A checksum field that doesn't hold the one value that belongs there.
    struct Oddity {
        let found: UInt16
        let expected: UInt16

        /// In ones' complement 0x0000 and 0xFFFF are both zero: receivers can't tell one from the other.
        var isWrong: Bool { found != 0xFFFF || expected != 0 }
    }

    /// Looks at the checksum field of `bytes` at `offset`, which must be even and within them. They follow what has
    /// been added so far.
    @inline(__always)
    func oddity(of bytes: RawSpan, fieldAt offset: Int) -> Oddity? {
        let found = bytes.uint16(at: offset)
        var whole = self
        whole.add(bytes)
        if whole.value == 0 && found != 0xFFFF { return nil }
        return oddity(of: bytes, fieldAt: offset, found: found)
    }

    /// The same, where a wrong checksum may be an error.
    @inline(__always)
    func oddity(
        of bytes: RawSpan, fieldAt offset: Int, verifying: Bool, layer: ParseError.Layer
    ) throws(ParseError) -> Oddity? {
        guard let oddity = oddity(of: bytes, fieldAt: offset) else { return nil }
        if verifying && oddity.isWrong {
            throw ParseError(layer, .badChecksum(expected: oddity.expected, found: oddity.found), at: offset)
        }
        return oddity
    }

    private func oddity(of bytes: RawSpan, fieldAt offset: Int, found: UInt16) -> Oddity? {
        var others = self
        others.add(bytes.extracting(first: offset))
        others.add(bytes.extracting(droppingFirst: offset + 2))
        return found == others.value ? nil : Oddity(found: found, expected: others.value)
    }

    /// Adds words in the machine's byte order; inside a word of the whole, their two bytes trade places.
    @inline(__always)
    private mutating func append(_ words: UInt64) {
        sum &+= endsInsideWord ? UInt64(Self.fold(words).byteSwapped) : words
    }

    @inline(__always)
    private static func sumOfHalves(_ words: UInt64) -> UInt64 {
        (words & 0xFFFF_FFFF) &+ (words >> 32)
    }

    /// The ones' complement sum of any integer's 16-bit words.
    @inline(__always)
    private static func fold(_ value: UInt64) -> UInt16 {
        var value = sumOfHalves(value)
        value = (value & 0xFFFF) &+ (value >> 16)
        value = (value & 0xFFFF) &+ (value >> 16)
        return UInt16(truncatingIfNeeded: (value & 0xFFFF) &+ (value >> 16))
    }

    /// The ones' complement sum, words in the machine's byte order, an odd last byte padded with zero.
    ///
    /// Halves of 64-bit words are summed apart, so that no carry is lost and the accumulators are independent of each
    /// other: 32 bits of room last for 2^32 additions.
    private static func sum(of bytes: RawSpan) -> UInt16 {
        let count = bytes.byteCount
        var offset = 0
        var total: UInt64 = 0
        if count >= 32 {
            var low = SIMD4<UInt64>()
            var high = SIMD4<UInt64>()
            repeat {
                let words = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
                low &+= words & 0xFFFF_FFFF
                high &+= words &>> 32
                offset &+= 32
            } while count &- offset >= 32
            let both = low &+ high
            total = both.wrappedSum()
        }
        while count &- offset >= 8 {
            let word = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            total &+= sumOfHalves(word)
            offset &+= 8
        }
        if count &- offset >= 4 {
            total &+= UInt64(bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
            offset &+= 4
        }
        if count &- offset >= 2 {
            total &+= UInt64(bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
            offset &+= 2
        }
        if offset < count {
            total &+= UInt64((UInt16(bytes.uint8(at: offset)) << 8).bigEndian)
        }
        return fold(total)
    }
}
