import Addresses
import Probing
import ProbingIO
import Sockets

/// What a silent destination is asked aside: whether it answers TCP, as a host does behind a filter that drops the
/// rest.
struct TraceInquiry {
    /// Ports that are open on many hosts, and that many filters let pass; closed they answer as well.
    private static let ports: [UInt16] = [443, 80]
    /// The hops that a host's packets usually may go.
    private static let hopLimit: UInt8 = 64

    private let request: TraceRequest
    private let destination: TraceDestination

    /// - Returns: `nil` where there is nothing to ask: of many destinations, of TCP itself, and as traceroute.
    init?(_ request: TraceRequest, _ destinations: [TraceDestination]) {
        guard !request.display.isTraceroute, destinations.count == 1, request.gateways.isEmpty else { return nil }
        if case .tcp = request.probe.method { return nil }
        self.request = request
        destination = destinations[0]
    }

    /// Asks, if the destination of the only session was silent, and tells the session.
    func ask(_ fleet: inout TraceFleet<TraceSession>) throws {
        let session = fleet[0]
        let answers = session.hops.last { $0.received > 0 }
        guard session.completedRounds == session.configuration.rounds, session.destinationHop == nil,
            answers?.hopLimit != session.configuration.maximumHops
        else {
            return
        }
        // It is a service, not what was asked for: where it can't be had, nothing is said.
        guard let answer = try? connect() else { return }
        fleet[0].destinationAnswered(tcpPort: answer.port, isOpen: answer.isOpen)
    }

    /// The first port at which the destination answers, by connections, which take no privilege.
    private func connect() throws -> (port: UInt16, isOpen: Bool)? {
        let methods = Self.ports.map { TraceMethod.tcp(port: $0, TCPProbe()) }
        var sockets = try TraceSockets(destination.address.family, for: methods[0], only: .connect)
        if let device = request.route.device { try sockets.bind(toDevice: device) }
        if let source = request.route.source {
            sockets.setSource(SocketAddress(source, scopeID: source.isLinkLocal ? destination.destination.scopeID : 0))
        }
        var configuration = TraceConfiguration(to: destination.address)
        (configuration.firstHop, configuration.maximumHops) = (Self.hopLimit, Self.hopLimit)
        configuration.probesPerHop = 1
        configuration.waiting.longest = min(.seconds(1), request.configuration.waiting.longest)

        let start = Clock.now
        var fleet = TraceFleet<TraceSession>(at: start)
        for method in methods {
            var format = TraceProbeFormat(method, from: destination.source, to: destination.address, key: 0)
            try sockets.adapt(&format)
            fleet.add(TraceSession(configuration, at: start), format, at: start)
        }
        let run = TraceRun(fleet: fleet, scopeID: destination.destination.scopeID)
        let ended = try run.run(over: sockets, NoReport())
        for (target, port) in Self.ports.enumerated() {
            for responder in ended[target].hops.flatMap(\.responders) {
                guard responder.address == destination.address,
                    case .reply(.tcp(let flags)) = responder.lastAnswer.meaning
                else { continue }
                return (port, flags.contains(.syn))
            }
        }
        return nil
    }

    /// Prints nothing.
    private struct NoReport: TraceReport {
        let names = TraceNames()
        mutating func begin() {}
        mutating func observed(_ event: TraceEvent, target: Int, _ fleet: borrowing TraceFleet<TraceSession>) {}
        mutating func end(_ fleet: borrowing TraceFleet<TraceSession>) {}
    }
}
