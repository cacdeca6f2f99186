import Addresses
import Packets
import TestSupport

extension PacketFormat {
    static let igmp = PacketFormat("igmp") { random in
        let group = random.ipv4Group()
        let bodies: [IGMPMessage.Body] = [
            .query(group: group, maximumResponseTenths: random.integer()),
            .query(group: IPv4Address(rawValue: 0), maximumResponseTenths: 0),
            .reportV1(group: group), .reportV2(group: group), .leave(group: group),
            .other(type: 0x50 | random.integer(), code: random.integer()),
        ]
        let body = bodies[random.below(bodies.count)]
        // Payload is for types that nobody knows alone: a query of more than eight bytes is none, or one of version 3,
        // and in reports tshark takes the checksum to end there. Less than eight bytes are no IGMP to scapy.
        guard case .other = body else { return random.igmpPacket(body) }
        return random.igmpPacket(body, payload: random.bytes(4 + random.below(60)))
    }

    static let igmpv3Query = PacketFormat("igmpv3-query") { random in
        let query = random.multicastQuery()
        return random.igmpPacket(.queryV3(query, maximumResponseCode: ExponentialCode(rawValue: random.integer())))
    }

    static let igmpv3Report = PacketFormat("igmpv3-report") { random in
        random.igmpPacket(.reportV3(random.multicastReport()))
    }

    static let multicastRouterDiscovery = PacketFormat("mrd") { random in
        let advertisement = MulticastRouterAdvertisement(
            advertisementInterval: random.integer(), queryInterval: random.integer(),
            robustnessVariable: random.integer())
        let bodies: [IGMPMessage.Body] = [
            .routerAdvertisement(advertisement), .routerSolicitation, .routerTermination,
        ]
        return random.igmpPacket(bodies[random.below(bodies.count)])
    }

    static let mtrace = PacketFormat("mtrace") { random in
        let message = random.mtraceMessage()
        // Thirty-two bytes more would be another block.
        return random.igmpPacket(
            random.below(2) == 0 ? .tracerouteQuery(message) : .tracerouteResponse(message),
            payload: random.below(4) == 0 ? random.payload(upTo: MtraceResponseBlock.length - 1) : [])
    }

    static let mtrace2 = PacketFormat("mtrace2") { random in
        let message = random.mtrace2Message()
        let toRouter = message.kind != .reply
        // Not a port behind which tshark looks for other protocols.
        let other: UInt16 = 0xC000 | random.integer()
        let header = UDPHeader(
            sourcePort: toRouter ? other : Mtrace2Message.port, destinationPort: toRouter ? Mtrace2Message.port : other)
        return random.packet(.udp(header, payload: serialized { message.serialize(into: &$0) }))
    }
}

extension SplitMix64 {
    /// 239.0.0.0/8
    public mutating func ipv4Group() -> IPv4Address { IPv4Address(rawValue: 239 << 24 | integer() & 0xFF_FFFF) }

    /// As IGMP goes: to a group, no further than the link, and as a rule with a router alert.
    mutating func igmpPacket(_ body: IGMPMessage.Body, payload: [UInt8] = []) -> LinkPacket {
        var header = ipv4Header()
        header.timeToLive = 1
        header.destination = ipv4Group()
        header.options = below(4) == 0 ? [] : [.routerAlert(0)]
        return .ipv4(IPv4Packet(header, payload: .igmp(IGMPMessage(body), payload: payload)))
    }

    /// Few sources as a rule, and now and then as many as an Ethernet frame takes.
    private mutating func sources() -> [IPv4Address] {
        (0..<(below(20) == 0 ? 80 : below(5))).map { _ in ipv4Address() }
    }

    fileprivate mutating func multicastQuery() -> MulticastQuery<IPv4Address> {
        MulticastQuery(
            group: below(4) == 0 ? IPv4Address(rawValue: 0) : ipv4Group(), sources: sources(),
            suppressesRouterProcessing: below(2) == 0, robustness: integer() & 7,
            queryInterval: ExponentialCode(rawValue: integer()), flags: integer() & 0xF)
    }

    fileprivate mutating func multicastReport() -> MulticastReport<IPv4Address> {
        let records = (0..<below(6)).map { _ in
            MulticastAddressRecord(
                MulticastRecordType(rawValue: below(20) == 0 ? integer() : UInt8(1 + below(6))), group: ipv4Group(),
                sources: sources(),
                auxiliaryData: below(3) > 0 ? [] : bytes(4 * (below(20) == 0 ? 255 : below(4))))
        }
        return MulticastReport(records, flags: integer())
    }
}
