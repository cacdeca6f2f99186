import Packets

extension PacketFormat {
    static let linuxCooked = PacketFormat("linux-cooked") { random in
        let payload = LinkPayload.ipv4(
            IPv4Packet(
                random.ipv4Header(),
                payload: .udp(UDPHeader(sourcePort: 1, destinationPort: 2), payload: random.payload(upTo: 20))))
        let isFirst = random.below(2) == 0
        return .linuxCooked(
            LinuxCookedPacket(
                version: isFirst ? .v1 : .v2(interfaceIndex: random.integer()),
                direction: .init(rawValue: isFirst ? random.integer() : random.integer() & 0xFF),
                hardwareType: random.integer(), sender: random.bytes(random.below(9)), payload: payload,
                trailer: random.payload(upTo: 4)))
    }
}
