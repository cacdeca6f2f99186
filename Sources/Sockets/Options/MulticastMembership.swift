public import Addresses
import CLinux
import Glibc

// The protocol-independent calls of RFC 3678 §5, which know both families.
extension Socket {
    /// Joins a multicast group: of any source, or with `source` only what that host sends (RFC 4607); several sources
    /// are joined one by one. The corresponding C options are `MCAST_JOIN_GROUP` and `MCAST_JOIN_SOURCE_GROUP`.
    /// - Parameter interfaceIndex: the interface to join on; 0 for the one that the routing table has for the group.
    /// - Throws: `invalidArgument` for a group that is no multicast address, and a source that is one or is of another
    ///   family; `EADDRINUSE` where the socket has joined already, `ENODEV` without such an interface or a route to
    ///   the group, `ENOBUFS` for more groups or sources than the kernel allows.
    public func joinGroup(_ group: IPAddress, source: IPAddress? = nil, interfaceIndex: UInt32 = 0) throws(SocketError)
    {
        guard let source else {
            return try setMembership(group, nil, interfaceIndex, MCAST_JOIN_GROUP, "MCAST_JOIN_GROUP")
        }
        try setMembership(group, source, interfaceIndex, MCAST_JOIN_SOURCE_GROUP, "MCAST_JOIN_SOURCE_GROUP")
    }

    /// Leaves a multicast group, or with `source` that source of it only. The arguments are those that it was joined
    /// with. The corresponding C options are `MCAST_LEAVE_GROUP` and `MCAST_LEAVE_SOURCE_GROUP`.
    /// - Throws: `EADDRNOTAVAIL` (of IPv4, without `source`: perhaps `ENODEV`) where the socket has not joined; and
    ///   `invalidArgument` as `joinGroup`.
    public func leaveGroup(_ group: IPAddress, source: IPAddress? = nil, interfaceIndex: UInt32 = 0) throws(SocketError)
    {
        guard let source else {
            return try setMembership(group, nil, interfaceIndex, MCAST_LEAVE_GROUP, "MCAST_LEAVE_GROUP")
        }
        try setMembership(group, source, interfaceIndex, MCAST_LEAVE_SOURCE_GROUP, "MCAST_LEAVE_SOURCE_GROUP")
    }

    /// Has what `source` sends to a group dropped that was joined of any source. The corresponding C option is
    /// `MCAST_BLOCK_SOURCE`.
    /// - Throws: `EADDRNOTAVAIL` where it is blocked already, `EINVAL` where the group was not joined of any source;
    ///   and `invalidArgument` as `joinGroup`.
    public func blockSource(_ source: IPAddress, ofGroup group: IPAddress, interfaceIndex: UInt32 = 0)
        throws(SocketError)
    {
        try setMembership(group, source, interfaceIndex, MCAST_BLOCK_SOURCE, "MCAST_BLOCK_SOURCE")
    }

    /// Lets what `source` sends to a group come again. The corresponding C option is `MCAST_UNBLOCK_SOURCE`.
    /// - Throws: `EADDRNOTAVAIL` where it is not blocked; and `invalidArgument` as `joinGroup`.
    public func unblockSource(_ source: IPAddress, ofGroup group: IPAddress, interfaceIndex: UInt32 = 0)
        throws(SocketError)
    {
        try setMembership(group, source, interfaceIndex, MCAST_UNBLOCK_SOURCE, "MCAST_UNBLOCK_SOURCE")
    }

    private func setMembership(
        _ group: IPAddress, _ source: IPAddress?, _ interfaceIndex: UInt32, _ number: Int32, _ name: String
    ) throws(SocketError) {
        guard group.isMulticast else { throw .invalidArgument("group", "is \(group), which is no multicast address") }
        let bytes: [UInt8]
        if let source {
            guard source.family == group.family, !source.isMulticast else {
                throw .invalidArgument("source", "is \(source); it is the address of a host, of the group's family")
            }
            var request = group_source_req()
            request.gsr_interface = interfaceIndex
            request.gsr_group = SocketAddress(group).storage
            request.gsr_source = SocketAddress(source).storage
            bytes = [UInt8](layingOut: request)
        } else {
            var request = group_req()
            request.gr_interface = interfaceIndex
            request.gr_group = SocketAddress(group).storage
            bytes = [UInt8](layingOut: request)
        }
        let level = group.family == .v4 ? IPPROTO_IP : IPPROTO_IPV6
        try setOption(SocketOption(level: Int32(level), number: number, name: name), to: bytes)
    }
}

extension SocketAddress {
    /// The C structure with room for any address.
    fileprivate var storage: sockaddr_storage {
        var storage = sockaddr_storage()
        _ = withUnsafeMutableBytes(of: &storage) { bytes in bytes.baseAddress.map { store(to: $0) } }
        return storage
    }
}
