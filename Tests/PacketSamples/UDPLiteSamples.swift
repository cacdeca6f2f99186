import Packets
import TestSupport

extension PacketFormat {
    static let udpLite = PacketFormat("udplite") { random in
        let payload = random.payload()
        let coverage = random.below(3) == 0 ? 0 : 8 + random.below(payload.count + 1)
        let header = UDPLiteHeader(
            sourcePort: random.integer(), destinationPort: random.integer(), checksumCoverage: UInt16(coverage))
        return random.packet(.udpLite(header, payload: payload))
    }
}
