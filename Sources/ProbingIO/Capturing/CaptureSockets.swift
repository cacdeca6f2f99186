import Addresses
public import Packets
public import Sockets
import SystemPackage

/// The sockets of a capture.
public struct CaptureSockets {
    let sockets: [CaptureSocket]
    /// Names, asked for while that is allowed.
    let interfaceNames: [UInt32: String]
    /// That of the one interface, if it is one.
    private let name: String?

    /// Opens and binds the sockets. They hand over nothing before ``listen(to:)``.
    /// - Throws: `EPERM` without `CAP_NET_RAW`, `ENODEV` where an interface has gone.
    public init(_ source: CaptureSource) throws(SocketError) {
        let interfaces = try NetworkInterface.all()
        interfaceNames = Dictionary(interfaces.map { ($0.index, $0.name) }) { first, _ in first }
        if case .interface(let interface, _) = source { name = interface.name } else { name = nil }
        switch source {
        case .packets(let proto, let families):
            var sockets: [CaptureSocket] = []
            for family in families { sockets.append(try Self.packets(proto, family)) }
            self.sockets = sockets
        case .interface(let interface, let isPromiscuous):
            let socket = try Self.interface(interface, isPromiscuous: isPromiscuous)
            if isPromiscuous {
                let membership = PacketMembership(.promiscuous, interfaceIndex: interface.index)
                try socket.socket.setOption(.packetAddMembership, to: membership)
            }
            sockets = [socket]
        case .allInterfaces:
            let socket = try CaptureSocket(try Socket(.packet, .datagram), .cooked)
            try Self.hear(socket, interfaceIndex: 0, Self.everything)
            sockets = [socket]
        }
    }

    /// What a capture file says that its packets come from: the interface, or tcpdump's word for all.
    public var interface: CaptureInterface {
        if case .frames(let interface)? = sockets.first?.kind { return interface }
        return CaptureInterface(sockets.first?.linkType ?? .raw, name: name ?? "any")
    }

    /// Begins to hand over packets, those that a filter of pcap-filter(7) lets through if there is one. Nothing that
    /// came before is handed over.
    /// - Throws: `CaptureFilterError`, `SocketError`.
    public func listen(to expression: String?) throws {
        let library = expression == nil ? nil : try PcapLibrary()
        for socket in sockets { try socket.listen(expression, library) }
    }

    // MARK: - Opening

    /// `ETH_P_ALL`.
    private static let everything: UInt16 = 3

    private static func packets(_ proto: CaptureProtocol, _ family: IPFamily) throws(SocketError) -> CaptureSocket {
        let number = proto.number(in: family)
        // Protocol 0 is a wish for none to socket(2).
        if family == .v4, let number, number.rawValue != 0 {
            let socket = try Socket(.ipv4, .raw, SocketProtocol(rawValue: Int32(number.rawValue)))
            let capture = try CaptureSocket(socket, .datagrams)
            try capture.socket.setOption(.ipv4ReceivePacketInfo, to: true)
            return capture
        }
        let capture = try CaptureSocket(try Socket(.packet, .datagram), .packets(family, number))
        try capture.socket.setOption(.packetIgnoreOutgoing, to: true)
        try hear(capture, interfaceIndex: 0, family == .v4 ? EtherType.ipv4.rawValue : EtherType.ipv6.rawValue)
        return capture
    }

    private static func interface(
        _ interface: NetworkInterface, isPromiscuous: Bool
    ) throws(SocketError) -> CaptureSocket {
        let socket = try Socket(.packet, .raw)
        // Bound without a protocol it hears nothing yet, but can say what kind of interface it is.
        try socket.bind(to: .packet(try PacketAddress(interfaceIndex: interface.index, etherType: 0)))
        var hardware = HardwareType.none
        if case .packet(let address) = try socket.localAddress() { hardware = HardwareType(rawValue: address.hardwareType) }
        guard let linkType = hardware.linkType else {
            let capture = try CaptureSocket(
                try Socket(.packet, .datagram), .cooked, isPromiscuous: isPromiscuous)
            try hear(capture, interfaceIndex: interface.index, everything)
            return capture
        }
        let kind = CaptureSocket.Kind.frames(CaptureInterface(linkType, name: interface.name))
        let capture = try CaptureSocket(socket, kind, isPromiscuous: isPromiscuous)
        try capture.socket.setOption(.packetAuxiliaryData, to: true)
        // What goes out on the loopback interface comes in there, and is one packet.
        if hardware == .loopback { try capture.socket.setOption(.packetIgnoreOutgoing, to: true) }
        try hear(capture, interfaceIndex: interface.index, everything)
        return capture
    }

    private static func hear(
        _ capture: CaptureSocket, interfaceIndex: UInt32, _ etherType: UInt16
    ) throws(SocketError) {
        try capture.socket.bind(to: .packet(try PacketAddress(interfaceIndex: interfaceIndex, etherType: etherType)))
    }
}

/// A kind of network device: an `ARPHRD_` number of linux/if_arp.h.
struct HardwareType: RawRepresentable, Hashable {
    let rawValue: UInt16

    static let ethernet = Self(rawValue: 1)
    static let rawIP = Self(rawValue: 519)
    static let loopback = Self(rawValue: 772)
    /// A device without a link layer, such as a TUN device or WireGuard.
    static let none = Self(rawValue: 65_534)

    /// What its frames begin with; `nil` for a header that nothing here reads.
    var linkType: LinkType? {
        switch self {
        case .ethernet, .loopback: .ethernet
        case .rawIP, .none: .raw
        default: nil
        }
    }
}
