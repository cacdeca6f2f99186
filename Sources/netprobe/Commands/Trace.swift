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

    /// Opens the sockets, gives every privilege away, and only then looks at the network.
    static func run(_ request: TraceRequest, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        let file = try TraceTargetFile(request, privileges)
        var sockets = try TraceSocketPair(request, privileges)
        let trace = Trace(request: request, localName: hostName())
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
        for destination in destinations { formats.append(try format(destination, over: &sockets)) }
        let kind = sockets.kind
        let subjects = zip(destinations, formats).map { destination, format in
            TraceSubject(destination, request, format, kind)
        }
        let scopeID = destinations.lazy.map(\.destination.scopeID).first { $0 != 0 } ?? 0
        let names = TraceNames(request.display)
        let isJSON = request.display.form == .json
        if case .paths(let paths) = request.goal {
            let fleet = fleet(subjects, formats) { MultipathSession(paths.configuration($0.configuration), at: $1) }
            let run = TraceRun(fleet: fleet, scopeID: scopeID)
            _ =
                isJSON
                ? try run.run(over: sockets, PathsJSON(request.display, subjects[0], paths, names: names))
                : try run.run(over: sockets, PathsText(request.display, subjects[0], paths, names: names))
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
        let ended =
            isJSON
            ? try run.run(over: sockets, TraceJSON(subjects, names: names))
            : try run.run(
                over: sockets,
                TraceText(request.display, subjects, names: names, localName: localName, isContinued: isContinued))
        return (0..<ended.count).allSatisfy { ended[$0].session.completedRounds == request.configuration.rounds }
    }

    /// How the probes to a destination look, where the kernel makes headers of its own as far as it lets one choose.
    private func format(
        _ target: TraceDestination, over sockets: inout TraceSockets
    ) throws(TraceFailure) -> TraceProbeFormat {
        if let source = request.route.source {
            let scope = source.isLinkLocal ? target.destination.scopeID : 0
            sockets.setSource(SocketAddress(source, scopeID: scope))
        }
        var format = request.format(target)
        do throws(SocketError) { try sockets.adapt(&format) } catch { throw TraceFailure(adapting: error) }
        return format
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

/// A fleet that is about to run.
private struct TraceRun<Session: PathProbing> {
    let fleet: TraceFleet<Session>
    let scopeID: UInt32

    /// - Returns: the fleet with what it has found out.
    func run<Report: TraceReport>(
        over sockets: consuming TraceSockets, _ report: Report
    ) throws -> TraceFleet<Session> where Report.Session == Session {
        var report = report
        let signals: SignalDescriptor
        do throws(Errno) { signals = try SignalDescriptor() } catch { throw TraceFailure("signalfd: \(error)") }
        try report.begin()
        var runner = TraceRunner(fleet, over: sockets, scopeID: scopeID, signals: signals, observer: report)
        try runner.run()
        try runner.observer.end(runner.fleet)
        return runner.fleet
    }
}

extension TraceSubject {
    fileprivate init(
        _ destination: TraceDestination, _ request: TraceRequest, _ format: TraceProbeFormat, _ kind: TraceSockets.Kind
    ) {
        var configuration = request.configuration
        configuration.destination = destination.address
        // Each connection has a port of its own, and may go another way.
        configuration.isOneFlow = kind != .connect || request.sourcePort != nil
        self.init(
            host: destination.host, destination: destination.address, source: destination.source,
            device: request.route.device, method: format.method,
            packetLength: format.length(of: TraceProbe(token: 1, hopLimit: 1)), socketKind: kind.rawValue,
            configuration: configuration)
    }
}
