public import Addresses
import Packets

/// A message as it goes out: a whole IP packet, with TTL 1 and a router alert.
public struct MembershipPacket: Sendable {
    /// The packet.
    public let bytes: [UInt8]
    /// To whom it goes.
    public let destination: IPAddress

    /// Bytes that any IP packet may have.
    private static let largest = 65_535

    /// Writes what `body` says; `nil` where that can't be: addresses of another family than the source's, more than a
    /// packet can hold, several groups in a version that has one, a version that the family's protocol does not have.
    /// - Parameter destination: where it goes, if not where such a message belongs.
    public init?(_ body: MembershipMessage.Body, from source: IPAddress, to destination: IPAddress? = nil) {
        guard let destination = destination ?? Self.destination(of: body, source.family) else { return nil }
        self.destination = destination
        switch (source, destination) {
        case (.v4(let source), .v4(let destination)):
            guard let message = IGMPMessage.Body(body) else { return nil }
            let packet = IPv4Packet(
                IPv4Header(
                    source: source, destination: destination, timeToLive: 1, differentiatedServices: 0xC0,
                    options: [.routerAlert(0)]),
                payload: .igmp(IGMPMessage(message)))
            guard packet.length <= Self.largest else { return nil }
            bytes = serialized(capacity: packet.length) { packet.serialize(into: &$0) }
        case (.v6(let source), .v6(let destination)):
            guard let message = ICMPv6Message.Body(body) else { return nil }
            let packet = IPv6Packet(
                IPv6Header(source: source, destination: destination, hopLimit: 1),
                extensions: [IPv6ExtensionHeader(.hopByHopOptions([.routerAlert(0), .padN([])]))],
                payload: .icmpv6(ICMPv6Message(message)))
            guard packet.length <= Self.largest else { return nil }
            bytes = serialized(capacity: packet.length) { packet.serialize(into: &$0) }
        default: return nil
        }
    }

    private static func destination(of body: MembershipMessage.Body, _ family: IPFamily) -> IPAddress? {
        let groups = MembershipGroups(family)
        return switch body {
        case .query(let query): query.group ?? groups.allSystems
        case .report(let version, _) where version == family.latestMembershipVersion: groups.allReporters
        case .report(_, let records): records.first?.group
        case .leave: groups.allRouters
        }
    }
}

extension IGMPMessage.Body {
    fileprivate init?(_ body: MembershipMessage.Body) {
        switch body {
        case .query(let query) where query.version == 3:
            guard let question = MulticastQuery<IPv4Address>(query, { $0.ipv4 }) else { return nil }
            self = .queryV3(
                question, maximumResponseCode: ExponentialCode(roundingDown: query.responseTime.milliseconds / 100))
        case .query(let query):
            guard let group = (query.group ?? .v4(.any)).ipv4 else { return nil }
            let tenths = query.version == 1 ? 0 : UInt8(clamping: query.responseTime.milliseconds / 100)
            self = .query(group: group, maximumResponseTenths: tenths)
        case .report(3, let records):
            let converted = records.compactMap { MulticastAddressRecord<IPv4Address>($0) { $0.ipv4 } }
            guard converted.count == records.count else { return nil }
            self = .reportV3(MulticastReport(converted))
        case .report(let version, let records):
            guard records.count == 1, let group = records.first?.group.ipv4 else { return nil }
            self = version == 1 ? .reportV1(group: group) : .reportV2(group: group)
        case .leave(let group):
            guard let group = group.ipv4 else { return nil }
            self = .leave(group: group)
        }
    }
}

extension ICMPv6Message.Body {
    fileprivate init?(_ body: MembershipMessage.Body) {
        switch body {
        case .query(let query) where query.version == 2:
            guard let question = MulticastQuery<IPv6Address>(query, { $0.ipv6 }) else { return nil }
            self = .multicastListenerQueryV2(
                maximumResponseCode: ExponentialCode(roundingDown: query.responseTime.milliseconds), question)
        case .query(let query):
            guard let group = (query.group ?? .v6(.any)).ipv6 else { return nil }
            self = .multicastListenerQuery(
                maximumResponseDelay: UInt16(clamping: query.responseTime.milliseconds), group: group)
        case .report(2, let records):
            let converted = records.compactMap { MulticastAddressRecord<IPv6Address>($0) { $0.ipv6 } }
            guard converted.count == records.count else { return nil }
            self = .multicastListenerReportV2(MulticastReport(converted))
        case .report(_, let records):
            guard records.count == 1, let group = records.first?.group.ipv6 else { return nil }
            self = .multicastListenerReport(group: group)
        case .leave(let group):
            guard let group = group.ipv6 else { return nil }
            self = .multicastListenerDone(group: group)
        }
    }
}

extension MulticastQuery {
    fileprivate init?(_ query: MembershipQuery, _ address: (IPAddress) -> Address?) {
        let group = query.group.map(address) ?? Address(rawValue: 0)
        let sources = query.sources.compactMap(address)
        guard let group, sources.count == query.sources.count else { return nil }
        self.init(
            group: group, sources: sources, suppressesRouterProcessing: query.suppressesRouterProcessing,
            robustness: query.robustness ?? 2,
            queryInterval: ExponentialCode(roundingDown: Int((query.queryInterval ?? .seconds(125)).components.seconds)))
    }
}

extension MulticastAddressRecord {
    fileprivate init?(_ record: MembershipRecord, _ address: (IPAddress) -> Address?) {
        let sources = record.sources.compactMap(address)
        guard let group = address(record.group), sources.count == record.sources.count else { return nil }
        self.init(record.type, group: group, sources: sources)
    }
}

extension IPAddress {
    fileprivate var ipv4: IPv4Address? { if case .v4(let address) = self { address } else { nil } }
    fileprivate var ipv6: IPv6Address? { if case .v6(let address) = self { address } else { nil } }
}

extension Duration {
    fileprivate var milliseconds: Int { Int(clampedNanoseconds / 1_000_000) }
}
