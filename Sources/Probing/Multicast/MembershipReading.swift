public import Addresses
import Packets

/// What a packet that was heard on a link has to do with groups.
public enum MembershipArrival: Hashable, Sendable {
    /// A message of IGMP or MLD.
    case message(MembershipMessage)
    /// One that can't be read: who sent it, and what is wrong.
    case malformed(source: IPAddress, reason: String)
    /// Something else.
    case unrelated

    /// Reads an IP packet, which may hold anything.
    public init(reading bytes: RawSpan, family: IPFamily) {
        do throws(ParseError) {
            switch family {
            case .v4: self = Self.read(try IPv4Packet(parsing: bytes))
            case .v6: self = Self.read(try IPv6Packet(parsing: bytes))
            }
        } catch {
            self = .unrelated
        }
    }

    private static func read(_ packet: IPv4Packet) -> Self {
        let source = IPAddress.v4(packet.header.source)
        switch packet.payload {
        case .igmp(let message, _):
            guard let body = MembershipMessage.Body(message.body) else { return .unrelated }
            let hasAlert = packet.header.options.contains { if case .routerAlert = $0 { true } else { false } }
            return .message(
                MembershipMessage(
                    source: source, destination: .v4(packet.header.destination), body,
                    hopLimit: packet.header.timeToLive, hasRouterAlert: hasAlert))
        case .malformed(.igmp, _, let error): return .malformed(source: source, reason: "\(error)")
        default: return .unrelated
        }
    }

    private static func read(_ packet: IPv6Packet) -> Self {
        let source = IPAddress.v6(packet.header.source)
        switch packet.payload {
        case .icmpv6(let message, _, _):
            guard let body = MembershipMessage.Body(message.body) else { return .unrelated }
            return .message(
                MembershipMessage(
                    source: source, destination: .v6(packet.header.destination), body,
                    hopLimit: packet.header.hopLimit, hasRouterAlert: packet.extensions.haveRouterAlert))
        case .malformed(.icmpv6, let bytes, let error):
            // Of other messages of ICMPv6 nothing is said here.
            guard let type = bytes.first, [130, 131, 132, 143].contains(type) else { return .unrelated }
            return .malformed(source: source, reason: "\(error)")
        default: return .unrelated
        }
    }
}

extension [IPv6ExtensionHeader] {
    fileprivate var haveRouterAlert: Bool {
        for case .hopByHopOptions(let options) in map(\.body) {
            for case .routerAlert in options { return true }
        }
        return false
    }
}

extension MembershipMessage.Body {
    fileprivate init?(_ body: IGMPMessage.Body) {
        switch body {
        case .query(let group, let tenths):
            self = .query(
                MembershipQuery(
                    version: tenths == 0 ? 1 : 2, group: group.isUnspecified ? nil : .v4(group),
                    responseTime: .milliseconds(tenths == 0 ? 10_000 : Int(tenths) * 100)))
        case .queryV3(let query, let code):
            self = .query(MembershipQuery(query, version: 3, .milliseconds(code.value * 100)) { .v4($0) })
        case .reportV1(let group): self = .report(version: 1, [MembershipRecord(group: .v4(group))])
        case .reportV2(let group): self = .report(version: 2, [MembershipRecord(group: .v4(group))])
        case .leave(let group): self = .leave(group: .v4(group))
        case .reportV3(let report):
            self = .report(version: 3, report.records.map { MembershipRecord($0) { .v4($0) } })
        default: return nil
        }
    }

    fileprivate init?(_ body: ICMPv6Message.Body) {
        switch body {
        case .multicastListenerQuery(let delay, let group):
            self = .query(
                MembershipQuery(
                    version: 1, group: group.isUnspecified ? nil : .v6(group), responseTime: .milliseconds(Int(delay))))
        case .multicastListenerQueryV2(let code, let query):
            self = .query(MembershipQuery(query, version: 2, .milliseconds(code.value)) { .v6($0) })
        case .multicastListenerReport(_, let group): self = .report(version: 1, [MembershipRecord(group: .v6(group))])
        case .multicastListenerDone(_, let group): self = .leave(group: .v6(group))
        case .multicastListenerReportV2(let report):
            self = .report(version: 2, report.records.map { MembershipRecord($0) { .v6($0) } })
        default: return nil
        }
    }
}

extension MembershipQuery {
    fileprivate init<Address>(
        _ query: MulticastQuery<Address>, version: Int, _ responseTime: Duration, _ address: (Address) -> IPAddress
    ) {
        self.init(
            version: version, group: query.group.isUnspecified ? nil : address(query.group),
            sources: query.sources.map(address), responseTime: responseTime, robustness: query.robustness,
            queryInterval: .seconds(query.queryInterval.value),
            suppressesRouterProcessing: query.suppressesRouterProcessing)
    }
}

extension MembershipRecord {
    fileprivate init<Address>(_ record: MulticastAddressRecord<Address>, _ address: (Address) -> IPAddress) {
        self.init(record.type, group: address(record.group), sources: record.sources.map(address))
    }
}

// MARK: - Rules

extension MembershipMessage {
    fileprivate init(source: IPAddress, destination: IPAddress, _ body: Body, hopLimit: UInt8, hasRouterAlert: Bool) {
        self.init(source: source, destination: destination, body)
        if hopLimit != 1 { flaws.append(.hopLimit(hopLimit)) }
        // RFC 1112 knew no router alert.
        if !hasRouterAlert, source.family == .v6 || body.version > 1 { flaws.append(.noRouterAlert) }
        if let flaw = sourceFlaw { flaws.append(flaw) }
        if !isAtItsDestination { flaws.append(.destination(destination)) }
        flaws += body.groups.lazy.filter { !$0.isMulticast }.prefix(1).map { .notMulticast($0) }
        if case .report(_, let records) = body {
            flaws += records.lazy.map(\.type.rawValue).filter { !(1...6).contains($0) }.prefix(1)
                .map { .unknownRecordType($0) }
        }
    }

    private var sourceFlaw: MembershipFlaw? {
        if source.isMulticast || source == .v4(.broadcast) { return .impossibleSource }
        guard source.family == .v6, !source.isLinkLocal else { return nil }
        // Who has no address yet reports without one (RFC 9777 section 5.2.13); who asks or leaves has one.
        if source.isUnspecified, case .report = body { return nil }
        return .sourceNotLinkLocal
    }

    /// RFC 9776 sections 4.1.12 and 4.2.14, RFC 9777 sections 5.1.15 and 5.2.14, and the same of the older versions. What
    /// is sent to one host alone is for tests, and allowed.
    private var isAtItsDestination: Bool {
        guard destination.isMulticast else { return destination.family == .v4 && destination != .v4(.broadcast) }
        let groups = MembershipGroups(source.family)
        return switch body {
        case .query(let query): destination == query.group ?? groups.allSystems || destination == groups.allSystems
        case .report(let version, _) where version == source.family.latestMembershipVersion:
            destination == groups.allReporters
        case .report(_, let records): destination == records.first?.group
        case .leave(let group): destination == groups.allRouters || destination == group
        }
    }
}

extension MembershipMessage.Body {
    fileprivate var version: Int {
        switch self {
        case .query(let query): query.version
        case .report(let version, _): version
        case .leave: 2
        }
    }

    fileprivate var groups: [IPAddress] {
        switch self {
        case .query(let query): query.group.map { [$0] } ?? []
        case .report(_, let records): records.map(\.group)
        case .leave(let group): [group]
        }
    }
}

/// The groups to which messages go.
struct MembershipGroups {
    let allSystems: IPAddress
    let allRouters: IPAddress
    /// To whom the latest versions report.
    let allReporters: IPAddress

    init(_ family: IPFamily) {
        switch family {
        case .v4:
            allSystems = .v4(IPv4Address(224, 0, 0, 1))
            allRouters = .v4(IPv4Address(224, 0, 0, 2))
            allReporters = .v4(IPv4Address(224, 0, 0, 22))
        case .v6:
            let linkLocal = UInt128(0xff02) << 112
            allSystems = .v6(IPv6Address(rawValue: linkLocal | 1))
            allRouters = .v6(IPv6Address(rawValue: linkLocal | 2))
            allReporters = .v6(IPv6Address(rawValue: linkLocal | 0x16))
        }
    }
}
