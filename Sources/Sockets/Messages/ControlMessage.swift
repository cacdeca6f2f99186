import Addresses
import CLinux
import Glibc

/// One piece of ancillary data that came with a message: cmsg(3).
public enum ControlMessage: Sendable {
    /// `SCM_TIMESTAMPING`: when the packet passed the kernel and the hardware, in nanoseconds of the wall clock
    /// (`CLOCK_REALTIME`); 0 where there is none.
    case timestamps(software: Int64, hardware: Int64)
    /// `IP_TTL` or `IPV6_HOPLIMIT`: the TTL or hop limit that the packet arrived with.
    case hopLimit(Int)
    /// `IP_RECVERR` or `IPV6_RECVERR`: what the error queue says.
    case extendedError(ExtendedError)
    /// `SO_RXQ_OVFL`: packets dropped for want of receive buffer since the socket was opened.
    case dropCount(UInt32)
    /// `IP_RETOPTS`: the IPv4 options of the packet, in this range of the ancillary data's bytes.
    case ipv4Options(Range<Int>)
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
        case (SOL_SOCKET, SO_RXQ_OVFL) where data.count >= 4:
            .dropCount(load(UInt32.self, at: data.lowerBound))
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

    private func nanoseconds(at offset: Int) -> Int64 {
        let time = load(timespec.self, at: offset)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

/// What the kernel says in the error queue: `struct sock_extended_err`, ip(7).
public struct ExtendedError: Sendable {
    /// Where an entry of the error queue comes from.
    public enum Origin: UInt8, Sendable {
        /// Not said, or an origin that is not listed here.
        case none = 0
        /// This host itself, such as a datagram larger than the path MTU.
        case local = 1
        /// An ICMP message.
        case icmp = 2
        /// An ICMPv6 message.
        case icmpv6 = 3
        /// No error: the timestamp of a packet that left, or its acknowledgement.
        case timestamping = 4
    }

    /// Where the entry comes from.
    public let origin: Origin
    /// The errno that the error stands for.
    public let errorNumber: Int32
    /// The type of the ICMP message.
    public let type: UInt8
    /// The code of the ICMP message.
    public let code: UInt8
    /// The next hop's MTU, the parameter problem's pointer, or for timestamps the `SCM_TSTAMP_` kind.
    public let information: UInt32
    /// For transmit timestamps with `SOF_TIMESTAMPING_OPT_ID`: which packet of this socket, counted from 0.
    public let data: UInt32
    /// The router or host that sent the ICMP message.
    public let offender: SocketAddress?

    static let size = MemoryLayout<sock_extended_err>.size

    init(loading bytes: RawSpan) {
        var error = sock_extended_err()
        withUnsafeMutableBytes(of: &error) { destination in
            bytes.withUnsafeBytes {
                destination.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(Self.size)))
            }
        }
        origin = Origin(rawValue: error.ee_origin) ?? .none
        errorNumber = Int32(bitPattern: error.ee_errno)
        type = error.ee_type
        code = error.ee_code
        information = error.ee_info
        data = error.ee_data
        // SO_EE_OFFENDER: the sender's address follows the structure.
        offender = bytes.withUnsafeBytes { bytes in
            guard bytes.count > Self.size, let start = bytes.baseAddress else { return nil }
            return SocketAddress(loading: start + Self.size, length: socklen_t(bytes.count - Self.size))
        }
    }
}
