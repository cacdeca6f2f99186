import Addresses
import Packets
import TestSupport

extension PacketFormat {
    static let neighborDiscovery = PacketFormat("neighbor-discovery") { random in
        .ipv6(random.icmpv6Packet(random.neighborDiscoveryBody()))
    }
}

extension SplitMix64 {
    mutating func neighborDiscoveryBody() -> ICMPv6Message.Body {
        switch below(5) {
        case 0: return .routerSolicitation(options: neighborDiscoveryOptions())
        case 1:
            // Without the two bits of the preference.
            return .routerAdvertisement(
                RouterAdvertisement(
                    currentHopLimit: integer(), flags: RouterAdvertisement.Flags(rawValue: integer() & 0xE7),
                    preference: routerPreference(), routerLifetime: integer(), reachableTime: integer(),
                    retransTimer: integer(), options: neighborDiscoveryOptions()))
        case 2: return .neighborSolicitation(target: ipv6Address(), options: neighborDiscoveryOptions())
        case 3:
            return .neighborAdvertisement(
                NeighborAdvertisement(
                    target: ipv6Address(), flags: NeighborAdvertisement.Flags(rawValue: integer()),
                    options: neighborDiscoveryOptions()))
        default:
            return .redirect(
                target: ipv6Address(), destination: ipv6Address(), options: neighborDiscoveryOptions())
        }
    }

    /// What scapy knows, and at the end what it doesn't: it reads no further.
    private mutating func neighborDiscoveryOptions() -> [NeighborDiscoveryOption] {
        let known = (0..<below(4)).map { _ in neighborDiscoveryOption() }
        let data = bytes(8 * (below(20) == 0 ? 255 : 1 + below(3)) - 2)
        return switch below(8) {
        case 0: known + [.nonce(data)]
        case 1: known + [.unknown(type: UInt8.random(in: 200...255, using: &self), data: data)]
        default: known
        }
    }

    private mutating func neighborDiscoveryOption() -> NeighborDiscoveryOption {
        switch below(8) {
        case 0: .sourceLinkLayerAddress(bytes(6))
        case 1: .targetLinkLayerAddress(bytes(6))
        case 2:
            .prefixInformation(
                PrefixInformation(
                    prefix: ipv6Address(), prefixLength: UInt8(below(129)),
                    flags: PrefixInformation.Flags(rawValue: integer()), validLifetime: integer(),
                    preferredLifetime: integer()))
        case 3: .redirectedHeader(quote(payloadLength: 8 * below(20)))
        case 4: .mtu(integer())
        case 5: .routeInformation(routeInformation())
        case 6: .recursiveDNSServers(lifetime: integer(), (0...below(4)).map { _ in ipv6Address() })
        default: .dnsSearchList(lifetime: integer(), (0...below(4)).compactMap { _ in domainName() })
        }
    }

    private mutating func routerPreference() -> RouterPreference {
        [.medium, .high, .low, .reserved][below(4)]
    }

    private mutating func routeInformation() -> RouteInformation {
        let prefixLength = UInt8(below(129))
        // As many bits as there is room for.
        let room = prefixLength == 0 ? 0 : prefixLength <= 64 ? 64 : 128
        let prefix = (ipv6Address().rawValue >> (128 - room)) << (128 - room)
        return RouteInformation(
            prefix: IPv6Address(rawValue: prefix), prefixLength: prefixLength, preference: routerPreference(),
            routeLifetime: integer(), lengthUnits: prefixLength > 0 && prefixLength <= 64 && below(4) == 0 ? 3 : nil)
    }

    private mutating func domainName() -> DomainName? {
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)
        return DomainName(
            labels: (0...below(4)).map { _ in (0...below(below(10) == 0 ? 63 : 12)).map { _ in letters[below(36)] } })
    }
}
