import Packets

extension PacketFormat {
    static let udp = PacketFormat("udp") { random in
        let header = UDPHeader(sourcePort: random.integer(), destinationPort: random.integer())
        return random.packet(.udp(header, payload: random.payload()))
    }
}
