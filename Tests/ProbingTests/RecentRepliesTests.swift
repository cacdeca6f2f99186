import Addresses
import Testing

@testable import Probing

struct RecentRepliesTests {
    private let key = SipHash(key: (3, 4))

    private func insert(_ number: Int, into recent: inout RecentReplies, _ family: IPFamily = .v4) -> Bool {
        let number = UInt32(number)
        let target: IPAddress =
            family == .v4 ? .v4(IPv4Address(rawValue: number)) : .v6(IPv6Address(rawValue: 1 << 125 | UInt128(number)))
        return recent.insert(target, proof: SweepProbeFormat.proof(of: target, key: key))
    }

    @Test("who is seen again is known, and nobody else is", arguments: [IPFamily.v4, .v6])
    func again(family: IPFamily) {
        var recent = RecentReplies()
        for number in 1..<10_000 {
            let isKnownBefore = insert(number, into: &recent, family)
            let isKnownAfter = insert(number, into: &recent, family)
            #expect(!isKnownBefore && isKnownAfter)
        }
    }

    @Test("of those who answered before fifty thousand others, next to none is forgotten")
    func others() {
        var recent = RecentReplies()
        let (count, others) = (1000, 50_000)
        for number in 1...count + others { _ = insert(number, into: &recent) }
        let known = (1...count).count { insert($0, into: &recent) }
        #expect(known >= count - 3)
    }

    @Test("of very many, the earliest are forgotten, and the latest are not")
    func veryMany() {
        var recent = RecentReplies()
        let count = 1_000_000
        for number in 1...count { _ = insert(number, into: &recent) }
        let latest = (count - 999...count).count { insert($0, into: &recent) }
        let earliest = (1...1000).count { insert($0, into: &recent) }
        #expect(latest == 1000 && earliest == 0)
    }
}
