import Glibc

/// Names and indices of network interfaces.
public enum NetworkInterface {
    /// The index of the interface of that name, `nil` when there is none. The corresponding C function is `if_nametoindex`.
    public static func index(name: String) -> UInt32? {
        // A name with a NUL in it would reach the C library cut short.
        guard !name.utf8.contains(0) else { return nil }
        let index = if_nametoindex(name)
        return index == 0 ? nil : index
    }

    /// The name of the interface of that index, `nil` when there is none. The corresponding C function is `if_indextoname`.
    public static func name(index: UInt32) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(IF_NAMESIZE)) { buffer in
            guard let start = buffer.baseAddress, if_indextoname(index, start) != nil else { return nil }
            return String(cString: start)
        }
    }
}
