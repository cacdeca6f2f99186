import Addresses
import Packets
import Probing
import ProbingIO
import Sockets

/// What a query prints: a table of who reported what, or JSON.
struct MembershipQueryReport {
    let place: MembershipPlace
    private let query: MembershipQuery
    private let source: IPAddress
    private let json: Bool
    private var output = StandardOutput()

    init(_ place: MembershipPlace, _ query: MembershipQuery, from source: IPAddress, json: Bool) {
        self.place = place
        self.query = query
        self.source = source
        self.json = json
    }

    mutating func begin() throws(OutputError) {
        if json {
            var line = JSONObject.membership("query", place.family)
            line.add("interface", place.link.interface.name)
            line.add("source", "\(source)")
            line.add(query)
            try output.write(line.line)
        } else {
            try output.write(row("GROUP", "MODE", "SOURCES", "REPORTER", "VERSION", "AFTER") + "\n")
        }
        try output.flush()
    }

    mutating func tell(_ event: MembershipQueryEvent) throws(OutputError) {
        switch event {
        case .found(let sighting): try found(sighting)
        case .otherQuery(let source, let other): try warn(source, "asks, too: \(other.words(place.family))")
        case .flawed(let source, let flaw): try warn(source, "\(flaw)")
        case .malformed(let source, let reason): try warn(source, reason)
        case .full: try warn(nil, "more members than are remembered: from here on some may be shown twice")
        }
    }

    private mutating func found(_ sighting: MembershipSighting) throws(OutputError) {
        if json {
            var line = JSONObject.membership("member", place.family)
            line.add("reporter", "\(sighting.reporter)")
            line.add("version", sighting.version)
            line.add(sighting.record, version: sighting.version, place.family)
            line.add("after", sighting.after)
            return try output.write(line.line)
        }
        let sources = sighting.record.sources.map { "\($0)" }.joined(separator: ",")
        try output.write(
            row(
                "\(sighting.record.group)", sighting.record.mode(version: sighting.version, place.family) ?? "-",
                sources.isEmpty ? "-" : sources, "\(sighting.reporter)", "\(sighting.version)",
                sighting.after.milliseconds + " ms") + "\n")
    }

    private mutating func warn(_ source: IPAddress?, _ text: String) throws(OutputError) {
        guard json else {
            try output.flush()
            return place.complain((source.map { "\($0): " } ?? "") + text.forTerminal)
        }
        var line = JSONObject.membership("warning", place.family)
        line.add("from", source.map { "\($0)" })
        line.add("message", text)
        try output.write(line.line)
    }

    mutating func failed(_ error: SocketError) throws(OutputError) {
        try output.flush()
        place.complain("\(error)".forTerminal)
    }

    mutating func end(_ session: MembershipQuerySession) throws(OutputError) {
        if json {
            var line = JSONObject.membership("end", place.family)
            line.add("members", session.count)
            try output.write(line.line)
        }
        try output.flush()
    }

    mutating func flush() throws(OutputError) { try output.flush() }

    /// Columns wide enough for what most addresses take.
    private func row(_ fields: String...) -> String {
        let address = place.family == .v4 ? 15 : 25
        let widths = [address, 7, address, address, 7]
        let padded = zip(fields, widths).map { field, width in
            field + String(repeating: " ", count: max(0, width - field.utf8.count))
        }
        return (padded + fields.dropFirst(widths.count)).joined(separator: "  ")
    }
}
