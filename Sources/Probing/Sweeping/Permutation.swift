/// All numbers below a count in an order that looks like chance, of which any part can be had without the rest.
///
/// It is a Feistel network over as few bits as hold the count. What it makes of a number may be too large: then it is
/// applied once more, until it is not ("cycle walking"; Black and Rogaway, "Ciphers with Arbitrary Finite Domains",
/// 2002). Both halves are changed in turn, so that they need not be of one size.
public struct Permutation: Sendable {
    /// How many numbers there are.
    public let count: UInt64
    private let leftMask: UInt64
    private let rightMask: UInt64
    private let rightBits: UInt64
    private let keys: InlineArray<6, UInt64>

    /// The order of the numbers below `count` that belongs to this seed.
    public init(count: UInt64, seed: UInt64) {
        self.count = count
        let bits = UInt64(count <= 1 ? 0 : UInt64.bitWidth - (count - 1).leadingZeroBitCount)
        rightBits = bits - bits / 2
        rightMask = (1 << rightBits) - 1
        leftMask = (1 << (bits / 2)) - 1
        // SplitMix64 (Steele, Lea and Flood, 2014).
        var state = seed
        keys = InlineArray { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            return Self.mixed(state)
        }
    }

    /// The number at an index, both below ``count``.
    @inline(__always)
    public subscript(index: UInt64) -> UInt64 {
        precondition(index < count, "the permutation is shorter")
        var value = index
        repeat { value = encrypted(value) } while value >= count
        return value
    }

    /// Where a number is, both below ``count``.
    public func index(of number: UInt64) -> UInt64 {
        precondition(number < count, "the permutation has no such number")
        var value = number
        repeat { value = decrypted(value) } while value >= count
        return value
    }

    @inline(__always)
    private func encrypted(_ value: UInt64) -> UInt64 {
        var left = value >> rightBits
        var right = value & rightMask
        for round in 0..<3 {
            left ^= Self.mixed(right &+ keys[2 * round]) & leftMask
            right ^= Self.mixed(left &+ keys[2 * round + 1]) & rightMask
        }
        return left << rightBits | right
    }

    private func decrypted(_ value: UInt64) -> UInt64 {
        var left = value >> rightBits
        var right = value & rightMask
        for round in (0..<3).reversed() {
            right ^= Self.mixed(left &+ keys[2 * round + 1]) & rightMask
            left ^= Self.mixed(right &+ keys[2 * round]) & leftMask
        }
        return left << rightBits | right
    }

    /// A number each bit of which depends on each of this one.
    @inline(__always)
    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
