import Glibc
import SystemPackage

/// What a C call returned and what it left in `errno`, taken before anything else can change it: leaving a scope frees
/// memory, and the text of an error needs some, and both may set `errno`.
struct CallResult {
    let value: Int
    /// The error, where the call returned -1.
    let errno: Errno

    init(_ value: some BinaryInteger) {
        self.value = Int(truncatingIfNeeded: value)
        errno = Errno(rawValue: value < 0 ? Glibc.errno : 0)
    }

    /// Throws what went wrong, where the call returned -1.
    func check(_ operation: @autoclosure () -> SocketOperation, _ address: SocketAddress? = nil) throws(SocketError) {
        guard value < 0 else { return }
        throw .failed(operation(), address, errno)
    }
}
