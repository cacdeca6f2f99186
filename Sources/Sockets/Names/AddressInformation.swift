import CLinux
import Glibc

/// One way to reach a host and a service: `struct addrinfo`.
public struct AddressInformation: Hashable, Sendable {
    /// What `getaddrinfo` is to look for and how: `AI_`.
    public struct Flags: OptionSet, Sendable {
        public let rawValue: Int32
        public init(rawValue: Int32) { self.rawValue = rawValue }

        /// `AI_PASSIVE`: without a host, addresses to listen at; else those to reach this host by.
        public static let passive = Flags(rawValue: AI_PASSIVE)
        /// `AI_CANONNAME`: the first entry tells the host's official name.
        public static let canonicalName = Flags(rawValue: AI_CANONNAME)
        /// `AI_NUMERICHOST`: the host is the text of an address, and nobody is asked for a name.
        public static let numericHost = Flags(rawValue: AI_NUMERICHOST)
        /// `AI_NUMERICSERV`: the service is a number.
        public static let numericService = Flags(rawValue: AI_NUMERICSERV)
        /// `AI_V4MAPPED`: mapped addresses of IPv4 where IPv6 is wanted and there is none.
        public static let mappedIPv4 = Flags(rawValue: AI_V4MAPPED)
        /// `AI_ALL`: with `mappedIPv4`, also where there are addresses of IPv6.
        public static let all = Flags(rawValue: AI_ALL)
        /// `AI_ADDRCONFIG`: only families of which this host has an address besides loopback.
        public static let configuredFamilies = Flags(rawValue: AI_ADDRCONFIG)
        /// `AI_IDN`: a host with other letters than ASCII is looked up by its encoded name (RFC 3490).
        public static let internationalized = Flags(rawValue: 0x40)
        /// `AI_CANONIDN`: the official name is decoded.
        public static let internationalizedCanonicalName = Flags(rawValue: 0x80)
    }

    /// The family of the socket to open.
    public let family: SocketFamily
    /// Its type.
    public let type: SocketType
    /// Its protocol.
    public let proto: SocketProtocol
    /// The host's official name; of the first entry, and only where it was asked for.
    public let canonicalName: String?
    /// The address, with the service's port, and a scope where the name had one.
    public let address: SocketAddress
}

extension NameResolution {
    /// Looks up a host, a service, or both; the entries come in the order in which they should be tried (RFC 6724). The
    /// corresponding C function is `getaddrinfo`; Python's `socket.getaddrinfo`.
    /// - Parameters:
    ///   - host: a name or the text of an address; `nil` for this host.
    ///   - service: a name of services(5) or a port; `nil` leaves the port 0.
    ///   - family: the only family wanted; `nil` for all.
    ///   - type: the only type wanted; `nil` for all, each with an entry.
    ///   - proto: the only protocol wanted.
    /// - Throws: `EAI_NONAME` also for neither host nor service, and for a host that can be no name: with a NUL, or
    ///   longer than RFC 1035 §2.3.4 allows; `EAI_SERVICE`, `EAI_FAMILY`, `EAI_SOCKTYPE`, `EAI_BADFLAGS`; `EAI_AGAIN`
    ///   where a later attempt may succeed.
    public static func addressInformation(
        host: String?, service: String? = nil, family: SocketFamily? = nil, type: SocketType? = nil,
        proto: SocketProtocol = .unspecified, flags: AddressInformation.Flags = []
    ) throws(NameResolutionError) -> [AddressInformation] {
        let name = host ?? service ?? ""
        // A name with a NUL in it would reach the resolver cut short.
        guard reasonNoHost(host ?? "") == nil else { throw NameResolutionError(code: EAI_NONAME, name: name) }
        guard service?.utf8.contains(0) != true else { throw NameResolutionError(code: EAI_SERVICE, name: name) }
        var hints = addrinfo()
        hints.ai_family = family?.rawValue ?? AF_UNSPEC
        hints.ai_socktype = type?.rawValue ?? 0
        hints.ai_protocol = proto.rawValue
        hints.ai_flags = flags.rawValue
        var list: UnsafeMutablePointer<addrinfo>?
        try NameResolutionError.check(CallResult(getaddrinfo(host, service, &hints, &list)), name)
        defer { freeaddrinfo(list) }

        var entries: [AddressInformation] = []
        var next = list
        while let entry = next?.pointee {
            if let address = entry.ai_addr.flatMap({ SocketAddress(loading: $0, length: entry.ai_addrlen) }) {
                entries.append(
                    AddressInformation(
                        family: SocketFamily(rawValue: entry.ai_family), type: SocketType(rawValue: entry.ai_socktype),
                        proto: SocketProtocol(rawValue: entry.ai_protocol),
                        canonicalName: entry.ai_canonname.map { String(cString: $0) }, address: address))
            }
            next = entry.ai_next
        }
        guard !entries.isEmpty else { throw NameResolutionError(code: EAI_NONAME, name: name) }
        return entries
    }

    /// What is wrong with a host that can be neither a name nor the text of an address; `nil` where nothing is.
    static func reasonNoHost(_ host: String) -> String? {
        // RFC 1035 §2.3.4, as text and with the dot at the end. A zone of an address is at most 15 bytes longer than
        // it.
        let most = 254
        if host.utf8.contains(0) { return "has a NUL in it" }
        return host.utf8.count > most ? "has \(host.utf8.count) bytes; \(most) are the most" : nil
    }
}
