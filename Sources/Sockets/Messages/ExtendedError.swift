import CLinux
import Glibc

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
