import Addresses
import Probing
import ProbingIO
import Sockets

/// What is said of what this host does itself: joining, leaving, sending.
struct MembershipActionReport {
    private let place: MembershipPlace
    private let json: Bool
    private let source: IPAddress?
    private var output = StandardOutput()

    init(_ place: MembershipPlace, json: Bool, source: IPAddress? = nil) {
        (self.place, self.json, self.source) = (place, json, source)
    }

    /// The kernel has joined a group, or left it.
    mutating func tell(_ type: String, _ group: IPAddress, _ sources: [IPAddress], excludes: Bool) throws(OutputError) {
        if json {
            var line = line(type, group, sources)
            line.add("mode", excludes ? "exclude" : "include")
            try output.write(line.line)
        } else {
            let of = sources.isEmpty ? "" : (excludes ? " but of " : " of ") + Self.list(sources)
            try output.write("\(type) \(group)\(of) on \(place.link.interface.name.forTerminal)\n")
        }
        try output.flush()
    }

    /// A message has gone.
    mutating func tell(
        _ type: String, _ what: String, _ body: MembershipMessage.Body, _ group: IPAddress, _ sources: [IPAddress],
        to destination: IPAddress
    ) throws(OutputError) {
        var record: MembershipRecord?
        var version = place.family == .v4 ? 2 : 1
        if case .report(let reportVersion, let records) = body { (version, record) = (reportVersion, records.first) }
        if json {
            var line = line(type, group, sources)
            line.add("message", what)
            line.add("version", version)
            if let record, version == place.family.latestMembershipVersion { line.add("record", "\(record.type)") }
            line.add("from", source.map { "\($0)" })
            line.add("to", "\(destination)")
            try output.write(line.line)
        } else {
            let type = version == place.family.latestMembershipVersion ? record.map { " \($0.type)" } ?? "" : ""
            let of = sources.isEmpty ? "" : " of \(Self.list(sources))"
            try output.write(
                "\(source.map { "\($0)" } ?? ""): \(place.family.membershipProtocol)v\(version) \(what)\(type) \(group)\(of)"
                    + " to \(destination) on \(place.link.interface.name.forTerminal)\n")
        }
        try output.flush()
    }

    mutating func failed(_ error: SocketError) throws(OutputError) {
        try output.flush()
        place.complain("\(error)".forTerminal)
    }

    private func line(_ type: String, _ group: IPAddress, _ sources: [IPAddress]) -> JSONObject {
        var line = JSONObject.membership(type, place.family)
        line.add("interface", place.link.interface.name)
        line.add("group", "\(group)")
        line.add("sources", sources.map { "\($0)" })
        return line
    }

    private static func list(_ sources: [IPAddress]) -> String { sources.map { "\($0)" }.joined(separator: ",") }
}
