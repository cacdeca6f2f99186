import Addresses
import Testing

@testable import Probing

/// Where scans are in their order, and where they go on.
struct ScanPositionTests {
    /// What one cursor asks, from a position on.
    private struct Probe: Hashable {
        let index: UInt64
        let attempt: UInt64
    }

    private func configuration(
        attempts: UInt64 = 1, shard: UInt64 = 0, of shards: UInt64 = 1, position: UInt64 = 0
    ) -> ScanConfiguration {
        var configuration = ScanConfiguration(seed: 42)
        configuration.attempts = attempts
        (configuration.shard, configuration.shards) = (shard, shards)
        configuration.position = position
        return configuration
    }

    /// All that is asked, at most so much.
    private func probes(_ configuration: ScanConfiguration, count: UInt64, most: Int = .max) -> [Probe] {
        var cursor = ScanCursor(configuration, count: count)
        var probes: [Probe] = []
        while !cursor.isAtEnd, probes.count < most {
            probes.append(Probe(index: cursor.index, attempt: cursor.attempt))
            cursor.advance()
        }
        return probes
    }

    @Test(
        "shards ask every address as often as is wanted, and none more often",
        arguments: [0, 1, 2, 16_383, 16_384, 16_385, 40_000] as [UInt64], [1, 2, 3] as [UInt64])
    func shards(count: UInt64, attempts: UInt64) {
        for shards in [1, 2, 7, 20_000, 50_000] as [UInt64] {
            var all: [Probe] = []
            // Of very many shards some are tried, and the first of them hold all that is checked.
            let tried = shards <= 7 ? Array(0..<shards) : [0, 1, shards / 2, shards - 1]
            for shard in tried {
                let own = probes(configuration(attempts: attempts, shard: shard, of: shards), count: count)
                #expect(own.allSatisfy { $0.index % shards == shard && $0.index < count && $0.attempt < attempts })
                let share = count > shard ? (count - shard - 1) / shards + 1 : 0
                #expect(own.count == Int(share * attempts))
                all += own
            }
            #expect(Set(all).count == all.count)
        }
    }

    @Test("positions count the probes of all shards", arguments: [1, 3] as [UInt64])
    func positions(attempts: UInt64) {
        let count: UInt64 = 40_000
        var cursor = ScanCursor(configuration(attempts: attempts), count: count)
        for position in 0..<count * attempts {
            guard cursor.position == position else {
                Issue.record("\(cursor.position) is not \(position)")
                return
            }
            cursor.advance()
        }
        #expect(cursor.isAtEnd && cursor.position == count * attempts)
    }

    @Test("wherever a scan is interrupted, it goes on with what is left", arguments: [1, 2, 5] as [UInt64])
    func goingOn(attempts: UInt64) {
        let count: UInt64 = 33_000
        for (shard, shards) in [(0, 1), (2, 3), (0, 16_384), (5, 20_000)] as [(UInt64, UInt64)] {
            let whole = probes(configuration(attempts: attempts, shard: shard, of: shards), count: count)
            var cursor = ScanCursor(configuration(attempts: attempts, shard: shard, of: shards), count: count)
            for done in 0...whole.count {
                if done % max(1, whole.count / 40) == 0 || done == whole.count {
                    let left = configuration(attempts: attempts, shard: shard, of: shards, position: cursor.position)
                    #expect(probes(left, count: count, most: 500) == Array(whole.dropFirst(done).prefix(500)))
                }
                cursor.advance()
            }
        }
    }

    @Test("positions, shards and counts may be as large as they like")
    func extremes() {
        let large: [UInt64] = [0, 1, 2, 16_383, 16_384, 1 << 32, (1 << 63) - 1, 1 << 63, .max - 1, .max]
        for count in [0, 1, 3, 1 << 32, (1 << 63) - 1, 1 << 63] as [UInt64] {
            for attempts in [0, 1, 2, 1 << 62, 1 << 63] as [UInt64] {
                let (all, overflow) = count.multipliedReportingOverflow(by: max(1, attempts))
                if overflow || all > 1 << 63 { continue }
                for shards in large where shards > 0 {
                    for shard in [0, 1, shards / 2, shards - 1] where shard < shards {
                        for position in large {
                            var cursor = ScanCursor(
                                configuration(attempts: attempts, shard: shard, of: shards, position: position),
                                count: count)
                            for _ in 0..<3 {
                                #expect(cursor.position >= min(position, all) && cursor.position <= all)
                                if cursor.isAtEnd { break }
                                #expect(cursor.index % shards == shard && cursor.index < count)
                                cursor.advance()
                            }
                        }
                    }
                }
            }
        }
    }

    @Test("a scan of which a shard has nothing says where it ends")
    func nothing() throws {
        var configuration = configuration(shard: .max - 1, of: .max)
        let half = try #require(AddressRange<IPv6Address>("::/65"))
        configuration.ipv6 = AddressSet([half])
        let key = SipHash(key: (7, 8))
        let start = MonotonicTime(nanoseconds: 1_000_000_000)
        var session = try #require(ScanSession(configuration, key: key, at: start))
        guard case .finished = session.next(at: start) else {
            Issue.record("it asks somebody")
            return
        }
        #expect(session.resumption.position == 1 << 63 && session.totals.expected == 0)
    }
}
