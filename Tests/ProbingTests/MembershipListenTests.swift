import Addresses
import Packets
import Probing
import Testing

@Suite("A conversation about groups")
struct MembershipListenTests {
    private static let first = IPAddress.v4(IPv4Address(198, 18, 1, 1))
    private static let second = IPAddress.v4(IPv4Address(198, 18, 1, 9))
    private static let member = MembershipMessageTests.member
    private static let group = MembershipMessageTests.group
    private static let source = IPAddress.v4(IPv4Address(198, 18, 7, 7))

    private var session = MembershipListenSession(.v4, at: MonotonicTime(nanoseconds: 0))

    private func at(_ seconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: seconds * 1_000_000_000) }

    private mutating func hear(
        _ body: MembershipMessage.Body, from source: IPAddress, at seconds: Int64
    ) -> [MembershipEvent] {
        let destination = IPAddress.v4(IPv4Address(224, 0, 0, 1))
        session.received(
            .message(MembershipMessage(source: source, destination: destination, body)), at: at(seconds))
        return session.takeEvents()
    }

    private func query(_ version: Int = 3) -> MembershipMessage.Body {
        .query(
            MembershipQuery(
                version: version, responseTime: .seconds(10), robustness: version == 3 ? 2 : nil,
                queryInterval: version == 3 ? .seconds(125) : nil))
    }

    private func report(_ type: MulticastRecordType, _ sources: IPAddress..., version: Int = 3) -> MembershipMessage.Body {
        .report(version: version, [MembershipRecord(type, group: Self.group, sources: sources)])
    }

    @Test("the lowest address is elected, and one without an address only where there is no other")
    mutating func election() {
        #expect(hear(query(), from: .v4(.any), at: 1).last == .elected(.v4(.any), version: 3))
        #expect(hear(query(), from: Self.second, at: 2).last == .elected(Self.second, version: 3))
        #expect(hear(query(), from: Self.first, at: 3).last == .elected(Self.first, version: 3))
        #expect(session.elected == Self.first && session.warnings.isEmpty)
    }

    @Test("one that goes on asking beside a lower address is warned of")
    mutating func twoQueriers() {
        _ = hear(query(), from: Self.second, at: 1)
        _ = hear(query(), from: Self.first, at: 2)
        #expect(session.warnings.isEmpty)
        #expect(hear(query(), from: Self.second, at: 3).contains(.warning(.twoQueriers(Self.first, Self.second))))
    }

    @Test("versions that do not fit are warned of, once each")
    mutating func versions() {
        _ = hear(query(), from: Self.first, at: 1)
        _ = hear(query(2), from: Self.second, at: 2)
        _ = hear(report(.isExclude, version: 1), from: Self.member, at: 3)
        _ = hear(report(.isExclude, version: 1), from: Self.member, at: 4)
        #expect(
            session.warnings == [
                .querierVersion(Self.second, 2, elected: Self.first, 3), .memberVersion(Self.member, 1, querier: 3),
            ])
    }

    @Test("a querier that falls silent is missed, and in the end is none any more")
    mutating func silence() {
        _ = hear(query(), from: Self.first, at: 0)
        session.advance(to: at(135))
        #expect(session.takeEvents() == [])
        session.advance(to: at(136))
        #expect(session.takeEvents() == [.warning(.queryMissing(querier: Self.first, after: .seconds(135)))])
        session.advance(to: at(256))
        #expect(session.takeEvents().contains(.elected(nil, version: 0)))
    }

    @Test("members that nobody asks are forgotten, and that is warned of")
    mutating func forgotten() {
        #expect(
            hear(report(.toExclude), from: Self.member, at: 1).first.map { if case .joined = $0 { true } else { false } }
                == true)
        session.advance(to: at(262))
        #expect(
            session.takeEvents() == [
                .warning(.nobodyAsks(for: .seconds(260))), .expired(group: Self.group, member: Self.member),
            ])
    }

    @Test("records add and take away sources as RFC 9776 section 6.4 says")
    mutating func sources() {
        _ = hear(report(.allowNewSources, Self.source), from: Self.member, at: 1)
        #expect(hear(report(.blockOldSources, Self.source), from: Self.member, at: 2) == [
            .left(group: Self.group, member: Self.member)
        ])
        _ = hear(report(.toExclude), from: Self.member, at: 3)
        guard case .changed(_, _, let membership)? = hear(report(.blockOldSources, Self.source), from: Self.member, at: 4)
            .last
        else {
            Issue.record("no change")
            return
        }
        #expect(membership.excludes && membership.sources == [Self.source])
        #expect(hear(.leave(group: Self.group), from: Self.member, at: 5) == [
            .left(group: Self.group, member: Self.member)
        ])
        #expect(hear(.leave(group: Self.group), from: Self.member, at: 5) == [])
    }

    @Test("what a network that lies says takes bounded memory, and is said to be too much")
    mutating func bounded() {
        var small = MembershipListenSession(.v4, at: at(0), capacity: 50)
        for number in 0..<1000 as Range<UInt32> {
            let group = IPAddress.v4(IPv4Address(rawValue: 0xEF00_0000 + number))
            let body = MembershipMessage.Body.report(version: 3, [MembershipRecord(group: group)])
            small.received(
                .message(MembershipMessage(source: Self.member, destination: Self.member, body)), at: at(1))
        }
        #expect(small.memberCount == 50 && small.warnings == [.full])
    }
}
