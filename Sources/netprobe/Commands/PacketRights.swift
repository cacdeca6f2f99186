import Packets
import Privileges

/// What a packet asks of the policy, judged by the bytes that would leave: an expression can hide anything in hexadecimal.
enum PacketRights {
    /// - Parameter bytes: from the IP header on. What can't be read is taken for the worst that it may be.
    static func of(_ bytes: [UInt8]) -> Set<PolicyRight> {
        let span = bytes.span.bytes
        if bytes.first.map({ $0 >> 4 }) == 6 {
            guard let packet = try? IPv6Packet(parsing: span, verifyingChecksums: false) else { return unreadable }
            return of(packet)
        }
        guard let packet = try? IPv4Packet(parsing: span, verifyingChecksums: false) else { return unreadable }
        return of(packet)
    }

    private static let unreadable: Set<PolicyRight> = [.craftTCP, .rawFragments]

    private static func of(_ packet: IPv4Packet) -> Set<PolicyRight> {
        let isFragment = packet.header.flags.contains(.moreFragments) || packet.header.fragmentOffset != 0
        return of(packet.payload).union(isFragment ? [.rawFragments] : [])
    }

    private static func of(_ packet: IPv6Packet) -> Set<PolicyRight> {
        let isFragment = packet.extensions.contains { $0.protocolNumber == .fragment }
        return of(packet.payload).union(isFragment ? [.rawFragments] : [])
    }

    private static func of(_ payload: IPPayload) -> Set<PolicyRight> {
        switch payload {
        case .tcp, .other(.tcp, _), .malformed(.tcp, _, _): [.craftTCP]
        case .ipv4(let packet): of(packet)
        case .ipv6(let packet): of(packet)
        case .gre(let tunnel):
            switch tunnel.payload {
            case .ipv4(let packet): of(packet)
            case .ipv6(let packet): of(packet)
            default: unreadable
            }
        case .other(let number, _), .malformed(let number, _, _): hidesMore.contains(number) ? unreadable : []
        case .icmp, .icmpv6, .igmp, .udp, .udpLite, .sctp, .dccp: []
        }
    }

    /// Protocols behind which TCP and fragments may stand: those of tunnels and of extension headers that are not
    /// understood. The last are mobility, HIP and Shim6 (IANA).
    private static let hidesMore: Set<IPProtocol> = [
        .ipv4, .ipv6, .gre, .hopByHopOptions, .routing, .fragment, .esp, .authentication, .destinationOptions,
        IPProtocol(rawValue: 135), IPProtocol(rawValue: 139), IPProtocol(rawValue: 140),
    ]
}
