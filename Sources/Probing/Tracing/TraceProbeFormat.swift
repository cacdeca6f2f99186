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
/// - and, but for TCP, SCTP and DCCP, the first eight bytes of payload: key, token, flow, and the two bytes that make the
///   checksum what it is to be.
public struct TraceProbeFormat: Sendable {
    /// What the probes are.
    public let method: TraceMethod
    /// The address that they leave from.
    public let source: IPAddress
    /// Where they go.
    public let destination: IPAddress
    /// A random number that tells them from those of other programs: the ICMP identifier, the upper half of sequence
    /// numbers, part of the payload.
    public let key: UInt16
    /// Bytes of a whole probe, IP header included; at least what its headers take.
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
    /// 2 with one). At most 8, or 127.
    public var gateways: [IPAddress] = []

    /// The format of a method, with what is not given here by default.
    public init(
        _ method: TraceMethod, from source: IPAddress, to destination: IPAddress, key: UInt16, packetLength: Int? = nil
    ) {
        self.method = method
        self.source = source
        self.destination = destination
        self.key = key
        self.packetLength = packetLength ?? 60
        firstFlow = 0x8000 | key
    }

    /// The ports of a flow's probes; `nil` where the method has none.
    public func ports(of flow: UInt16) -> (source: UInt16, destination: UInt16)? {
        guard let port = method.port else { return nil }
        guard keepsSourcePort else { return (Self.value(firstFlow, plus: flow), port) }
        return (max(1, firstFlow), Self.value(port, plus: flow))
    }

    /// The checksum of a flow's echo requests.
    func echoChecksum(of flow: UInt16) -> UInt16 { Self.value(firstFlow, plus: flow) }

    /// The flow label of a flow.
    func flowLabel(of flow: UInt16) -> UInt32 { flowLabel ?? 0x50000 | UInt32(Self.value(firstFlow, plus: flow)) }

    /// A number that is neither of the two zeros of ones' complement, so many steps after another.
    private static func value(_ first: UInt16, plus flow: UInt16) -> UInt16 {
        UInt16((UInt32(max(1, first) - 1) + UInt32(flow)) % 65534 + 1)
    }

    /// Where the packet goes as the IP header says.
    var firstHop: IPAddress { gateways.first ?? destination }

    /// What transport checksums cover of the IP header.
    var pseudoHeader: PseudoHeader? {
        switch (source, destination) {
        case (.v4(let source), .v4(let destination)): .v4(source: source, destination: destination)
        case (.v6(let source), .v6(let destination)): .v6(source: source, destination: destination)
        default: nil
        }
    }
}

extension TraceMethod {
    /// The destination port; `nil` where there is none.
    public var port: UInt16? {
        switch self {
        case .icmp, .ip: nil
        case .udp(let port), .udpLite(let port, _), .tcp(let port, _), .sctp(let port), .dccp(let port, _): port
        }
    }
}
