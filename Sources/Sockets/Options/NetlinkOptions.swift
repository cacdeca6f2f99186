import CLinux
import Glibc

// The options of netlink(7), level SOL_NETLINK.
extension SocketOption {
    private static func netlink(_ number: Int32, _ name: String) -> Self {
        .init(level: SOL_NETLINK, number: number, name: name)
    }
}

extension SocketOption where Value == Bool {
    /// `NETLINK_PKTINFO`: messages carry the number of the group that they were sent to.
    public static var netlinkReceiveGroup: Self { netlink(NETLINK_PKTINFO, "NETLINK_PKTINFO") }
    /// `NETLINK_BROADCAST_ERROR`: a multicast that some receiver had no room for fails.
    public static var netlinkBroadcastError: Self { netlink(NETLINK_BROADCAST_ERROR, "NETLINK_BROADCAST_ERROR") }
    /// `NETLINK_NO_ENOBUFS`: messages that there was no room for are not reported as `ENOBUFS`.
    public static var netlinkNoOverrunError: Self { netlink(NETLINK_NO_ENOBUFS, "NETLINK_NO_ENOBUFS") }
    /// `NETLINK_CAP_ACK`: an acknowledgement of an error quotes only the header of the request.
    public static var netlinkShortAcknowledgement: Self { netlink(NETLINK_CAP_ACK, "NETLINK_CAP_ACK") }
    /// `NETLINK_EXT_ACK`: an acknowledgement says in words what was wrong.
    public static var netlinkExtendedAcknowledgement: Self { netlink(NETLINK_EXT_ACK, "NETLINK_EXT_ACK") }
    /// `NETLINK_GET_STRICT_CHK`: a dump whose filter is malformed is refused.
    public static var netlinkStrictCheck: Self { netlink(NETLINK_GET_STRICT_CHK, "NETLINK_GET_STRICT_CHK") }
}

extension SocketOption where Value == UInt32 {
    /// `NETLINK_ADD_MEMBERSHIP`: joins the multicast group of this number. It can be set only.
    public static var netlinkJoinGroup: Self { netlink(NETLINK_ADD_MEMBERSHIP, "NETLINK_ADD_MEMBERSHIP") }
    /// `NETLINK_DROP_MEMBERSHIP`: leaves it. It can be set only.
    public static var netlinkLeaveGroup: Self { netlink(NETLINK_DROP_MEMBERSHIP, "NETLINK_DROP_MEMBERSHIP") }
}
