import Addresses
import Probing

/// What one trace is about, once it is known.
struct TraceSubject {
    /// The destination as it was asked for.
    var host: String
    var destination: IPAddress
    var source: IPAddress
    var device: String?
    var method: TraceMethod
    /// Bytes of a whole probe.
    var packetLength: Int
    /// The kind of sockets, for programs.
    var socketKind: String
    var configuration: TraceConfiguration
}

extension TraceSubject {
    /// The first line of a trace, as traceroute has it.
    var headerLine: String {
        "traceroute to \(host.forTerminal) (\(destination)), "
            + "\(configuration.maximumHops) hops max, \(packetLength) byte packets\n"
    }

    /// Whether this is the last thing that happens in the trace.
    func isEnded(by event: TraceEvent) -> Bool {
        guard case .roundEnded(let round) = event else { return false }
        return round == configuration.rounds
    }
}

extension TraceMethod {
    /// The method's name, for programs.
    var key: String {
        switch self {
        case .icmp: "icmp"
        case .udp: "udp"
        case .udpLite: "udplite"
        case .tcp: "tcp"
        case .sctp: "sctp"
        case .dccp: "dccp"
        case .ip(let number): "ip-\(number.rawValue)"
        }
    }
}
