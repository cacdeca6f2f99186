import Addresses
import Glibc
import Privileges
import Probing
import ProbingIO
import Sockets
import SystemPackage

/// One `netprobe trace`, from its arguments to its exit status.
struct Trace {
    private let request: TraceRequest
    /// The name of this host.
    private let localName: String
    private let dot: PathDotOutput

    /// Opens the sockets, gives every privilege away, and only then looks at the network.
    static func run(_ request: TraceRequest, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        let file = try TraceTargetFile(request, privileges)
        var sockets = try TraceSocketPair(request, privileges)
        let trace = Trace(request: request, localName: hostName(), dot: try PathDotOutput(request, privileges))
        _ = try privileges.giveAway(.nameResolution)

        let (destinations, isComplete) = try file.destinations(request, families: sockets.families)
        let byFamily = [IPFamily.v4, .v6].map { family in destinations.filter { $0.address.family == family } }
            .filter { !$0.isEmpty }
        if byFamily.count > 1, request.configuration.rounds == nil {
            throw UsageError("--rounds 0 of targets of both families never comes to the second: choose -4 or -6")
        }
        for (number, destinations) in byFamily.enumerated() {
            let transport = try sockets.take(destinations[0].address.family)
            guard try trace.run(destinations, over: transport, isContinued: number > 0) else { break }
        }
        return isComplete ? .answered : .unanswered
    }

    private static func hostName() -> String {
        var name = utsname()
        guard uname(&name) == 0 else { return "localhost" }
        return withUnsafeBytes(of: name.nodename) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).forTerminal
        }
    }

    // MARK: - A run over the sockets of one family

    /// - Parameter isContinued: more of the same output was written before.
    /// - Returns: whether all rounds came to their end.
    private func run(
        _ destinations: [TraceDestination], over sockets: consuming TraceSockets, isContinued: Bool
    ) throws -> Bool {
        var sockets = sockets
        var formats: [TraceProbeFormat] = []
        for destination in destinations { formats.append(try request.format(destination, over: &sockets)) }
        let kind = sockets.kind
        let subjects = zip(destinations, formats).map { destination, format in
            TraceSubject(destination, request, format, kind)
        }
        let scopeID = destinations.lazy.map(\.destination.scopeID).first { $0 != 0 } ?? 0
        let names = TraceNames(request.display, request.nameServer)
        let isJSON = request.display.form == .json
        if case .paths(let paths) = request.goal {
            let fleet = fleet(subjects, formats) { MultipathSession(paths.configuration($0.configuration), at: $1) }
            let run = TraceRun(fleet: fleet, scopeID: scopeID)
            _ =
                isJSON
                ? try run.run(over: sockets, PathsJSON(request.display, subjects[0], paths, dot, names: names))
                : try run.run(over: sockets, PathsText(request.display, subjects[0], paths, dot, names: names))
            return true
        }
        if case .mtu = request.goal {
            let fleet = fleet(subjects, formats) { subject, start in
                var configuration = PathMTUConfiguration(to: subject.destination, maximumLength: subject.packetLength)
                configuration.path = subject.configuration
                return PathMTUSession(configuration, at: start)
            }
            _ = try TraceRun(fleet: fleet, scopeID: scopeID).run(over: sockets, TraceMTUText(subjects[0], names: names))
            return true
        }
        let fleet = fleet(subjects, formats) { TraceSession($0.configuration, at: $1) }
        let run = TraceRun(fleet: fleet, scopeID: scopeID)
        let inquiry = TraceInquiry(request, destinations)
        let ended =
            isJSON
            ? try run.run(over: sockets, TraceJSON(subjects, names: names)) { try inquiry?.ask(&$0) }
            : try run.run(
                over: sockets,
                TraceText(request.display, subjects, names: names, localName: localName, isContinued: isContinued)
            ) { try inquiry?.ask(&$0) }
        return (0..<ended.count).allSatisfy { ended[$0].completedRounds == request.configuration.rounds }
    }

    private func fleet<Session>(
        _ subjects: [TraceSubject], _ formats: [TraceProbeFormat],
        _ session: (TraceSubject, MonotonicTime) -> Session
    ) -> TraceFleet<Session> {
        let start = Clock.now
        var fleet = TraceFleet<Session>(rate: request.rate.map { Double($0) }, at: start)
        for (subject, format) in zip(subjects, formats) { fleet.add(session(subject, start), format, at: start) }
        return fleet
    }
}
