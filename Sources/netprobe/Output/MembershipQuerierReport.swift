import Addresses
import Probing
import ProbingIO

/// What is said at the end of looking for a querier.
struct MembershipQuerierReport {
    private let place: MembershipPlace
    private let json: Bool
    private var output = StandardOutput()

    init(_ place: MembershipPlace, json: Bool) { (self.place, self.json) = (place, json) }

    mutating func tell(_ session: MembershipListenSession, after duration: Duration) throws(OutputError) {
        let querier = session.queriers.first { $0.address == session.elected }
        if json {
            var line = JSONObject.membership("result", place.family)
            line.add("querier", querier.map { "\($0.address)" })
            line.add("interface", place.link.interface.name)
            if let querier {
                line.add("version", querier.query.version)
                line.add("query_interval", querier.interval)
                line.add("response_time", querier.query.responseTime)
                line.add("robustness", querier.query.robustness)
            }
            line.add("queriers", session.queriers.map { "\($0.address)" })
            line.add("warnings", session.warnings.map(\.words).sorted())
            try output.write(line.line)
        } else if let querier {
            let version = "\(place.family.membershipProtocol)v\(querier.query.version)"
            var line = "Querier on \(place.link.interface.name.forTerminal): \(querier.address)"
            line += "\(querier.address.withoutAddress); \(version), asks every \(querier.interval.shortSeconds) s"
            if querier.query.queryInterval == nil { line += " by default" }
            line += ", answers within \(querier.query.responseTime.shortSeconds) s"
            if let robustness = querier.query.robustness { line += ", robustness \(robustness)" }
            try output.write(line + "\n")
        } else {
            try output.write(
                "No querier on \(place.link.interface.name.forTerminal): nobody asked for \(duration.shortSeconds) s. "
                    + "Switches that snoop forget who is a member, and stop to forward its groups.\n")
        }
        try output.flush()
    }
}
