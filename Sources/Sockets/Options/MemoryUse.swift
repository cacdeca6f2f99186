import CLinux
import Glibc

/// What a socket holds and has lost: the memory figures that the kernel keeps of it (linux/sock_diag.h).
public struct SocketMemoryUse: Hashable, Sendable, SocketOptionValue {
    /// Bytes accounted for what waits to be received.
    public let receiveAllocated: UInt32
    /// Bytes that what waits to be received may take.
    public let receiveBufferSize: UInt32
    /// Packets dropped, mostly for want of receive buffer, since the socket was opened; it wraps around.
    public let drops: UInt32

    /// The kernel's nine 32-bit words.
    public static var optionRoom: Int { 9 * UInt32.optionRoom }

    public init?(optionBytes bytes: [UInt8]) {
        let words = stride(from: 0, through: bytes.count - 4, by: 4).map { offset in
            bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        // Kernels before 4.12 don't count drops here.
        guard words.count >= 9 else { return nil }
        // SK_MEMINFO_RMEM_ALLOC, SK_MEMINFO_RCVBUF and SK_MEMINFO_DROPS.
        (receiveAllocated, receiveBufferSize, drops) = (words[0], words[1], words[8])
    }

    /// It can only be read.
    /// - Throws: always.
    public func optionBytes() throws(SocketError) -> [UInt8] {
        throw .invalidArgument("SO_MEMINFO", "can't be set")
    }
}

extension SocketOption where Value == SocketMemoryUse {
    /// `SO_MEMINFO`: what the socket holds and has lost. It can only be read.
    public static var memoryUse: Self { .init(level: SOL_SOCKET, number: SO_MEMINFO, name: "SO_MEMINFO") }
}
