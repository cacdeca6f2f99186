import Testing

@testable import Probing

struct RecentRepliesTests {
    private let key = SipHash(key: (3, 4))

    private func proof(_ number: Int) -> UInt64 { key.hash(0, UInt64(number)) }

    @Test("who is seen again is known, and nobody else is")
    func again() {
        var recent = RecentReplies()
        for number in 0..<10_000 {
            let isKnownBefore = recent.insert(proof(number))
            let isKnownAfter = recent.insert(proof(number))
            #expect(!isKnownBefore && isKnownAfter)
        }
    }

    @Test("of those who answered before fifty thousand others, next to none is forgotten")
    func others() {
        var recent = RecentReplies()
        let (count, others) = (1000, 50_000)
        for number in 0..<count + others { _ = recent.insert(proof(number)) }
        let known = (0..<count).count { recent.insert(proof($0)) }
        #expect(known >= count - 3)
    }

    @Test("of very many, the earliest are forgotten, and the latest are not")
    func veryMany() {
        var recent = RecentReplies()
        let count = 1_000_000
        for number in 0..<count { _ = recent.insert(proof(number)) }
        let latest = (count - 1000..<count).count { recent.insert(proof($0)) }
        let earliest = (0..<1000).count { recent.insert(proof($0)) }
        #expect(latest == 1000 && earliest == 0)
    }

    @Test("a proof of zero is one like others")
    func zero() {
        var recent = RecentReplies()
        let isKnownBefore = recent.insert(0)
        let isKnownAfter = recent.insert(0)
        #expect(!isKnownBefore && isKnownAfter)
    }
}
