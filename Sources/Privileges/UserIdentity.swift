import Glibc

/// A user and its group, by number.
public struct UserIdentity: Hashable, Sendable {
    /// The user id.
    public let userID: uid_t
    /// The group id.
    public let groupID: gid_t

    /// The user and group with these numbers.
    public init(userID: uid_t, groupID: gid_t) {
        self.userID = userID
        self.groupID = groupID
    }

    /// `nobody`, which is 65534:65534 to the kernel (`/proc/sys/kernel/overflowuid`) and on Linux systems at large. Its
    /// name is not looked up: that would load NSS libraries into a process that still holds everything.
    public static var nobody: UserIdentity { UserIdentity(userID: 65534, groupID: 65534) }
}

extension UserIdentity {
    /// The supplementary groups of this process.
    ///
    /// The corresponding C call is `getgroups(2)`.
    static func groups() -> [gid_t] {
        let count = getgroups(0, nil)
        guard count > 0 else { return [] }
        var groups = [gid_t](repeating: 0, count: Int(count))
        let filled = getgroups(count, &groups)
        return Array(groups.prefix(max(0, Int(filled))))
    }

    /// The number that `/etc/group` has for a name. Other sources of names are not asked: that would load NSS libraries
    /// into a process that still holds everything.
    ///
    /// The corresponding C call is `fgetgrent(3)`.
    static func number(ofGroup name: String) -> gid_t? {
        guard let file = fopen("/etc/group", "re") else { return nil }
        defer { fclose(file) }
        while let group = fgetgrent(file) {
            if strcmp(group.pointee.gr_name, name) == 0 { return group.pointee.gr_gid }
        }
        return nil
    }
}
