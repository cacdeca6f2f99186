public import Addresses
public import Sockets
import SystemPackage

/// A socket for ICMP echo, of whichever kind could be had.
public struct EchoSocket: ~Copyable {
    /// The kinds of sockets that can send an echo request.
    public enum Kind: String, Sendable {
        /// `SOCK_RAW`: for IPv4 with a header of our own making (`IP_HDRINCL`). Needs `CAP_NET_RAW`.
        case raw
        /// `SOCK_DGRAM`: an ICMP datagram socket, for the groups that `net.ipv4.ping_group_range` allows; see icmp(7).
        case datagram
    }

    let socket: Socket
    /// The kind that could be had.
    public let kind: Kind
    /// The family of its destinations.
    public let family: IPFamily

    /// Opens a socket: raw where that is allowed, else the datagram kind, or only the kind that `only` names.
    /// - Throws: the refusal of the last kind tried.
    public init(_ family: IPFamily, only: Kind? = nil) throws(SocketError) {
        self.family = family
        let socketFamily: SocketFamily = family == .v4 ? .ipv4 : .ipv6
        let icmp: SocketProtocol = family == .v4 ? .icmp : .icmpv6
        if only != .datagram {
            do {
                socket = try Socket(socketFamily, .raw, icmp)
                kind = .raw
                beginTimestamps()
                return
            } catch {
                guard only == nil, error.errno == .notPermitted || error.errno == .permissionDenied else { throw error }
            }
        }
        socket = try Socket(socketFamily, .datagram, icmp)
        kind = .datagram
        beginTimestamps()
    }

    /// A kernel that no socket has asked for timestamps begins with them a moment after the first has, and until then
    /// gives the time of reading for that of arrival.
    private func beginTimestamps() { try? socket.setOption(.timestamping, to: [.receiveSoftware, .software]) }

    /// Marks every packet for policy routing. Needs `CAP_NET_ADMIN` or, since Linux 5.17, `CAP_NET_RAW`.
    public func setMark(_ mark: UInt32) throws(SocketError) { try socket.setOption(.mark, to: mark) }

    /// Sets `SO_DEBUG`. Needs `CAP_NET_ADMIN`.
    public func setDebugging() throws(SocketError) { try socket.setOption(.debug, to: true) }

    /// Sends and receives through this interface or VRF only.
    public func bind(toDevice name: String) throws(SocketError) { try socket.bind(toDevice: name) }
}
