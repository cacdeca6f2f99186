import CLinux
import Glibc

/// An address of `AF_TIPC`: `struct sockaddr_tipc`, <linux/tipc.h>.
public struct TIPCAddress: Hashable, Sendable {
    /// What the address names.
    public enum Name: Hashable, Sendable {
        /// `TIPC_SERVICE_ADDR`: one instance of a service, looked up on `node`, or on any where that is 0.
        case service(type: UInt32, instance: UInt32, node: UInt32 = 0)
        /// `TIPC_SERVICE_RANGE`: instances to bind to, or to send to all of them.
        case serviceRange(type: UInt32, ClosedRange<UInt32>)
        /// `TIPC_SOCKET_ADDR`: one socket, by the node's number and its own.
        case socket(node: UInt32, reference: UInt32)
    }

    /// How far a bound name is seen.
    public enum Scope: Int8, Hashable, Sendable {
        /// `TIPC_CLUSTER_SCOPE`: by every node of the cluster.
        case cluster = 2
        /// `TIPC_NODE_SCOPE`: by this node only.
        case node = 3
    }

    /// What the address names.
    public let name: Name
    /// How far the name is seen, for `bind`.
    public let scope: Scope

    /// An address; service types below 64 are TIPC's own.
    public init(_ name: Name, scope: Scope = .cluster) {
        self.name = name
        self.scope = scope
    }
}

extension TIPCAddress: CustomStringConvertible {
    /// As tipc(8) shows it: `type:instance`, `type:lower-upper`, and for a socket `node:reference` in hexadecimal.
    public var description: String {
        switch name {
        case .service(let type, let instance, 0): "\(type):\(instance)"
        case .service(let type, let instance, let node): "\(type):\(instance)@\(String(node, radix: 16))"
        case .serviceRange(let type, let range): "\(type):\(range.lowerBound)-\(range.upperBound)"
        case .socket(let node, let reference): "\(String(node, radix: 16)):\(reference)"
        }
    }
}

// MARK: - The C structure

extension TIPCAddress {
    /// Writes the C structure to `storage`, which has room for any; returns how many bytes it took.
    func store(to storage: UnsafeMutableRawPointer) -> socklen_t {
        var c = sockaddr_tipc()
        c.family = UInt16(AF_TIPC)
        c.scope = scope.rawValue
        switch name {
        case .service(let type, let instance, let node):
            c.addrtype = UInt8(TIPC_SERVICE_ADDR)
            c.addr.name = .init(name: tipc_service_addr(type: type, instance: instance), domain: node)
        case .serviceRange(let type, let range):
            c.addrtype = UInt8(TIPC_SERVICE_RANGE)
            c.addr.nameseq = tipc_service_range(type: type, lower: range.lowerBound, upper: range.upperBound)
        case .socket(let node, let reference):
            c.addrtype = UInt8(TIPC_SOCKET_ADDR)
            c.addr.id = tipc_socket_addr(ref: reference, node: node)
        }
        storage.storeBytes(of: c, as: sockaddr_tipc.self)
        return socklen_t(MemoryLayout<sockaddr_tipc>.size)
    }

    /// Reads a C structure of `length` bytes; `nil` when it is too short, or names nothing known here.
    init?(loading storage: UnsafeRawPointer, length: socklen_t) {
        guard length >= MemoryLayout<sockaddr_tipc>.size else { return nil }
        let c = storage.loadUnaligned(as: sockaddr_tipc.self)
        scope = Scope(rawValue: c.scope) ?? .cluster
        switch Int32(c.addrtype) {
        case Int32(TIPC_SERVICE_ADDR):
            let name = c.addr.name
            self.name = .service(type: name.name.type, instance: name.name.instance, node: name.domain)
        case Int32(TIPC_SERVICE_RANGE):
            let range = c.addr.nameseq
            guard range.lower <= range.upper else { return nil }
            name = .serviceRange(type: range.type, range.lower...range.upper)
        case Int32(TIPC_SOCKET_ADDR):
            name = .socket(node: c.addr.id.node, reference: c.addr.id.ref)
        default:
            return nil
        }
    }
}
