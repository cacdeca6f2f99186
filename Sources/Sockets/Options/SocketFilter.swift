import CLinux
import Glibc
import SystemPackage

/// One instruction of the classic BPF machine: `struct sock_filter`,
/// Documentation/networking/filter.rst.
public struct FilterInstruction: Sendable {
    let instruction: sock_filter

    /// Any instruction, as a compiler such as libpcap's puts it together: `struct bpf_insn` has the same fields.
    public init(code: UInt16, jumpTrue: UInt8, jumpFalse: UInt8, operand: UInt32) {
        instruction = sock_filter(code: code, jt: jumpTrue, jf: jumpFalse, k: operand)
    }

    private init(_ code: Int32, _ k: UInt32, jumpTrue: UInt8 = 0, jumpFalse: UInt8 = 0) {
        instruction = sock_filter(code: UInt16(code), jt: jumpTrue, jf: jumpFalse, k: k)
    }

    /// X = 4 * (the low four bits of the byte at `offset`): the length of an IPv4 header.
    public static func loadHeaderLength(at offset: UInt32) -> Self { Self(BPF_LDX | BPF_B | BPF_MSH, offset) }
    /// X = `value`.
    public static func loadIndex(_ value: UInt32) -> Self { Self(BPF_LDX | BPF_IMM, value) }
    /// A = the byte at X + `offset`.
    public static func loadByte(atIndexPlus offset: UInt32) -> Self { Self(BPF_LD | BPF_B | BPF_IND, offset) }
    /// A = the 16-bit big-endian number at X + `offset`.
    public static func loadHalfWord(atIndexPlus offset: UInt32) -> Self { Self(BPF_LD | BPF_H | BPF_IND, offset) }
    /// A = whom the frame was for, as `PacketAddress.Destination` counts (`SKF_AD_PKTTYPE`).
    public static var loadPacketType: Self {
        Self(BPF_LD | BPF_W | BPF_ABS, UInt32(bitPattern: SKF_AD_OFF + SKF_AD_PKTTYPE))
    }
    /// Goes on `then` instructions further where A is `value`, else `otherwise` further.
    public static func jumpIfEqual(_ value: UInt32, then: UInt8, otherwise: UInt8) -> Self {
        Self(BPF_JMP | BPF_JEQ | BPF_K, value, jumpTrue: then, jumpFalse: otherwise)
    }
    /// Keeps the packet.
    public static var accept: Self { Self(BPF_RET | BPF_K, .max) }
    /// Drops the packet.
    public static var drop: Self { Self(BPF_RET | BPF_K, 0) }
}

extension Socket {
    /// Lets only packets that `program` accepts into the receive buffer; what is in it already stays.
    /// The corresponding C option is `SO_ATTACH_FILTER`.
    /// - Throws: `EINVAL` for a program that the kernel does not take: an empty one, one of more than 4096
    ///   instructions, one that jumps past its end or does not end with `accept` or `drop`; `EPERM` where the one
    ///   before it is locked.
    public func attachFilter(_ program: [FilterInstruction]) throws(SocketError) {
        let instructions = program.map(\.instruction)
        let result = instructions.withUnsafeBufferPointer { buffer in
            // The kernel copies the program; it writes nothing through the pointer.
            var filter = sock_fprog(
                len: UInt16(clamping: buffer.count), filter: UnsafeMutablePointer(mutating: buffer.baseAddress))
            let length = socklen_t(MemoryLayout<sock_fprog>.size)
            return CallResult(
                setsockopt(fileDescriptor.rawValue, SOL_SOCKET, SO_ATTACH_FILTER, &filter, length))
        }
        try result.check(.setOption("SO_ATTACH_FILTER"))
    }

    /// Lets all packets into the receive buffer again. The corresponding C option is `SO_DETACH_FILTER`.
    /// - Throws: `ENOENT` where no filter is attached, `EPERM` for one that is locked.
    public func detachFilter() throws(SocketError) {
        try setOption(SocketOption(level: SOL_SOCKET, number: SO_DETACH_FILTER, name: "SO_DETACH_FILTER"), to: false)
    }
}
