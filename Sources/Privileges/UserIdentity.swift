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
