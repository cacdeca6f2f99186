import CLinux
import Glibc
import SystemPackage

/// The descriptors among ancillary data that was received: they are open in this process, whether it wanted them or
/// not.
enum ReceivedDescriptors {
    /// The descriptors in `control`, which has none any more.
    static func take(from control: UnsafeMutableRawBufferPointer) -> [FileDescriptor] {
        var descriptors: [FileDescriptor] = []
        let headerSize = MemoryLayout<cmsghdr>.size
        var offset = 0
        while offset + headerSize <= control.count {
            var header = control.loadUnaligned(fromByteOffset: offset, as: cmsghdr.self)
            guard header.cmsg_len >= headerSize, header.cmsg_len <= control.count - offset else { break }
            if header.cmsg_level == SOL_SOCKET, header.cmsg_type == Int32(SCM_RIGHTS) {
                for position in stride(
                    from: offset + headerSize, through: offset + header.cmsg_len - MemoryLayout<Int32>.size,
                    by: MemoryLayout<Int32>.size)
                {
                    let number = control.loadUnaligned(fromByteOffset: position, as: Int32.self)
                    descriptors.append(FileDescriptor(rawValue: number))
                }
                // What is taken is not there to be taken again.
                header.cmsg_type = 0
                control.storeBytes(of: header, toByteOffset: offset, as: cmsghdr.self)
            }
            offset += (header.cmsg_len + 7) & ~7
        }
        return descriptors
    }
}

extension MessageFlags {
    /// The flags of a receive: descriptors that come are not for programs that are executed.
    var closingOnExec: Int32 { rawValue | Int32(MSG_CMSG_CLOEXEC) }
}
