import Glibc
import SystemPackage

/// A small file under `/proc/self`. It stays open, because what was open before the system-call filter can still be
/// read after it; each read asks the kernel anew.
struct ProcessFile: ~Copyable {
    /// No file that is read here is longer: `status` lists 65,536 groups at most.
    private static let longest = 1 << 20

    private let descriptor: CInt
    private let path: String

    /// Opens the file; throws `noSuchFileOrDirectory` where the kernel has no such file.
    init(_ path: String) throws(PrivilegeError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.path = path
        guard descriptor >= 0 else { throw .system(.readProcess, path) }
    }

    deinit {
        close(descriptor)
    }

    /// The whole text, as it is now.
    func read() throws(PrivilegeError) -> [UInt8] {
        var text = [UInt8](repeating: 0, count: 4096)
        var filled = 0
        while true {
            let count = text.withUnsafeMutableBytes { bytes in
                // Safe: filled is always less than the count, see below.
                pread(descriptor, bytes.baseAddress?.advanced(by: filled), bytes.count - filled, off_t(filled))
            }
            if count < 0, Errno.current == .interrupted { continue }
            guard count >= 0 else { throw .system(.readProcess, path) }
            guard count > 0 else { break }
            filled += count
            if filled == text.count {
                guard filled < Self.longest else { throw PrivilegeError(.readProcess, path, errno: .fileTooLarge) }
                text.append(contentsOf: repeatElement(0, count: filled))
            }
        }
        text.removeSubrange(filled...)
        return text
    }
}
