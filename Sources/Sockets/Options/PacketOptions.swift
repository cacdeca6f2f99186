import CLinux
import Glibc

// The options of packet(7), level SOL_PACKET.
extension SocketOption {
    fileprivate static func packet(_ number: Int32, _ name: String) -> Self {
        .init(level: SOL_PACKET, number: number, name: name)
    }
}

extension SocketOption where Value == Bool {
    /// `PACKET_AUXDATA`: messages carry their original length, their VLAN tag and whether their checksum is valid.
    public static var packetAuxiliaryData: Self { packet(PACKET_AUXDATA, "PACKET_AUXDATA") }
    /// `PACKET_ORIGDEV`: the source address names the interface that a frame came in by, not the bond above it.
    public static var packetOriginalDevice: Self { packet(PACKET_ORIGDEV, "PACKET_ORIGDEV") }
    /// `PACKET_QDISC_BYPASS`: frames are sent past the queueing discipline.
    public static var packetQueueBypass: Self { packet(PACKET_QDISC_BYPASS, "PACKET_QDISC_BYPASS") }
    /// `PACKET_IGNORE_OUTGOING`: frames that this host sends are not received.
    public static var packetIgnoreOutgoing: Self { packet(PACKET_IGNORE_OUTGOING, "PACKET_IGNORE_OUTGOING") }
}

/// What a packet socket has received since this was last read: `struct tpacket_stats`.
public struct PacketStatistics: Hashable, SocketOptionValue, BitwiseCopyable {
    /// Frames that passed the filter, those dropped included.
    public let received: UInt32
    /// Frames for which the receive buffer had no room.
    public let dropped: UInt32
}

extension SocketOption where Value == PacketStatistics {
    /// `PACKET_STATISTICS`. It can be read only, and begins anew each time.
    public static var packetStatistics: Self { packet(PACKET_STATISTICS, "PACKET_STATISTICS") }
}

/// Frames that an interface is to take although they are not for this host: `struct packet_mreq`. The interface goes
/// back when the last socket that asked is closed.
public struct PacketMembership: Hashable, SocketOptionValue {
    /// What to take.
    public enum Kind: Hashable, Sendable {
        /// `PACKET_MR_PROMISC`: everything.
        case promiscuous
        /// `PACKET_MR_ALLMULTI`: all multicast.
        case allMulticast
        /// `PACKET_MR_MULTICAST`: what is for this hardware multicast address, of up to 8 bytes.
        case multicast([UInt8])
    }

    /// What to take.
    public let kind: Kind
    /// The interface's index.
    public let interfaceIndex: UInt32

    /// Has the interface of this index take more.
    public init(_ kind: Kind, interfaceIndex: UInt32) {
        self.kind = kind
        self.interfaceIndex = interfaceIndex
    }

    public static var optionRoom: Int { MemoryLayout<packet_mreq>.size }

    /// `nil`: the kernel does not tell.
    public init?(optionBytes bytes: [UInt8]) { nil }

    public func optionBytes() throws(SocketError) -> [UInt8] {
        var request = packet_mreq()
        request.mr_ifindex = Int32(truncatingIfNeeded: interfaceIndex)
        switch kind {
        case .promiscuous: request.mr_type = UInt16(PACKET_MR_PROMISC)
        case .allMulticast: request.mr_type = UInt16(PACKET_MR_ALLMULTI)
        case .multicast(let address):
            let room = MemoryLayout.size(ofValue: request.mr_address)
            guard (1...room).contains(address.count) else {
                throw .invalidArgument("address", "has \(address.count) bytes; it has 1 to \(room)")
            }
            request.mr_type = UInt16(PACKET_MR_MULTICAST)
            request.mr_alen = UInt16(address.count)
            withUnsafeMutableBytes(of: &request.mr_address) { $0.copyBytes(from: address) }
        }
        return [UInt8](layingOut: request)
    }
}

extension SocketOption where Value == PacketMembership {
    /// `PACKET_ADD_MEMBERSHIP`. It can be set only.
    public static var packetAddMembership: Self { packet(PACKET_ADD_MEMBERSHIP, "PACKET_ADD_MEMBERSHIP") }
    /// `PACKET_DROP_MEMBERSHIP`. It can be set only.
    public static var packetDropMembership: Self { packet(PACKET_DROP_MEMBERSHIP, "PACKET_DROP_MEMBERSHIP") }
}
