import Packets
import Probing
import ProbingIO
import Sockets

/// What probes are to be, as `-M`, its short forms, `-p` and `-O` say.
struct TraceMethodRequest {
    /// The names of methods, as `-M` takes them.
    enum Name: String, CaseIterable {
        /// UDP to a port where nobody is.
        case `default`
        case icmp, tcp, tcpconn, udp, udplite, sctp, dccp, raw
    }

    let method: TraceMethod
    /// The only kind of socket wanted; `nil` for the first that can be had.
    private(set) var socket: TraceSockets.Kind?
    /// Whether to show the flags of a final answer.
    private(set) var showsFlags = false
    /// What comes nearest to the method for those who may not send what they like; `nil` for nothing but the method.
    private(set) var unprivilegedMethod: TraceMethod?
    /// What `-O help` is answered with.
    private(set) var help: String?

    init(_ arguments: TraceArguments) throws(UsageError) {
        let name = try Self.name(arguments)
        let options = arguments.methodOptions.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        if options.contains("help") { help = Self.help(name) }
        var settings = TraceMethodOptions()
        for option in options where option != "help" { try settings.set(option, of: name) }
        socket = name == .tcpconn ? .connect : settings.socket
        showsFlags = settings.showsFlags
        method = try Self.method(name, arguments, settings)
        if case .tcp(let port, _) = method, options.isEmpty { unprivilegedMethod = .tcp(port: port, TCPProbe()) }
    }

    private static func name(_ arguments: TraceArguments) throws(UsageError) -> Name {
        let shortForms: [(isGiven: Bool, name: Name, option: String)] = [
            (arguments.icmp, .icmp, "-I"), (arguments.tcp, .tcp, "-T"), (arguments.udp, .udp, "-U"),
            (arguments.udpLite, .udplite, "-UL"), (arguments.dccp, .dccp, "-D"),
            (arguments.sctp, .sctp, "-S"), (arguments.ipProtocol != nil, .raw, "-P"),
        ]
        var given = shortForms.filter(\.isGiven)
        if let text = arguments.method {
            guard let name = Name(rawValue: text) else {
                let names = Name.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError("unknown method -M '\(text.forTerminal)': not one of \(names)")
            }
            given.removeAll { $0.name == name }
            given.append((true, name, "-M \(name)"))
        }
        guard given.count <= 1 else {
            throw UsageError("only one method may be given, not \(given.map(\.option).joined(separator: " and "))")
        }
        return given.first?.name ?? .default
    }

    private static func method(
        _ name: Name, _ arguments: TraceArguments, _ settings: TraceMethodOptions
    ) throws(UsageError) -> TraceMethod {
        switch name {
        case .default: return .udp(port: try port(arguments, "udp") ?? 33434)
        case .udp: return .udp(port: try port(arguments, "udp") ?? 53)
        case .udplite: return .udpLite(port: try port(arguments, "udp") ?? 53, coverage: settings.coverage)
        case .tcp: return .tcp(port: try port(arguments, "tcp") ?? 80, settings.tcpProbe)
        case .tcpconn: return .tcp(port: try port(arguments, "tcp") ?? 80, TCPProbe())
        case .sctp: return .sctp(port: try port(arguments, "sctp") ?? 80)
        case .dccp: return .dccp(port: try port(arguments, "dccp") ?? 33434, serviceCode: settings.serviceCode)
        case .icmp: return .icmp
        case .raw:
            if let given = settings.ipProtocol { return .ip(given) }
            return .ip(try protocolNumber(arguments.ipProtocol, option: "-P"))
        }
    }

    /// `-p`: a number, or a service of services(5).
    private static func port(_ arguments: TraceArguments, _ transport: String) throws(UsageError) -> UInt16? {
        if let text = arguments.port, text.utf8.first.map({ !(0x30...0x39).contains($0) && $0 != 0x2D }) == true {
            if let port = NameResolution.port(ofService: text, transport: transport) { return port }
        }
        return try UsageError.integer(arguments.port, option: "-p", in: 1...UInt16.max)
    }

    /// A number, or a name of protocols(5); 253 (RFC 3692) where there is none.
    static func protocolNumber(_ text: String?, option: String) throws(UsageError) -> IPProtocol {
        guard let text else { return IPProtocol(rawValue: 253) }
        if let number = UInt8(text) { return IPProtocol(rawValue: number) }
        guard let number = NameResolution.proto(named: text).flatMap({ UInt8(exactly: $0.rawValue) }) else {
            throw UsageError(
                "invalid \(option) value: '\(text.forTerminal)': neither a number from 0 to 255 nor a known protocol")
        }
        return IPProtocol(rawValue: number)
    }
}
