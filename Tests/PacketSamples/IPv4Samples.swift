import Addresses
import Packets
import TestSupport

extension PacketFormat {
    static let ipv4Options = PacketFormat("ipv4-options") { random in
        var header = random.ipv4Header()
        header.options = random.ipv4Options()
        return .ipv4(IPv4Packet(header, payload: random.datagram()))
    }
}

extension SplitMix64 {
    /// Between ports of which nobody thinks that an application's format follows.
    public mutating func datagram() -> IPPayload {
        .udp(UDPHeader(sourcePort: 40_000 + UInt16(below(1_000)), destinationPort: 7), payload: payload())
    }

    /// As many as fit.
    public mutating func ipv4Options() -> [IPv4Option] {
        var options: [IPv4Option] = []
        for _ in 0..<below(5) {
            let more = options + [ipv4Option()]
            // Two source routes contradict each other (RFC 1122 section 3.2.1.8).
            let routes = more.count { [131, 137].contains($0.type) }
            if routes < 2, IPv4Option.paddedLength(of: more) <= 40 { options = more }
        }
        return options
    }

    public mutating func ipv4Option() -> IPv4Option {
        switch below(9) {
        case 0: .noOperation
        case 1: .recordRoute(routeRecord())
        case 2: .looseSourceRoute(routeRecord())
        case 3: .strictSourceRoute(routeRecord())
        case 4: .timestamp(timestampOption())
        case 5: .routerAlert(integer())
        case 6: .streamIdentifier(integer())
        case 7:
            .security(
                IPv4SecurityOption(
                    security: [0xF135, 0x789A, 0xBC4D, 0x5E26, 0xAF13][below(5)], compartments: integer(),
                    handlingRestrictions: integer(), transmissionControlCode: integer() & 0xFF_FFFF))
        default: .unknown(type: 0x9E, data: bytes(below(12)))
        }
    }

    public mutating func routeRecord() -> RouteRecord {
        let count = below(RouteRecord.maximumSlots + 1)
        return RouteRecord(slots: (0..<count).map { _ in ipv4Address() }, pointer: UInt8(4 + 4 * below(count + 1)))
    }

    public mutating func timestampOption() -> IPv4TimestampOption {
        let forms: [IPv4TimestampOption.Form] = [.timestampsOnly, .withAddresses, .prespecified]
        let form = forms[below(3)]
        let entryLength = form == .timestampsOnly ? 4 : 8
        let count = below(form.maximumEntries + 1)
        return IPv4TimestampOption(
            form: form,
            entries: (0..<count).map { _ in
                .init(address: ipv4Address(), timestamp: InternetTimestamp(rawValue: integer()))
            },
            pointer: UInt8(5 + entryLength * below(count + 1)), overflow: integer() & 0x0F)
    }
}
