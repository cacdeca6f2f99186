import Addresses
import Packets
import TestSupport

extension PacketFormat {
    static let ethernet = PacketFormat("ethernet") { random in
        let payload: LinkPayload =
            switch random.below(4) {
            case 0: .other(EtherType(rawValue: 0x88B5), random.payload())
            // The protocol of bridges: tshark would look into random ones.
            case 1: .other(EtherType(rawValue: 20), [0x42, 0x42, 0x03] + random.bytes(17))
            default: random.linkPayload()
            }
        return .ethernet(random.frame(payload, trailer: payload.endsItself ? random.bytes(random.below(20)) : []))
    }

    static let arp = PacketFormat("arp") { random in
        let operations: [ARPPacket.Operation] = [
            .request, .reply, .reverseRequest, .reverseReply, .inverseRequest, .inverseReply,
        ]
        let packet = ARPPacket(
            operations[random.below(operations.count)], sender: .init(random.macAddress(), random.ipv4Address()),
            target: .init(random.macAddress(), random.ipv4Address()))
        return .ethernet(random.frame(.arp(packet), trailer: random.bytes(random.below(20))))
    }

    static let gre = PacketFormat("gre") { random in
        let header = GREHeader(
            hasChecksum: random.below(2) == 0, key: random.below(2) == 0 ? nil : random.integer(),
            sequenceNumber: random.below(2) == 0 ? nil : random.integer())
        let inner = random.linkPayload()
        let payload = random.below(4) == 0 ? .ethernet(random.frame(inner, trailer: [])) : inner
        return random.packet(.gre(GREPacket(header, payload: payload)))
    }

    static let mpls = PacketFormat("mpls") { random in
        let count = 1 + random.below(4)
        let labels = (1...count).map { index in
            MPLSLabel(
                label: random.integer() & 0xF_FFFF, trafficClass: random.integer() & 0b111,
                isBottomOfStack: index == count, timeToLive: random.integer())
        }
        return .ethernet(random.frame(.mpls(MPLSPacket(labels: labels, payload: random.linkPayload())), trailer: []))
    }

    static let ipInIP = PacketFormat("ip-in-ip") { random in
        var packet = random.packet(random.datagram())
        for _ in 0...random.below(3) {
            switch packet {
            case .ipv4(let inner): packet = random.packet(.ipv4(inner))
            case .ipv6(let inner): packet = random.packet(.ipv6(inner))
            default: break
            }
        }
        return packet
    }
}

extension LinkPayload {
    /// Whether its length can be told from its own bytes, so that others may follow.
    fileprivate var endsItself: Bool {
        if case .other(let type, _) = self { type.isLength } else { true }
    }
}

extension SplitMix64 {
    public mutating func macAddress() -> MACAddress { MACAddress(rawValue: integer()) }

    /// A packet of UDP.
    fileprivate mutating func linkPayload() -> LinkPayload {
        switch packet(datagram()) {
        case .ipv4(let packet): .ipv4(packet)
        case .ipv6(let packet): .ipv6(packet)
        default: .other(EtherType(rawValue: 0x88B5), [])
        }
    }

    fileprivate mutating func frame(_ payload: LinkPayload, trailer: [UInt8]) -> EthernetFrame {
        let tags = (0..<below(3)).map { index in
            VLANTag(
                identifier: integer() & 0xFFF, priority: integer() & 0b111, isDropEligible: below(2) == 0,
                protocolIdentifier: index == 0 && below(2) == 0 ? .serviceVLAN : .vlan)
        }
        return EthernetFrame(
            destination: macAddress(), source: macAddress(), tags: tags, payload: payload, trailer: trailer)
    }
}
