import Addresses
import Privileges
import Probing
import ProbingIO
import Sockets

/// One `netprobe mtu`, from its arguments to its exit status.
enum Mtu {
    /// Opens the sockets, gives every privilege away, and only then looks at the network.
    static func run(_ request: MtuRequest, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        do {
            var sockets = try TraceSocketPair(request.trace, privileges)
            _ = try privileges.giveAway(.nameResolution)
            let target = try TraceDestination(request.host, request.trace, families: sockets.families)
            let result = try run(request, to: target, over: try sockets.take(target.address.family))
            // tracepath(8) is content with having looked.
            let isContent = request.display.isTracepath && result.isComplete
            return isContent || result.isReached(target.address) ? .answered : .unanswered
        } catch let failure as TraceFailure {
            throw TraceFailure(failure.description, status: .error)
        }
    }

    private static func run(
        _ request: MtuRequest, to target: TraceDestination, over sockets: consuming TraceSockets
    ) throws -> PathMTUResult {
        var sockets = sockets
        let format = try request.trace.format(target, over: &sockets)
        let subject = TraceSubject(target, request.trace, format, sockets.kind)
        var configuration = PathMTUConfiguration(to: target.address, maximumLength: request.maximumLength)
        configuration.path = subject.configuration
        configuration.attempts = request.attempts

        let start = Clock.now
        var fleet = TraceFleet<PathMTUSession>(at: start)
        fleet.add(PathMTUSession(configuration, at: start), format, at: start)
        let run = TraceRun(fleet: fleet, scopeID: target.destination.scopeID)
        let names = TraceNames(request.trace.display, nil)
        let ended =
            request.display.json
            ? try run.run(over: sockets, MtuJSON(subject, configuration, names: names))
            : try run.run(over: sockets, MtuText(request.display, subject, names: names))
        return ended[0].result
    }
}
