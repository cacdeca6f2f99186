import CLinux
import Glibc
import SystemPackage

/// The privileges of the process between its first line and the moment when it gives them away.
///
/// A process that may open raw sockets lives in five steps, and this library is the first, the third and the fourth:
///
/// 1. ``park()``, the first call of `main`: what was granted is there but not in force.
/// 2. Arguments are read, and checked against what ``caller`` may do.
/// 3. ``raising(_:body:)`` around the calls that open the sockets, and nothing else.
/// 4. ``giveAway(_:)``: nothing is left, and that is proven; a program that can't prove it must end.
/// 5. Names are resolved and packets are read from the network.
///
/// The value is the permission itself: it can't be copied, and step 4 consumes it, so a program that raises something
/// after step 4 does not compile.
///
/// Capabilities belong to a thread, so steps 1 to 4 happen before there is a second one.
public struct ParkedPrivileges: ~Copyable {
    /// Who started the process.
    public let caller: Caller
    /// What is still permitted: what opens sockets, and for root what step 4 itself needs.
    let permitted: CapabilitySet
    /// Whether the process was closed to debuggers, because it has or may get what its user has not.
    let isClosedToDebuggers: Bool

    /// Step 1. Opens closed standard descriptors on `/dev/null`; when the program's file granted more than its caller
    /// has (`AT_SECURE`), scrubs the environment and takes back the caller's user and group; empties the effective
    /// and inheritable sets; and keeps permitted only what opens sockets (`cap_net_raw`, `cap_net_admin`,
    /// `cap_net_bind_service`), of root also what opens files, or helps to leave the rest. A process that holds
    /// anything can't be traced or dumped by its own user, who could otherwise take its raw sockets.
    public static func park() throws(PrivilegeError) -> ParkedPrivileges {
        try StandardDescriptors.ensureOpen()
        let caller = Caller.current()
        if caller.isAtSecure { Environment.scrub() }
        if !caller.isRoot { try UserIdentity.becomeCaller() }

        let granted = try ThreadCapabilities.current()
        var parked: CapabilitySet = [.sockets, .bounding]
        if caller.isRoot { parked.formUnion([.identity, .files]) }
        let permitted = granted.permitted.intersection(parked)
        let lowered = ThreadCapabilities(permitted: permitted)
        if lowered != granted { try lowered.apply() }

        let isPrivileged = caller.isRoot || caller.isAtSecure || !granted.permitted.isEmpty
        if isPrivileged { try closeToDebuggers() }
        return ParkedPrivileges(caller: caller, permitted: permitted, isClosedToDebuggers: isPrivileged)
    }

    /// Whether a capability can be raised.
    public func holds(_ capability: Capability) -> Bool {
        permitted.contains(capability)
    }

    /// Step 3. Puts capabilities in force while `body` runs, and takes them out of force when it returns or throws.
    ///
    /// One that is not held is not raised, without an error here: the kernel then answers what `body` attempts, with
    /// `EPERM`.
    public func raising<R: ~Copyable, E: Error>(
        _ capabilities: Capability..., body: () throws(E) -> R
    ) throws(E) -> R {
        var effective: CapabilitySet = []
        for capability in capabilities { effective.formUnion(CapabilitySet(capability)) }
        effective.formIntersection(permitted)
        guard !effective.isEmpty else { return try body() }

        // A failure to raise shows as the EPERM of the body. One to lower can't happen (the kernel lets every thread
        // lower), and would not get past the proof of step 4.
        try? ThreadCapabilities(permitted: permitted, effective: effective).apply()
        defer { try? ThreadCapabilities(permitted: permitted).apply() }
        return try body()
    }

    /// Makes the process undumpable: no core file, and no ptrace(2), pidfd_getfd(2) or `/proc/PID/fd` for others.
    ///
    /// The corresponding C call is `prctl(PR_SET_DUMPABLE, 0)`.
    static func closeToDebuggers() throws(PrivilegeError) {
        guard netprobe_prctl(PR_SET_DUMPABLE, 0, 0) == 0 else { throw .system(.closeToDebuggers, "PR_SET_DUMPABLE") }
    }
}
