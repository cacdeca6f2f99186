import CPcap
import Glibc
import Packets
import Sockets

/// Why a filter is none.
public struct CaptureFilterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with it, mostly in libpcap's words.
    public let description: String
}

/// An expression of pcap-filter(7), compiled by libpcap.
final class CaptureFilter {
    private let library: PcapLibrary
    private var program: bpf_program

    /// Compiles an expression for packets that begin with what `linkType` says. Names of hosts in it are looked up.
    ///
    /// The corresponding C functions are `pcap_open_dead` and `pcap_compile`.
    init(_ expression: String, _ linkType: LinkType, _ library: PcapLibrary) throws(CaptureFilterError) {
        // libpcap counts LINKTYPE_RAW otherwise on every system.
        let number = linkType == .raw ? DLT_RAW : CInt(linkType.rawValue)
        guard let handle = library.open(number, CInt(CapturedPacket.maximumLength)) else {
            throw CaptureFilterError(description: "libpcap does not know packets of \(linkType)")
        }
        defer { library.close(handle) }
        var program = bpf_program()
        guard library.compile(handle, &program, expression, 1, bpf_u_int32.max) == 0 else {
            let message = library.message(handle).map { String(cString: $0) } ?? "libpcap refuses it"
            throw CaptureFilterError(description: message)
        }
        self.program = program
        self.library = library
    }

    deinit { library.free(&program) }

    /// The program's instructions, as libpcap has them.
    private var instructions: UnsafeBufferPointer<bpf_insn> {
        UnsafeBufferPointer(start: program.bf_insns, count: Int(program.bf_len))
    }

    /// The program for the kernel, which sees packets as they are.
    var kernelProgram: [FilterInstruction] { instructions.map { FilterInstruction($0, operand: $0.k) } }

    /// The program for a socket whose packets begin behind the header of ``LinkType/linuxCooked2``: what it wants of the
    /// header it is told by the kernel. `nil` if it wants what the kernel does not tell.
    var kernelProgramWithoutCookedHeader: [FilterInstruction]? {
        var moved: [FilterInstruction] = []
        for instruction in instructions {
            guard let operand = Self.operandBehindCookedHeader(instruction) else { return nil }
            moved.append(FilterInstruction(instruction, operand: operand))
        }
        return moved
    }

    private static func operandBehindCookedHeader(_ instruction: bpf_insn) -> UInt32? {
        let code = Int32(instruction.code)
        guard [BPF_LD, BPF_LDX].contains(code & 0x07), [BPF_ABS, BPF_IND, BPF_MSH].contains(code & 0xE0) else {
            return instruction.k
        }
        let headerLength: UInt32 = 20
        if instruction.k >= headerLength { return instruction.k < 1 << 31 ? instruction.k - headerLength : instruction.k }
        // Where the fields stand in the header, and what the kernel calls them (linux/filter.h).
        let extensions = UInt32(bitPattern: -0x1000)
        switch instruction.k {
        case 0: return extensions + 0  // SKF_AD_PROTOCOL
        case 4: return extensions + 8  // SKF_AD_IFINDEX
        case 8: return extensions + 28  // SKF_AD_HATYPE
        case 10: return extensions + 4  // SKF_AD_PKTTYPE
        default: return nil
        }
    }

    /// Whether the filter lets a packet through, found here and not in the kernel.
    ///
    /// The corresponding C function is `pcap_offline_filter`.
    func matches(_ bytes: [UInt8]) -> Bool {
        var header = pcap_pkthdr()
        header.caplen = UInt32(clamping: bytes.count)
        header.len = header.caplen
        return bytes.withUnsafeBufferPointer { library.match(&program, &header, $0.baseAddress) != 0 }
    }
}

extension FilterInstruction {
    fileprivate init(_ instruction: bpf_insn, operand: UInt32) {
        self.init(
            code: instruction.code, jumpTrue: instruction.jt, jumpFalse: instruction.jf, operand: operand)
    }
}

/// libpcap, loaded when a filter is to be compiled: it brings ten libraries with it, which would cost every start of
/// the program half of its time.
struct PcapLibrary {
    fileprivate let open: @convention(c) (CInt, CInt) -> OpaquePointer?
    fileprivate let close: @convention(c) (OpaquePointer?) -> Void
    fileprivate let compile:
        @convention(c) (OpaquePointer?, UnsafeMutablePointer<bpf_program>?, UnsafePointer<CChar>?, CInt, bpf_u_int32) ->
            CInt
    fileprivate let free: @convention(c) (UnsafeMutablePointer<bpf_program>?) -> Void
    fileprivate let message: @convention(c) (OpaquePointer?) -> UnsafeMutablePointer<CChar>?
    fileprivate let match:
        @convention(c) (UnsafePointer<bpf_program>?, UnsafePointer<pcap_pkthdr>?, UnsafePointer<UInt8>?) -> CInt

    /// The names of the same interface, in Debian and elsewhere.
    private static let names = ["libpcap.so.0.8", "libpcap.so.1"]

    init() throws(CaptureFilterError) {
        guard let library = Self.names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first,
            let open = dlsym(library, "pcap_open_dead"), let close = dlsym(library, "pcap_close"),
            let compile = dlsym(library, "pcap_compile"), let free = dlsym(library, "pcap_freecode"),
            let message = dlsym(library, "pcap_geterr"), let match = dlsym(library, "pcap_offline_filter")
        else { throw CaptureFilterError(description: "filters need libpcap: let root run: apt install libpcap0.8") }
        // Safe: these are the types that pcap/pcap.h gives the functions.
        self.open = unsafeBitCast(open, to: (@convention(c) (CInt, CInt) -> OpaquePointer?).self)
        self.close = unsafeBitCast(close, to: (@convention(c) (OpaquePointer?) -> Void).self)
        self.compile = unsafeBitCast(
            compile,
            to: (@convention(c) (
                OpaquePointer?, UnsafeMutablePointer<bpf_program>?, UnsafePointer<CChar>?, CInt, bpf_u_int32
            ) -> CInt).self)
        self.free = unsafeBitCast(free, to: (@convention(c) (UnsafeMutablePointer<bpf_program>?) -> Void).self)
        self.message = unsafeBitCast(
            message, to: (@convention(c) (OpaquePointer?) -> UnsafeMutablePointer<CChar>?).self)
        self.match = unsafeBitCast(
            match,
            to: (@convention(c) (
                UnsafePointer<bpf_program>?, UnsafePointer<pcap_pkthdr>?, UnsafePointer<UInt8>?
            ) -> CInt).self)
    }
}
