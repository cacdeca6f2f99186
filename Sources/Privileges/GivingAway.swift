import CLinux
import Glibc
import SystemPackage

extension ParkedPrivileges {
    /// Step 4. Gives everything away, then reads it back, and throws if anything is left.
    ///
    /// The bounding set is emptied where that is allowed (`CAP_SETPCAP`), and the ambient set; root leaves its groups
    /// and becomes the user of `sudo`, or `nobody`, or, where its user namespace has neither, stays what is an ordinary
    /// user outside (``Destination``); the permitted, effective and inheritable sets are emptied; `no_new_privs` is
    /// set; the system-call filter is loaded. The order matters: each step would be impossible after the next.
    ///
    /// Throws also when there is more than one thread, since the others would keep what this one gives away. When this
    /// throws, the process may be anywhere between the two states: print the error and exit.
    ///
    /// - Returns: what was done, for people to read.
    public consuming func giveAway(_ filter: SystemCallFilter) throws(PrivilegeError) -> Given {
        // Open before the filter, read after it.
        let statusFile = try ProcessFile("/proc/self/status")
        guard ProcessStatus(try statusFile.read()).number("Threads") == 1 else {
            throw PrivilegeError(.verify, "there is more than one thread")
        }

        let namespace = caller.isRoot ? try UserNamespace.current() : UserNamespace.initial
        let destination = try Destination(of: caller, in: namespace)
        let leavesGroups = caller.isRoot && namespace.allowsSetGroups
        let emptiesBoundingSet = holds(.setCapabilities)

        let needed = permitted.intersection([.identity, .bounding])
        if !needed.isEmpty { try ThreadCapabilities(permitted: permitted, effective: needed).apply() }
        if emptiesBoundingSet { try ThreadCapabilities.emptyBoundingSet() }
        try ThreadCapabilities.emptyAmbientSet()
        if leavesGroups { try UserIdentity.leaveGroups() }
        // Any other caller is itself since step 1.
        if caller.isRoot { try destination.identity.assume() }
        try ThreadCapabilities().apply()
        // A change of user resets it.
        if isClosedToDebuggers { try Self.closeToDebuggers() }
        guard netprobe_prctl(PR_SET_NO_NEW_PRIVS, 1, 0) == 0 else {
            throw .system(.setNoNewPrivileges, "PR_SET_NO_NEW_PRIVS")
        }

        // These attempts end the process once the filter is there, or fail for its sake alone.
        try Proof.userZeroIsOutOfReach(of: destination)
        try Proof.rawSocketIsRefused()
        if isClosedToDebuggers { try Proof.debuggersAreRefused() }
        try filter.load()
        try Proof.rawSocketIsRefused()

        let given = Given(
            destination: destination, leftGroups: leavesGroups, emptiedBoundingSet: emptiesBoundingSet, filter: filter
        )
        try Proof.nothingIsLeft(in: ProcessStatus(try statusFile.read()), after: given)
        return given
    }
}
