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
        let start = Clock.now
        let (kind, port) = (sockets.kind, try sockets.port)
        var fleet = TraceFleet<TraceSession>(rate: request.rate.map { Double($0) }, at: start)
        var subjects: [TraceSubject] = []
        for destination in destinations {
            var configuration = request.configuration
            configuration.destination = destination.address
            let format = request.format(destination, port: port)
            fleet.add(TraceSession(configuration, at: start), format, at: start)
            subjects.append(TraceSubject(destination, request, configuration, format, kind))
        }
        let scope = destinations.lazy.map(\.destination.scopeID).first { $0 != 0 } ?? 0
        let names = TraceNames(request.display)
        let isOver: (TraceFleet<TraceSession>) -> Bool = { fleet in
            (0..<fleet.count).allSatisfy { fleet[$0].session.completedRounds == request.configuration.rounds }
        }
        if request.display.form == .json {
            return isOver(try run(fleet, over: sockets, scope, TraceJSON(subjects, names: names)))
        }
        let text = TraceText(request.display, subjects, names: names, localName: localName, isContinued: isContinued)
        return isOver(try run(fleet, over: sockets, scope, text))
    }

    private func run(
        _ fleet: TraceFleet<TraceSession>, over sockets: consuming TraceSockets, _ scopeID: UInt32,
        _ report: some TraceReport
    ) throws -> TraceFleet<TraceSession> {
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
        _ destination: TraceDestination, _ request: TraceRequest, _ configuration: TraceConfiguration,
        _ format: TraceProbeFormat, _ kind: TraceSockets.Kind
    ) {
        self.init(
            host: destination.host, destination: destination.address, source: destination.source,
            device: request.route.device, method: format.method,
            packetLength: format.length(of: TraceProbe(token: 1, hopLimit: 1)), socketKind: kind.rawValue,
            configuration: configuration)
    }
}
