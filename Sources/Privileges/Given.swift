/// What ``ParkedPrivileges/giveAway(_:)`` did and proved.
public struct Given: Hashable, Sendable {
    /// Who the process is now.
    public let destination: Destination
    /// Whether all supplementary groups were left: root does, where its user namespace allows it.
    public let leftGroups: Bool
    /// Whether the bounding set is empty; without `CAP_SETPCAP` it can't be changed, and `no_new_privs` has the same
    /// effect.
    public let emptiedBoundingSet: Bool
    /// The system calls that are left.
    public let filter: SystemCallFilter
}

extension Given: CustomStringConvertible {
    /// One line for people: who the process is and what holds it there.
    public var description: String {
        let identity = destination.identity
        let user =
            switch destination {
            case .caller: "the caller"
            case .invokingUser: "the user of sudo"
            case .nobody: "nobody"
            case .namespaceRoot(_, let outside): "root of this user namespace, outside it user \(outside)"
            }
        let bounding = emptiedBoundingSet ? "no capabilities, none to gain" : "no capabilities"
        return "uid \(identity.userID) gid \(identity.groupID) (\(user)), \(bounding), no_new_privs, seccomp \(filter)"
    }
}
