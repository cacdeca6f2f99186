import Glibc
import Packets
import Privileges
import ProbingIO
import Sockets
import SystemPackage

/// One `netprobe listen --raw`, from its arguments to its exit status.
enum ListenRaw {
    /// Opens the sockets and files, gives every privilege away, and only then looks at the network.
    static func run(_ request: ListenRawRequest, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        if request.isPromiscuous {
            try Policy.of(privileges.caller).require(.promiscuous, for: "listening to what is for other hosts (--promiscuous)")
        }
        let sockets = try open(request, privileges)
        let files = try request.files.map { try CaptureFiles($0, sockets.interface, privileges) }
        // A filter may name hosts, services and networks.
        let filter = request.filter == nil ? SystemCallFilter.base : .nameResolution
        _ = try privileges.giveAway(files?.rotates == true ? filter.truncatingFiles : filter)

        let signals: SignalDescriptor
        do throws(Errno) { signals = try SignalDescriptor() } catch { throw PingFailure("signalfd: \(error)") }
        do {
            try sockets.listen(to: request.filter)
        } catch let error as CaptureFilterError {
            throw UsageError("filter '\(request.filter?.forTerminal ?? "")': \(error.description.forTerminal)")
        } catch let error as SocketError {
            throw PingFailure(error)
        }
        var report = ListenRawReport(request, files)
        try report.begin(sockets.interface.linkType)
        var runner = CaptureRunner(
            sockets, count: request.count, duration: request.duration, signals: signals, observer: report)
        let end = try runner.run()
        try runner.observer.end(runner.statistics)
        switch end {
        case .count, .interrupted: return .answered
        case .duration: return request.count == nil ? .answered : .unanswered
        case .failed(let error): throw PingFailure("\(request.subject): \(error)")
        }
    }

    private static func open(
        _ request: ListenRawRequest, _ privileges: borrowing ParkedPrivileges
    ) throws -> CaptureSockets {
        do throws(SocketError) {
            return try privileges.raising(.netRaw, .netAdmin) { () throws(SocketError) in
                try CaptureSockets(request.source)
            }
        } catch {
            if case .open? = error.operation { throw PingFailure(opening: error, only: .raw) }
            throw PingFailure(error)
        }
    }
}
