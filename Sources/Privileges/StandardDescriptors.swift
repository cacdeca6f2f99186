import Glibc
import SystemPackage

/// File descriptors 0-2. A process started without them would hand their numbers to its first sockets, and an error
/// message would then be sent to the network.
enum StandardDescriptors {
    /// Opens each of 0, 1 and 2 that is closed on `/dev/null`; standard output only for reading, so that results which
    /// can't reach anyone are an error as they were before.
    static func ensureOpen() throws(PrivilegeError) {
        for descriptor: CInt in 0...2 where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is the one wanted, because those below are open by now.
            let opened = open("/dev/null", descriptor == STDOUT_FILENO ? O_RDONLY : O_RDWR)
            guard opened == descriptor else { throw .system(.openStandardDescriptor, "\(descriptor)") }
        }
    }
}
