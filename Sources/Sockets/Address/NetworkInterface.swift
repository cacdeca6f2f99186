import CLinux
import Glibc

/// A network interface: its index and its name.
public struct NetworkInterface: Hashable, Sendable {
    /// The index, from 1 on.
    public let index: UInt32
    /// The name, of up to 15 bytes.
    public let name: String

    /// The interfaces of this network namespace. The corresponding C function is `if_nameindex`; Python's
    /// `socket.if_nameindex`.
    /// - Throws: `EMFILE`, `ENFILE`, `ENOBUFS`.
    public static func all() throws(SocketError) -> [NetworkInterface] {
        let list = if_nameindex()
        try CallResult(list == nil ? -1 : 0).check(.listInterfaces)
        defer { if_freenameindex(list) }
        var interfaces: [NetworkInterface] = []
        var next = list
        while let entry = next?.pointee, let name = entry.if_name {
            interfaces.append(NetworkInterface(index: entry.if_index, name: String(cString: name)))
            next = next?.successor()
        }
        return interfaces
    }

    /// The index of the interface of that name, `nil` when there is none. The corresponding C function is
    /// `if_nametoindex`; Python's `socket.if_nametoindex`.
    public static func index(name: String) -> UInt32? {
        // A name with a NUL in it would reach the C library cut short.
        guard !name.utf8.contains(0) else { return nil }
        let index = if_nametoindex(name)
        return index == 0 ? nil : index
    }

    /// The name of the interface of that index, `nil` when there is none. The corresponding C function is
    /// `if_indextoname`; Python's `socket.if_indextoname`.
    public static func name(index: UInt32) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(IF_NAMESIZE)) { buffer in
            guard let start = buffer.baseAddress, if_indextoname(index, start) != nil else { return nil }
            return String(cString: start)
        }
    }
}
