import Addresses
import CLinux
import Glibc
import SystemPackage

extension Socket {
    /// Leases a flow label for packets to `destination`, and has it sent in their headers when the address given to
    /// `send` carries it. The corresponding C option is `IPV6_FLOWLABEL_MGR`.
    /// - Parameters:
    ///   - label: 20 bits, host byte order; 0 has the kernel choose one.
    ///   - isShared: whether others may have it too that want it shared; else it is this socket's alone.
    /// - Returns: the label leased.
    /// - Throws: `EINVAL` for a label of more than 20 bits, `EPERM` for one that another socket has leased, or had
    ///   until a few seconds ago: the kernel keeps a label for a while after its last use.
    public func leaseFlowLabel(
        _ label: UInt32, to destination: IPv6Address, isShared: Bool = false
    ) throws(SocketError) -> UInt32 {
        var request = in6_flowlabel_req()
        withUnsafeMutableBytes(of: &request.flr_dst) {
            $0.storeBytes(of: destination.rawValue.bigEndian, as: UInt128.self)
        }
        request.flr_label = label.bigEndian
        request.flr_action = UInt8(IPV6_FL_A_GET)
        request.flr_flags = UInt16(IPV6_FL_F_CREATE)
        request.flr_share = UInt8(isShared ? IPV6_FL_S_ANY : IPV6_FL_S_EXCL)
        // The kernel writes the label that it chose into the request, whatever setsockopt(2) declares.
        let result = withUnsafeMutableBytes(of: &request) {
            CallResult(
                setsockopt(
                    fileDescriptor.rawValue, Int32(IPPROTO_IPV6), Int32(IPV6_FLOWLABEL_MGR), $0.baseAddress,
                    socklen_t($0.count)))
        }
        try result.check(.setOption("IPV6_FLOWLABEL_MGR"), SocketAddress(.v6(destination)))
        try setOption(.ipv6SendFlowInformation, to: true)
        return UInt32(bigEndian: request.flr_label)
    }
}
