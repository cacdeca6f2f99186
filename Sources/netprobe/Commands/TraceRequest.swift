import Addresses
import Packets
import Probing
import Sockets

/// What a trace's arguments ask for, checked.
struct TraceRequest {
    /// Where traces go.
    enum Targets: Equatable {
        case host(String)
        case file(String)
    }

    /// What is to be found out.
    enum Goal: Equatable {
        case hops
        case mtu
        case paths(TracePathsRequest)
    }

    let targets: Targets
    let goal: Goal
    /// The only family wanted; `nil` for both.
    let family: IPFamily?
    let probe: TraceMethodRequest
    /// Bytes of a whole packet.
    let packetLength: Int?
    let sourcePort: UInt16?
    let differentiatedServices: DifferentiatedServices
    let flowLabel: UInt32?
    let dontFragment: Bool
    /// As they were given.
    let gateways: [String]
    /// Of how the kernel sends.
    let route: TraceRouteRequest
    /// With what the arguments say of hops, waiting and rounds; its destination is still to be resolved.
    let configuration: TraceConfiguration
    /// Probes a second, to all targets together.
    let rate: UInt64?
    let isStrict: Bool
    let nameServer: TraceNameServer?
    let display: TraceDisplay

    /// Where no better address is known yet.
    private static let nowhere = IPAddress.v4(IPv4Address(rawValue: 0))

    init(_ arguments: TraceArguments, programName: String, family linkFamily: IPFamily? = nil) throws(UsageError) {
        probe = try TraceMethodRequest(arguments)
        goal = try Self.goal(arguments)
        display = try Self.display(arguments, programName: programName, probe, goal)
        targets = try Self.targets(arguments)
        isStrict = arguments.strict
        packetLength = try UsageError.integer(
            arguments.operands.dropFirst().first, option: "packet length", in: 0...65_535)
        route = try TraceRouteRequest(arguments)
        gateways = arguments.gateways.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .map(String.init)
        family = try Self.family(arguments, link: linkFamily, source: route.source)
        try Self.check(gateways, family: family ?? targets.literalFamily)

        sourcePort = try UsageError.integer(arguments.sourcePort, option: "--sport", in: 1...UInt16.max)
        differentiatedServices = DifferentiatedServices(
            rawValue: UInt8(
                try UsageError.decimalOrHexadecimal(arguments.trafficClass, option: "-t", atMost: 255) ?? 0))
        flowLabel = try UsageError.decimalOrHexadecimal(arguments.flowLabel, option: "-l", atMost: 0xF_FFFF)
        dontFragment = arguments.dontFragment || arguments.mtu
        configuration = try Self.configuration(arguments, display)
        rate = try UsageError.integer(arguments.rate, option: "--rate", in: 1...10_000_000)
        nameServer = try arguments.asnServer.map { text throws(UsageError) in try TraceNameServer(text) }
    }

    private static func targets(_ arguments: TraceArguments) throws(UsageError) -> Targets {
        guard let file = arguments.targets else {
            guard !arguments.strict else { throw UsageError("--strict is for --targets") }
            guard let host = arguments.operands.first else {
                throw UsageError("usage error: a host is required, as in: netprobe trace localhost")
            }
            if let extra = arguments.operands.dropFirst(2).first {
                throw UsageError("'\(extra.forTerminal)' is too much: one host, and the length of packets")
            }
            return .host(host)
        }
        guard arguments.operands.isEmpty else { throw UsageError("either a host or --targets, not both") }
        guard arguments.dot == nil, !arguments.paths, !arguments.mtu else {
            throw UsageError("--paths and --mtu are for one host, not for --targets")
        }
        return .file(file)
    }

    private static func goal(_ arguments: TraceArguments) throws(UsageError) -> Goal {
        guard arguments.paths || arguments.dot != nil else {
            guard arguments.confidence == nil else { throw UsageError("--confidence is for --paths") }
            return arguments.mtu ? .mtu : .hops
        }
        guard !arguments.mtu else { throw UsageError("only one of --paths and --mtu may be given") }
        return .paths(try TracePathsRequest(arguments))
    }

    private static func display(
        _ arguments: TraceArguments, programName: String, _ probe: TraceMethodRequest, _ goal: Goal
    ) throws(UsageError) -> TraceDisplay {
        var display = TraceDisplay(programName: programName)
        let forms: [(isGiven: Bool, option: String, form: TraceDisplay.Form)] = [
            (arguments.json, "--json", .json), (arguments.csv, "--csv", .csv), (arguments.report, "--report", .report),
        ]
        let given = forms.filter(\.isGiven)
        guard given.count <= 1 else {
            throw UsageError("only one of \(given.map(\.option).joined(separator: " and ")) may be given")
        }
        display.form = given.first?.form ?? .lines
        if goal == .mtu, display.form == .json {
            throw UsageError("--json is not for --mtu: netprobe mtu --json says the same and more")
        }
        if goal != .hops, let option = given.first?.option, option != "--json" {
            throw UsageError("\(option) is for neither --paths nor --mtu")
        }
        display.isTraceroute = programName.hasPrefix("traceroute")
        display.looksUpNames = !arguments.numeric
        display.showsExtensions = arguments.extensions
        display.looksUpSystems = arguments.asPathLookups || arguments.asnServer != nil
        display.showsWayBack = arguments.back
        display.showsFlags = probe.showsFlags
        return display
    }

    /// The family that the options leave.
    private static func family(
        _ arguments: TraceArguments, link: IPFamily?, source: IPAddress?
    ) throws(UsageError) -> IPFamily? {
        if arguments.ipv4 && arguments.ipv6 { throw UsageError("only one -4 or -6 option may be specified") }
        let family: IPFamily? = arguments.ipv4 ? .v4 : arguments.ipv6 ? .v6 : link
        if arguments.flowLabel != nil {
            guard family != .v4 else { throw UsageError("-l is for IPv6 only") }
            return .v6
        }
        guard let source else { return family }
        guard (family ?? source.family) == source.family else {
            throw UsageError("-s \(source) is no source for \(family == .v4 ? "IPv4" : "IPv6")")
        }
        return source.family
    }

    /// Checks a source route, as soon as it is known for which family.
    static func check(_ gateways: [String], family: IPFamily?) throws(UsageError) {
        guard !gateways.contains("") else { throw UsageError("invalid -g value: a router is missing beside a comma") }
        guard let family else { return }
        let most = family == .v4 ? 8 : 127
        let header = family == .v4 ? "the IPv4 header" : "an IPv6 routing header"
        guard gateways.count <= most else {
            throw UsageError("too many gateways -g: \(gateways.count), \(header) has room for \(most)")
        }
    }

    private static func configuration(
        _ arguments: TraceArguments, _ display: TraceDisplay
    ) throws(UsageError) -> TraceConfiguration {
        var configuration = TraceConfiguration(to: nowhere)
        let maximum = try UsageError.integer(arguments.maximumHops, option: "-m", in: 1...UInt8.max) ?? 30
        let first = try UsageError.integer(arguments.firstHop, option: "-f", in: 1...UInt8.max) ?? 1
        guard first <= maximum else {
            throw UsageError("first hop -f \(first) is beyond the last, -m \(maximum)")
        }
        (configuration.firstHop, configuration.maximumHops) = (first, maximum)
        let counts = display.form == .report || display.form == .csv
        let rounds = try UsageError.integer(arguments.rounds, option: "--rounds", in: 0...UInt64(Int64.max))
        configuration.rounds = rounds == 0 ? nil : rounds ?? (counts ? 10 : 1)
        let interval = try UsageError.seconds(arguments.interval, option: "--interval", atMost: Double(Int32.max))
        configuration.roundInterval = interval ?? .seconds(1)
        configuration.probesPerHop =
            try UsageError.integer(arguments.queries, option: "-q", in: 1...10)
            ?? (counts || configuration.rounds != 1 ? 1 : 3)
        configuration.simultaneousProbes =
            try UsageError.integer(arguments.simultaneousProbes, option: "-N", in: 1...65_535) ?? 16
        try setWaiting(arguments.wait, of: &configuration)
        if let wait = try UsageError.seconds(arguments.sendWait, option: "-z", atMost: Double(Int32.max)) {
            configuration.sendInterval = wait > .seconds(10) ? wait / 1000 : wait
        }
        return configuration
    }

    /// `-w`: the longest wait, and where they are given the factors here and near.
    private static func setWaiting(_ text: String?, of configuration: inout TraceConfiguration) throws(UsageError) {
        guard let text else { return }
        let parts = text.split(omittingEmptySubsequences: false) { $0 == "," || $0 == "/" }.map(String.init)
        guard parts.count <= 3 else {
            throw UsageError("invalid -w value: '\(text.forTerminal)': more than seconds,here,near")
        }
        configuration.waiting.longest =
            try UsageError.seconds(parts.first, option: "-w", atMost: Double(Int32.max)) ?? .seconds(5)
        var factors: [Double] = []
        for part in parts.dropFirst() {
            guard let factor = UsageError.decimal(part), factor >= 0, factor <= 1_000_000 else {
                throw UsageError("invalid -w value: '\(text.forTerminal)': not a factor: '\(part.forTerminal)'")
            }
            factors.append(factor)
        }
        configuration.waiting.here = factors.first ?? 0
        configuration.waiting.near = factors.dropFirst().first ?? 0
    }
}

extension TraceRequest.Targets {
    /// The family of a destination that is an address.
    var literalFamily: IPFamily? {
        guard case .host(let host) = self else { return nil }
        if (try? IPv4Address(parsingClassic: host)) != nil { return .v4 }
        return (try? ZonedAddress(parsing: host))?.address.family
    }
}
