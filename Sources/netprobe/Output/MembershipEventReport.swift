import Addresses
import Packets
import Probing
import ProbingIO

/// What listening prints: one line an event, with its time, or JSON.
struct MembershipEventReport {
    let place: MembershipPlace
    private let json: Bool
    private let showsAll: Bool
    private let showsMembers: Bool
    private var output = StandardOutput()

    /// - Parameters:
    ///   - showsAll: whether reports are shown that change nothing.
    ///   - showsMembers: whether members are shown at all.
    init(_ place: MembershipPlace, json: Bool, showsAll: Bool = false, showsMembers: Bool = true) {
        (self.place, self.json, self.showsAll, self.showsMembers) = (place, json, showsAll, showsMembers)
    }

    mutating func tell(_ event: MembershipEvent) throws(OutputError) {
        switch event {
        case .query(let source, let query):
            try write("query", "\(source): \(query.words(place.family))") { line in
                line.add("from", "\(source)")
                line.add(query)
            }
        case .elected(let querier?, let version):
            try write("querier", "\(querier) is the querier, of version \(version)\(querier.withoutAddress)") { line in
                line.add("querier", "\(querier)")
                line.add("version", version)
            }
        case .elected(nil, _): try write("querier", "there is no querier any more") { _ in }
        case .joined(let group, let member, let membership): try tell("joined", group, member, membership)
        case .changed(let group, let member, let membership): try tell("changed", group, member, membership)
        case .confirmed(let group, let member, let membership):
            if showsAll { try tell("confirmed", group, member, membership) }
        case .left(let group, let member): try tell("left", group, member, nil)
        case .expired(let group, let member): try tell("expired", group, member, nil)
        case .warning(let warning):
            try write("warning", "warning: \(warning.words)") { $0.add("message", warning.words) }
        }
    }

    mutating func flush() throws(OutputError) { try output.flush() }

    private mutating func tell(
        _ type: String, _ group: IPAddress, _ member: IPAddress, _ membership: Membership?
    ) throws(OutputError) {
        guard showsMembers else { return }
        let verb =
            switch type {
            case "joined": "joins"
            case "changed": "changes"
            case "confirmed": "is still in"
            case "left": "leaves"
            default: "has not been heard of, and is forgotten in"
            }
        let words = membership.map { ": \($0.words(place.family))" } ?? ""
        try write(type, "\(member) \(verb) \(group)\(words)") { line in
            line.add("group", "\(group)")
            line.add("member", "\(member)")
            guard let membership else { return }
            line.add("version", membership.version)
            line.add("mode", membership.excludes ? "exclude" : "include")
            line.add("sources", membership.sources.sorted().map { "\($0)" })
        }
    }

    private mutating func write(
        _ type: String, _ text: String, _ fields: (inout JSONObject) -> Void
    ) throws(OutputError) {
        guard json else {
            let time = CaptureTime(nanosecondsSince1970: Int128(Clock.wallClock)).timeOfDay
            return try output.write("\(time) \(text.forTerminal(atMost: 4096))\n")
        }
        var line = JSONObject.membership(type, place.family)
        fields(&line)
        try output.write(line.line)
    }
}

extension IPAddress {
    /// What to say of a querier that has no address.
    var withoutAddress: String { isUnspecified ? ", without an address, as switches ask" : "" }
}

extension Membership {
    /// To what a member listens, in a few words.
    func words(_ family: IPFamily) -> String {
        let protocolName = "\(family.membershipProtocol)v\(version)"
        guard version == family.latestMembershipVersion else { return protocolName }
        let list = sources.sorted().prefix(16).map { "\($0)" }.joined(separator: ",")
            + (sources.count > 16 ? " and \(sources.count - 16) more" : "")
        return switch (excludes, sources.isEmpty) {
        case (true, true): "any source, \(protocolName)"
        case (true, false): "all but \(list), \(protocolName)"
        case (false, _): "only \(list), \(protocolName)"
        }
    }
}

extension MembershipWarning {
    /// What is wrong, in one line.
    var words: String {
        switch self {
        case .flawed(let source, let flaw): "\(source): \(flaw)"
        case .malformed(let source, let reason): "\(source): \(reason)"
        case .twoQueriers(let first, let second):
            "two ask: \(first) and \(second), which does not hear the other or does not give way"
        case .querierVersion(let querier, let version, let elected, let other):
            "\(querier) asks in version \(version), and \(elected) in version \(other)"
        case .memberVersion(let member, let version, let querier):
            version < querier
                ? "\(member) speaks version \(version) only: routers take its groups back to that version"
                : "\(member) reports in version \(version), although the querier asks in version \(querier)"
        case .queryMissing(let querier, let duration):
            "\(querier) has not asked for \(duration.shortSeconds) s, although it should have"
        case .nobodyAsks(let duration):
            "nobody has asked for \(duration.shortSeconds) s: switches that snoop forget who is a member"
        case .full: "there is more to remember than there is room for: from here on members may be missed"
        }
    }
}
