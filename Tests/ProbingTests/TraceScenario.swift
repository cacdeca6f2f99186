import Addresses
import Packets
import Probing
import SimulatedNetworks
import Testing

/// Every method, where nobody listens unless the network says so.
let allMethods: [TraceMethod] = [
    .icmp, .udp(port: 33434), .udpLite(port: 33434, coverage: nil), .udpLite(port: 33434, coverage: 8),
    .tcp(port: 443, TCPProbe()), .sctp(port: 443), .dccp(port: 443, serviceCode: 42),
    .ip(IPProtocol(rawValue: 253)),
]

/// A method over a family.
struct Way: Hashable, CustomTestStringConvertible {
    var method: TraceMethod
    var family: IPFamily

    static let all = IPFamily.allCases.flatMap { family in allMethods.map { Way(method: $0, family: family) } }

    var testDescription: String { "\(method), \(family)" }
}

/// Traces to a node of a network from a file.
func trace(
    _ name: String, _ method: TraceMethod = .udp(port: 33434), _ family: IPFamily = .v4, to node: String = "host",
    _ change: (inout TraceConfiguration) -> Void = { _ in }
) throws -> SimulatedRun<TraceSession> {
    let network = try SimulatedNetwork(named: name)
    let destination = network.address(of: node, family)
    var configuration = TraceConfiguration(to: destination)
    configuration.maximumHops = 12
    change(&configuration)
    let format = TraceProbeFormat(method, from: SimulatedNetwork.prober(family), to: destination, key: 0x2A17)
    let session = TraceSession(configuration, at: origin)
    return try SimulatedRun(session, format, over: network, from: origin)
}

extension SimulatedRun<TraceSession> {
    /// Who answered at each hop, by their names: `a|b` where there were several, `*` where there was nobody.
    var path: [String] {
        session.hops.map { hop in
            hop.responders.isEmpty ? "*" : hop.responders.map { name(of: $0.address) }.joined(separator: "|")
        }
    }

    func name(of address: IPAddress) -> String { network.name(of: address) ?? "\(address)" }

    func hop(_ hopLimit: UInt8) -> TraceHop? { session.hops.first { $0.hopLimit == hopLimit } }

    /// The last answer of whoever answered first at a hop.
    func answer(at hopLimit: UInt8) -> TraceAnswer? { hop(hopLimit)?.responders.first?.lastAnswer }

    /// The events that mean that a probe was answered later than it was waited for, and who answered it.
    var late: [(traced: TracedProbe, by: String)] {
        events.compactMap {
            if case .late(let traced, let answer, _, _) = $0.event { (traced, name(of: answer.source)) } else { nil }
        }
    }
}
