import Glibc
import SystemPackage

/// A step of giving privileges away that did not work, or a proof that did not hold. The program must not go on.
public struct PrivilegeError: Error, Hashable, Sendable {
    /// What was being done.
    public enum Operation: String, Hashable, Sendable {
        /// A closed standard descriptor had to be opened on `/dev/null`.
        case openStandardDescriptor = "open a closed standard descriptor"
        /// The thread's capabilities had to be read.
        case readCapabilities = "read the capabilities"
        /// The thread's capabilities had to be changed.
        case setCapabilities = "set the capabilities"
        /// The bounding set had to be emptied.
        case dropBoundingSet = "drop from the bounding set"
        /// The ambient set had to be emptied.
        case clearAmbientSet = "clear the ambient set"
        /// User, group or supplementary groups had to be changed.
        case changeIdentity = "change user and groups"
        /// The process had to be closed to debuggers and core dumps.
        case closeToDebuggers = "close the process to debuggers"
        /// The process had to give up gaining privileges by execve(2).
        case setNoNewPrivileges = "set no_new_privs"
        /// The seccomp filter had to be built and loaded.
        case installFilter = "install the system-call filter"
        /// A file of `/proc/self` had to be read.
        case readProcess = "read from /proc/self"
        /// What was done had to be proven, and was not.
        case verify = "prove that all privileges are gone"
    }

    /// What was being done.
    public let operation: Operation
    /// On what: a capability, a C call, a file, a field; for `verify`, what was found instead.
    public let subject: String
    /// What the kernel or the library said, where it said something.
    public let errno: Errno?

    /// An error with these parts.
    public init(_ operation: Operation, _ subject: String, errno: Errno? = nil) {
        self.operation = operation
        self.subject = subject
        self.errno = errno
    }

    /// An error of a C call that just failed: takes the thread's `errno`.
    static func system(_ operation: Operation, _ subject: @autoclosure () -> String) -> PrivilegeError {
        let errno = Errno.current
        return PrivilegeError(operation, subject(), errno: errno)
    }
}

extension PrivilegeError: CustomStringConvertible {
    /// One line, such as `can't set the capabilities (cap_set_proc): Operation not permitted`.
    public var description: String {
        let line = "can't \(operation.rawValue) (\(subject))"
        return if let errno { "\(line): \(errno)" } else { line }
    }
}

extension Errno {
    /// What the last failed C call of this thread said.
    static var current: Errno { Errno(rawValue: Glibc.errno) }
}
