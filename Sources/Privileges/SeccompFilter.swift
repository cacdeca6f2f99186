import CSeccomp
import Glibc
import SystemPackage

/// A filter that libseccomp builds; owns its `scmp_filter_ctx`.
struct SeccompFilter: ~Copyable {
    private let context: scmp_filter_ctx

    /// A filter that refuses everything with `EPERM`, and ends a process that uses the numbering of another
    /// architecture, by which a filter could be led astray.
    ///
    /// The corresponding C functions are `seccomp_init` and `seccomp_attr_set`.
    init() throws(PrivilegeError) {
        let refuse: UInt32 = 0x0005_0000 | UInt32(EPERM)  // SCMP_ACT_ERRNO(EPERM)
        guard let context = seccomp_init(refuse) else { throw PrivilegeError(.installFilter, "seccomp_init") }
        let attributes: [(scmp_filter_attr, UInt32)] = [
            (SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS),
            // A binary tree. The kernel tries each call's number on the filter when it loads it, so a short way to
            // every number makes loading faster too.
            (SCMP_FLTATR_CTL_OPTIMIZE, 2),
        ]
        for (attribute, value) in attributes {
            let result = seccomp_attr_set(context, attribute, value)
            guard result == 0 else {
                seccomp_release(context)
                throw PrivilegeError(.installFilter, "attribute", errno: Errno(rawValue: 0 &- result))
            }
        }
        self.context = context
    }

    deinit {
        seccomp_release(context)
    }

    /// Lets these calls through, whatever their arguments.
    func allow(_ calls: [CInt]) throws(PrivilegeError) {
        for call in calls { try add(SCMP_ACT_ALLOW, call) }
    }

    /// Lets these calls through where their arguments are so.
    func allow(_ rules: [SystemCallRule]) throws(PrivilegeError) {
        for rule in rules { try add(SCMP_ACT_ALLOW, rule.call, rule.arguments) }
    }

    /// Has these calls fail with `ENOSYS`, as on a kernel that does not have them.
    func deny(_ calls: [CInt]) throws(PrivilegeError) {
        let unknown: UInt32 = 0x0005_0000 | UInt32(ENOSYS)  // SCMP_ACT_ERRNO(ENOSYS)
        for call in calls { try add(unknown, call) }
    }

    /// Ends the process that makes one of these calls.
    func endProcess(on calls: [CInt]) throws(PrivilegeError) {
        for call in calls { try add(SCMP_ACT_KILL_PROCESS, call) }
    }

    /// Loads the filter into the kernel. `no_new_privs` has to be set.
    ///
    /// The corresponding C function is `seccomp_load`.
    func load() throws(PrivilegeError) {
        try Self.check(seccomp_load(context), "seccomp_load")
    }

    private func add(_ action: UInt32, _ call: CInt, _ arguments: [scmp_arg_cmp] = []) throws(PrivilegeError) {
        // libseccomp gives a negative number to a call that this architecture does not have.
        guard call >= 0 else { return }
        let result = seccomp_rule_add_array(context, action, call, CUnsignedInt(arguments.count), arguments)
        try Self.check(result, "system call \(call)")
    }

    /// libseccomp returns a negative errno.
    private static func check(_ result: CInt, _ subject: @autoclosure () -> String) throws(PrivilegeError) {
        guard result == 0 else { throw PrivilegeError(.installFilter, subject(), errno: Errno(rawValue: 0 &- result)) }
    }
}

/// A system call that is allowed where its arguments are so.
struct SystemCallRule {
    let call: CInt
    let arguments: [scmp_arg_cmp]

    init(_ call: CInt, _ arguments: scmp_arg_cmp...) {
        self.call = call
        self.arguments = arguments
    }
}

extension scmp_arg_cmp {
    /// Argument `index`, counted from 0, is this number. Only its low 32 bits are looked at, as the kernel does with an
    /// `int`: the upper half of a register is whatever the compiler left there.
    static func argument(_ index: CUnsignedInt, is value: some BinaryInteger) -> scmp_arg_cmp {
        argument(index, bits: UInt32.max, are: UInt32(truncatingIfNeeded: value))
    }

    /// Argument `index` is this number or a smaller one.
    static func argument(_ index: CUnsignedInt, isAtMost value: CInt) -> scmp_arg_cmp {
        scmp_arg_cmp(arg: index, op: SCMP_CMP_LE, datum_a: scmp_datum_t(truncatingIfNeeded: value), datum_b: 0)
    }

    /// These bits of argument `index` are so, whatever its others.
    static func argument(
        _ index: CUnsignedInt, bits: some BinaryInteger, are value: some BinaryInteger
    ) -> scmp_arg_cmp {
        scmp_arg_cmp(
            arg: index, op: SCMP_CMP_MASKED_EQ,
            datum_a: scmp_datum_t(truncatingIfNeeded: bits), datum_b: scmp_datum_t(truncatingIfNeeded: value)
        )
    }
}
