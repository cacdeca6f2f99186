import Addresses
import Probing
import ProbingIO
import Sockets
import SystemPackage

/// A fleet that is about to run.
struct TraceRun<Session: PathProbing> {
    let fleet: TraceFleet<Session>
    let scopeID: UInt32

    /// - Parameter inquire: what is to be asked besides, when all sessions are over.
    /// - Returns: the fleet with what it has found out.
    func run<Report: TraceReport>(
        over sockets: consuming TraceSockets, _ report: Report,
        inquire: (inout TraceFleet<Session>) throws -> Void = { _ in }
    ) throws -> TraceFleet<Session> where Report.Session == Session {
        var report = report
        let signals: SignalDescriptor
        do throws(Errno) { signals = try SignalDescriptor() } catch { throw TraceFailure("signalfd: \(error)") }
        try report.begin()
        var runner = TraceRunner(fleet, over: sockets, scopeID: scopeID, signals: signals, observer: report)
        try runner.run()
        var fleet = runner.fleet
        try inquire(&fleet)
        try runner.observer.end(fleet)
        return fleet
    }
}

extension TraceRequest {
    /// How the probes to a destination look, where the kernel makes headers of its own as far as it lets one choose.
    func format(
        _ target: TraceDestination, over sockets: inout TraceSockets
    ) throws(TraceFailure) -> TraceProbeFormat {
        if let source = route.source {
            let scope = source.isLinkLocal ? target.destination.scopeID : 0
            sockets.setSource(SocketAddress(source, scopeID: scope))
        }
        var format = format(target)
        do throws(SocketError) { try sockets.adapt(&format) } catch { throw TraceFailure(adapting: error) }
        return format
    }
}

extension TraceSubject {
    init(
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
