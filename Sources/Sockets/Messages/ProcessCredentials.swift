import CLinux
import Glibc

/// Who a process is: `struct ucred`, unix(7).
public struct ProcessCredentials: Hashable, Sendable {
    /// The process's number.
    public let processID: Int32
    /// The user's number.
    public let userID: UInt32
    /// The group's number.
    public let groupID: UInt32

    /// Credentials to send: the kernel takes only those of the sender, unless it is privileged.
    public init(processID: Int32, userID: UInt32, groupID: UInt32) {
        self.processID = processID
        self.userID = userID
        self.groupID = groupID
    }

    /// Those of this process: its effective user and group.
    public static var current: Self { Self(processID: getpid(), userID: geteuid(), groupID: getegid()) }

    init(_ c: ucred) { self.init(processID: c.pid, userID: c.uid, groupID: c.gid) }

    var c: ucred { ucred(pid: processID, uid: userID, gid: groupID) }
}
