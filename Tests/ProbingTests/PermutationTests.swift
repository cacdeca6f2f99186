import Testing

@testable import Probing

struct PermutationTests {
    @Test func everyNumberIsThereOnceWhateverTheCount() {
        for count in Array(UInt64(1)...300) + stride(from: 301, to: 5000, by: 97) + [4095, 4096, 4097] {
            let permutation = Permutation(count: count, seed: count &* 0x9E37_79B9)
            var seen = [Bool](repeating: false, count: Int(count))
            for index in 0..<count { seen[Int(permutation[index])] = true }
            #expect(seen.allSatisfy { $0 }, "\(count)")
        }
    }

    @Test func aWholeSixteenthIsPermuted() {
        let permutation = Permutation(count: 1 << 16, seed: 5)
        #expect(Set((0..<1 << 16).map { permutation[$0] }).count == 1 << 16)
    }

    @Test(arguments: [1, 2, 3, 1000, 1 << 24, 0xFFFF_FFFF, 1 << 32, 1 << 63, 0x7FFF_FFFF_FFFF_FFE7] as [UInt64])
    func everyNumberIsFoundAgain(count: UInt64) {
        for seed in [UInt64(0), 1, .max] {
            let permutation = Permutation(count: count, seed: seed)
            for sample in 0..<500 as Range<UInt64> {
                let index = min(count - 1, count / 500 * sample + sample)
                let number = permutation[index]
                #expect(number < count)
                #expect(permutation.index(of: number) == index)
            }
        }
    }

    @Test func noTwoOfManySamplesAreTheSame() {
        let permutation = Permutation(count: 1 << 24, seed: 77)
        let samples = stride(from: 0, to: 1 << 24, by: 37).map { permutation[UInt64($0)] }
        #expect(Set(samples).count == samples.count)
    }

    /// Neighbours in the order are no neighbours as numbers, and any stretch of it is spread over all.
    @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7] as [UInt64])
    func theOrderLooksLikeChance(seed: UInt64) {
        let count: UInt64 = 1 << 20
        let permutation = Permutation(count: count, seed: seed)
        let first = (0..<65_536).map { permutation[UInt64($0)] }
        let consecutive = zip(first, first.dropFirst()).count { $1 == $0 + 1 }
        #expect(consecutive < 6)
        var boxes = [Int](repeating: 0, count: 256)
        for number in first { boxes[Int(number / (count / 256))] += 1 }
        // 255 degrees of freedom: beyond 380 once in ten million times. Without replacement it is rather less.
        let deviation = boxes.reduce(0.0) { $0 + (Double($1) - 256) * (Double($1) - 256) / 256 }
        #expect(deviation < 380)
    }

    @Test func seedsGiveOrdersOfTheirOwn() {
        let orders = (0..<50 as Range<UInt64>).map { seed in
            (0..<20 as Range<UInt64>).map { Permutation(count: 1 << 20, seed: seed)[$0] }
        }
        #expect(Set(orders).count == 50)
    }
}

struct SipHashTests {
    /// The vector of the paper's appendix is of 15 bytes; that of the reference implementation for 16 is this.
    @Test func theReferenceVector() {
        let hash = SipHash(key: (0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908))
        #expect(hash.hash(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908) == 0x3F2A_CC7F_57C2_9BDB)
    }

    @Test func aKeyIsNewEachTime() {
        #expect(Set((0..<100).map { _ in SipHash.random().hash(1, 2) }).count == 100)
    }
}
