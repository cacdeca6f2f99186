import CLinux
import Glibc
public import SystemPackage

/// Why a name could not be resolved: the `EAI_` codes of getaddrinfo(3).
public struct NameResolutionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The code of `getaddrinfo`.
    public let code: Int32
    /// The name that was asked for.
    public let name: String
    /// The error of the system, where `code` is `EAI_SYSTEM`.
    public let errno: Errno?

    init(code: Int32, name: String, errno: Errno? = nil) {
        self.code = code
        self.name = name
        self.errno = errno
    }

    /// The C library's text for the code; of an error of the system, that one's.
    public var description: String { errno.map { "\($0)" } ?? String(cString: gai_strerror(code)) }

    /// `EAI_ADDRFAMILY`: the name has addresses, but none of the family asked for.
    public static func noAddressOfFamily(_ name: String) -> Self { Self(code: -9, name: name) }

    /// Throws what a call of the resolver returned, where it is not 0. `EAI_` codes are negative, as CallResult has it.
    static func check(_ result: CallResult, _ name: @autoclosure () -> String) throws(Self) {
        guard result.value != 0 else { return }
        let code = Int32(truncatingIfNeeded: result.value)
        throw Self(code: code, name: name(), errno: code == EAI_SYSTEM ? result.errno : nil)
    }
}
