public import Addresses
import CLinux
import Glibc

/// What is known of a host: `struct hostent`.
public struct HostEntry: Hashable, Sendable {
    /// The official name.
    public let name: String
    /// Other names.
    public let aliases: [String]
    /// The addresses.
    public let addresses: [IPAddress]
}

extension NameResolution {
    /// The name of this host. The corresponding C function is `gethostname`; Python's `socket.gethostname`.
    public static var hostName: String {
        // Longer than any name that the kernel keeps.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { room in
            guard let start = room.baseAddress, gethostname(start, room.count) == 0 else { return "" }
            return String(cString: start)
        }
    }

    /// The host that has an address, with all its names. The corresponding C function is `gethostbyaddr_r`; Python's
    /// `socket.gethostbyaddr`, whose argument may also be a name.
    /// - Throws: `EAI_NONAME` for an address without a name, `EAI_AGAIN` where a later attempt may succeed, `EAI_FAIL`.
    public static func host(of address: IPAddress) throws(NameResolutionError) -> HostEntry {
        let (family, bytes): (Int32, [UInt8]) =
            switch address {
            case .v4(let address): (AF_INET, [UInt8](layingOut: address.rawValue.bigEndian))
            case .v6(let address): (AF_INET6, [UInt8](layingOut: address.rawValue.bigEndian))
            }
        var code: Int32 = 0
        let answer = withEntry(hostent()) { entry, room, count, found in
            gethostbyaddr_r(bytes, socklen_t(bytes.count), family, &entry, room, count, &found, &code)
        } reading: {
            HostEntry($0)
        }
        if let host = answer { return host }
        // netdb.h: HOST_NOT_FOUND, TRY_AGAIN and NO_DATA; the others are NO_RECOVERY and failures of this host.
        let status: Int32 =
            switch code {
            case 1, 4: EAI_NONAME
            case 2: EAI_AGAIN
            default: EAI_FAIL
            }
        throw NameResolutionError(code: status, name: "\(address)")
    }

    /// Makes a reentrant look-up of netdb.h, with more room each time that it wants more; `nil` where nothing is found.
    static func withEntry<Entry, Value>(
        _ empty: Entry,
        _ lookUp: (
            inout Entry, UnsafeMutablePointer<CChar>?, Int, inout UnsafeMutablePointer<Entry>?
        ) -> Int32, reading: (Entry) -> Value
    ) -> Value? {
        var count = 1024
        while count <= 1 << 20 {
            var isTooSmall = false
            // What the entry points to lies in the room, and is read before the room goes.
            let value: Value? = withUnsafeTemporaryAllocation(of: CChar.self, capacity: count) { room in
                var entry = empty
                var found: UnsafeMutablePointer<Entry>?
                isTooSmall = lookUp(&entry, room.baseAddress, room.count, &found) == ERANGE
                return found == nil ? nil : reading(entry)
            }
            guard isTooSmall else { return value }
            count *= 4
        }
        return nil
    }
}

extension HostEntry {
    fileprivate init(_ entry: hostent) {
        name = entry.h_name.map { String(cString: $0) } ?? ""
        var aliases: [String] = []
        var nextAlias = entry.h_aliases
        while let alias = nextAlias?.pointee {
            aliases.append(String(cString: alias))
            nextAlias = nextAlias?.successor()
        }
        self.aliases = aliases
        var addresses: [IPAddress] = []
        var nextAddress = entry.h_addr_list
        while let bytes = nextAddress?.pointee {
            let bytes = UnsafeRawPointer(bytes)
            addresses.append(
                entry.h_addrtype == AF_INET
                    ? .v4(IPv4Address(rawValue: UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))))
                    : .v6(IPv6Address(rawValue: UInt128(bigEndian: bytes.loadUnaligned(as: UInt128.self)))))
            nextAddress = nextAddress?.successor()
        }
        self.addresses = addresses
    }
}
