import Addresses
import TestSupport
import Testing

@testable import Probing

@Suite("Path MTU among liars")
struct PathMTUHostileTests {
    private let destination = IPAddress.v4(IPv4Address(rawValue: 0xC612_0009))

    /// Sizes that somebody might claim.
    private static let claims: [UInt32] = [0, 1, 67, 68, 69, 576, 1279, 1280, 1399, 1400, 1499, 1500, 65_535, .max]

    private func address(_ random: inout SplitMix64) -> IPAddress {
        random.next() % 4 == 0 ? destination : .v4(IPv4Address(rawValue: 0xC612_0001 + UInt32(random.next() % 4)))
    }

    private func answer(to probe: TraceProbe, _ random: inout SplitMix64) -> TraceAnswer {
        let token = random.next() % 8 == 0 ? UInt16(truncatingIfNeeded: random.next()) : probe.token
        var answer = TraceAnswer(token: token, from: address(&random), .timeExceeded)
        switch random.next() % 4 {
        case 0:
            let claim = Self.claims.randomElement(using: &random) ?? 0
            answer = TraceAnswer(
                token: token, from: address(&random),
                .error(ICMPError(family: .v4, type: 3, code: 4, information: claim)))
        case 1:
            let code = UInt8(random.next() % 16)
            answer = TraceAnswer(
                token: token, from: address(&random), .error(ICMPError(family: .v4, type: 3, code: code)))
        case 2: answer = TraceAnswer(token: token, from: address(&random), .reply(.echo))
        default: break
        }
        answer.quotedHopLimit = random.next() % 2 == 0 ? UInt8(truncatingIfNeeded: random.next()) : nil
        answer.hopLimit = UInt8(truncatingIfNeeded: random.next())
        return answer
    }

    @Test("whatever is answered, it comes to an end, and what it says is consistent", arguments: UInt64(1)...300)
    func anything(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var now = MonotonicTime(nanoseconds: 0)
        var configuration = PathMTUConfiguration(to: destination)
        configuration.path.maximumHops = UInt8(1 + random.next() % 12)
        configuration.path.firstHop = 1
        let liveliness = 1 + random.next() % 6
        var session = PathMTUSession(configuration, at: now)
        var reported: [PathMTUHop] = []
        var steps = 0
        var isFinished = false
        while !isFinished, steps < 200_000 {
            steps += 1
            switch session.next(at: now) {
            case .send(let probe):
                let length = probe.packetLength ?? 0
                #expect((configuration.smallestLength...configuration.maximumLength).contains(length))
                if length > 1500, random.next() % 8 != 0 {
                    _ = session.notSent(probe, .tooLarge(mtu: [1500, nil, 0, 70_000][Int(random.next() % 4)]), at: now)
                } else if random.next() % 50 == 0 {
                    _ = session.notSent(probe, [.queueFull, .refused(errno: 1)][Int(random.next() % 2)], at: now)
                } else {
                    session.sent(probe, at: now, wallClock: nil)
                }
                for _ in 0..<random.next() % 3 where random.next() % 6 < liveliness {
                    _ = session.received(answer(to: probe, &random), at: Arrival(now: now))
                }
            case .wait(let until):
                guard let until else {
                    Issue.record("it waits for ever")
                    return
                }
                now = max(now, until)
            case .report(.hop(let hop)): reported.append(hop)
            case .report: continue
            case .finished: isFinished = true
            }
        }
        let result = session.result
        #expect(isFinished && result.isComplete, "after \(now) \(result)")
        #expect(reported == result.hops)
        let numbers = result.hops.map(\.hopLimit)
        #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count, "\(numbers)")
        let sizes = result.hops.compactMap(\.mtu)
        #expect(sizes == sizes.sorted(by: >), "\(sizes)")
        #expect(now < MonotonicTime(nanoseconds: 0) + .seconds(7200), "it took \(now)")
    }
}
