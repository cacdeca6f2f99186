/// What an expression can name: a header with its fields, and what may follow them.
struct WireLayer: Sendable {
    /// What kind of header it is: how it is found in a packet, and what in it follows from the rest.
    enum Header: Sendable {
        case ipv4, ipv6, hopByHop, destinationOptions, fragment, icmp, icmpv6, igmp, udp, udpLite, tcp, sctp, dccp, gre
    }

    /// What may follow the fields, by the name of its argument.
    enum Tail: Sendable {
        case ipv4Options, ipv6Options, tcpOptions
        /// Addresses, of which a field holds the number.
        case ipv4Sources, ipv6Sources
        /// Groups with sources.
        case ipv4Records, ipv6Records

        var name: String {
            switch self {
            case .ipv4Options, .ipv6Options, .tcpOptions: "options"
            case .ipv4Sources, .ipv6Sources: "sources"
            case .ipv4Records, .ipv6Records: "records"
            }
        }
    }

    let name: String
    let header: Header
    /// What the header holds where nobody says anything.
    let template: [UInt8]
    let fields: [WireField]
    var tail: Tail?
    /// The bytes that tell it from other layers of the same kind of header: their number from the start.
    var tellingLength = 0

    func field(_ name: String) -> WireField? { fields.first { $0.name == name } }

    /// All names that an argument can have.
    var argumentNames: [String] { fields.map(\.name) + (tail.map { [$0.name] } ?? []) }
}

extension WireLayer.Header {
    /// What a header before it says of it.
    var protocolNumber: IPProtocol {
        switch self {
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        case .hopByHop: .hopByHopOptions
        case .destinationOptions: .destinationOptions
        case .fragment: .fragment
        case .icmp: .icmp
        case .icmpv6: .icmpv6
        case .igmp: .igmp
        case .udp: .udp
        case .udpLite: .udpLite
        case .tcp: .tcp
        case .sctp: .sctp
        case .dccp: .dccp
        case .gre: .gre
        }
    }

    init?(_ number: IPProtocol) {
        let all: [Self] = [
            .ipv4, .ipv6, .hopByHop, .destinationOptions, .fragment, .icmp, .icmpv6, .igmp, .udp, .udpLite, .tcp, .sctp,
            .dccp, .gre,
        ]
        guard let header = all.first(where: { $0.protocolNumber == number }) else { return nil }
        self = header
    }

    /// What GRE says of it.
    var etherType: UInt16? {
        switch self {
        case .ipv4: 0x0800
        case .ipv6: 0x86DD
        default: nil
        }
    }
}

extension WireLayer {
    /// All that there are.
    static let all: [WireLayer] = internetLayers + icmpLayers + icmpv6Layers + igmpLayers + mldLayers + transportLayers

    static func named(_ name: String) -> WireLayer? { all.first { $0.name == name } }
}
