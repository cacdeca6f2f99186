public import Addresses
import CLinux
import Glibc

/// An interface with one of its addresses, or with none: `struct ifaddrs`.
public struct InterfaceAddress: Hashable, Sendable {
    /// The interface.
    public let interface: NetworkInterface
    /// The address; `nil` for an entry that tells only that the interface is there.
    public let address: IPAddress?
    /// Whether the interface is up: `IFF_UP`.
    public let isUp: Bool
    /// Whether it has multicast: `IFF_MULTICAST`.
    public let hasMulticast: Bool
    /// Whether it leads nowhere else: `IFF_LOOPBACK`.
    public let isLoopback: Bool
}

extension NetworkInterface {
    /// The interfaces of this network namespace with their Internet addresses, one after the other. The corresponding C
    /// function is `getifaddrs`.
    /// - Throws: `EMFILE`, `ENFILE`, `ENOBUFS`, `ENOMEM`.
    public static func addresses() throws(SocketError) -> [InterfaceAddress] {
        var list: UnsafeMutablePointer<ifaddrs>?
        try CallResult(getifaddrs(&list)).check(.listInterfaces)
        defer { freeifaddrs(list) }
        var found: [InterfaceAddress] = []
        var next = list
        // The list is the C library's own until it is freed, and ends with a null pointer.
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard let cName = entry.ifa_name else { continue }
            let name = String(cString: cName)
            guard let index = index(name: name) else { continue }
            let flags = Int(entry.ifa_flags)
            found.append(
                InterfaceAddress(
                    interface: NetworkInterface(index: index, name: name), address: entry.ifa_addr.flatMap(ipAddress),
                    isUp: flags & Int(IFF_UP.rawValue) != 0, hasMulticast: flags & Int(IFF_MULTICAST.rawValue) != 0,
                    isLoopback: flags & Int(IFF_LOOPBACK.rawValue) != 0))
        }
        return found
    }

    private static func ipAddress(_ address: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
        let length: Int
        switch Int32(address.pointee.sa_family) {
        case AF_INET: length = MemoryLayout<sockaddr_in>.size
        case AF_INET6: length = MemoryLayout<sockaddr_in6>.size
        default: return nil
        }
        return SocketAddress(loading: address, length: socklen_t(length))?.ipAddress
    }
}

extension Socket {
    /// The largest packet that an interface takes, in bytes, IP header included. The corresponding C call is `ioctl` with
    /// `SIOCGIFMTU`.
    /// - Throws: `ENODEV` without such an interface.
    public func maximumTransmissionUnit(ofInterface name: String) throws(SocketError) -> Int {
        // `struct ifreq`: the name, and a union that begins with the answer. The kernel writes no more than these bytes.
        var request = [UInt8](repeating: 0, count: 40)
        for (index, byte) in name.utf8.prefix(Int(IF_NAMESIZE) - 1).enumerated() { request[index] = byte }
        let result = request.withUnsafeMutableBytes {
            $0.baseAddress.map { CallResult(ioctl(fileDescriptor.rawValue, UInt(SIOCGIFMTU), $0)) }
        }
        try result?.check(.getOption("SIOCGIFMTU \(name)"))
        return request.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: Int(IF_NAMESIZE), as: Int32.self)) }
    }
}
