import Testing

@testable import Addresses

struct AddressSetTests {
    private func range(_ first: UInt32, _ last: UInt32) -> AddressRange<IPv4Address> {
        AddressRange(IPv4Address(rawValue: first)...IPv4Address(rawValue: last))
    }

    /// Ranges of the last 64 addresses, where nothing may overflow, or of the first.
    private func randomRanges(_ generator: inout some RandomNumberGenerator) -> [AddressRange<IPv4Address>] {
        (0..<Int.random(in: 0...5, using: &generator)).map { _ in
            let first = UInt32.random(in: 0...63, using: &generator)
            let last = UInt32.random(in: first...min(63, first + 20), using: &generator)
            return Bool.random(using: &generator) ? range(first, last) : range(.max - 63 + first, .max - 63 + last)
        }
    }

    private func members(_ ranges: [AddressRange<IPv4Address>]) -> Set<UInt32> {
        Set(ranges.flatMap { $0.map(\.rawValue) })
    }

    @Test func setsAreWhatTheirMembersAre() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let (a, b) = (randomRanges(&generator), randomRanges(&generator))
            let (left, right) = (AddressSet(a), AddressSet(b))
            let cases = [
                (left, members(a)), (left.union(right), members(a).union(members(b))),
                (left.subtracting(right), members(a).subtracting(members(b))),
            ]
            for (set, expected) in cases {
                let sorted = expected.sorted()
                #expect(set.count == UInt128(expected.count) && set.isEmpty == expected.isEmpty)
                #expect(members(set.ranges) == expected)
                #expect(set == AddressSet(set.ranges.shuffled()))
                for (position, value) in sorted.enumerated() {
                    let address = IPv4Address(rawValue: value)
                    #expect(set[UInt128(position)] == address)
                    #expect(set.position(of: address) == UInt128(position) && set.contains(address))
                }
                for value in Array(0...70) + Array(UInt32.max - 70 ... .max) where !expected.contains(value) {
                    #expect(!set.contains(IPv4Address(rawValue: value)))
                }
            }
        }
    }

    @Test func rangesThatTouchBecomeOne() {
        #expect(AddressSet([range(5, 9), range(0, 4), range(10, 10)]).ranges == [range(0, 10)])
        #expect(AddressSet([range(5, 9), range(0, 3)]).ranges.count == 2)
    }

    @Test func wholeFamiliesAreSetsToo() throws {
        let all = AddressSet([AddressRange(IPv6Address(rawValue: 0)...IPv6Address(rawValue: .max))])
        #expect(all.count == nil && all[.max] == IPv6Address(rawValue: .max))
        #expect(all.position(of: IPv6Address(rawValue: .max)) == .max)
        let one = AddressSet([AddressRange(IPv6Address(rawValue: 7)...IPv6Address(rawValue: 7))])
        #expect(all.subtracting(one).count == .max && all.subtracting(all).isEmpty)
        #expect(AddressSet([range(0, .max)]).count == 1 << 32)
        #expect(AddressSet<IPv4Address>().count == 0 && !AddressSet<IPv4Address>().contains(IPv4Address(rawValue: 0)))
    }
}
