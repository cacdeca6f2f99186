public import Addresses
public import Packets

/// How the probes of one trace look on the wire, and how their answers are known.
///
/// Within a flow all probes have the same addresses, the same first four bytes behind the IP header (ports; or the ICMP
/// type, code and checksum) and the same flow label: routers that balance load by flow treat them alike (Augustin et
/// al., "Avoiding traceroute anomalies with Paris traceroute", 2006). The token, from 1, is carried in
///
/// - the IPv4 identification, whatever the method;
/// - ICMP: the sequence number; two bytes of payload keep the checksum that of the flow;
/// - UDP, UDP-Lite: the checksum, for which two bytes of payload make room;
/// - TCP: the lower half of the sequence number, with the key above it;
/// - SCTP: the initiate tag, with the key above it; DCCP: the sequence number, likewise;
/// - and, but for TCP, SCTP and DCCP, the first eight bytes of payload: key, flow, token, and the two bytes that make
///   the checksum what it is to be. The packet's length follows them where there is room.
///
/// Everywhere on the wire it is shifted by the key: tokens are counted, and who does not see the probes must not be
/// able to guess one.
public struct TraceProbeFormat: Sendable {
    /// What the probes are.
    public let method: TraceMethod
    /// The address that they leave from.
    public let source: IPAddress
    /// Where they go.
    public let destination: IPAddress
    /// A random number that tells them from those of other programs: the ICMP identifier, the upper half of sequence
    /// numbers, part of the payload.
    public var key: UInt16
    /// Bytes of a whole probe, IP header included; at least what its headers take. By default 60 for IPv4 and 80 for
    /// IPv6, and no payload for TCP, SCTP and DCCP.
    public var packetLength: Int
    /// The source port of flow 0, or the checksum of its echo requests, from 1; flow N has N more.
    public var firstFlow: UInt16
    /// Whether `firstFlow` is the only source port, and flows differ in the destination port instead.
    public var keepsSourcePort = false
    /// The type of service or traffic class.
    public var differentiatedServices: DifferentiatedServices = 0
    /// The IPv6 flow label of all flows, 20 bits; `nil` gives each flow one of its own.
    public var flowLabel: UInt32?
    /// Whether routers may not fragment probes (IPv4).
    public var dontFragment = false
    /// The routers that probes are to go through by a loose source route: IPv4 (RFC 791) or IPv6 (routing header 0, or
    /// 2 with one). At most ``maximumGateways(in:)``, of the destination's family; others are left out.
    public var gateways: [IPAddress] = []

    /// The format of a method, with what is not given here by default.
    public init(
        _ method: TraceMethod, from source: IPAddress, to destination: IPAddress, key: UInt16, packetLength: Int? = nil
    ) {
        self.method = method
        self.source = source
        self.destination = destination
        self.key = key
        self.packetLength = packetLength ?? (method.hasConnections ? 0 : destination.family == .v4 ? 60 : 80)
        firstFlow = 0x8000 | key
    }

    /// The ports of a flow's probes; `nil` where the method has none.
    public func ports(of flow: UInt16) -> (source: UInt16, destination: UInt16)? {
        guard let port = method.port else { return nil }
        return keepsSourcePort ? (max(1, firstFlow), flowWord(of: flow)) : (flowWord(of: flow), port)
    }

    /// In what flow 0 differs from the others: a port, or the checksum of its echo requests.
    var firstFlowWord: UInt16 { keepsSourcePort ? method.port ?? firstFlow : firstFlow }

    /// In what a flow differs from the others.
    func flowWord(of flow: UInt16) -> UInt16 { Self.value(firstFlowWord, plus: flow) }

    /// The flow label of a flow.
    func flowLabel(of flow: UInt16) -> UInt32 { flowLabel ?? 0x50000 | UInt32(flowWord(of: flow)) }

    /// How the wire shows a token: shifted by the key. It is never 0, which a kernel would replace in an IPv4 header,
    /// and which is no checksum in UDP.
    func shown(_ token: UInt16) -> UInt16 { Self.value(token, plus: key) }

    /// The token that is shown so; none is 0.
    func token(shownAs value: UInt16) -> UInt16? {
        Self.steps(from: Self.value(1, plus: key), to: value).map { $0 + 1 }
    }

    /// What a probe carries where its header has 32 bits to choose: key and token.
    func number(of token: UInt16) -> UInt32 { UInt32(key) << 16 | UInt32(shown(token)) }

    /// The token in such a number, if it has the key.
    func token(inNumber number: UInt32) -> UInt16? {
        number >> 16 == UInt32(key) ? token(shownAs: UInt16(truncatingIfNeeded: number)) : nil
    }

    /// A number so many steps after another, of those from 1.
    private static func value(_ first: UInt16, plus steps: UInt16) -> UInt16 {
        let sum: UInt32 = UInt32(max(1, first)) - 1 + UInt32(steps)
        return UInt16(sum % 65535 + 1)
    }

    /// How many steps a number is after another, 0 to 65,534; `nil` for 0, which is after none.
    static func steps(from first: UInt16, to value: UInt16) -> UInt16? {
        guard value > 0 else { return nil }
        let difference: UInt32 = UInt32(value) + 65535 - UInt32(max(1, first))
        return UInt16(difference % 65535)
    }

    /// The routers of the source route that fit into it.
    var route: [IPAddress] {
        guard !gateways.isEmpty else { return [] }
        let family = destination.family
        return Array(gateways.lazy.filter { $0.family == family }.prefix(Self.maximumGateways(in: family)))
    }

    /// What transport checksums cover of the IP header.
    var pseudoHeader: PseudoHeader? {
        switch (source, destination) {
        case (.v4(let source), .v4(let destination)): .v4(source: source, destination: destination)
        case (.v6(let source), .v6(let destination)): .v6(source: source, destination: destination)
        default: nil
        }
    }
}

extension TraceProbeFormat {
    /// How many gateways a header has room for. In IPv4 that is a source route of nine addresses, of which one is the
    /// destination (RFC 791 section 3.1); in IPv6 a routing header of 127.
    public static func maximumGateways(in family: IPFamily) -> Int { family == .v4 ? 8 : 127 }

    /// Bytes of the shortest probe, IP header included.
    public var minimumPacketLength: Int {
        length(of: TraceProbe(token: 1, hopLimit: 1, packetLength: 0))
    }
}

extension TraceMethod {
    /// Whether the probe asks for a connection.
    var hasConnections: Bool {
        switch self {
        case .tcp, .sctp, .dccp: true
        case .icmp, .udp, .udpLite, .ip: false
        }
    }

    /// The destination port; `nil` where there is none.
    public var port: UInt16? {
        switch self {
        case .icmp, .ip: nil
        case .udp(let port), .udpLite(let port, _), .tcp(let port, _), .sctp(let port), .dccp(let port, _): port
        }
    }
}
