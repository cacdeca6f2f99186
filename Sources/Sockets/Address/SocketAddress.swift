import Addresses
import CLinux
import Glibc

/// The address of one end of a socket: what C calls a `struct sockaddr`.
public enum SocketAddress: Hashable, Sendable {
    /// `struct sockaddr_in`: an address and a port in host byte order.
    case ipv4(IPv4Address, port: UInt16)
    /// `struct sockaddr_in6`: `scopeID` is an interface index (RFC 4007), `flowInformation` the flow label's 20 bits
    /// (RFC 6437), both in host byte order.
    case ipv6(IPv6Address, port: UInt16, scopeID: UInt32 = 0, flowInformation: UInt32 = 0)
    /// `struct sockaddr_un`.
    case unix(UnixAddress)
    /// `struct sockaddr_ll`.
    case packet(PacketAddress)
    /// `struct sockaddr_nl`, netlink(7): `portID` 0 is the kernel, or when binding the kernel's choice; `groups` is a
    /// mask of multicast groups.
    case netlink(portID: UInt32, groups: UInt32 = 0)
    /// `struct sockaddr_vm`, vsock(7): 1 is this machine, 2 the host; `UInt32.max` binds to any.
    case vsock(contextID: UInt32, port: UInt32)
    /// `struct sockaddr_tipc`.
    case tipc(TIPCAddress)
    /// An address of any other family: what follows the family in the structure.
    case other(SocketFamily, [UInt8])

    /// An Internet address with a port; the scope of an IPv6 address is left to the kernel.
    public init(_ address: IPAddress, port: UInt16 = 0, scopeID: UInt32 = 0) {
        switch address {
        case .v4(let address): self = .ipv4(address, port: port)
        case .v6(let address): self = .ipv6(address, port: port, scopeID: scopeID)
        }
    }

    /// The Unix socket at a path of the file system.
    /// - Throws: `invalidArgument` for an empty path, one with a NUL, and one of more than 108 bytes.
    public init(path: String) throws(SocketError) { self = .unix(.path(try UnixAddress.Path(path))) }

    /// The Unix socket of an abstract name; it may hold any bytes.
    /// - Throws: `invalidArgument` for more than 107 bytes.
    public init(abstractName name: String) throws(SocketError) {
        self = .unix(.abstract(try UnixAddress.Name(name.utf8)))
    }

    /// The address without its port; `nil` outside the Internet families.
    public var ipAddress: IPAddress? {
        switch self {
        case .ipv4(let address, _): .v4(address)
        case .ipv6(let address, _, _, _): .v6(address)
        default: nil
        }
    }

    /// The port of an Internet address, in host byte order; `nil` outside the Internet families. An ICMP datagram
    /// socket keeps its echo identifier here.
    public var port: UInt16? {
        switch self {
        case .ipv4(_, let port), .ipv6(_, let port, _, _): port
        default: nil
        }
    }

    /// The index of the interface that an IPv6 address belongs to; 0 for none, and outside IPv6.
    public var scopeID: UInt32 {
        guard case .ipv6(_, _, let scopeID, _) = self else { return 0 }
        return scopeID
    }

    /// The family that a socket must have to use this address.
    public var family: SocketFamily {
        switch self {
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        case .unix: .unix
        case .packet: .packet
        case .netlink: .netlink
        case .vsock: .vsock
        case .tipc: .tipc
        case .other(let family, _): family
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// The address as text; a port other than 0 follows as in a URI: `198.18.0.1:80`, `[2001:db8::1]:80`.
    public var description: String {
        switch self {
        case .ipv4(let address, 0): "\(address)"
        case .ipv4(let address, let port): "\(address):\(port)"
        case .ipv6(let address, 0, let scopeID, _): "\(address)" + Self.zone(scopeID)
        case .ipv6(let address, let port, let scopeID, _): "[\(address)\(Self.zone(scopeID))]:\(port)"
        case .unix(let address): "\(address)"
        case .packet(let address): "\(address)"
        case .netlink(let portID, 0): "netlink port \(portID)"
        case .netlink(let portID, let groups): "netlink port \(portID) groups 0x\(String(groups, radix: 16))"
        case .vsock(let contextID, let port): "\(contextID):\(port)"
        case .tipc(let address): "\(address)"
        case .other(let family, let bytes): "\(family), \(bytes.count) bytes"
        }
    }

    private static func zone(_ scopeID: UInt32) -> String {
        scopeID == 0 ? "" : "%" + (NetworkInterface.name(index: scopeID) ?? "\(scopeID)")
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
            return Self.store(c, to: storage)
        case .ipv6(let address, let port, let scopeID, let flowInformation):
            var c = sockaddr_in6()
            c.sin6_family = sa_family_t(AF_INET6)
            c.sin6_port = port.bigEndian
            c.sin6_flowinfo = flowInformation.bigEndian
            c.sin6_scope_id = scopeID
            withUnsafeMutableBytes(of: &c.sin6_addr) { $0.storeBytes(of: address.rawValue.bigEndian, as: UInt128.self) }
            return Self.store(c, to: storage)
        case .unix(let address): return address.store(to: storage)
        case .packet(let address): return address.store(to: storage)
        case .netlink(let portID, let groups):
            var c = sockaddr_nl()
            c.nl_family = sa_family_t(AF_NETLINK)
            c.nl_pid = portID
            c.nl_groups = groups
            return Self.store(c, to: storage)
        case .vsock(let contextID, let port):
            var c = sockaddr_vm()
            c.svm_family = sa_family_t(AF_VSOCK)
            c.svm_cid = contextID
            c.svm_port = port
            return Self.store(c, to: storage)
        case .tipc(let address): return address.store(to: storage)
        case .other(let family, let bytes):
            storage.storeBytes(of: sa_family_t(truncatingIfNeeded: family.rawValue), as: sa_family_t.self)
            let familySize = MemoryLayout<sa_family_t>.size
            let room = UnsafeMutableRawBufferPointer(start: storage + familySize, count: Self.storageSize - familySize)
            room.copyBytes(from: bytes.prefix(room.count))
            return socklen_t(familySize + min(bytes.count, room.count))
        }
    }

    private static func store<C>(_ c: C, to storage: UnsafeMutableRawPointer) -> socklen_t {
        storage.storeBytes(of: c, as: C.self)
        return socklen_t(MemoryLayout<C>.size)
    }

    /// Reads a C structure of `length` bytes; `nil` when there is no address, or it is too short for its family.
    init?(loading storage: UnsafeRawPointer, length: socklen_t) {
        let familySize = MemoryLayout<sa_family_t>.size
        guard length >= familySize else { return nil }
        let family = Int32(storage.loadUnaligned(as: sa_family_t.self))
        switch family {
        case AF_UNSPEC:
            return nil
        case AF_INET:
            guard length >= MemoryLayout<sockaddr_in>.size else { return nil }
            let c = storage.loadUnaligned(as: sockaddr_in.self)
            self = .ipv4(
                IPv4Address(rawValue: UInt32(bigEndian: c.sin_addr.s_addr)), port: UInt16(bigEndian: c.sin_port))
        case AF_INET6:
            guard length >= MemoryLayout<sockaddr_in6>.size else { return nil }
            var c = storage.loadUnaligned(as: sockaddr_in6.self)
            let address = withUnsafeBytes(of: &c.sin6_addr) { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) }
            self = .ipv6(
                IPv6Address(rawValue: address), port: UInt16(bigEndian: c.sin6_port), scopeID: c.sin6_scope_id,
                flowInformation: UInt32(bigEndian: c.sin6_flowinfo))
        case AF_UNIX:
            self = .unix(UnixAddress(loading: storage, length: length))
        case AF_PACKET:
            guard let address = PacketAddress(loading: storage, length: length) else { return nil }
            self = .packet(address)
        case AF_NETLINK:
            guard length >= MemoryLayout<sockaddr_nl>.size else { return nil }
            let c = storage.loadUnaligned(as: sockaddr_nl.self)
            self = .netlink(portID: c.nl_pid, groups: c.nl_groups)
        case AF_VSOCK:
            guard length >= MemoryLayout<sockaddr_vm>.size else { return nil }
            let c = storage.loadUnaligned(as: sockaddr_vm.self)
            self = .vsock(contextID: c.svm_cid, port: c.svm_port)
        case AF_TIPC:
            guard let address = TIPCAddress(loading: storage, length: length) else { return nil }
            self = .tipc(address)
        default:
            let bytes = UnsafeRawBufferPointer(start: storage + familySize, count: Int(length) - familySize)
            self = .other(SocketFamily(rawValue: family), Array(bytes))
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
            guard result.value >= 0 else { return (result, nil) }
            // The kernel reports the length of the whole address, also where there was no room for all of it.
            return (result, SocketAddress(loading: storage, length: min(length, socklen_t(storageSize))))
        }
    }
}
