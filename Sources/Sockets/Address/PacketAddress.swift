import CLinux
import Glibc

/// The address of a frame on a network device: `struct sockaddr_ll`, packet(7).
public struct PacketAddress: Hashable, Sendable {
    /// Whom a received frame was for: `sll_pkttype`.
    public struct Destination: RawRepresentable, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `PACKET_HOST`: this host.
        public static let host = Destination(rawValue: UInt8(PACKET_HOST))
        /// `PACKET_BROADCAST`: everyone on the link.
        public static let broadcast = Destination(rawValue: UInt8(PACKET_BROADCAST))
        /// `PACKET_MULTICAST`: a group.
        public static let multicast = Destination(rawValue: UInt8(PACKET_MULTICAST))
        /// `PACKET_OTHERHOST`: another host, seen because the device is promiscuous.
        public static let otherHost = Destination(rawValue: UInt8(PACKET_OTHERHOST))
        /// `PACKET_OUTGOING`: the frame left this host.
        public static let outgoing = Destination(rawValue: UInt8(PACKET_OUTGOING))
    }

    /// The interface's index; 0 binds to every interface.
    public let interfaceIndex: UInt32
    /// The EtherType, in host byte order; 3 (`ETH_P_ALL`) binds to every.
    public let etherType: UInt16
    /// The link-layer address, such as six bytes of Ethernet: the sender's where a frame was received, the
    /// destination's where one is sent through a datagram socket.
    public let hardwareAddress: [UInt8]
    /// The kind of device, an `ARPHRD_` number; only told by the kernel.
    public let hardwareType: UInt16
    /// Whom the frame was for; only told by the kernel.
    public let destination: Destination

    /// - Throws: `invalidArgument` for a hardware address of more than 32 bytes (`MAX_ADDR_LEN`).
    public init(
        interfaceIndex: UInt32, etherType: UInt16, hardwareAddress: [UInt8] = []
    ) throws(SocketError) {
        guard hardwareAddress.count <= Self.hardwareAddressSize else {
            throw .invalidArgument(
                "hardwareAddress", "has \(hardwareAddress.count) bytes; \(Self.hardwareAddressSize) are the most")
        }
        self.interfaceIndex = interfaceIndex
        self.etherType = etherType
        self.hardwareAddress = hardwareAddress
        hardwareType = 0
        destination = .host
    }
}

extension PacketAddress: CustomStringConvertible {
    /// The hardware address and the interface: `02:00:00:00:00:01%eth0`.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        let address = hardwareAddress.map { byte in
            String(decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
        }.joined(separator: ":")
        return "\(address)%\(NetworkInterface.name(index: interfaceIndex) ?? "\(interfaceIndex)")"
    }
}

// MARK: - The C structure

extension PacketAddress {
    private static let hardwareAddressSize = 32
    /// Where `sll_addr` begins.
    private static let fixedSize = MemoryLayout<sockaddr_ll>.size - 8

    /// Writes the C structure to `storage`, which has room for any; returns how many bytes it took.
    func store(to storage: UnsafeMutableRawPointer) -> socklen_t {
        var c = sockaddr_ll()
        c.sll_family = sa_family_t(AF_PACKET)
        c.sll_protocol = etherType.bigEndian
        c.sll_ifindex = Int32(truncatingIfNeeded: interfaceIndex)
        c.sll_hatype = hardwareType
        c.sll_pkttype = destination.rawValue
        c.sll_halen = UInt8(hardwareAddress.count)
        storage.storeBytes(of: c, as: sockaddr_ll.self)
        hardwareAddress.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            (storage + Self.fixedSize).copyMemory(from: base, byteCount: bytes.count)
        }
        return socklen_t(max(MemoryLayout<sockaddr_ll>.size, Self.fixedSize + hardwareAddress.count))
    }

    /// Reads a C structure of `length` bytes; `nil` when it is too short.
    init?(loading storage: UnsafeRawPointer, length: socklen_t) {
        // `getsockname` tells no more of the hardware address than there is.
        guard Int(length) >= Self.fixedSize else { return nil }
        var c = sockaddr_ll()
        withUnsafeMutableBytes(of: &c) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: storage, count: min(Int(length), $0.count)))
        }
        let room = UnsafeRawBufferPointer(start: storage, count: Int(length)).dropFirst(Self.fixedSize)
        interfaceIndex = UInt32(truncatingIfNeeded: c.sll_ifindex)
        etherType = UInt16(bigEndian: c.sll_protocol)
        hardwareAddress = Array(room.prefix(min(Int(c.sll_halen), Self.hardwareAddressSize)))
        hardwareType = c.sll_hatype
        destination = Destination(rawValue: c.sll_pkttype)
    }
}
