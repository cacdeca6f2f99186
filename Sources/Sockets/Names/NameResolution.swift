public import Addresses
import CLinux
import Glibc

/// Names to addresses and back.
public enum NameResolution {
    /// What a name stands for.
    public struct Answer: Sendable {
        /// The addresses, in the order in which they should be tried (RFC 6724), with a scope where the name had one.
        public let addresses: [SocketAddress]
        /// The name that the resolver holds to be the official one.
        public let canonicalName: String?
    }

    /// Resolves a host name or the text of an address. The corresponding C function is `getaddrinfo`.
    /// - Parameter family: the only family wanted; `nil` for both.
    /// - Throws: as `addressInformation`.
    public static func addresses(of name: String, family: IPFamily? = nil) throws(NameResolutionError) -> Answer {
        let entries = try addressInformation(
            host: name, family: family.map { $0 == .v4 ? .ipv4 : .ipv6 }, type: .datagram, flags: .canonicalName)
        return Answer(addresses: entries.map(\.address), canonicalName: entries.first?.canonicalName)
    }

    /// The first IPv4 address of a host: what printed is the text that Python's `socket.gethostbyname` returns. The
    /// empty name is the any address, and `<broadcast>` 255.255.255.255, as in Python.
    /// - Throws: as `addressInformation`.
    public static func ipv4Address(of name: String) throws(NameResolutionError) -> IPv4Address {
        for case .ipv4(let address, _) in try addresses(ofHost: name, .ipv4) { return address }
        throw .noAddressOfFamily(name)
    }

    /// The name of an address by reverse look-up, `nil` when it has none. The corresponding C function is
    /// `getnameinfo`.
    public static func name(of address: SocketAddress) -> String? {
        try? nameInformation(of: address, flags: .nameRequired).host
    }

    /// What a host means to a socket, with the two names that Python gives a meaning.
    static func addresses(ofHost host: String, _ family: SocketFamily) throws(NameResolutionError) -> [SocketAddress] {
        switch (host, family) {
        case ("", .ipv4): [.ipv4(.any, port: 0)]
        case ("", _): [.ipv6(.any, port: 0)]
        case ("<broadcast>", .ipv4): [.ipv4(.broadcast, port: 0)]
        case ("<broadcast>", _): throw .noAddressOfFamily(host)
        default: try addresses(of: host, family: family == .ipv4 ? .v4 : .v6).addresses
        }
    }
}
