public import Addresses
public import Sockets

/// Where a service is: how to speak to it, and under which name or address.
public struct Endpoint: Sendable {
    /// How to speak to it.
    public enum Transport: String, Sendable {
        case tcp = "TCP"
        case udp = "UDP"
        case sctp = "SCTP"
        case unix = "Unix"
        case tipc = "TIPC"
    }

    /// What it is called.
    public enum Name: Sendable {
        /// A host's name or address, and a port; to listen on, no host is every address of this one.
        case host(String?, port: UInt16)
        /// An address that needs no look-up.
        case address(SocketAddress)
    }

    /// How to speak to it.
    public let transport: Transport
    /// `SOCK_STREAM` and its like.
    public let type: SocketType
    /// What it is called.
    public let name: Name
    /// The only Internet family wanted; `nil` for both.
    public var family: IPFamily?
    /// The address to connect from.
    public var source: ZonedAddress?
    /// The interface to send and receive through.
    public var interface: String?

    /// A service of this name.
    public init(_ transport: Transport, _ type: SocketType, _ name: Name) {
        self.transport = transport
        self.type = type
        self.name = name
    }

    /// Whether each message stands for itself: there are no connections.
    public var isConnectionless: Bool { type == .datagram || type == .reliableDatagram }

    /// Whether one end can stop sending and still receive: SCTP (RFC 9260 §9.2) and TIPC end both directions at once.
    public var closesByHalves: Bool { !isConnectionless && transport != .sctp && transport != .tipc }

    /// Whether messages keep their bounds.
    public var keepsMessages: Bool { type != .stream }

    /// The most bytes that are sent at once: a UDP datagram holds less than 64 KiB.
    public var largestSend: Int { transport == .udp ? 65_507 : 65_536 }

    /// The address, where it needs no look-up and no host.
    public var address: SocketAddress? {
        guard case .address(let address) = name else { return nil }
        return address
    }

    /// Whether a name stands for the address.
    public var needsLookUp: Bool {
        guard case .host(let host?, _) = name else { return false }
        return Self.literal(host) == nil
    }

    /// The address that a text is, where it is one.
    static func literal(_ text: String) -> IPAddress? {
        if let address = try? IPv4Address(parsing: text) { return .v4(address) }
        return (try? ZonedAddress(parsing: text))?.address
    }
}

extension Endpoint {
    /// The addresses to try, in this order. Where the name is one of a host, it is looked up.
    /// - Throws: `unresolved`.
    public func addresses() throws(SocketError) -> [SocketAddress] {
        guard case .host(let host, let port) = name else {
            guard case .address(let address) = name else { return [] }
            return [address]
        }
        guard let host else {
            switch family {
            case .v4: return [.ipv4(IPv4Address(rawValue: 0), port: port)]
            case .v6: return [.ipv6(IPv6Address(rawValue: 0), port: port)]
            // The first takes IPv4 as well, where the kernel has IPv6 at all.
            case nil: return [.ipv6(IPv6Address(rawValue: 0), port: port), .ipv4(IPv4Address(rawValue: 0), port: port)]
            }
        }
        let wanted = family ?? source?.address.family
        let answer: NameResolution.Answer
        do throws(NameResolutionError) { answer = try NameResolution.addresses(of: host) } catch {
            throw .unresolved(error)
        }
        let scope = interface.flatMap { NetworkInterface.index(name: $0) } ?? 0
        let addresses = answer.addresses.compactMap { address -> SocketAddress? in
            guard let ip = address.ipAddress, wanted ?? ip.family == ip.family else { return nil }
            let zoned = address.withScope(scope)
            return SocketAddress(ip, port: port, scopeID: zoned.scopeID)
        }
        guard !addresses.isEmpty else { throw .unresolved(.noAddressOfFamily(host)) }
        return addresses
    }
}

extension SocketAddress {
    /// A link-local address without a zone belongs to the interface that was asked for.
    public func withScope(_ scope: UInt32) -> SocketAddress {
        guard case .ipv6(let address, let port, 0, let flow) = self, scope != 0,
            address.isLinkLocal || address.isMulticastLinkLocal
        else { return self }
        return .ipv6(address, port: port, scopeID: scope, flowInformation: flow)
    }
}

extension Endpoint: CustomStringConvertible {
    /// As people write it: `localhost:80`, `[::1]:80`, `@name`, `4711:1`.
    public var description: String {
        switch name {
        case .host(let host?, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .host(nil, let port): "port \(port)"
        case .address(let address): "\(address)"
        }
    }
}
