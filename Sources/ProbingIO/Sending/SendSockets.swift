public import Addresses
import Packets
public import Sockets
import SystemPackage

/// The sockets of packets that are made by hand: a raw one with headers of our own (`IP_HDRINCL`, `IPV6_HDRINCL`) to
/// send by, and one of `AF_PACKET`, which shows answers of any protocol as they come, headers and fragments and all.
public struct SendSockets {
    /// The family of the packets.
    public let family: IPFamily
    let sender: SharedSocket
    /// `nil` where answers are not wanted.
    let receiver: SharedSocket?
    private let device: String?

    /// Opens the sockets. Needs `CAP_NET_RAW`, for the opening only.
    /// - Parameter device: the interface or VRF, by name; `nil` for what the routes say.
    public init(_ family: IPFamily, receiving: Bool, device: String? = nil) throws(SocketError) {
        self.family = family
        self.device = device
        let sender = try Socket(family == .v4 ? .ipv4 : .ipv6, .raw, .raw)
        switch family {
        case .v4:
            try sender.setOption(.ipv4HeaderIncluded, to: true)
            try sender.setOption(.broadcast, to: true)
            try sender.setOption(.ipv4PathMTUDiscovery, to: .probe)
            // Nobody reads what it receives.
            try sender.attachFilter([.drop])
        case .v6:
            try sender.setOption(.ipv6HeaderIncluded, to: true)
            try sender.setOption(.ipv6PathMTUDiscovery, to: .probe)
        }
        if let device { try sender.bind(toDevice: device) }
        self.sender = SharedSocket(sender)
        receiver = receiving ? SharedSocket(try Self.receiver(family, device: device)) : nil
    }

    private static func receiver(_ family: IPFamily, device: String?) throws(SocketError) -> Socket {
        let etherType: UInt16 = family == .v4 ? 0x0800 : 0x86DD
        // It belongs to no interface and no protocol before it is bound: nothing is received that was not wanted.
        let socket = try Socket(.packet, .datagram, SocketProtocol(rawValue: 0))
        try socket.setOption(.packetIgnoreOutgoing, to: true)
        try socket.setOption(.receiveBufferSize, to: 4 << 20)
        try? socket.setOption(.receiveTimestamps, to: true)
        // A VRF's packets come in by the interfaces that belong to it.
        let index = device.flatMap(NetworkInterface.index(name:)) ?? 0
        try socket.bind(to: .packet(PacketAddress(interfaceIndex: index, etherType: etherType)))
        return socket
    }

    /// Our address in packets to a destination, as the routes say it.
    public func source(towards destination: SocketAddress) throws(SocketError) -> IPAddress? {
        try Self.source(towards: destination, device: device)
    }

    /// The same without sockets of one's own: nothing is sent for it.
    public static func source(towards destination: SocketAddress, device: String?) throws(SocketError) -> IPAddress? {
        guard let address = destination.ipAddress else { return nil }
        let socket = try Socket(address.family == .v4 ? .ipv4 : .ipv6, .datagram)
        if address.family == .v4 { try socket.setOption(.broadcast, to: true) }
        if let device { try socket.bind(toDevice: device) }
        try socket.connect(to: destination.withPort(1025))
        return try socket.localAddress().ipAddress
    }

    /// Whether an address is one of this machine's.
    public static func isLocal(_ address: IPAddress) -> Bool {
        guard let socket = try? Socket(address.family == .v4 ? .ipv4 : .ipv6, .datagram) else { return false }
        // Where the kernel lets anybody bind to any address, this can't be told: then it is not.
        let isFree = (try? ProcessSetting.isNonLocalBindAllowed(address.family)) ?? true
        guard !isFree, (try? socket.bind(to: SocketAddress(address))) != nil else { return false }
        return !address.isUnspecified && !address.isMulticast
    }
}

/// What the kernel is set to.
private enum ProcessSetting {
    static func isNonLocalBindAllowed(_ family: IPFamily) throws -> Bool {
        let name = "/proc/sys/net/ipv\(family == .v4 ? 4 : 6)/ip_nonlocal_bind"
        let file = try FileDescriptor.open(FilePath(name), .readOnly, options: .closeOnExec)
        return try file.closeAfter {
            var text = [UInt8](repeating: 0, count: 8)
            let count = try text.withUnsafeMutableBytes { try file.read(into: $0) }
            return text.prefix(count).first != UInt8(ascii: "0")
        }
    }
}
