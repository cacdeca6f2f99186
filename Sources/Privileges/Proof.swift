import CLinux
import Glibc
import SystemPackage

/// The proofs of step 4. Each asks the kernel, none trusts what was done before.
enum Proof {
    /// Throws if the process can become user 0. The root of a user namespace is user 0 there already, and no other.
    static func userZeroIsOutOfReach(of destination: Destination) throws(PrivilegeError) {
        guard destination.identity.userID != 0 else { return }
        guard setuid(0) == -1 else { throw PrivilegeError(.verify, "setuid(0) succeeds") }
    }

    /// Throws if a raw socket can be opened. A kernel without IPv4 has none to open, which is as good.
    static func rawSocketIsRefused() throws(PrivilegeError) {
        let descriptor = socket(AF_INET, CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue), CInt(IPPROTO_ICMP))
        guard descriptor == -1 else {
            close(descriptor)
            throw PrivilegeError(.verify, "a raw socket can still be opened")
        }
        let refusals: [Errno] = [.notPermitted, .permissionDenied, .addressFamilyNotSupported]
        guard refusals.contains(Errno.current) else { throw .system(.verify, "raw socket") }
    }

    /// Throws if the process can be traced or dumped by its own user.
    static func debuggersAreRefused() throws(PrivilegeError) {
        guard netprobe_prctl(PR_GET_DUMPABLE, 0, 0) == 0 else { throw PrivilegeError(.verify, "dumpable") }
    }

    /// Throws unless the kernel's own record of the process says that everything is gone. A line that is missing is a
    /// proof that is missing.
    static func nothingIsLeft(in status: ProcessStatus, after given: Given) throws(PrivilegeError) {
        let identity = given.destination.identity
        try expect("Threads", status.number("Threads") == 1)
        try expect("Uid", status.numbers("Uid") == [UInt32](repeating: identity.userID, count: 4))
        try expect("Gid", status.numbers("Gid") == [UInt32](repeating: identity.groupID, count: 4))
        try expect("Groups", !given.leftGroups || status.numbers("Groups") == [])
        try expect("CapInh", status.capabilities("CapInh") == [])
        try expect("CapPrm", status.capabilities("CapPrm") == [])
        try expect("CapEff", status.capabilities("CapEff") == [])
        try expect("CapAmb", status.capabilities("CapAmb") == [])
        try expect("CapBnd", !given.emptiedBoundingSet || status.capabilities("CapBnd") == [])
        try expect("NoNewPrivs", status.number("NoNewPrivs") == 1)
        // 2 is SECCOMP_MODE_FILTER.
        try expect("Seccomp", status.number("Seccomp") == 2)
    }

    private static func expect(_ field: String, _ holds: Bool) throws(PrivilegeError) {
        guard holds else { throw PrivilegeError(.verify, "\(field) of /proc/self/status") }
    }
}
