import Addresses
import Glibc
import SystemPackage

/// Why a name could not be resolved: the `EAI_` codes of getaddrinfo(3).
public struct NameResolutionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The code of `getaddrinfo`.
    public let code: Int32
    /// The name that was asked for.
    public let name: String

    /// The C library's text for the code.
    public var description: String { String(cString: gai_strerror(code)) }

    /// `EAI_ADDRFAMILY`: the name has addresses, but none of the family asked for.
    public static func noAddressOfFamily(_ name: String) -> Self { Self(code: -9, name: name) }
}

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
    public static func addresses(of name: String, family: IPFamily? = nil) throws(NameResolutionError) -> Answer {
        // A name with a NUL in it would reach the resolver cut short.
        guard !name.utf8.contains(0) else { throw NameResolutionError(code: EAI_NONAME, name: name) }
        var hints = addrinfo()
        hints.ai_family =
            switch family {
            case nil: AF_UNSPEC
            case .v4: AF_INET
            case .v6: AF_INET6
            }
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        hints.ai_flags = AI_CANONNAME
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &list)
        guard status == 0 else { throw NameResolutionError(code: status, name: name) }
        defer { freeaddrinfo(list) }

        var addresses: [SocketAddress] = []
        var entry = list
        while let current = entry {
            if let address = current.pointee.ai_addr.flatMap({
                SocketAddress(loading: $0, length: current.pointee.ai_addrlen)
            }) {
                addresses.append(address)
            }
            entry = current.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw NameResolutionError(code: EAI_NONAME, name: name) }
        return Answer(addresses: addresses, canonicalName: list?.pointee.ai_canonname.map { String(cString: $0) })
    }

    /// The name of an address by reverse look-up, `nil` when it has none. The corresponding C function is `getnameinfo`.
    public static func name(of address: SocketAddress) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { buffer in
            guard let start = buffer.baseAddress else { return nil }
            let status = address.withSockaddr {
                getnameinfo($0, $1, start, socklen_t(buffer.count), nil, 0, NI_NAMEREQD)
            }
            return status == 0 ? String(cString: start) : nil
        }
    }
}
