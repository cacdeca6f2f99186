import CLibcap
import SystemPackage

/// The three sets that capset(2) changes, of the calling thread, as libcap reads and writes them.
struct ThreadCapabilities: Equatable, Sendable {
    var permitted: CapabilitySet = []
    var effective: CapabilitySet = []
    var inheritable: CapabilitySet = []

    /// The sets as they are now.
    ///
    /// The corresponding C function is `cap_get_proc`.
    static func current() throws(PrivilegeError) -> ThreadCapabilities {
        let state = try State(cap_get_proc(), .readCapabilities)
        var result = ThreadCapabilities()
        for value in 0..<cap_max_bits() {
            let capability = CapabilitySet(Capability(rawValue: value))
            if try state.has(value, CAP_PERMITTED) { result.permitted.formUnion(capability) }
            if try state.has(value, CAP_EFFECTIVE) { result.effective.formUnion(capability) }
            if try state.has(value, CAP_INHERITABLE) { result.inheritable.formUnion(capability) }
        }
        return result
    }

    /// Makes the thread's sets these.
    ///
    /// The corresponding C function is `cap_set_proc`.
    func apply() throws(PrivilegeError) {
        let state = try State(cap_init(), .setCapabilities)
        for value in 0..<cap_max_bits() {
            let capability = Capability(rawValue: value)
            if permitted.contains(capability) { try state.raise(value, CAP_PERMITTED) }
            if effective.contains(capability) { try state.raise(value, CAP_EFFECTIVE) }
            if inheritable.contains(capability) { try state.raise(value, CAP_INHERITABLE) }
        }
        try state.install()
    }

    /// Empties the bounding set. Needs `CAP_SETPCAP` in the effective set.
    ///
    /// The corresponding C function is `cap_drop_bound`.
    static func emptyBoundingSet() throws(PrivilegeError) {
        for value in 0..<cap_max_bits() where cap_drop_bound(value) != 0 {
            throw .system(.dropBoundingSet, "\(Capability(rawValue: value))")
        }
    }

    /// Empties the ambient set. A kernel without ambient sets (before 4.3) has nothing to empty.
    ///
    /// The corresponding C function is `cap_reset_ambient`.
    static func emptyAmbientSet() throws(PrivilegeError) {
        guard cap_reset_ambient() != 0 else { return }
        guard Errno.current == .invalidArgument || Errno.current == .noFunction else {
            throw .system(.clearAmbientSet, "all")
        }
    }
}

/// Owns a `cap_t` and frees it once.
private struct State: ~Copyable {
    private let handle: cap_t

    init(_ handle: cap_t?, _ operation: PrivilegeError.Operation) throws(PrivilegeError) {
        guard let handle else { throw .system(operation, "libcap state") }
        self.handle = handle
    }

    deinit {
        cap_free(UnsafeMutableRawPointer(handle))
    }

    func has(_ value: cap_value_t, _ set: cap_flag_t) throws(PrivilegeError) -> Bool {
        var flag = CAP_CLEAR
        guard cap_get_flag(handle, value, set, &flag) == 0 else {
            throw .system(.readCapabilities, "\(Capability(rawValue: value))")
        }
        return flag == CAP_SET
    }

    func raise(_ value: cap_value_t, _ set: cap_flag_t) throws(PrivilegeError) {
        var value = value
        guard cap_set_flag(handle, set, 1, &value, CAP_SET) == 0 else {
            throw .system(.setCapabilities, "\(Capability(rawValue: value))")
        }
    }

    func install() throws(PrivilegeError) {
        guard cap_set_proc(handle) == 0 else { throw .system(.setCapabilities, "cap_set_proc") }
    }
}
