import Addresses
import Packets
import Probing
import ProbingIO

extension MembershipRecord {
    /// What the sources are: `include`, `exclude`, or `allow` and `block` for a change of some; `nil` in versions that
    /// know no sources.
    func mode(version: Int, _ family: IPFamily) -> String? {
        guard version == family.latestMembershipVersion else { return nil }
        return switch type {
        case .isInclude, .toInclude: "include"
        case .isExclude, .toExclude: "exclude"
        case .allowNewSources: "allow"
        case .blockOldSources: "block"
        default: "type \(type.rawValue)"
        }
    }
}

extension MembershipQuery {
    /// The query in a few words: `IGMPv3 general query, response time 10 s, QRV 2, QQIC 125 s`.
    func words(_ family: IPFamily) -> String {
        var words = "\(family.membershipProtocol)v\(version) "
        switch (group, sources.isEmpty) {
        case (nil, _): words += "general query"
        case (let group?, true): words += "query of \(group)"
        case (let group?, false):
            words += "query of \(group) from " + sources.prefix(16).map { "\($0)" }.joined(separator: ",")
            if sources.count > 16 { words += " and \(sources.count - 16) more" }
        }
        words += ", response time \(responseTime.shortSeconds) s"
        if let robustness { words += ", QRV \(robustness)" }
        if let queryInterval { words += ", QQIC \(queryInterval.shortSeconds) s" }
        if suppressesRouterProcessing { words += ", S" }
        return words
    }
}

extension Duration {
    /// Seconds with no more decimals than it takes.
    var shortSeconds: String {
        let text = seconds
        return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
    }
}

extension JSONObject {
    /// A line about groups: `netprobe.igmp/1` or `netprobe.mld/1`.
    static func membership(_ type: String, _ family: IPFamily) -> JSONObject {
        var object = JSONObject()
        object.add("schema", "netprobe.\(family.commandName)/1")
        object.add("type", type)
        object.add("time", Duration.nanoseconds(Clock.wallClock))
        return object
    }

    mutating func add(_ query: MembershipQuery) {
        add("version", query.version)
        add("group", query.group.map { "\($0)" })
        add("sources", query.sources.map { "\($0)" })
        add("response_time", query.responseTime)
        add("robustness", query.robustness)
        add("query_interval", query.queryInterval)
        add("suppress", query.suppressesRouterProcessing)
    }

    mutating func add(_ record: MembershipRecord, version: Int, _ family: IPFamily) {
        add("group", "\(record.group)")
        add("mode", record.mode(version: version, family))
        if version == family.latestMembershipVersion { add("record", "\(record.type)") }
        add("sources", record.sources.map { "\($0)" })
    }
}
