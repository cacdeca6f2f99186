import Addresses
import Glibc

/// What the C library makes of the same texts and numbers: an opinion that is independent of ours.
enum CLibrary {
    static func parseIPv4(_ text: String) -> IPv4Address? {
        var address = in_addr()
        guard inet_pton(AF_INET, text, &address) == 1 else { return nil }
        return IPv4Address(rawValue: UInt32(bigEndian: address.s_addr))
    }

    static func parseClassicIPv4(_ text: String) -> IPv4Address? {
        var address = in_addr()
        guard inet_aton(text, &address) == 1 else { return nil }
        return IPv4Address(rawValue: UInt32(bigEndian: address.s_addr))
    }

    static func parseIPv6(_ text: String) -> IPv6Address? {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        return withUnsafeBytes(of: address) { IPv6Address(bytes: $0) }
    }

    static func print(_ address: IPv4Address) -> String {
        var number = in_addr(s_addr: address.rawValue.bigEndian)
        return print(&number, family: AF_INET)
    }

    static func print(_ address: IPv6Address) -> String {
        var bytes = address.bytes
        return print(&bytes, family: AF_INET6)
    }

    private static func print(_ address: UnsafeRawPointer, family: Int32) -> String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, address, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
