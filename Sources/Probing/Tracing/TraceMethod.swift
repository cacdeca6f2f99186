public import Addresses
public import Packets

/// What the probes of a trace are.
public enum TraceMethod: Hashable, Sendable {
    /// ICMP or ICMPv6 echo requests.
    case icmp
    /// UDP datagrams to this port.
    case udp(port: UInt16)
    /// UDP-Lite datagrams (RFC 3828) to this port, whose checksum covers the first `coverage` bytes; `nil` is all.
    case udpLite(port: UInt16, coverage: UInt16?)
    /// TCP segments to this port, by default with SYN alone.
    case tcp(port: UInt16, TCPProbe)
    /// SCTP INIT chunks to this port.
    case sctp(port: UInt16)
    /// DCCP Request packets to this port, for this service code.
    case dccp(port: UInt16, serviceCode: UInt32)
    /// Packets of any protocol, with a payload and no header of its own.
    case ip(IPProtocol)

    /// What the IP header says that it carries.
    /// - Parameters:
    ///   - family: the family of the destination.
    public func protocolNumber(in family: IPFamily) -> IPProtocol {
        switch self {
        case .icmp: family == .v4 ? .icmp : .icmpv6
        case .udp: .udp
        case .udpLite: .udpLite
        case .tcp: .tcp
        case .sctp: .sctp
        case .dccp: .dccp
        case .ip(let number): number
        }
    }
}

/// What a TCP probe says besides its ports and sequence number.
public struct TCPProbe: Hashable, Sendable {
    /// The flags; by default SYN alone, which no connection comes of.
    public var flags: TCPHeader.Flags = .syn
    /// The window.
    public var window: UInt16 = 5840
    /// The options.
    public var options: [TCPOption] = []

    public init() {}
}
