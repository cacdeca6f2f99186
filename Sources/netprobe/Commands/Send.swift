import Addresses
import Packets
import Privileges
import Probing
import ProbingIO
import Sockets
import SystemPackage

/// One `netprobe send`, from its arguments to its exit status.
enum Send {
    static func run(_ command: SendCommand, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        let request = try SendRequest(command, data: try data(command, privileges))
        let granted = try request.granted(to: privileges.caller)
        if request.isDryRun { return try dryRun(request, privileges) }

        let sockets = try open(request, privileges)
        let pcap = try request.pcap.map { name throws(OutputError) in
            try privileges.raising(.writeFiles) { () throws(OutputError) in try SendCapture(name) }
        }
        let signals: SignalDescriptor
        do throws(Errno) { signals = try SignalDescriptor() } catch { throw SendRefusal("signalfd: \(error)") }
        if request.interval > .zero, request.interval < .milliseconds(10) { Clock.sharpenTimers() }
        let given = try privileges.giveAway(.nameResolution)
        if request.isVerbose { StandardError.write("netprobe send: \(given)\n") }

        let target = try SendTarget(request)
        var packets = try request.packets()
        packets.complete(source: nil, destination: target.address.ipAddress)
        packets.complete(source: try source(packets, target, sockets), destination: nil)
        if request.isVerbose { StandardError.write("netprobe send: \(request.expressionText.forTerminal)\n") }

        var configuration = SendConfiguration(packets, count: request.count)
        configuration.interval = request.interval
        configuration.timeout = request.timeout
        configuration.expectsAnswers = !request.isFlood
        configuration.asksMany = packets.destination.map { $0.isMulticast || $0 == .v4(.broadcast) } ?? false
        configuration.fragmenting = request.fragmenting
        configuration.pattern = request.pattern
        var report = SendReport(request, configuration, pcap)
        try report.begin()
        var runner = SendRunner(
            configuration, over: sockets, scopeID: target.scopeID, signals: signals, observer: report,
            permits: granted.map { granted in { PacketRights.of($0).isSubset(of: granted) } })
        try runner.run()
        try runner.observer.end(runner.session.totals)
        return runner.session.totals.status(configuration)
    }

    // MARK: - Before anything is given away

    private static func data(_ command: SendCommand, _ privileges: borrowing ParkedPrivileges) throws -> [UInt8]? {
        guard let name = command.payload.file else { return nil }
        let file: InputFile
        do throws(InputFile.Failure) {
            file = try privileges.raising(.readFiles) { () throws(InputFile.Failure) in try InputFile(name) }
        } catch {
            throw UsageError("--data-file: \(error)")
        }
        defer { file.close() }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= PacketExpression.maximumLength {
            do throws(InputFile.Failure) {
                let count = try file.read(into: &buffer)
                if count == 0 { return bytes }
                bytes += buffer[..<count]
            } catch {
                throw UsageError("--data-file: \(error)")
            }
        }
        throw UsageError(
            "--data-file: \(name.forTerminal) is longer than a packet: \(PacketExpression.maximumLength) bytes")
    }

    private static func open(
        _ request: SendRequest, _ privileges: borrowing ParkedPrivileges
    ) throws(SendRefusal) -> SendSockets {
        do throws(SocketError) {
            return try privileges.raising(.netRaw) { () throws(SocketError) in
                try SendSockets(
                    request.family, receiving: !request.isFlood, device: request.interface,
                    unchanged: request.leavesUnchanged)
            }
        } catch {
            throw SendRefusal(opening: error)
        }
    }

    // MARK: - Where to

    private static func source(
        _ packets: PacketExpression, _ target: SendTarget, _ sockets: SendSockets
    ) throws(SendRefusal) -> IPAddress? {
        guard !packets.says("src") else { return nil }
        let destination = packets.destination.map { SocketAddress($0, scopeID: target.scopeID) } ?? target.address
        do throws(SocketError) { return try sockets.source(towards: destination) } catch {
            throw SendRefusal(reaching: destination, error)
        }
    }

    // MARK: - Without sending

    private static func dryRun(_ request: SendRequest, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        _ = try privileges.giveAway(.nameResolution)
        let target = try SendTarget(request)
        var packets = try request.packets()
        packets.complete(source: nil, destination: target.address.ipAddress)
        let destination = packets.destination.map { SocketAddress($0, scopeID: target.scopeID) }
        // Where there is no way, the source stays empty.
        let source = destination.flatMap { try? SendSockets.source(towards: $0, device: request.interface) }
        packets.complete(source: source, destination: nil)
        var configuration = SendConfiguration(packets, count: request.count)
        configuration.fragmenting = request.fragmenting
        var report = SendReport(request, configuration, nil)
        try report.begin()
        try report.showUnsent(SendSession(configuration, at: Clock.now))
        return .answered
    }
}

extension SendTotals {
    fileprivate func status(_ configuration: SendConfiguration) -> ExitStatus {
        if !configuration.expectsAnswers { return failed == 0 ? .answered : .unanswered }
        if configuration.pattern != nil { return expected > 0 ? .answered : .unanswered }
        return sent > 0 && failed == 0 && answered >= sent ? .answered : .unanswered
    }
}

/// Whom packets go to.
struct SendTarget {
    let address: SocketAddress
    var scopeID: UInt32 { if case .ipv6(_, _, let scopeID, _) = address { scopeID } else { 0 } }

    init(_ request: SendRequest) throws {
        let any = SocketAddress(request.family == .v4 ? .v4(.any) : .v6(.any))
        guard let name = request.destination else {
            address = any
            return
        }
        if request.family == .v4, let literal = try? IPv4Address(parsingClassic: name) {
            address = SocketAddress(.v4(literal))
            return
        }
        do throws(NameResolutionError) {
            let answer = try NameResolution.addresses(of: name, family: request.family)
            let scope = request.interface.flatMap(NetworkInterface.index(name:)) ?? 0
            address = (answer.addresses.first ?? any).withScope(scope)
        } catch {
            throw SendRefusal("\(name.forTerminal): \(error)")
        }
    }
}

/// Why packets can't be sent, in one line that says what would help; exit status 2.
struct SendRefusal: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    init(opening error: SocketError) {
        let isRefused = error.errno == .notPermitted || error.errno == .permissionDenied
        self.init(isRefused ? "raw sockets are not allowed: \(TraceFailure.remedy)" : "\(error)")
    }

    init(reaching destination: SocketAddress, _ error: SocketError) {
        guard error.errno != .invalidArgument else {
            self.init(
                "\(destination.ipAddress.map { "\($0)" } ?? "the destination") needs its interface, as in -I eth0")
            return
        }
        self.init(
            "no way to \(destination.ipAddress.map { "\($0)" } ?? "the destination"): \(error.errno.map { "\($0)" } ?? "\(error)")"
        )
    }
}
