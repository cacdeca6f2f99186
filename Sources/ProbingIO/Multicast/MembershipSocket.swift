public import Addresses
import Probing
public import Sockets

/// What is said of groups on one link: a socket that hears all of it, and one that says something.
public struct MembershipSocket: ~Copyable {
    let capture: Socket
    private let sender: Socket?
    let family: IPFamily
    let link: MulticastLink

    /// Opens the sockets. Needs `CAP_NET_RAW`.
    /// - Parameter sends: whether something is to be said, too.
    public init(_ link: MulticastLink, _ family: IPFamily, sends: Bool) throws(SocketError) {
        let capture = try Self.capture(link, family)
        let sender = try Self.sender(link, family, sends)
        self.capture = capture
        self.sender = sender
        self.link = link
        self.family = family
    }

    private static func capture(_ link: MulticastLink, _ family: IPFamily) throws(SocketError) -> Socket {
        // Nothing comes before the socket is bound, and then only what passes the filter.
        let socket = try Socket(.packet, .datagram)
        try socket.attachFilter(family == .v4 ? igmp : mld)
        // Reports of older versions go to the groups themselves, which this host need not have joined.
        try socket.setOption(
            .packetAddMembership, to: PacketMembership(.allMulticast, interfaceIndex: link.interface.index))
        try? socket.setOption(.receiveBufferSize, to: 1 << 21)
        // Only a socket of every protocol hears what this host itself sends.
        try socket.bind(to: .packet(PacketAddress(interfaceIndex: link.interface.index, etherType: 3)))
        return socket
    }

    private static func sender(_ link: MulticastLink, _ family: IPFamily, _ sends: Bool) throws(SocketError) -> Socket?
    {
        guard sends else { return nil }
        let socket = try Socket(family == .v4 ? .ipv4 : .ipv6, .raw, .raw)
        switch family {
        case .v4: try socket.setOption(.ipv4MulticastInterface, to: MulticastInterface(index: link.interface.index))
        case .v6: try socket.setOption(.ipv6MulticastInterface, to: Int32(link.interface.index))
        }
        return socket
    }

    /// Sends a whole packet.
    func send(_ bytes: [UInt8], to destination: IPAddress) throws(SocketError) {
        // For 0.0.0.0 the kernel would put an address of its own.
        if case .v4(let group) = destination, group.isMulticast, bytes[12..<16].allSatisfy({ $0 == 0 }) {
            let mapped = group.rawValue & 0x7F_FFFF
            let hardwareAddress = [0x01, 0x00, 0x5E] + [16, 8, 0].map { UInt8(truncatingIfNeeded: mapped >> $0) }
            let address = try PacketAddress(
                interfaceIndex: link.interface.index, etherType: 0x0800, hardwareAddress: hardwareAddress)
            _ = try capture.send(bytes, to: .packet(address))
            return
        }
        let scopeID = destination.isMulticast || destination.isLinkLocal ? link.interface.index : 0
        _ = try sender?.send(bytes, to: SocketAddress(destination, scopeID: scopeID))
    }

    // The bytes begin with the IP header. What is of the other family passes by chance, and is left out later.

    /// IPv4 packets of protocol 2.
    private static let igmp: [FilterInstruction] = [
        .loadIndex(0), .loadByte(atIndexPlus: 9), .jumpIfEqual(2, then: 0, otherwise: 1), .accept, .drop,
    ]

    /// IPv6 packets with ICMPv6 behind a hop-by-hop header, or with a type of MLD right behind the header.
    private static let mld: [FilterInstruction] = [
        .loadIndex(0), .loadByte(atIndexPlus: 6), .jumpIfEqual(0, then: 0, otherwise: 2),
        .loadByte(atIndexPlus: 40), .jumpIfEqual(58, then: 6, otherwise: 7),
        .jumpIfEqual(58, then: 0, otherwise: 6),
        .loadByte(atIndexPlus: 40),
        .jumpIfEqual(130, then: 3, otherwise: 0), .jumpIfEqual(131, then: 2, otherwise: 0),
        .jumpIfEqual(132, then: 1, otherwise: 0), .jumpIfEqual(143, then: 0, otherwise: 1),
        .accept, .drop,
    ]
}

extension SocketAddress {
    /// Whether a frame is an IP packet of the family.
    func holds(_ family: IPFamily) -> Bool {
        guard case .packet(let address) = self else { return false }
        return address.etherType == (family == .v4 ? 0x0800 : 0x86DD)
    }

    /// Whether a frame left this host.
    var isOutgoing: Bool { if case .packet(let address) = self { address.destination == .outgoing } else { false } }
}
