public import Addresses
public import Sockets

/// The link on which groups are spoken of: an interface, and who this host is there.
public struct MulticastLink: Sendable {
    /// The interface.
    public let interface: NetworkInterface
    /// The address from which messages are sent: of IPv6 the link-local one. `nil` where there is none.
    public let source: IPAddress?
    /// All addresses of this host.
    public let ownAddresses: Set<IPAddress>
    /// The other interfaces that could have been meant where none was named.
    public let alternatives: [String]
    /// The largest packet that it takes, in bytes.
    public let mtu: Int
    /// Whether it leads nowhere else.
    public let isLoopback: Bool

    /// Why there is no link.
    public enum Failure: Error, Hashable, Sendable {
        /// No interface has that name.
        case unknown(String)
        /// The interface is down.
        case down(String)
        /// It has no address of this family; of IPv6, no link-local one.
        case noAddress(String, IPFamily)
        /// No interface is up that has multicast and an address of this family.
        case none(IPFamily)
        /// The system does not tell.
        case system(SocketError)
    }

    /// Finds the interface of that name, or else the one to which the routing table sends multicast, or the only one that
    /// has any.
    public init(named name: String?, _ family: IPFamily) throws(Failure) {
        let entries: [InterfaceAddress]
        do throws(SocketError) { entries = try NetworkInterface.addresses() } catch { throw .system(error) }
        ownAddresses = Set(entries.compactMap(\.address))
        func source(of interface: NetworkInterface) -> IPAddress? {
            entries.lazy.filter { $0.interface == interface }.compactMap(\.address).first {
                $0.family == family && (family == .v4 || $0.isLinkLocal)
            }
        }
        if let name {
            guard let entry = entries.first(where: { $0.interface.name == name }) else { throw .unknown(name) }
            guard entry.isUp else { throw .down(name) }
            interface = entry.interface
            isLoopback = entry.isLoopback
            alternatives = []
        } else {
            var candidates: [NetworkInterface] = []
            for entry in entries where entry.isUp && entry.hasMulticast && !entry.isLoopback {
                let isNew = !candidates.contains(entry.interface)
                if isNew, source(of: entry.interface) != nil { candidates.append(entry.interface) }
            }
            guard let first = candidates.first else { throw .none(family) }
            let routed = candidates.count == 1 ? first : Self.routed(family, entries)
            let chosen = routed.flatMap { candidates.contains($0) ? $0 : nil } ?? first
            interface = chosen
            isLoopback = false
            alternatives = candidates.filter { $0 != chosen }.map(\.name)
        }
        self.source = source(of: interface)
        do throws(SocketError) {
            mtu = try Socket(.ipv4, .datagram).maximumTransmissionUnit(ofInterface: interface.name)
        } catch {
            throw .system(error)
        }
    }

    /// The interface by which the routing table sends multicast: a socket that is connected to a group has its address.
    private static func routed(_ family: IPFamily, _ entries: [InterfaceAddress]) -> NetworkInterface? {
        // 224.0.0.1 and ff0e::1, and a port to which nothing is sent.
        let group: IPAddress =
            family == .v4 ? .v4(IPv4Address(224, 0, 0, 1)) : .v6(IPv6Address(rawValue: 0xff0e << 112 | 1))
        guard let socket = try? Socket(family == .v4 ? .ipv4 : .ipv6, .datagram),
            (try? socket.connect(to: SocketAddress(group, port: 9))) != nil,
            let local = try? socket.localAddress().ipAddress
        else { return nil }
        return entries.first { $0.address == local }?.interface
    }
}
