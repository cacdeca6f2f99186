import Addresses
import Glibc
import Packets
import Privileges
import Probing
import ProbingIO
import Sockets
import SystemPackage

/// One `netprobe ping`, from its arguments to its exit status.
enum Ping {
    /// Opens the sockets, gives every privilege away, and only then looks at the network.
    static func run(_ request: PingRequest, _ privileges: consuming ParkedPrivileges) throws -> ExitStatus {
        let sockets = try EchoSockets(request, privileges)
        let signals = try signalDescriptor()
        let given = try privileges.giveAway(.nameResolution)
        if request.display.verbose { request.complain("\(given)") }

        let target = try PingTarget(request, families: sockets.families)
        try request.checkSize(
            for: target.address.family, hasHeaderOption: target.options.headerOption != nil)
        try checkPolicy(request, target)
        if target.path.isBroadcast { StandardError.write("WARNING: pinging broadcast address\n") }
        let transport = try sockets.transport(to: target, request)
        let configuration = configuration(request, target, identifier: transport.identifier)
        let subject = PingSubject(request, target, transport)
        let looksUpNames = request.display.looksUpNames ?? !target.isNumeric
        if request.display.listsResponders {
            return try run(configuration, transport, signals, PingResponders(request.display, subject))
        }
        if request.display.json {
            return try run(
                configuration, transport, signals, PingJSON(request.display, subject, looksUpNames: looksUpNames))
        }
        return try run(
            configuration, transport, signals, PingText(request.display, subject, looksUpNames: looksUpNames))
    }

    private static func run(
        _ configuration: PingConfiguration, _ transport: consuming EchoTransport, _ signals: consuming SignalDescriptor,
        _ report: some PingReport
    ) throws(OutputError) -> ExitStatus {
        var report = report
        try report.begin()
        var runner = PingRunner(configuration, over: transport, signals: signals, observer: report)
        try runner.run()
        try runner.observer.end(runner.session)
        return runner.session.succeeded ? .answered : .unanswered
    }

    private static func signalDescriptor() throws(PingFailure) -> SignalDescriptor {
        do throws(Errno) { return try SignalDescriptor() } catch { throw PingFailure("signalfd: \(error)") }
    }

    private static func configuration(_ request: PingRequest, _ target: PingTarget, identifier: UInt16)
        -> PingConfiguration
    {
        var configuration = PingConfiguration(destination: target.address, identifier: identifier)
        configuration.pacing = request.pacing
        configuration.preload = request.preload
        configuration.count = request.count
        configuration.deadline = request.deadline
        configuration.timeout = request.timeout
        configuration.payload = request.payload
        configuration.acceptsAnySource = target.acceptsAnySource
        configuration.reportsOutstanding = request.reportsOutstanding
        configuration.userSpaceTiming = request.userSpaceTiming
        return configuration
    }

    /// What ping(8) does not let ordinary users do to many hosts at once.
    private static func checkPolicy(_ request: PingRequest, _ target: PingTarget) throws(UsageError) {
        guard request.isLimited, target.asksMany else { return }
        let kind = target.destination.family == .ipv4 ? "broadcast" : "multicast"
        if request.interval < .seconds(1) {
            throw UsageError("minimal interval for \(kind) ping for user must be >= 1000 ms, use -i 1 (or higher)")
        }
        if let discovery = target.options.pathMTUDiscovery, discovery != .do {
            throw UsageError("\(kind) ping does not fragment")
        }
    }
}

extension PingRequest {
    /// Says something on standard error.
    func complain(_ message: String) { StandardError.write("\(display.programName): \(message)\n") }
}

extension PingTarget {
    /// The destination is a group or a network.
    var asksMany: Bool { options.allowsBroadcast || address.isMulticast }

    /// Replies may come from other addresses than the one asked.
    var acceptsAnySource: Bool {
        if asksMany { return true }
        // The subnet-router anycast address (RFC 4291 §2.6.1) of a /64.
        guard case .v6(let address) = address else { return false }
        return address.rawValue & UInt128(UInt64.max) == 0
    }
}

extension PingSubject {
    init(_ request: PingRequest, _ target: PingTarget, _ transport: borrowing EchoTransport) {
        let isIPv4 = target.destination.family == .ipv4
        let headerLength = IPv4Header.minimumLength + (target.options.headerOption == nil ? 0 : 40)
        self.init(
            host: target.host, address: "\(target.destination)", source: "\(target.path.source)",
            device: target.options.device,
            showsSource: target.options.device != nil || target.options.source != nil || target.options.keepsSource,
            flowLabel: transport.flowLabel, isIPv4: isIPv4, payloadLength: request.payload.bytes.count,
            pattern: request.pattern,
            packetLength: headerLength + 8 + request.payload.bytes.count, isMulticast: target.asksMany,
            scopeID: target.destination.scopeID, identifier: transport.identifier, socketKind: transport.kind.rawValue,
            paceIsFree: request.display.flood || request.pacing.isFree)
    }
}

extension PingPacing {
    /// Replies set the pace.
    fileprivate var isFree: Bool {
        if case .fixed = self { false } else { true }
    }
}
