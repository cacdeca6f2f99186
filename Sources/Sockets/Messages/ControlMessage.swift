public import Addresses
import CLinux
import Glibc

/// One piece of ancillary data that came with a message: cmsg(3).
public enum ControlMessage: Sendable {
    /// `SCM_TIMESTAMPING`: when the packet passed the kernel and the hardware, in nanoseconds of the wall clock
    /// (`CLOCK_REALTIME`); 0 where there is none.
    case timestamps(software: Int64, hardware: Int64)
    /// `IP_TTL` or `IPV6_HOPLIMIT`: the TTL or hop limit that the packet arrived with.
    case hopLimit(Int)
    /// `SCM_TIMESTAMPNS` or `SCM_TIMESTAMP`: when the packet entered the kernel, in nanoseconds of the wall clock.
    case timestamp(Int64)
    /// `IP_TOS` or `IPV6_TCLASS`: the DS field or traffic class that the packet arrived with.
    case trafficClass(UInt8)
    /// `IP_PKTINFO` or `IPV6_PKTINFO`: the interface that the packet came in by, and the address that it was sent to.
    case packetInfo(interfaceIndex: UInt32, destination: IPAddress)
    /// `SCM_CREDENTIALS`: the process that sent the message, as the kernel vouches.
    case credentials(ProcessCredentials)
    /// `SCM_RIGHTS`: so many descriptors; `ReceiveBatch.takeDescriptors(at:)` or `Message.takeDescriptors()` hands them
    /// over.
    case descriptors(Int)
    /// `IP_RECVERR` or `IPV6_RECVERR`: what the error queue says.
    case extendedError(ExtendedError)
    /// `SO_RXQ_OVFL`: packets dropped for want of receive buffer since the socket was opened.
    case dropCount(UInt32)
    /// `IP_RETOPTS`: the IPv4 options of the packet, in this range of the ancillary data's bytes.
    case ipv4Options(Range<Int>)
    /// `PACKET_AUXDATA`: what the kernel knows of a frame besides its bytes.
    case packetAuxiliaryData(PacketAuxiliaryData)
    /// Any other, by its level, its type and the range of its data.
    case other(level: Int32, type: Int32, Range<Int>)
}

/// The ancillary data of one message.
public struct ControlMessages: ~Escapable {
    /// The bytes as the kernel laid them out.
    public let bytes: RawSpan
    private var offset = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { self.bytes = bytes }

    /// The next control message, in the kernel's order; `nil` after the last.
    public mutating func next() -> ControlMessage? {
        let headerSize = MemoryLayout<cmsghdr>.size
        guard offset + headerSize <= bytes.byteCount else { return nil }
        let length = load(Int.self, at: offset)
        let level = load(Int32.self, at: offset + MemoryLayout<Int>.size)
        let type = load(Int32.self, at: offset + MemoryLayout<Int>.size + MemoryLayout<Int32>.size)
        guard length >= headerSize, length <= bytes.byteCount - offset else { return nil }
        let data = (offset + headerSize)..<(offset + length)
        // CMSG_ALIGN: control messages start on multiples of the word size.
        offset += (length + 7) & ~7
        return message(level: level, type: type, data)
    }

    /// The control messages from here on.
    var all: [ControlMessage] {
        var rest = self
        var messages: [ControlMessage] = []
        while let message = rest.next() { messages.append(message) }
        return messages
    }

    private func message(level: Int32, type: Int32, _ data: Range<Int>) -> ControlMessage {
        switch (level, type) {
        case (SOL_SOCKET, SO_TIMESTAMPING) where data.count >= MemoryLayout<timespec>.size * 3:
            .timestamps(
                software: nanoseconds(at: data.lowerBound),
                hardware: nanoseconds(at: data.lowerBound + 2 * MemoryLayout<timespec>.size))
        case (Int32(IPPROTO_IP), IP_TTL) where data.count >= 4,
            (Int32(IPPROTO_IPV6), IPV6_HOPLIMIT) where data.count >= 4:
            .hopLimit(Int(load(Int32.self, at: data.lowerBound)))
        case (Int32(IPPROTO_IP), IP_RECVERR) where data.count >= ExtendedError.size,
            (Int32(IPPROTO_IPV6), IPV6_RECVERR) where data.count >= ExtendedError.size:
            .extendedError(ExtendedError(loading: bytes.extracting(data)))
        case (SOL_SOCKET, SO_TIMESTAMPNS) where data.count >= MemoryLayout<timespec>.size:
            .timestamp(nanoseconds(at: data.lowerBound))
        case (SOL_SOCKET, SO_TIMESTAMP) where data.count >= MemoryLayout<timeval>.size:
            .timestamp(nanosecondsOfMicroseconds(at: data.lowerBound))
        case (Int32(IPPROTO_IP), IP_TOS) where data.count >= 1:
            .trafficClass(load(UInt8.self, at: data.lowerBound))
        case (Int32(IPPROTO_IPV6), IPV6_TCLASS) where data.count >= 4:
            .trafficClass(UInt8(truncatingIfNeeded: load(Int32.self, at: data.lowerBound)))
        case (Int32(IPPROTO_IP), IP_PKTINFO) where data.count >= MemoryLayout<in_pktinfo>.size:
            ipv4PacketInfo(load(in_pktinfo.self, at: data.lowerBound))
        case (Int32(IPPROTO_IPV6), IPV6_PKTINFO) where data.count >= 20:
            // struct in6_pktinfo: the address and the interface's index.
            .packetInfo(
                interfaceIndex: load(UInt32.self, at: data.lowerBound + 16),
                destination: .v6(IPv6Address(rawValue: UInt128(bigEndian: load(UInt128.self, at: data.lowerBound)))))
        case (SOL_SOCKET, SCM_CREDENTIALS) where data.count >= MemoryLayout<ucred>.size:
            .credentials(ProcessCredentials(load(ucred.self, at: data.lowerBound)))
        case (SOL_SOCKET, Int32(SCM_RIGHTS)):
            .descriptors(data.count / MemoryLayout<Int32>.size)
        case (SOL_SOCKET, SO_RXQ_OVFL) where data.count >= 4:
            .dropCount(load(UInt32.self, at: data.lowerBound))
        case (SOL_PACKET, PACKET_AUXDATA) where data.count >= MemoryLayout<tpacket_auxdata>.size:
            .packetAuxiliaryData(PacketAuxiliaryData(load(tpacket_auxdata.self, at: data.lowerBound)))
        case (Int32(IPPROTO_IP), IP_RETOPTS):
            .ipv4Options(data)
        default:
            .other(level: level, type: type, data)
        }
    }

    /// Loads a value whose bytes the caller has shown to lie within the span.
    private func load<T: BitwiseCopyable>(_: T.Type, at offset: Int) -> T {
        bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: T.self)
    }

    private func ipv4PacketInfo(_ info: in_pktinfo) -> ControlMessage {
        .packetInfo(
            interfaceIndex: UInt32(bitPattern: info.ipi_ifindex),
            destination: .v4(IPv4Address(rawValue: UInt32(bigEndian: info.ipi_addr.s_addr))))
    }

    private func nanosecondsOfMicroseconds(at offset: Int) -> Int64 {
        let time = load(timeval.self, at: offset)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_usec) &* 1000
    }

    private func nanoseconds(at offset: Int) -> Int64 {
        let time = load(timespec.self, at: offset)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
