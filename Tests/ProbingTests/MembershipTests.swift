import Addresses
import Packets
import Probing
import Testing

@Suite("What is said of groups")
struct MembershipMessageTests {
    static let member = IPAddress.v4(IPv4Address(198, 18, 1, 2))
    static let group = IPAddress.v4(IPv4Address(239, 1, 2, 3))
    static let source = IPAddress.v4(IPv4Address(198, 18, 1, 1))
    static let member6 = IPAddress.v6(IPv6Address(rawValue: 0xfe80 << 112 | 2))
    static let group6 = IPAddress.v6(IPv6Address(rawValue: 0xff15 << 112 | 3))

    static func bodies(_ family: IPFamily) -> [MembershipMessage.Body] {
        let (group, source) = family == .v4 ? (group, source) : (group6, member6)
        let latest = family.latestMembershipVersion
        var bodies: [MembershipMessage.Body] = [.leave(group: group)]
        for version in 1...latest { bodies.append(.report(version: version, [MembershipRecord(group: group)])) }
        for type in 1...6 as ClosedRange<UInt8> {
            let record = MembershipRecord(MulticastRecordType(rawValue: type), group: group, sources: [source])
            bodies.append(.report(version: latest, [record, record]))
        }
        bodies.append(.query(MembershipQuery(version: latest - 1, responseTime: .seconds(2))))
        bodies.append(
            .query(
                MembershipQuery(
                    version: latest, group: group, sources: [source], responseTime: .seconds(1), robustness: 3,
                    queryInterval: .seconds(60), suppressesRouterProcessing: true)))
        return bodies
    }

    @Test("what is written reads the same, and breaks no rule", arguments: [IPFamily.v4, .v6])
    func roundTrip(family: IPFamily) throws {
        let sender = family == .v4 ? Self.member : Self.member6
        for body in Self.bodies(family) {
            let packet = try #require(MembershipPacket(body, from: sender))
            let arrival = MembershipArrival(reading: packet.bytes.span.bytes, family: family)
            #expect(
                arrival == .message(MembershipMessage(source: sender, destination: packet.destination, body)), "\(body)")
        }
    }

    @Test("what can't be said is not written")
    func impossible() {
        let report = MembershipMessage.Body.report(version: 3, [MembershipRecord(group: Self.group6)])
        #expect(MembershipPacket(report, from: Self.member) == nil)
        let record = MembershipRecord(
            .isInclude, group: Self.group, sources: [IPAddress](repeating: Self.source, count: 20_000))
        #expect(MembershipPacket(.report(version: 3, [record]), from: Self.member) == nil)
        let two = [MembershipRecord(group: Self.group), MembershipRecord(group: Self.group)]
        #expect(MembershipPacket(.report(version: 2, two), from: Self.member) == nil)
    }

    @Test("rules that a packet breaks are told")
    func flaws() throws {
        func flaws(_ change: (inout IPv4Packet) -> Void, type: MulticastRecordType = .isExclude) throws
            -> [MembershipFlaw]
        {
            let report = MulticastReport([MulticastAddressRecord(type, group: IPv4Address(239, 1, 2, 3))])
            var packet = IPv4Packet(
                IPv4Header(
                    source: IPv4Address(198, 18, 1, 2), destination: IPv4Address(224, 0, 0, 22), timeToLive: 1,
                    options: [.routerAlert(0)]),
                payload: .igmp(IGMPMessage(.reportV3(report))))
            change(&packet)
            let bytes = serialized(capacity: packet.length) { packet.serialize(into: &$0) }
            guard case .message(let message) = MembershipArrival(reading: bytes.span.bytes, family: .v4) else { return [] }
            return message.flaws
        }
        #expect(try flaws { _ in } == [])
        #expect(try flaws { $0.header.timeToLive = 64 } == [.hopLimit(64)])
        #expect(try flaws { $0.header.options = [] } == [.noRouterAlert])
        #expect(try flaws { $0.header.source = IPv4Address(224, 0, 0, 5) } == [.impossibleSource])
        let elsewhere = IPv4Address(224, 0, 0, 1)
        #expect(try flaws { $0.header.destination = elsewhere } == [.destination(.v4(elsewhere))])
        #expect(try flaws({ _ in }, type: MulticastRecordType(rawValue: 9)) == [.unknownRecordType(9)])
        let report = MulticastReport([MulticastAddressRecord(.isExclude, group: IPv4Address(10, 0, 0, 1))])
        #expect(
            try flaws { $0.payload = .igmp(IGMPMessage(.reportV3(report))) } == [
                .notMulticast(.v4(IPv4Address(10, 0, 0, 1)))
            ])
    }

    @Test("a wrong checksum and what ends too early are told as malformed", arguments: [IPFamily.v4, .v6])
    func malformed(family: IPFamily) throws {
        let sender = family == .v4 ? Self.member : Self.member6
        for body in Self.bodies(family) {
            var bytes = try #require(MembershipPacket(body, from: sender)).bytes
            bytes[bytes.count - 1] ^= 1
            guard case .malformed(sender, _) = MembershipArrival(reading: bytes.span.bytes, family: family) else {
                Issue.record("\(body) is believed with a wrong checksum")
                continue
            }
        }
    }

    @Test("whatever comes, nothing traps", arguments: [IPFamily.v4, .v6])
    func hostile(family: IPFamily) throws {
        var generator = SystemRandomNumberGenerator()
        let sender = family == .v4 ? Self.member : Self.member6
        var session = MembershipListenSession(family, at: MonotonicTime(nanoseconds: 0), capacity: 100)
        for round in 0..<4000 {
            let body = Self.bodies(family)[round % Self.bodies(family).count]
            var bytes = try #require(MembershipPacket(body, from: sender)).bytes
            for _ in 0..<Int.random(in: 0...6, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            bytes.removeLast(Int.random(in: 0...bytes.count, using: &generator))
            let now = MonotonicTime(nanoseconds: Int64(round) * 1_000_000_000)
            session.received(MembershipArrival(reading: bytes.span.bytes, family: family), at: now)
            _ = session.takeEvents()
        }
        #expect(session.memberCount <= 100)
    }
}

@Suite("A query of members")
struct MembershipQuerySessionTests {
    private let start = MonotonicTime(nanoseconds: 0)
    private let query = MembershipQuery(version: 3, responseTime: .seconds(1))
    private func report(_ records: MembershipRecord..., from member: IPAddress = MembershipMessageTests.member)
        -> MembershipArrival
    {
        .message(
            MembershipMessage(
                source: member, destination: .v4(IPv4Address(224, 0, 0, 22)), .report(version: 3, records)))
    }

    @Test("it is sent once, and ends when the response time is over")
    func steps() {
        var session = MembershipQuerySession(query)
        #expect(session.next(at: start) == .send)
        session.sent(at: start)
        let end = start + .seconds(1) + MembershipQuerySession.grace
        #expect(session.next(at: start + .seconds(1)) == .wait(until: end))
        #expect(session.next(at: end) == .finished)
    }

    @Test("a member is told once, and a change is what it leads to")
    func members() {
        var session = MembershipQuerySession(query)
        session.sent(at: start)
        let group = MembershipMessageTests.group
        let first = session.received(report(MembershipRecord(.toExclude, group: group)), isOwn: false, at: start + .seconds(1))
        #expect(
            first == [
                .found(
                    MembershipSighting(
                        reporter: MembershipMessageTests.member, version: 3, record: MembershipRecord(group: group),
                        after: .seconds(1)))
            ])
        #expect(session.received(report(MembershipRecord(group: group)), isOwn: false, at: start) == [])
        #expect(session.received(report(MembershipRecord(.toInclude, group: group)), isOwn: false, at: start) == [])
        #expect(session.count == 1)
    }

    @Test("more than is remembered is said once, and counted")
    func full() {
        var session = MembershipQuerySession(query, capacity: 10)
        session.sent(at: start)
        var said = 0
        for number in 0..<100 as Range<UInt32> {
            let group = IPAddress.v4(IPv4Address(rawValue: 0xEF00_0000 + number))
            let events = session.received(report(MembershipRecord(group: group)), isOwn: false, at: start)
            said += events.count { $0 == .full }
        }
        #expect(said == 1 && session.count == 100)
    }

    @Test("only what was asked for is an answer, and other queriers are told")
    func others() {
        var session = MembershipQuerySession(
            MembershipQuery(version: 3, group: MembershipMessageTests.group, responseTime: .seconds(1)))
        session.sent(at: start)
        let other = MembershipRecord(group: .v4(IPv4Address(239, 9, 9, 9)))
        #expect(session.received(report(other), isOwn: false, at: start) == [])
        let heard = MembershipArrival.message(
            MembershipMessage(
                source: MembershipMessageTests.source, destination: .v4(IPv4Address(224, 0, 0, 1)), .query(query)))
        #expect(session.received(heard, isOwn: true, at: start) == [])
        #expect(
            session.received(heard, isOwn: false, at: start) == [
                .otherQuery(source: MembershipMessageTests.source, query)
            ])
    }
}
