public import Addresses
import Packets
public import Sockets

/// How echo requests travel. `nil` leaves a choice to the kernel.
public struct EchoOptions: Sendable {
    /// The IPv4 option that requests carry.
    public enum HeaderOption: Sendable {
        /// Routers record their addresses.
        case recordRoute
        /// Routers record the time, with their addresses or without.
        case timestamps(withAddresses: Bool)
        /// These routers record the time, four at most.
        case timestampsOf([IPv4Address])
        /// The way leads through these routers, nine at most, and where `strict` through no others.
        case sourceRoute([IPv4Address], strict: Bool)
    }

    /// The TTL or hop limit, 1 to 255.
    public var hopLimit: UInt8?
    /// The DS field or traffic class: DSCP and ECN.
    public var trafficClass: UInt8?
    /// The flow label, 20 bits; 0 has the kernel choose one. IPv6 only.
    public var flowLabel: UInt32?
    /// What to do about the path MTU.
    public var pathMTUDiscovery: PathMTUDiscovery?
    /// The source address.
    public var source: IPAddress?
    /// The interface or VRF, by name.
    public var device: String?
    /// The mark for policy routing.
    public var mark: UInt32?
    /// Keep to the source address that was chosen at the start.
    public var keepsSource = false
    /// Only to attached networks.
    public var bypassesRouting = false
    /// Sending to broadcast addresses is meant.
    public var allowsBroadcast = false
    /// Multicast is not looped back to this host.
    public var suppressesMulticastLoop = false
    /// `SO_DEBUG`.
    public var debugs = false
    /// Connect the socket to the destination.
    public var connects = false
    /// Bytes of the send buffer.
    public var sendBufferSize: Int32?
    /// The IPv4 option.
    public var headerOption: HeaderOption?

    public init() {}
}

extension EchoOptions.HeaderOption {
    /// The options as they leave this host, which has itself recorded where it comes first.
    func options(source: IPv4Address, destination: IPv4Address, now: InternetTimestamp) -> [IPv4Option] {
        switch self {
        case .recordRoute:
            var record = RouteRecord(emptySlots: 9)
            record.slots[0] = source
            record.pointer += 4
            return [.noOperation, .recordRoute(record)]
        case .timestamps(let withAddresses):
            var option = IPv4TimestampOption(emptyEntries: withAddresses ? 4 : 9, withAddresses: withAddresses)
            option.entries[0] = .init(address: withAddresses ? source : nil, timestamp: now)
            option.pointer += withAddresses ? 8 : 4
            return [.timestamp(option)]
        case .timestampsOf(let addresses):
            var option = IPv4TimestampOption(prespecified: addresses)
            if addresses.first == source {
                option.entries[0].timestamp = now
                option.pointer += 8
            }
            return [.timestamp(option)]
        case .sourceRoute(let routers, let strict):
            // The header names the first router; the option holds the rest of the way (RFC 791 §3.1).
            let record = RouteRecord(slots: Array(routers.dropFirst()) + [destination])
            return [.noOperation, strict ? .strictSourceRoute(record) : .looseSourceRoute(record)]
        }
    }

    /// Whom a packet goes to first.
    func firstHop(towards destination: IPv4Address) -> IPv4Address {
        guard case .sourceRoute(let routers, _) = self else { return destination }
        return routers.first ?? destination
    }
}
