import CLinux
import Glibc

/// Who started the process, as far as the kernel vouches for it.
public struct Caller: Hashable, Sendable {
    /// The real user id.
    public let userID: uid_t
    /// The real group id.
    public let groupID: gid_t
    /// Whether the program's file gave the process more than its starter has: set-user-ID, set-group-ID or file
    /// capabilities, or a security module's word. Environment and arguments are then not the program's own.
    ///
    /// The corresponding C call is `getauxval(AT_SECURE)`.
    public let isAtSecure: Bool
    /// The user and group that sudo(8) says it works for (`SUDO_UID`, `SUDO_GID`); nil unless both are plain numbers,
    /// neither is root's, and the real user is root, who alone can have been put here by sudo.
    public let sudo: UserIdentity?

    /// Whether root itself is asking (real user id 0): no policy limits what it may do.
    public var isRoot: Bool { userID == 0 }

    /// The `SUDO_UID` that is believed.
    public var sudoUserID: uid_t? { sudo?.userID }
    /// The `SUDO_GID` that is believed.
    public var sudoGroupID: gid_t? { sudo?.groupID }

    /// Asks the kernel, and the environment where that is root's own.
    static func current() -> Caller {
        let userID = getuid()
        let isAtSecure = getauxval(UInt(AT_SECURE)) != 0
        var sudo: UserIdentity?
        if userID == 0, !isAtSecure, let user = Self.sudoNumber("SUDO_UID"), let group = Self.sudoNumber("SUDO_GID") {
            sudo = UserIdentity(userID: user, groupID: group)
        }
        return Caller(userID: userID, groupID: getgid(), isAtSecure: isAtSecure, sudo: sudo)
    }

    private static func sudoNumber(_ name: String) -> UInt32? {
        guard let text = getenv(name) else { return nil }
        return ordinaryID(UnsafeBufferPointer(start: text, count: strlen(text)))
    }

    /// The number of an ordinary user or group: decimal digits and nothing else, neither 0 (root) nor 2³²-1 (nobody
    /// at all, "unchanged" to setresuid(2)).
    static func ordinaryID(_ text: some Collection<CChar>) -> UInt32? {
        guard (1...10).contains(text.count) else { return nil }
        var value: UInt64 = 0
        for character in text {
            guard 0x30...0x39 ~= character else { return nil }
            value = value &* 10 &+ UInt64(character &- 0x30)
        }
        return value == 0 || value >= UInt64(UInt32.max) ? nil : UInt32(value)
    }
}
