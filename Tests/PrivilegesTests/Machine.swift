import Glibc

@testable import Privileges

/// What the machine, or the namespace that the tests run in, lets a test show.
enum Machine {
    static let isRoot = geteuid() == 0

    /// User 0 with other users to become: not the single user of `unshare -Ur`.
    static let isRootAmongUsers: Bool = {
        guard isRoot, let namespace = try? UserNamespace.current() else { return false }
        return namespace.maps(.nobody) && namespace.maps(UserIdentity(userID: 1000, groupID: 1000))
            && namespace.allowsSetGroups
    }()

    static let opensRawSockets: Bool = {
        let descriptor = socket(AF_INET, CInt(SOCK_RAW.rawValue), CInt(IPPROTO_ICMP))
        defer { close(descriptor) }
        return descriptor >= 0
    }()

    static let makesUserNamespaces = Probe.run(["unshare", "-Ur", "true"]).end == .exit(0)

    /// Whether an ordinary user can run the probe at all: the Swift libraries may be in a directory that is closed to
    /// it.
    static let runsProbeAsUser: Bool = {
        guard isRootAmongUsers, let copy = ProbeCopy() else { return false }
        return Probe.run(through: asUser, copy: copy.path).end != .exit(127)
    }()

    /// Whether a file can grant privileges: not on a file system that is mounted nosuid, nor under no_new_privs.
    static let filesGrantPrivileges: Bool = {
        var fileSystem = statvfs()
        guard runsProbeAsUser, opensRawSockets, statvfs("/tmp", &fileSystem) == 0 else { return false }
        guard let copy = ProbeCopy(grant: ["setcap", "cap_net_raw=p"]) else { return false }
        return fileSystem.f_flag & UInt(ST_NOSUID) == 0 && !copy.path.isEmpty
    }()

    static let asUser = ["setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"]
}
