import SystemPackage

/// The user namespace that the process is in (user_namespaces(7)), as far as it decides who the process can become.
struct UserNamespace: Sendable {
    /// The text of `/proc/self/uid_map`; nil when the kernel has no user namespaces, so that every id is itself.
    private let userMap: [UInt8]?
    /// The same for groups.
    private let groupMap: [UInt8]?
    /// Whether setgroups(2) is allowed in this namespace. It never is when an ordinary user wrote the group map.
    let allowsSetGroups: Bool

    /// The namespace that these files describe.
    init(userMap: [UInt8]?, groupMap: [UInt8]?, setGroups: [UInt8]?) {
        self.userMap = userMap
        self.groupMap = groupMap
        // The file is younger than user namespaces (3.19): without it nothing is denied.
        allowsSetGroups = setGroups.map { $0.starts(with: "allow".utf8) } ?? true
    }

    /// The namespace in which every id is itself.
    static var initial: UserNamespace { UserNamespace(userMap: nil, groupMap: nil, setGroups: nil) }

    /// Reads what the kernel says of the process's own namespace.
    static func current() throws(PrivilegeError) -> UserNamespace {
        UserNamespace(
            userMap: try text("/proc/self/uid_map"),
            groupMap: try text("/proc/self/gid_map"),
            setGroups: try text("/proc/self/setgroups")
        )
    }

    /// Whether both ids exist here. The kernel refuses to change to one that does not.
    func maps(_ identity: UserIdentity) -> Bool {
        outside(ofUser: identity.userID) != nil && outside(ofGroup: identity.groupID) != nil
    }

    /// What a user id of this namespace is in the one around it; nil when it is not mapped.
    func outside(ofUser userID: UInt32) -> UInt32? {
        Self.translate(userID, userMap)
    }

    /// What a group id of this namespace is in the one around it; nil when it is not mapped.
    func outside(ofGroup groupID: UInt32) -> UInt32? {
        Self.translate(groupID, groupMap)
    }

    /// Looks an id up in lines of three numbers: first id inside, first id outside, how many.
    private static func translate(_ id: UInt32, _ map: [UInt8]?) -> UInt32? {
        guard let map else { return id }
        for line in map.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " "))
            guard words.count == 3, let inside = UInt32(digits: words[0], radix: 10),
                let outside = UInt32(digits: words[1], radix: 10), let count = UInt32(digits: words[2], radix: 10)
            else { continue }
            if id >= inside, id - inside < count { return outside &+ (id - inside) }
        }
        return nil
    }

    private static func text(_ path: String) throws(PrivilegeError) -> [UInt8]? {
        do throws(PrivilegeError) {
            return try ProcessFile(path).read()
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
    }
}
