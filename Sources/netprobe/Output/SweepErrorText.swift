import Addresses
import Probing

extension ICMPError {
    /// The error in the words of fping.
    var fpingWords: String { family == .v4 ? ipv4Words : ipv6Words }

    private var ipv4Words: String {
        switch type {
        case 3: Self.ipv4Unreachable[code] ?? "ICMP Unreachable (\(Self.ipv4Reason[code] ?? "Invalid Code"))"
        case 4: "ICMP Source Quench"
        case 5: "ICMP Redirect"
        case 11: "ICMP Time Exceeded"
        case 12: "ICMP Parameter Problem"
        default: "ICMP \(type)"
        }
    }

    private static let ipv4Unreachable: [UInt8: String] = [
        0: "ICMP Network Unreachable", 1: "ICMP Host Unreachable", 2: "ICMP Protocol Unreachable",
        3: "ICMP Port Unreachable",
    ]

    private static let ipv4Reason: [UInt8: String] = [
        4: "Fragmentation Needed", 5: "Source Route Failed", 6: "Destination Network Unknown",
        7: "Destination Host Unknown", 8: "Source Host Isolated", 9: "Communication with Network Prohibited",
        10: "Communication with Host Prohibited", 11: "Network Unreachable For Type Of Service",
        12: "Host Unreachable For Type Of Service", 13: "Communication Administratively Prohibited",
        14: "Host Precedence Violation", 15: "Precedence cutoff in effect",
    ]

    private var ipv6Words: String {
        switch type {
        case 1: "ICMPv6 Destination Unreachable (\(Self.ipv6Unreachable[code] ?? "Code \(code)"))"
        case 2: "ICMPv6 Packet Too Big"
        case 3: "ICMPv6 Time Exceeded (\(Self.ipv6TimeExceeded[code] ?? "Code \(code)"))"
        case 4: "ICMPv6 Parameter Problem (\(Self.ipv6Problem[code] ?? "Code \(code)"))"
        default: "ICMPv6 Type \(type) Code \(code)"
        }
    }

    private static let ipv6Unreachable: [UInt8: String] = [
        0: "No route to destination", 1: "Communication with destination administratively prohibited",
        2: "Beyond scope of source address", 3: "Address unreachable", 4: "Port unreachable",
        5: "Source address failed ingress/egress policy", 6: "Reject route to destination",
        7: "Error in Source Routing Header", 8: "Headers too long", 9: "Error in P-Route",
    ]

    private static let ipv6TimeExceeded: [UInt8: String] = [
        0: "Hop limit exceeded in transit", 1: "Fragment reassembly time exceeded",
    ]

    private static let ipv6Problem: [UInt8: String] = [
        0: "Erroneous header field encountered", 1: "Unrecognized Next Header type encountered",
        2: "Unrecognized IPv6 option encountered", 3: "IPv6 First Fragment has incomplete IPv6 Header Chain",
        4: "SR Upper-layer Header Error", 5: "Unrecognized Next Header type encountered by intermediate node",
        6: "Extension header too big", 7: "Extension header chain too long", 8: "Too many extension headers",
        9: "Too many options in extension header", 10: "Option too big",
    ]
}

extension SweepError {
    /// Appends the line of fping: "ICMP Host Unreachable from 198.18.0.1 for ICMP Echo sent to 198.18.0.9".
    func append(to text: inout [UInt8], _ method: SweepMethod, _ names: SweepNames) {
        text.append(error.fpingWords)
        text.append(" from ")
        source.append(to: &text)
        text.append(" for ")
        text.append(method.probeName(isIPv4: error.family == .v4))
        text.append(" sent to ")
        SweepLabel(address, number: number, names).append(to: &text)
        text.append(.lineFeed)
    }
}

extension SweepMethod {
    /// What a probe is called where fping tells of an ICMP message about one: it names all ICMP probes echoes.
    func probeName(isIPv4: Bool) -> String {
        switch self {
        case .echo, .timestamp: isIPv4 ? "ICMP Echo" : "ICMPv6 Echo Request"
        case .tcp: "TCP SYN"
        case .udp: "UDP datagram"
        }
    }

    /// What the statistics call probes, and answers.
    var statisticsNames: (probes: String, replies: String) {
        switch self {
        case .echo, .timestamp: ("ICMP Echos", "ICMP Echo Replies")
        case .tcp: ("TCP SYNs", "TCP Replies")
        case .udp: ("UDP Datagrams", "UDP Replies")
        }
    }

    /// The port that is asked, if any.
    var port: UInt16? {
        switch self {
        case .echo, .timestamp: nil
        case .tcp(let port), .udp(let port): port
        }
    }
}
