import Addresses
import Packets
import TestSupport

extension PacketFormat {
    static let ipv6Extensions = PacketFormat("ipv6-extensions") { random in
        let extensions = random.ipv6Extensions().filter { _ in random.below(2) == 0 }
        return .ipv6(IPv6Packet(random.ipv6Header(), extensions: extensions, payload: random.datagram()))
    }

    static let fragments = PacketFormat("fragments") { random in
        let payload = IPPayload.other(IPProtocol(rawValue: 253), random.bytes(8 + random.below(400)))
        let mtu = 72 + random.below(400)
        if random.below(2) == 0 {
            var packet = IPv4Packet(random.ipv4Header(), payload: payload)
            packet.header.flags = []
            packet.header.options = random.below(2) == 0 ? [] : [.routerAlert(0), .noOperation, .streamIdentifier(7)]
            let fragments = try? packet.fragments(maximumTransmissionUnit: mtu)
            return random.one(of: fragments?.map { .ipv4($0) }) ?? .ipv4(packet)
        }
        let extensions = Array(random.ipv6Extensions().prefix(random.below(3)))
        let packet = IPv6Packet(random.ipv6Header(), extensions: extensions, payload: payload)
        let fragments = try? packet.fragments(maximumTransmissionUnit: mtu, identification: random.integer())
        return random.one(of: fragments?.map { .ipv6($0) }) ?? .ipv6(packet)
    }
}

extension SplitMix64 {
    fileprivate mutating func one(of packets: [LinkPacket]?) -> LinkPacket? {
        packets.map { $0[below($0.count)] }
    }

    /// One of each kind, where it belongs; none makes the packet a fragment.
    public mutating func ipv6Extensions() -> [IPv6ExtensionHeader] {
        let home: [IPv6Option] = below(2) == 0 ? [] : [.homeAddress(ipv6Address())]
        let hop = ipv6Options(.routerAlert(integer()))
        let destination = home + ipv6Options(.tunnelEncapsulationLimit(integer()))
        let proof = AuthenticationHeader(
            securityParametersIndex: integer(), sequenceNumber: integer(), integrityCheckValue: bytes(4 + 8 * below(5)))
        let bodies: [IPv6ExtensionHeader.Body] = [
            .hopByHopOptions(hop.aligned), .routing(ipv6RoutingHeader()), .destinationOptions(destination.aligned),
            .fragment(offset: 0, moreFragments: false, identification: integer()), .authentication(proof),
        ]
        return bodies.map { IPv6ExtensionHeader($0) }
    }

    private mutating func ipv6Options(_ known: IPv6Option) -> [IPv6Option] {
        (0..<below(4)).map { _ in
            below(2) == 0 ? known : .unknown(type: 0x1E | UInt8(below(4)) << 6, data: payload(upTo: 20))
        }
    }

    private mutating func ipv6RoutingHeader() -> IPv6RoutingHeader {
        let count = 1 + below(4)
        let addresses = (0..<count).map { _ in ipv6Address() }
        switch below(3) {
        case 0: return IPv6RoutingHeader(.source(addresses), segmentsLeft: UInt8(below(count + 1)))
        case 1: return IPv6RoutingHeader(.home(addresses[0]), segmentsLeft: 1)
        default:
            // A TLV of type 128 with 6 bytes.
            let objects = below(2) == 0 ? [] : [128, 6] + bytes(6)
            let way = IPv6RoutingHeader.SegmentRoute(
                segments: addresses, flags: integer(), tag: integer(), objects: objects)
            return IPv6RoutingHeader(.segments(way), segmentsLeft: UInt8(below(count)))
        }
    }
}
