import Addresses
import Glibc

/// The address of one end of a socket: what C calls a `struct sockaddr`.
public enum SocketAddress: Hashable, Sendable {
    /// `struct sockaddr_in`: an address and a port in host byte order.
    case ipv4(IPv4Address, port: UInt16)
    /// `struct sockaddr_in6`: `scopeID` is an interface index (RFC 4007), `flowInformation` the flow label's 20 bits
    /// (RFC 6437), both in host byte order.
    case ipv6(IPv6Address, port: UInt16, scopeID: UInt32 = 0, flowInformation: UInt32 = 0)

    /// An Internet address with a port; the scope of an IPv6 address is left to the kernel.
    public init(_ address: IPAddress, port: UInt16 = 0, scopeID: UInt32 = 0) {
        switch address {
        case .v4(let address): self = .ipv4(address, port: port)
        case .v6(let address): self = .ipv6(address, port: port, scopeID: scopeID)
        }
    }

    /// The address without its port.
    public var ipAddress: IPAddress {
        switch self {
        case .ipv4(let address, _): .v4(address)
        case .ipv6(let address, _, _, _): .v6(address)
        }
    }

    /// The port, in host byte order. An ICMP datagram socket keeps its echo identifier here.
    public var port: UInt16 {
        switch self {
        case .ipv4(_, let port): port
        case .ipv6(_, let port, _, _): port
        }
    }

    /// The index of the interface that an IPv6 address belongs to; 0 for none, and for IPv4.
    public var scopeID: UInt32 {
        guard case .ipv6(_, _, let scopeID, _) = self else { return 0 }
        return scopeID
    }

    /// The family that a socket must have to use this address.
    public var family: SocketFamily {
        switch self {
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// The address as text; a port other than 0 follows as in a URI: `198.18.0.1:80`, `[2001:db8::1]:80`.
    public var description: String {
        let text =
            scopeID == 0 ? "\(ipAddress)" : "\(ipAddress)%\(NetworkInterface.name(index: scopeID) ?? "\(scopeID)")"
        guard port != 0 else { return text }
        return family == .ipv6 ? "[\(text)]:\(port)" : "\(text):\(port)"
    }
}

// MARK: - The C structures

extension SocketAddress {
    /// The room that any address takes: `sizeof(struct sockaddr_storage)`.
    static let storageSize = MemoryLayout<sockaddr_storage>.size

    /// Writes the C structure to `storage`, which has at least `storageSize` bytes; returns how many it took.
    func store(to storage: UnsafeMutableRawPointer) -> socklen_t {
        switch self {
        case .ipv4(let address, let port):
            var c = sockaddr_in()
            c.sin_family = sa_family_t(AF_INET)
            c.sin_port = port.bigEndian
            c.sin_addr.s_addr = address.rawValue.bigEndian
            storage.storeBytes(of: c, as: sockaddr_in.self)
            return socklen_t(MemoryLayout<sockaddr_in>.size)
        case .ipv6(let address, let port, let scopeID, let flowInformation):
            var c = sockaddr_in6()
            c.sin6_family = sa_family_t(AF_INET6)
            c.sin6_port = port.bigEndian
            c.sin6_flowinfo = flowInformation.bigEndian
            c.sin6_scope_id = scopeID
            withUnsafeMutableBytes(of: &c.sin6_addr) { $0.storeBytes(of: address.rawValue.bigEndian, as: UInt128.self) }
            storage.storeBytes(of: c, as: sockaddr_in6.self)
            return socklen_t(MemoryLayout<sockaddr_in6>.size)
        }
    }

    /// Reads a C structure of `length` bytes; `nil` when it is too short or of a family not known here.
    init?(loading storage: UnsafeRawPointer, length: socklen_t) {
        guard length >= MemoryLayout<sa_family_t>.size else { return nil }
        switch Int32(storage.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            let c = storage.loadUnaligned(as: sockaddr_in.self)
            self = .ipv4(
                IPv4Address(rawValue: UInt32(bigEndian: c.sin_addr.s_addr)), port: UInt16(bigEndian: c.sin_port))
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            var c = storage.loadUnaligned(as: sockaddr_in6.self)
            let address = withUnsafeBytes(of: &c.sin6_addr) { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) }
            self = .ipv6(
                IPv6Address(rawValue: address), port: UInt16(bigEndian: c.sin6_port), scopeID: c.sin6_scope_id,
                flowInformation: UInt32(bigEndian: c.sin6_flowinfo))
        default:
            return nil
        }
    }

    /// Calls `body` with the C structure.
    func withSockaddr<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        withUnsafeTemporaryAllocation(of: sockaddr_storage.self, capacity: 1) { room in
            let storage = UnsafeMutableRawPointer(room.baseAddress.unsafelyUnwrapped)
            let length = store(to: storage)
            // Every sockaddr begins with the family, and the kernel reads only `length` bytes.
            return body(UnsafePointer(storage.assumingMemoryBound(to: sockaddr.self)), length)
        }
    }

    /// Has `body` fill in a C structure, as `getsockname(2)` does, and reads it.
    static func filled(by body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CallResult) -> (
        result: CallResult, address: SocketAddress?
    ) {
        withUnsafeTemporaryAllocation(of: sockaddr_storage.self, capacity: 1) { room in
            let storage = UnsafeMutableRawPointer(room.baseAddress.unsafelyUnwrapped)
            var length = socklen_t(storageSize)
            let result = body(storage.assumingMemoryBound(to: sockaddr.self), &length)
            guard result.value == 0 else { return (result, nil) }
            // The kernel reports the length of the whole address, also where there was no room for all of it.
            return (result, SocketAddress(loading: storage, length: min(length, socklen_t(storageSize))))
        }
    }
}
