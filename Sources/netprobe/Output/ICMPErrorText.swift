import Addresses
import Probing

extension ICMPError {
    /// The error in the words of ping(8).
    /// - Parameter name: how an address is shown.
    func words(_ name: (IPAddress) -> String) -> String {
        family == .v4 ? ipv4Words(name) : ipv6Words
    }

    private func ipv4Words(_ name: (IPAddress) -> String) -> String {
        switch (type, code) {
        case (3, 4): "Frag needed and DF set (mtu = \(information))"
        case (3, _): Self.ipv4Unreachable[code] ?? "Dest Unreachable, Bad Code: \(code)"
        case (4, _): "Source Quench"
        case (5, _):
            (Self.ipv4Redirect[code] ?? "Redirect, Bad Code: \(code)")
                + "(New nexthop: \(name(.v4(IPv4Address(rawValue: information)))))"
        case (11, 0): "Time to live exceeded"
        case (11, 1): "Frag reassembly time exceeded"
        case (11, _): "Time exceeded, Bad Code: \(code)"
        case (12, _): "Parameter problem: pointer = \(information)"
        default: "Bad ICMP type: \(type)"
        }
    }

    private static let ipv4Unreachable: [UInt8: String] = [
        0: "Destination Net Unreachable", 1: "Destination Host Unreachable", 2: "Destination Protocol Unreachable",
        3: "Destination Port Unreachable", 5: "Source Route Failed", 6: "Destination Net Unknown",
        7: "Destination Host Unknown", 8: "Source Host Isolated", 9: "Destination Net Prohibited",
        10: "Destination Host Prohibited", 11: "Destination Net Unreachable for Type of Service",
        12: "Destination Host Unreachable for Type of Service", 13: "Packet filtered", 14: "Precedence Violation",
        15: "Precedence Cutoff",
    ]

    private static let ipv4Redirect: [UInt8: String] = [
        0: "Redirect Network", 1: "Redirect Host", 2: "Redirect Type of Service and Network",
        3: "Redirect Type of Service and Host",
    ]

    private var ipv6Words: String {
        switch (type, code) {
        case (1, _): "Destination unreachable: " + (Self.ipv6Unreachable[code] ?? "Unknown code \(code)")
        case (2, 0): "Packet too big: mtu=\(information)"
        case (2, _): "Packet too big: mtu=\(information), code=\(code)"
        case (3, 0): "Time exceeded: Hop limit"
        case (3, 1): "Time exceeded: Defragmentation failure"
        case (3, _): "Time exceeded: code \(code)"
        case (4, _): "Parameter problem: \(Self.ipv6Problem[code] ?? "code \(code)") at \(information)"
        default: "unknown icmp type: \(type)"
        }
    }

    private static let ipv6Unreachable: [UInt8: String] = [
        0: "No route", 1: "Administratively prohibited", 2: "Beyond scope of source address", 3: "Address unreachable",
        4: "Port unreachable", 5: "Source address failed ingress/egress policy", 6: "Reject route to destination",
    ]

    private static let ipv6Problem: [UInt8: String] = [
        0: "Wrong header field", 1: "Unknown header", 2: "Unknown option",
    ]
}
