import Addresses
import Packets
import Probing
import Sockets
import SystemPackage

/// Sends IPv4 packets right to the link (`AF_PACKET`), for those that a raw socket would not send as they are: it writes
/// length and checksum of the header itself, fills in zeros, and refuses headers that are too short.
final class LinkSender {
    let socket: Socket
    /// Asks for link addresses.
    private let resolver: Socket
    private let interfaceIndex: UInt32?
    /// Where destinations are on the link, as far as that is known.
    private var places: [IPv4Address: SocketAddress] = [:]

    private static let ipv4: UInt16 = 0x0800
    private static let arp: UInt16 = 0x0806
    /// Kinds of routes (linux/rtnetlink.h).
    private static let broadcastRoute: UInt8 = 3
    /// The loopback interface has no link addresses (`ARPHRD_LOOPBACK`).
    private static let loopback: UInt16 = 772

    /// - Throws: `EPERM` without `CAP_NET_RAW`.
    init(device: String?) throws(SocketError) {
        socket = try Socket(.packet, .datagram, SocketProtocol(rawValue: 0))
        resolver = try Socket(.packet, .datagram, SocketProtocol(rawValue: 0))
        interfaceIndex = device.flatMap(NetworkInterface.index(name:))
    }

    /// The place of a destination on the link to which packets to it go. Who is not known there is asked for by ARP, up
    /// to three times, a second apart.
    /// - Throws: `ENETUNREACH` where no route is, `EHOSTUNREACH` where nobody answers.
    func place(of destination: IPv4Address) throws(SocketError) -> SocketAddress {
        if let place = places[destination] { return place }
        let route = try NetlinkRequest.route(to: destination, by: interfaceIndex)
        let place = SocketAddress.packet(
            try PacketAddress(
                interfaceIndex: route.interfaceIndex, etherType: Self.ipv4,
                hardwareAddress: try linkAddress(of: destination, route)))
        places[destination] = place
        return place
    }

    private func linkAddress(of destination: IPv4Address, _ route: NetlinkRequest.Route) throws(SocketError) -> [UInt8]
    {
        // Bound to the interface it is told what kind that is.
        try resolver.bind(to: .packet(try PacketAddress(interfaceIndex: route.interfaceIndex, etherType: Self.arp)))
        guard case .packet(let own) = try resolver.localAddress() else { return [] }
        if own.hardwareType == Self.loopback { return [UInt8](repeating: 0, count: 6) }
        // A link between two, where nobody has an address.
        guard own.hardwareAddress.count == 6 else { return [] }
        if route.kind == Self.broadcastRoute { return [UInt8](repeating: 0xFF, count: 6) }
        if destination.isMulticast {
            // RFC 1112 section 6.4.
            let group = destination.rawValue & 0x7F_FFFF
            return [0x01, 0x00, 0x5E, UInt8(group >> 16), UInt8(group >> 8 & 0xFF), UInt8(group & 0xFF)]
        }
        let neighbour = route.gateway ?? destination
        if let known = NetlinkRequest.linkAddress(of: neighbour, on: route.interfaceIndex) { return known }
        return try ask(neighbour, own)
    }

    private func ask(_ neighbour: IPv4Address, _ own: PacketAddress) throws(SocketError) -> [UInt8] {
        let source = try SendSockets.source(towards: .ipv4(neighbour, port: 0), device: nil)
        guard case .v4(let address)? = source else {
            throw .failed(.connect, .ipv4(neighbour, port: 0), .networkUnreachable)
        }
        let hardware = MACAddress(rawValue: own.hardwareAddress.reduce(0) { $0 << 8 | UInt64($1) })
        let request = ARPPacket(
            .request, sender: .init(hardware, address), target: .init(MACAddress(rawValue: 0), neighbour))
        let bytes = serialized(capacity: 64) { request.serialize(into: &$0) }
        let everybody = try PacketAddress(
            interfaceIndex: own.interfaceIndex, etherType: Self.arp, hardwareAddress: [UInt8](repeating: 0xFF, count: 6)
        )
        for _ in 0..<3 {
            _ = try resolver.send(bytes, to: .packet(everybody))
            let end = Clock.now + .seconds(1)
            while Clock.now < end {
                var polls = PollSet()
                _ = polls.add(resolver.fileDescriptor, for: .readable)
                _ = try? polls.wait(timeout: end - Clock.now)
                guard let answer = (try? resolver.receive(upTo: 512, flags: .dontWait)) ?? nil else { continue }
                if let packet = try? ARPPacket(parsing: answer.span.bytes), packet.operation == .reply,
                    packet.sender.ipv4Address == neighbour
                {
                    return packet.sender.hardwareAddress
                }
            }
        }
        throw .failed(.connect, .ipv4(neighbour, port: 0), .noRouteToHost)
    }
}
