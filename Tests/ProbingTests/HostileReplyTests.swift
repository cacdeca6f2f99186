import Addresses
import Packets
import TestSupport
import Testing

@testable import Probing

@Suite("What arrives is not believed")
struct HostileReplyTests {
    private let now = origin + .ms(10)

    /// A session that has sent so many requests.
    private func session(
        _ family: IPFamily, sent: Int = 3, _ change: (inout PingConfiguration) -> Void = { _ in }
    ) -> PingSession {
        var session = PingSession(.pinging(family, change), at: origin)
        for number in 0..<sent {
            session.sent(at: origin, wallClock: number.isMultiple(of: 2) ? wallClock(at: origin) : nil)
        }
        return session
    }

    @Test("a reply with another identifier is not ours", arguments: IPFamily.allCases)
    func otherIdentifier(_ family: IPFamily) {
        var session = session(family)
        let reply = Message.echoReply(family, 1, identifier: ourIdentifier + 1)
        #expect(session.received(reply, from: family.target, at: now).isIgnored)
        #expect(session.counts == Counts(transmitted: 3))
    }

    @Test(
        "a reply to a number that was never sent is not ours", arguments: IPFamily.allCases,
        [0, 4, 5, 0xFFFF] as [UInt16])
    func neverSent(_ family: IPFamily, _ number: UInt16) {
        var session = session(family)
        #expect(session.received(Message.echoReply(family, number), from: family.target, at: now).isIgnored)
        #expect(session.counts == Counts(transmitted: 3))
    }

    @Test("a reply before the first request is not ours", arguments: IPFamily.allCases, [0, 1] as [UInt16])
    func beforeTheFirst(_ family: IPFamily, _ number: UInt16) {
        var session = session(family, sent: 0)
        #expect(session.received(Message.echoReply(family, number), from: family.target, at: now).isIgnored)
    }

    @Test("a reply to a request that could not be sent is not ours", arguments: IPFamily.allCases)
    func neverWentOut(_ family: IPFamily) {
        var session = session(family)
        _ = session.notSent(.refused(errno: 1), at: origin)
        #expect(session.received(Message.echoReply(family, 4), from: family.target, at: now).isIgnored)
        #expect(session.counts == Counts(transmitted: 4, errors: 1))
    }

    @Test("an echo request is not a reply, not even our own", arguments: IPFamily.allCases)
    func request(_ family: IPFamily) {
        var session = session(family)
        #expect(session.received(Message.echoRequest(family, 1), from: family.target, at: now).isIgnored)
        #expect(session.counts == Counts(transmitted: 3))
    }

    @Test("a message of the other family is not a reply", arguments: IPFamily.allCases)
    func otherFamily(_ family: IPFamily) {
        var session = session(family)
        let other: IPFamily = family == .v4 ? .v6 : .v4
        #expect(session.received(Message.echoReply(other, 1), from: family.target, at: now).isIgnored)
    }

    @Test("a reply from another address is shown and not counted", arguments: IPFamily.allCases)
    func otherSource(_ family: IPFamily) {
        var session = session(family)
        let event = session.received(Message.echoReply(family, 1), from: family.stranger, at: now)
        #expect(event.rejection == .differentAddress)
        #expect(session.counts == Counts(transmitted: 3))
        #expect(session.statistics.roundTrips.count == 0)
        #expect(session.inFlight == 3)
    }

    @Test("a reply from another address counts where anyone may answer", arguments: IPFamily.allCases)
    func anySource(_ family: IPFamily) throws {
        var session = session(family) { $0.acceptsAnySource = true }
        let event = session.received(Message.echoReply(family, 1), from: family.stranger, at: now)
        #expect(try #require(event.reply).source == family.stranger)
        #expect(session.counts == Counts(transmitted: 3, received: 1))
    }

    @Test("a reply with a wrong checksum counts as corrupted, and its request goes on")
    func badChecksum() {
        var session = session(.v4)
        var reply = Message.echoReply(.v4, 1)
        reply[2] ^= 0x10
        #expect(session.received(reply, from: IPFamily.v4.target, at: now).rejection == .badChecksum)
        #expect(session.counts == Counts(transmitted: 3, corrupted: 1))
        let whole = session.received(Message.echoReply(.v4, 1), from: IPFamily.v4.target, at: now)
        #expect(whole.reply?.isDuplicate == false)
    }

    @Test("a checksum of zero may be written in both of its forms", arguments: [0x0000, 0xFFFF] as [UInt16])
    func checksumOfZero(_ checksum: UInt16) {
        var session = session(.v4) { $0.payload = PingPayload(count: 2) }
        // The words 0x0000, 0x1267 (4711) and 0x0001 want 0xED97 to make 0xFFFF.
        var reply = Message.echoReply(.v4, 1, payload: [0xED, 0x97])
        reply[2] = UInt8(checksum >> 8)
        reply[3] = UInt8(truncatingIfNeeded: checksum)
        #expect(session.received(reply, from: IPFamily.v4.target, at: now).reply?.sequence == 1)
    }

    @Test("a reply shorter than its request counts as corrupted", arguments: IPFamily.allCases)
    func truncated(_ family: IPFamily) {
        var session = session(family)
        let reply = Message.echoReply(family, 1, payload: Array(PingPayload(count: 56).bytes.dropLast()))
        #expect(session.received(reply, from: family.target, at: now).rejection == .truncated)
        #expect(session.counts == Counts(transmitted: 3, corrupted: 1))
    }

    @Test("a reply longer than its request counts, and says how long it is", arguments: IPFamily.allCases)
    func longer(_ family: IPFamily) throws {
        var session = session(family)
        let event = session.received(
            Message.echoReply(family, 1, payload: PingPayload(count: 60).bytes), from: family.target, at: now)
        let reply = try #require(event.reply)
        #expect(reply.byteCount == 68)
        #expect(reply.damage == nil)
    }

    @Test("fewer bytes than an ICMP header are nothing", arguments: IPFamily.allCases, 0..<8)
    func short(_ family: IPFamily, _ count: Int) {
        var session = session(family)
        let start = Array(Message.echoReply(family, 1).prefix(count))
        #expect(session.received(start, from: family.target, at: now).isIgnored)
    }

    @Test("damage to the payload is reported with its place", arguments: IPFamily.allCases, [16, 17, 23, 24, 54, 55])
    func damage(_ family: IPFamily, _ index: Int) throws {
        var session = session(family)
        var payload = PingPayload(count: 56).bytes
        payload[index] ^= 0x40
        let event = session.received(Message.echoReply(family, 1, payload: payload), from: family.target, at: now)
        let damage = PayloadDamage(
            index: index, expected: UInt8(index), found: UInt8(index) ^ 0x40, payload: payload)
        #expect(try #require(event.reply).damage == damage)
        #expect(session.counts == Counts(transmitted: 3, received: 1))
    }

    @Test("the first of several damaged bytes is reported")
    func firstDamage() throws {
        var session = session(.v4)
        var payload = PingPayload(count: 56).bytes
        for index in [29, 30, 51] { payload[index] = 0 }
        let event = session.received(Message.echoReply(.v4, 1, payload: payload), from: IPFamily.v4.target, at: now)
        #expect(try #require(event.reply).damage?.index == 29)
    }

    @Test("a timestamp in the payload is not damage, whatever it says", arguments: IPFamily.allCases)
    func timestamp(_ family: IPFamily) throws {
        var session = session(family)
        var payload = PingPayload(count: 56).bytes
        for index in 0..<16 { payload[index] = 0xFF }
        let event = session.received(Message.echoReply(family, 1, payload: payload), from: family.target, at: now)
        #expect(try #require(event.reply).damage == nil)
    }

    @Test("a payload too short for a timestamp is looked at from its first byte", arguments: 1...15)
    func shortPayload(_ count: Int) throws {
        var session = session(.v4) { $0.payload = PingPayload(count: count) }
        var payload = PingPayload(count: count).bytes
        payload[0] = 1
        let event = session.received(Message.echoReply(.v4, 1, payload: payload), from: IPFamily.v4.target, at: now)
        #expect(try #require(event.reply).damage?.index == 0)
    }

    @Test("a hundred thousand messages of random bytes change no count", arguments: IPFamily.allCases)
    func garbage(_ family: IPFamily) {
        var session = session(family, sent: 1000)
        var random = SplitMix64(seed: 2)
        // Types that mean something: replies, errors, redirects, requests of both families.
        let types: [UInt8] = [0, 3, 4, 5, 8, 11, 12, 14, 1, 2, 128, 129, 137]
        for _ in 0..<100_000 {
            var message = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if message.count >= 8, Bool.random(using: &random) {
                message[0] = types.randomElement(using: &random) ?? 0
                message[1] = 0
                // Replies that carry our identifier are ours: they have their own tests.
                if message[4] == 0x12 { message[4] = 0x13 }
            }
            _ = session.received(message, from: family.target, at: now)
        }
        #expect(session.counts == Counts(transmitted: 1000))
        #expect(session.inFlight == 1000)
    }

    @Test("a hundred thousand replies with random damage never count more than was sent", arguments: IPFamily.allCases)
    func mutated(_ family: IPFamily) {
        var session = session(family, sent: 1000)
        var random = SplitMix64(seed: 3)
        for _ in 0..<100_000 {
            var message = Message.echoReply(family, .random(in: 0...1500, using: &random))
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                message[.random(in: message.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            message.removeLast(Int.random(in: 0...70, using: &random) % message.count)
            let arrival = Arrival(
                now: now, wallClock: .random(in: .min ... .max, using: &random),
                kernel: .random(in: .min ... .max, using: &random))
            _ = session.received(message, arrival)
        }
        #expect(session.statistics.received <= 1000)
        #expect(session.counts.late == 0 && session.counts.errors == 0)
    }
}
