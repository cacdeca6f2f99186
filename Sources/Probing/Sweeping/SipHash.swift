/// SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012) of 16 bytes: a number that only who
/// knows the key can foretell.
public struct SipHash: Sendable {
    private let key: (UInt64, UInt64)

    /// The hash of a key of 16 bytes, as two words in little-endian order.
    public init(key: (UInt64, UInt64)) { self.key = key }

    /// The hash of a key that nobody knows.
    public static func random() -> Self {
        var generator = SystemRandomNumberGenerator()
        return Self(key: (generator.next(), generator.next()))
    }

    /// The hash of 16 bytes, as two words in little-endian order.
    @inline(__always)
    public func hash(_ first: UInt64, _ second: UInt64) -> UInt64 {
        var state = State(key)
        state.add(first)
        state.add(second)
        // The last block holds what is left, nothing, and the number of bytes.
        state.add(16 << 56)
        return state.finish()
    }

    private struct State {
        var v0: UInt64
        var v1: UInt64
        var v2: UInt64
        var v3: UInt64

        @inline(__always)
        init(_ key: (UInt64, UInt64)) {
            v0 = key.0 ^ 0x736f_6d65_7073_6575
            v1 = key.1 ^ 0x646f_7261_6e64_6f6d
            v2 = key.0 ^ 0x6c79_6765_6e65_7261
            v3 = key.1 ^ 0x7465_6462_7974_6573
        }

        @inline(__always)
        mutating func add(_ word: UInt64) {
            v3 ^= word
            mix()
            mix()
            v0 ^= word
        }

        @inline(__always)
        mutating func finish() -> UInt64 {
            v2 ^= 0xFF
            for _ in 0..<4 { mix() }
            return v0 ^ v1 ^ v2 ^ v3
        }

        @inline(__always)
        private mutating func mix() {
            v0 &+= v1
            v1 = v1 &<< 13 | v1 &>> 51
            v1 ^= v0
            v0 = v0 &<< 32 | v0 &>> 32
            v2 &+= v3
            v3 = v3 &<< 16 | v3 &>> 48
            v3 ^= v2
            v0 &+= v3
            v3 = v3 &<< 21 | v3 &>> 43
            v3 ^= v0
            v2 &+= v1
            v1 = v1 &<< 17 | v1 &>> 47
            v1 ^= v2
            v2 = v2 &<< 32 | v2 &>> 32
        }
    }
}
