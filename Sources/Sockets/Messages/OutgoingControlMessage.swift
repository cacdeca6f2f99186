public import Addresses
import CLinux
import Glibc
public import SystemPackage

/// One piece of ancillary data to send with a message: cmsg(3).
public enum OutgoingControlMessage: Hashable, Sendable {
    /// `SCM_RIGHTS`: the receiver gets descriptors of its own for these open files, 253 at most; `AF_UNIX` only.
    case descriptors([FileDescriptor])
    /// `SCM_CREDENTIALS`: who sends; `AF_UNIX` only.
    case credentials(ProcessCredentials)
    /// `IP_PKTINFO` or `IPV6_PKTINFO`: the interface to leave by, 0 for the route's, and the source address; an
    /// unspecified address leaves it to the kernel.
    case packetInfo(interfaceIndex: UInt32, source: IPAddress)
    /// `IP_TTL`: the TTL of this packet, 1 to 255.
    case ipv4TimeToLive(Int)
    /// `IPV6_HOPLIMIT`: the hop limit of this packet, 0 to 255; -1 for the route's.
    case ipv6HopLimit(Int)
    /// `IP_TOS`: the DS field of this packet.
    case ipv4TypeOfService(UInt8)
    /// `IPV6_TCLASS`: the traffic class of this packet.
    case ipv6TrafficClass(UInt8)
    /// Any other, by its level, its type and its data as the kernel wants it.
    case other(level: Int32, type: Int32, [UInt8])

    /// The bytes that it takes among a message's ancillary data: `CMSG_SPACE`.
    public var size: Int { Self.headerSize + Self.aligned(data.count) }
}

extension OutgoingControlMessage {
    private static let headerSize = MemoryLayout<cmsghdr>.size

    /// `CMSG_ALIGN`
    private static func aligned(_ count: Int) -> Int { (count + 7) & ~7 }

    private var level: Int32 {
        switch self {
        case .descriptors, .credentials: SOL_SOCKET
        case .packetInfo(_, .v4), .ipv4TimeToLive, .ipv4TypeOfService: Int32(IPPROTO_IP)
        case .packetInfo(_, .v6), .ipv6HopLimit, .ipv6TrafficClass: Int32(IPPROTO_IPV6)
        case .other(let level, _, _): level
        }
    }

    private var type: Int32 {
        switch self {
        case .descriptors: Int32(SCM_RIGHTS)
        case .credentials: SCM_CREDENTIALS
        case .packetInfo(_, .v4): IP_PKTINFO
        case .packetInfo(_, .v6): IPV6_PKTINFO
        case .ipv4TimeToLive: IP_TTL
        case .ipv6HopLimit: IPV6_HOPLIMIT
        case .ipv4TypeOfService: IP_TOS
        case .ipv6TrafficClass: IPV6_TCLASS
        case .other(_, let type, _): type
        }
    }

    private var data: [UInt8] {
        switch self {
        case .descriptors(let descriptors): descriptors.flatMap { Self.bytes(of: $0.rawValue) }
        case .credentials(let credentials): Self.bytes(of: credentials.c)
        case .packetInfo(let index, .v4(let source)):
            Self.bytes(
                of: in_pktinfo(
                    ipi_ifindex: Int32(bitPattern: index), ipi_spec_dst: in_addr(s_addr: source.rawValue.bigEndian),
                    ipi_addr: in_addr()))
        case .packetInfo(let index, .v6(let source)):
            Self.bytes(of: source.rawValue.bigEndian) + Self.bytes(of: index)
        case .ipv4TimeToLive(let number), .ipv6HopLimit(let number): Self.bytes(of: Int32(clamping: number))
        case .ipv4TypeOfService(let number), .ipv6TrafficClass(let number): Self.bytes(of: Int32(number))
        case .other(_, _, let data): data
        }
    }

    private static func bytes<T>(of value: T) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

    /// Writes the messages, each with its `struct cmsghdr`, to room for all of them; returns how many bytes they took.
    static func store(_ messages: [Self], to room: UnsafeMutableRawBufferPointer) -> Int {
        var end = 0
        for message in messages {
            let data = message.data
            let space = headerSize + aligned(data.count)
            precondition(space <= room.count - end, "the batch has room for so much ancillary data")
            let slot = UnsafeMutableRawBufferPointer(rebasing: room[end..<(end + space)])
            slot.initializeMemory(as: UInt8.self, repeating: 0)
            var header = cmsghdr()
            header.cmsg_len = headerSize + data.count
            header.cmsg_level = message.level
            header.cmsg_type = message.type
            slot.storeBytes(of: header, as: cmsghdr.self)
            UnsafeMutableRawBufferPointer(rebasing: slot.dropFirst(headerSize)).copyBytes(from: data)
            end += space
        }
        return end
    }
}
