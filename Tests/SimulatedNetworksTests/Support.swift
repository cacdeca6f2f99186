import Addresses
import Packets
import Probing
import SimulatedNetworks

let origin = MonotonicTime(nanoseconds: 5_000_000_000)

/// What arrived: when after the origin, and the packet in parts.
struct Arrived {
    var time: Duration
    var source: IPAddress
    var hopLimit: UInt8
    var payload: IPPayload
    /// Whether every checksum in it is right.
    var isSound: Bool
}

/// A whole packet from the prober.
func packet(
    _ payload: IPPayload, to destination: IPAddress, hops: UInt8 = 64, flowLabel: UInt32 = 0,
    flags: IPv4Header.Flags = []
) -> [UInt8] {
    switch (SimulatedNetwork.prober(destination.family), destination) {
    case (.v4(let source), .v4(let destination)):
        let header = IPv4Header(
            source: source, destination: destination, timeToLive: hops, identification: 77, flags: flags)
        return serialized { IPv4Packet(header, payload: payload).serialize(into: &$0) }
    case (.v6(let source), .v6(let destination)):
        let header = IPv6Header(source: source, destination: destination, hopLimit: hops, flowLabel: flowLabel)
        return serialized { IPv6Packet(header, payload: payload).serialize(into: &$0) }
    default: return []
    }
}

func udp(_ port: UInt16 = 33434, from source: UInt16 = 40000, bytes: Int = 12) -> IPPayload {
    .udp(UDPHeader(sourcePort: source, destinationPort: port), payload: Array(repeating: 0x41, count: bytes))
}

func echo(_ family: IPFamily, _ number: UInt16 = 1) -> IPPayload {
    switch family {
    case .v4: .icmp(.echoRequest(identifier: 7, sequenceNumber: number), payload: [1, 2, 3])
    case .v6: .icmpv6(.echoRequest(identifier: 7, sequenceNumber: number), payload: [1, 2, 3])
    }
}

extension SimulatedNetwork {
    /// All that comes back of a payload sent to a node, a time after the origin.
    mutating func answers(
        to payload: IPPayload, for node: String = "host", _ family: IPFamily, hops: UInt8 = 64,
        at time: Duration = .zero, flags: IPv4Header.Flags = []
    ) -> [Arrived] {
        send(packet(payload, to: address(of: node, family), hops: hops, flags: flags), at: origin + time)
        return receiveAll()
    }

    mutating func receiveAll() -> [Arrived] {
        receive(until: MonotonicTime(nanoseconds: .max)).compactMap { arrival in
            let bytes = arrival.packet
            let time = arrival.at - origin
            if let packet = try? IPv4Packet(parsing: bytes.span.bytes) {
                return Arrived(
                    time: time, source: .v4(packet.header.source), hopLimit: packet.header.timeToLive,
                    payload: packet.payload, isSound: packet.error == nil && packet.header.checksum == nil)
            }
            guard let packet = try? IPv6Packet(parsing: bytes.span.bytes) else { return nil }
            return Arrived(
                time: time, source: .v6(packet.header.source), hopLimit: packet.header.hopLimit,
                payload: packet.payload, isSound: packet.error == nil)
        }
    }
}

extension IPPayload {
    /// Type and code of an ICMP message of either family, and what follows it.
    var icmp: (type: UInt8, code: UInt8, payload: [UInt8], extensions: [ICMPExtensionObject])? {
        switch self {
        case .icmp(let message, let payload, let extensions):
            (message.type, message.code, payload, extensions?.objects ?? [])
        case .icmpv6(let message, let payload, let extensions):
            (message.type, message.code, payload, extensions?.objects ?? [])
        default: nil
        }
    }

    var isTimeExceeded: Bool { [3, 11].contains(icmp?.type) && icmp?.code == 0 }
    /// The quoted packet.
    var quote: QuotedPacket? { icmp.flatMap { try? QuotedPacket(parsing: $0.payload.span.bytes) } }
}
