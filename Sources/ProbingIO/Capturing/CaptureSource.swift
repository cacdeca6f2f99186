public import Addresses
public import Packets
public import Sockets

/// What is listened to.
public enum CaptureSource: Hashable, Sendable {
    /// The IP packets that this host takes in.
    case packets(CaptureProtocol, families: [IPFamily])
    /// All frames of an interface, in both directions; where it is promiscuous, those for other hosts too.
    case interface(NetworkInterface, isPromiscuous: Bool)
    /// All frames of all interfaces, in both directions.
    case allInterfaces
}

/// What IP packets carry that are listened to.
public enum CaptureProtocol: Hashable, Sendable {
    /// Anything.
    case any
    /// ICMP in IPv4, and ICMPv6 in IPv6.
    case icmp
    /// One protocol, by the number that both families share.
    case number(IPProtocol)

    /// The protocol's number in a family; `nil` for all.
    func number(in family: IPFamily) -> IPProtocol? {
        switch (self, family) {
        case (.any, _): nil
        case (.icmp, .v4): .icmp
        case (.icmp, .v6): .icmpv6
        case (.number(let number), _): number
        }
    }
}
