import Addresses
import Packets
import TestSupport

extension PacketFormat {
    static let ipv6Extensions = PacketFormat("ipv6-extensions") { random in
        let extensions = (0..<random.below(4)).map { _ in random.ipv6Extension() }
        let udp = UDPHeader(sourcePort: random.integer(), destinationPort: random.integer())
        let payload = IPPayload.udp(udp, payload: random.payload())
        return .ipv6(IPv6Packet(random.ipv6Header(), extensions: extensions, payload: payload))
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
        let extensions = random.below(2) == 0 ? [] : [random.ipv6Extension()]
        let packet = IPv6Packet(random.ipv6Header(), extensions: extensions, payload: payload)
        let fragments = try? packet.fragments(maximumTransmissionUnit: mtu, identification: random.integer())
        return random.one(of: fragments?.map { .ipv6($0) }) ?? .ipv6(packet)
    }
}

extension SplitMix64 {
    fileprivate mutating func one(of packets: [LinkPacket]?) -> LinkPacket? {
        packets.map { $0[below($0.count)] }
    }

    /// Any header but one that makes the packet a fragment.
    public mutating func ipv6Extension() -> IPv6ExtensionHeader {
        switch below(5) {
        case 0: IPv6ExtensionHeader(.hopByHopOptions(ipv6Options(3).aligned))
        case 1: IPv6ExtensionHeader(.destinationOptions(ipv6Options(4).aligned))
        case 2: IPv6ExtensionHeader(.routing(ipv6RoutingHeader()))
        case 3: IPv6ExtensionHeader(.fragment(offset: 0, moreFragments: false, identification: integer()))
        default:
            IPv6ExtensionHeader(
                .authentication(
                    AuthenticationHeader(
                        securityParametersIndex: integer(), sequenceNumber: integer(),
                        integrityCheckValue: bytes(4 + 8 * below(5)))))
        }
    }

    /// - Parameters:
    ///   - kinds: 4 with home addresses, which belong into destination options; 3 without.
    private mutating func ipv6Options(_ kinds: Int) -> [IPv6Option] {
        (0..<below(4)).map { _ in
            switch below(kinds) {
            case 0: .routerAlert(integer())
            case 1: .tunnelEncapsulationLimit(integer())
            case 2: .unknown(type: 0x1E | UInt8(below(4)) << 6, data: payload(upTo: 20))
            default: .homeAddress(ipv6Address())
            }
        }
    }

    private mutating func ipv6RoutingHeader() -> IPv6RoutingHeader {
        let count = 1 + below(4)
        let addresses = (0..<count).map { _ in ipv6Address() }
        switch below(4) {
        case 0: return IPv6RoutingHeader(.source(addresses), segmentsLeft: UInt8(below(count + 1)))
        case 1: return IPv6RoutingHeader(.home(addresses[0]), segmentsLeft: UInt8(below(2)))
        case 2:
            // A TLV of type 128 with 6 bytes.
            let objects = below(2) == 0 ? [] : [128, 6] + bytes(6)
            let way = IPv6RoutingHeader.SegmentRoute(
                segments: addresses, flags: integer(), tag: integer(), objects: objects)
            return IPv6RoutingHeader(.segments(way), segmentsLeft: UInt8(below(count)))
        default: return IPv6RoutingHeader(.unknown(type: 253, data: bytes(4 + 8 * below(3))), segmentsLeft: 0)
        }
    }
}
