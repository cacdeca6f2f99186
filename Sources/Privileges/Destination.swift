import CLinux
import Glibc
import SystemPackage

/// Who the process is once everything is given away.
public enum Destination: Hashable, Sendable {
    /// The ordinary user who started it.
    case caller(UserIdentity)
    /// The user for whom sudo(8) started it.
    case invokingUser(UserIdentity)
    /// Nobody in particular: root started it, and not through sudo.
    case nobody(UserIdentity)
    /// Still user 0, of a user namespace that has no other user to become (`unshare -Ur`). To everything outside that
    /// namespace it is the ordinary user who made it, here given as the namespace around this one numbers it.
    case namespaceRoot(UserIdentity, outsideUserID: uid_t)

    /// User and group of the process.
    public var identity: UserIdentity {
        switch self {
        case .caller(let identity), .invokingUser(let identity), .nobody(let identity): identity
        case .namespaceRoot(let identity, _): identity
        }
    }

    /// Where a caller ends in a namespace. Throws when the namespace has no map yet, so that not even its own user
    /// exists.
    init(of caller: Caller, in namespace: UserNamespace) throws(PrivilegeError) {
        if !caller.isRoot {
            self = .caller(UserIdentity(userID: caller.userID, groupID: caller.groupID))
        } else if let sudo = caller.sudo, namespace.maps(sudo) {
            self = .invokingUser(sudo)
        } else if namespace.maps(.nobody) {
            self = .nobody(.nobody)
        } else if let outside = namespace.outside(ofUser: 0) {
            self = .namespaceRoot(UserIdentity(userID: 0, groupID: caller.groupID), outsideUserID: outside)
        } else {
            throw PrivilegeError(.changeIdentity, "user 0 is not mapped in this user namespace")
        }
    }
}

extension UserIdentity {
    /// Makes real, effective and saved ids these. Group first: without user 0 it could not be changed any more.
    ///
    /// The corresponding C functions are `setresgid` and `setresuid`.
    func assume() throws(PrivilegeError) {
        guard setresgid(groupID, groupID, groupID) == 0 else { throw .system(.changeIdentity, "setresgid \(groupID)") }
        guard setresuid(userID, userID, userID) == 0 else { throw .system(.changeIdentity, "setresuid \(userID)") }
    }

    /// Leaves all supplementary groups.
    ///
    /// The corresponding C function is `setgroups`.
    static func leaveGroups() throws(PrivilegeError) {
        guard setgroups(0, nil) == 0 else { throw .system(.changeIdentity, "setgroups") }
    }

    /// Ends the set-user-ID and set-group-ID state of the program's file: all ids become the real ones, while the
    /// permitted capabilities stay. So such a file is the same as one with file capabilities from here on, and no file
    /// is opened or created as its owner.
    static func becomeCaller() throws(PrivilegeError) {
        var (realUser, effectiveUser, savedUser) = (uid_t(), uid_t(), uid_t())
        var (realGroup, effectiveGroup, savedGroup) = (gid_t(), gid_t(), gid_t())
        guard getresuid(&realUser, &effectiveUser, &savedUser) == 0,
            getresgid(&realGroup, &effectiveGroup, &savedGroup) == 0
        else { throw .system(.changeIdentity, "getresuid") }
        let isChanged = realUser != effectiveUser || realUser != savedUser
        guard isChanged || realGroup != effectiveGroup || realGroup != savedGroup else { return }
        guard netprobe_prctl(PR_SET_KEEPCAPS, 1, 0) == 0 else { throw .system(.changeIdentity, "PR_SET_KEEPCAPS") }
        try UserIdentity(userID: realUser, groupID: realGroup).assume()
        guard netprobe_prctl(PR_SET_KEEPCAPS, 0, 0) == 0 else { throw .system(.changeIdentity, "PR_SET_KEEPCAPS") }
    }
}
